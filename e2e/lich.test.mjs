//! The administrator looks at the year of a commune, adds a day off, sees what it would move, and only
//! then decides; the dates follow by a job. All with keys.
// @ts-check

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Caller, draftedCopy } from './lib/api.mjs';
import { assertNoComplaints, launch, openDesk, signIn } from './lib/browser.mjs';
import { startOffice } from './lib/server.mjs';
import { keep, look } from './lib/shot.mjs';

const PATH = '/quan-tri/lich?don-vi=xa-yen-binh-2025&nam=2026';

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk} */
let admin;
/** @type {{ code: string }} */
let dossier;

before(async () => {
  office = await startOffice({ at: '2026-11-23T08:00' });
  browser = await launch();
  const [counter, specialist] = await Promise.all(
    ['quay.yenbinh', 'chuyenvien.yenbinh'].map((login) => Caller.of(office.url, login)));
  dossier = await counter.ask(`/dossiers/${await draftedCopy({ counter, specialist }, 1)}`);
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

/** @param {import('playwright-core').Page} page @param {string} label @param {string} text */
async function type(page, label, text) {
  await page.getByLabel(label, { exact: true }).focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

test('the year is twelve months, each day in a mark and a word, with its law', async () => {
  admin = await openDesk(browser, office.url);
  const { page } = admin;
  await signIn(page, 'quantri');
  await page.getByRole('link', { name: 'Lịch làm việc' }).press('Enter');
  await page.getByLabel('Đơn vị').selectOption('xa-yen-binh-2025');
  await page.getByRole('button', { name: 'Xem', exact: true }).press('Enter');
  await page.getByRole('heading', { name: 'Lịch làm việc năm 2026' }).waitFor();
  assert.equal(await page.locator('.lich-thang').count(), 12);
  const culture = page.locator('.lich-thang').nth(10).locator('td.lich-nghi');
  assert.match(await culture.innerText(), /^24N\s+Nghỉ lễ, nghỉ bù: Ngày Văn hóa Việt Nam$/);
  await page.getByRole('row', { name: /02\/09\/2026/ }).getByText('Bộ luật Lao động 2019, Điều 112').waitFor();
  await look(page, 'lich');
  await keep('lich-a4.pdf', await page.pdf({ format: 'A4' }));
});

test('a day without its decision is refused at its fields', async () => {
  const { page } = admin;
  await page.goto(PATH);
  await type(page, 'Ngày', '31/2/2026');
  await page.keyboard.press('Control+Enter');
  const summary = page.locator('.tom-loi');
  for (const fault of [/Ghi ngày/, /Chọn ngày ấy là gì/, /Ghi lý do/, /Ghi số và ngày của quyết định/]) {
    await summary.getByRole('link', { name: fault }).waitFor();
  }
  assert.equal(await page.getByLabel('Ngày', { exact: true }).inputValue(), '31/2/2026');
  assert.match(await page.title(), /^Lỗi: /);
  await look(page, 'lich-loi');
});

test('what a day off would move is shown before it is decided, and moves then', async () => {
  const { page } = admin;
  await page.goto(PATH);
  await type(page, 'Ngày', '23/11/2026');
  await page.getByLabel('Ngày ấy là').focus();
  await page.keyboard.press('ArrowDown');
  await type(page, 'Lý do', 'ngày hội của xã');
  await type(page, 'Quyết định, thông báo', '15/QĐ-UBND ngày 20/11/2026');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: 'Xem ảnh hưởng trước khi quyết định' }).waitFor();
  await page.getByRole('heading', { name: '1 hồ sơ đang chạy đổi ngày hẹn trả' }).waitFor();
  await page.getByText(dossier.code).waitFor();
  await page.getByText('23/11/2026').first().waitFor();
  await page.getByText('(đổi)').first().waitFor();
  await look(page, 'lich-anh-huong');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã quyết định lịch').waitFor();
  const decided = page.getByRole('region', { name: 'Đã quyết định ở đây' });
  await decided.getByText('15/QĐ-UBND ngày 20/11/2026, lần 1').waitFor();
  for (let n = 0; n < 40 && !(await decided.getByText('Đã tính lại xong').count()); n += 1) await page.goto(PATH);
  await decided.getByText('Đã tính lại xong').waitFor();
  assert.match(await page.locator('.lich-thang').nth(10).locator('td', { hasText: '23' }).first().innerText(), /23N/);
  await look(page, 'lich-da-quyet');
});

test('a file is looked at before it is decided, and its fault is named by its line', async () => {
  const { page } = admin;
  await page.goto('/quan-tri/lich?nam=2028');
  await page.getByRole('heading', { name: 'Chưa có lịch của năm này' }).waitFor();
  await look(page, 'lich-chua-co');
  await page.getByRole('link', { name: 'Lập đề xuất' }).press('Enter');
  const pasted = page.getByLabel('Hoặc dán nội dung');
  assert.match(await pasted.inputValue(), /year = 2028/);
  const file = await pasted.inputValue();
  await pasted.fill(`${file}\nlỗi`);
  await pasted.locator('xpath=ancestor::form').getByRole('button', { name: 'Xem ảnh hưởng' }).press('Enter');
  await page.locator('.tom-loi').getByRole('link', { name: /Tệp không đúng dạng ở dòng \d+/ }).waitFor();
  await look(page, 'lich-tep-loi');
  await page.getByLabel(/^Tệp lịch/).setInputFiles({ name: 'vn-2028.toml', mimeType: 'text/plain', buffer: Buffer.from(file) });
  await page.locator('#nap').getByRole('button', { name: 'Xem ảnh hưởng' }).press('Enter');
  await page.getByText('Cả nước. Theo lịch nghỉ năm 2028').waitFor();
  await look(page, 'lich-ca-nuoc');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã quyết định lịch').waitFor();
  assert.equal(await page.locator('.lich-thang').count(), 12);

  const stranger = await openDesk(browser, office.url);
  await signIn(stranger.page, 'kiemsoat');
  assert.equal((await stranger.page.goto(PATH))?.status(), 403);
  assertNoComplaints(admin);
});
