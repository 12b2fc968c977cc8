//! The handbook: its pictures are those of the pages as they are, it is read on a desk and a phone, and a
//! page leads to what is said of it.
// @ts-check

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before } from 'node:test';
import { ANSWERS, Caller, draftedCopy, receivedCopy } from './lib/api.mjs';
import { assertNoComplaints, launch, openDesk, signIn } from './lib/browser.mjs';
import { test } from './lib/chapters.mjs';
import { openIntake, paper } from './lib/counter.mjs';
import { picture } from './lib/picture.mjs';
import { drawPage, toExamine } from './lib/scanned.mjs';
import { startOffice } from './lib/server.mjs';
import { look } from './lib/shot.mjs';

const VIEW = { width: 1120, height: 720 };

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk[]} */
const desks = [];
/** @type {string[]} dossiers in the specialist's hands */
const dossiers = [];

before(async () => {
  office = await startOffice({ at: '2026-11-23T08:00' });
  browser = await launch();
  const [counter, head, specialist] = await Promise.all(
    ['quay.yenbinh', 'truongphong.yenbinh', 'chuyenvien.yenbinh'].map((login) => Caller.of(office.url, login)));
  const request = await readFile(await paper('to-khai-xac-nhan-tinh-trang-hon-nhan.jpg'));
  const decree = [await drawPage(browser, 'QUYẾT ĐỊNH LY HÔN')];
  for (let n = 0; n < 3; n += 1) dossiers.push(await toExamine({ counter, head, specialist }, { request, decree }, n));
  for (let n = 0; n < 3; n += 1) await draftedCopy({ counter, specialist }, n);
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

/** @param {string} login */
async function pageOf(login) {
  const desk = await openDesk(browser, office.url, { viewport: VIEW });
  desks.push(desk);
  await signIn(desk.page, login);
  return desk.page;
}

test('the counter, an intake, the call of the next number', async () => {
  const page = await pageOf('quay.yenbinh');
  await page.goto('/quay');
  await page.locator('#f-the-can-cuoc:focus').waitFor();
  await picture(page, 'quay');
  await page.getByLabel('Tôi ngồi quầy số').fill('2');
  await page.getByRole('button', { name: 'Ngồi quầy này' }).click();
  await page.goto('/lay-so');
  await page.getByRole('button').first().click();
  await page.goto('/quay');
  await page.getByRole('button', { name: 'Gọi người tiếp theo' }).waitFor();
  await picture(page, 'goi-so');
  await openIntake(page, 'xntthn');
  await picture(page, 'lap-ho-so');
});

test('a scan that was read', async () => {
  const page = desks[0].page;
  await page.goto('/so-hoa');
  const link = page.getByRole('row').filter({ hasText: 'Tờ khai' }).getByRole('link').first();
  await link.click();
  for (let tries = 0; tries < 100 && await page.getByText('Máy đang đọc và ký').isVisible(); tries += 1) {
    await page.waitForTimeout(300);
    await page.reload();
  }
  await page.getByRole('button', { name: 'Xác nhận, đưa vào kho' }).waitFor();
  await picture(page, 'so-hoa');
});

test('the work of a specialist', async () => {
  const page = await pageOf('chuyenvien.yenbinh');
  await page.goto('/viec');
  await picture(page, 'viec');
  await page.goto(`/ho-so/${dossiers[0]}`);
  await page.locator('.xem-giay img, .lam-viec img').first().waitFor();
  await picture(page, 'ho-so');
  await page.goto(`/ho-so/${dossiers[1]}/bo-sung`);
  await page.getByLabel('Bản chính', { exact: false }).or(page.locator('[name=giay]')).first().check();
  await picture(page, 'bo-sung');
});

test('a draft, what waits to be signed, and the numbers given', async () => {
  const specialist = desks[1].page;
  const leader = await pageOf('lanhdao.yenbinh');
  await leader.goto('/ky');
  await leader.getByRole('button', { name: 'Ký các văn bản đã chọn' }).waitFor();
  await picture(leader, 'ky');
  await leader.goto('/tong-quan');
  await picture(leader, 'tong-quan');
  const id = await receivedCopy(await Caller.of(office.url, 'quay.yenbinh'), 9);
  const drafter = await Caller.of(office.url, 'chuyenvien.yenbinh');
  await drafter.act(id, { act: 'take' });
  await drafter.act(id, { act: 'draft', answers: ANSWERS });
  await specialist.goto(`/ho-so/${id}/du-thao`);
  await specialist.getByRole('button', { name: 'Lưu dự thảo' }).waitFor();
  await picture(specialist, 'du-thao');
  const clerk = await pageOf('vanthu.yenbinh');
  await clerk.goto('/so');
  await picture(clerk, 'so-sach');
  await clerk.goto('/bia');
  await picture(clerk, 'bia');
});

test('administration, a process, the trail', async () => {
  const page = await pageOf('quantri');
  await page.goto('/quan-tri/can-bo');
  await page.getByRole('link', { name: 'Lê Văn Bình' }).or(page.locator('main table a')).first().click();
  await picture(page, 'can-bo');
  await page.goto('/quan-tri/thu-tuc/2.000815');
  await page.getByRole('button', { name: /soạn/i }).first().click();
  await page.goto('/quan-tri/thu-tuc/2.000815/soan/quy-trinh');
  await picture(page, 'quy-trinh');
  await page.goto('/quan-tri/nhat-ky');
  await picture(page, 'nhat-ky');
});

test('the handbook is read at a desk and on a phone, and a page leads to what is said of it', async () => {
  const { page } = desks[0];
  await page.goto('/quay');
  await page.getByRole('contentinfo').getByRole('link', { name: 'Hướng dẫn' }).click();
  await page.getByRole('heading', { level: 1, name: 'Nhận hồ sơ ở quầy' }).waitFor();
  await look(page, 'huong-dan-tiep-nhan');
  const broken = await page.locator('article img').evaluateAll((images) => images.filter((image) => !(/** @type {HTMLImageElement} */ (image)).naturalWidth).length);
  assert.equal(broken, 0);
  await page.goto('/huong-dan');
  const own = page.getByRole('region', { name: 'Việc của bạn' });
  await own.getByRole('link', { name: 'Nhận hồ sơ ở quầy' }).waitFor();
  assert.equal(await own.getByRole('link', { name: 'Ký số' }).count(), 0, 'the counter does not sign');
  await look(page, 'huong-dan');
});

test('an exercise prepares its dossier, and sees by itself what was done', async () => {
  const { page } = desks[1];
  await page.goto('/huong-dan/bai-tap');
  await page.getByRole('row').filter({ hasText: 'Chưa làm' }).first().waitFor();
  await look(page, 'bai-tap');
  await page.getByRole('link', { name: 'Xử lý một hồ sơ và trình ký' }).click();
  // Keys are heard once the page has loaded.
  await page.waitForURL(/\/bai-tap\/xu-ly-ban-sao$/);
  await page.keyboard.press('Control+Enter');
  const steps = page.getByRole('region', { name: 'Các bước' }).getByRole('listitem');
  await page.getByText('Đã sẵn sàng').waitFor();
  assert.equal(await page.getByText('Đã làm:').count(), 0);
  await steps.first().getByRole('link', { name: 'Tới chỗ làm' }).click();
  await page.waitForURL(/\/ho-so\//);
  const id = page.url().split('/').pop() ?? '';
  await page.getByRole('button', { name: 'Nhận xử lý' }).click();
  await page.goto('/huong-dan/bai-tap/xu-ly-ban-sao');
  assert.equal(await page.getByText('Đã làm:').count(), 1);
  await look(page, 'bai-tap-dang-lam');
  const specialist = await Caller.of(office.url, 'chuyenvien.yenbinh');
  await specialist.act(id, { act: 'draft', answers: ANSWERS });
  await specialist.act(id, { act: 'finish_step', to: 'ky', opinion: 'Đủ điều kiện' });
  await page.goto(`/ho-so/${id}`);
  await page.goto('/huong-dan/bai-tap/xu-ly-ban-sao');
  assert.equal(await page.getByText('Đã làm:').count(), 3);
  assert.equal(await page.getByText('Đã xong cả bài').count(), 0, 'the note is missing');
  await page.getByRole('button', { name: 'Làm lại từ đầu' }).click();
  await page.getByText('Đã sẵn sàng').waitFor();
  assert.equal(await page.getByText('Đã làm:').count(), 0);
});

for (const [login, name, marked] of [
  ['lanhdao.yenbinh', 'Đọc và ký một văn bản', 'Nhận xử lý'],
  ['vanthu.yenbinh', 'Cấp số và đóng dấu', 'Nhận xử lý'],
  ['quay.yenbinh', 'Trả kết quả cho người dân', 'Trả kết quả'],
]) {
  test(`${login} finds the dossier of “${name}” where its work is`, async () => {
    const desk = await openDesk(browser, office.url);
    desks.push(desk);
    await signIn(desk.page, login);
    await desk.page.goto('/huong-dan/bai-tap');
    await desk.page.getByRole('link', { name }).click();
    await desk.page.getByRole('button', { name: 'Bắt đầu' }).click();
    await desk.page.getByText('Đã sẵn sàng').waitFor();
    await desk.page.getByRole('link', { name: 'Tới chỗ làm' }).first().click();
    await desk.page.getByRole('button', { name: new RegExp(marked, 'i') }).first().waitFor();
  });
}

test('no page was blocked, threw or failed', () => assertNoComplaints(...desks));
