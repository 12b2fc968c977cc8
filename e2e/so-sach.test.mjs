//! The clerk's books: behind which number a book goes on, what each number was given to, and the register of
//! dossiers on screen and on paper.
// @ts-check

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { Caller, draftedCopy } from './lib/api.mjs';
import { assertNoComplaints, launch, openDesk, signIn } from './lib/browser.mjs';
import { test } from './lib/chapters.mjs';
import { startOffice } from './lib/server.mjs';
import { keep, look } from './lib/shot.mjs';

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk} */
let clerk;
/** A dossier with its result.
 * @type {string} */
let handed;
/** Another one.
 * @type {string} */
let posted;
/** @type {Caller} */
let leader;
/** @type {Caller} */
let keeper;

before(async () => {
  office = await startOffice();
  browser = await launch();
  const callers = await Promise.all(
    ['quay', 'chuyenvien', 'lanhdao', 'vanthu'].map((login) => Caller.of(office.url, `${login}.yenbinh`)));
  const [counter, specialist] = callers;
  [, , leader, keeper] = callers;
  for (let n = 0; n < 2; n += 1) await draftedCopy({ counter, specialist }, n);
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

test('a book goes on behind the numbers that were given on paper', async () => {
  clerk = await openDesk(browser, office.url);
  const { page } = clerk;
  await signIn(page, 'vanthu.yenbinh');
  await page.getByRole('link', { name: 'Sổ sách' }).click();
  await page.getByRole('heading', { name: 'Sổ sách' }).waitFor();
  await look(page, 'so-sach-dau-nam');
  await page.getByRole('link', { name: 'SCT-BS' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Số đầu tiên cấp ở đây sẽ là 01/SCT-BS').waitFor();
  const last = page.getByLabel('Số cuối đã cấp ngoài hệ thống');
  for (const [typed, said] of [
    ['một trăm', 'Nhập số cuối đã cấp, chỉ gồm chữ số'],
    ['0', 'Số cuối phải lớn hơn 0'],
    ['1430000', 'có thể bạn gõ thừa chữ số'],
  ]) {
    await last.fill(typed);
    await page.keyboard.press('Enter');
    await page.locator('.tom-loi').getByText(said).waitFor();
    assert.equal(await last.inputValue(), typed, 'what was typed stays');
  }
  await look(page, 'so-sach-loi');
  await last.fill('143');
  await page.keyboard.press('Enter');
  await page.getByText('Số cấp tiếp theo là 144/SCT-BS').waitFor();
});

test('each number says what it was given to', async () => {
  const { page } = clerk;
  for (const { dossier, sha256 } of await leader.ask('/papers-to-sign')) {
    await leader.act(dossier, { act: 'take' });
    await leader.act(dossier, { act: 'sign', read_sha256: sha256, to: 'dong-dau' });
    await keeper.act(dossier, { act: 'take' });
    await keeper.act(dossier, { act: 'seal', to: 'tra' });
    [posted, handed] = [handed, dossier];
  }
  await page.reload();
  const rows = page.getByRole('table').locator('tbody tr');
  assert.equal(await rows.first().locator('td').first().innerText(), '145/SCT-BS');
  assert.equal(await rows.count(), 2);
  await rows.first().getByText('Đã ban hành').waitFor();
  await rows.first().getByText('Nguyễn Thị Ngoãn').waitFor();
  await look(page, 'so-van-ban-di');
});

test('the registers are printed for a time that makes sense', async () => {
  const { page } = clerk;
  await page.getByLabel('Từ ngày').fill('31/2/2026');
  await page.keyboard.press('Enter');
  await page.locator('.tom-loi').getByText('Không đọc được ngày “31/2/2026”').waitFor();
  await look(page, 'so-van-ban-di-loi-ngay');
  for (const path of ['/so/van-ban/', '/so/ho-so/']) {
    await page.goto('/so');
    await page.locator(`main a[href^="${path}"]`).first().click();
    await page.getByRole('button', { name: /^In sổ/ }).waitFor();
    const form = page.locator('form', { has: page.getByRole('button', { name: /^In sổ/ }) });
    const address = await form.evaluate((found) => {
      const form = /** @type {HTMLFormElement} */ (found);
      const fields = new URLSearchParams(/** @type {any} */ (new FormData(form)));
      const button = /** @type {HTMLButtonElement} */ (form.querySelector('button:last-of-type'));
      return `${button.formAction.includes('ban-in') ? button.formAction : form.action}?${fields}`;
    });
    const printed = await page.request.get(address);
    assert.equal(printed.headers()['content-type'], 'application/pdf', address);
    assert.equal((await printed.body()).subarray(0, 5).toString(), '%PDF-');
  }
});

test('the register of dossiers shows them by day', async () => {
  const { page } = clerk;
  await page.getByRole('heading', { name: 'Sổ theo dõi hồ sơ' }).waitFor();
  assert.equal(await page.getByRole('table').locator('tbody tr').count(), 2);
  await look(page, 'so-theo-doi');
  await page.getByLabel('Nhận từ ngày').fill('1/1/2020');
  await page.getByLabel('Đến ngày').fill('31/1/2020');
  await page.keyboard.press('Enter');
  await page.getByText('Không nhận hồ sơ nào trong khoảng này').waitFor();
  await look(page, 'so-theo-doi-trong');
});

test('a result goes to no stranger, and the sheet its receiver signed stays with the dossier', async () => {
  const counter = await openDesk(browser, office.url);
  const { page } = counter;
  await signIn(page, 'quay.yenbinh');
  await page.goto(`/ho-so/${handed}`);
  await page.getByRole('button', { name: 'Trả kết quả' }).waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('link', { name: 'Xem giấy tờ tùy thân của người nhận rồi ghi số' }).waitFor();
  await page.getByLabel('Số giấy tờ tùy thân người nhận').fill('001200000009');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('link', { name: /Người này không phải chủ hồ sơ/ }).waitFor();
  await look(page, 'tra-ket-qua-loi');
  await page.getByLabel('Họ tên người nhận thay').fill('Lê Văn An');
  await page.getByLabel('Giấy ủy quyền').fill('Giấy ủy quyền 12/2026');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã trả kết quả. In giấy biên nhận cho người nhận ký').waitFor();
  await page.getByText('Lê Văn An nhận thay theo Giấy ủy quyền 12/2026').waitFor();
  const slip = await page.request.get(/** @type {string} */ (await page.getByRole('link', { name: 'In giấy biên nhận' }).getAttribute('href')));
  assert.equal(slip.headers()['content-type'], 'application/pdf');
  await keep('giay-bien-nhan.pdf', await slip.body());
  const sheet = page.getByLabel('Bản quét có chữ ký người nhận');
  await sheet.setInputFiles({ name: 'la.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<script>') });
  await page.getByRole('button', { name: 'Lưu bản đã ký' }).press('Enter');
  await page.getByText(/không phải|không đọc được|chưa nhận/i).first().waitFor();
  await sheet.setInputFiles({ name: 'ky.pdf', mimeType: 'application/pdf', buffer: await slip.body() });
  await page.getByRole('button', { name: 'Lưu bản đã ký' }).press('Enter');
  await page.getByText('Đã lưu bản đã ký cùng hồ sơ').waitFor();
  await look(page, 'tra-ket-qua-xong');
  const kept = await page.request.get(/** @type {string} */ (await page.getByRole('link', { name: 'Bản đã ký' }).getAttribute('href')));
  assert.match(kept.headers()['content-disposition'], /^attachment/);
  assert.deepEqual(await kept.body(), await slip.body());
  assertNoComplaints(counter);
  await counter.close();
});

test('results go by post in a bundle that a postman takes, by keys alone', async () => {
  const counter = await openDesk(browser, office.url);
  const { page } = counter;
  await signIn(page, 'quay.yenbinh');
  await page.goto(`/ho-so/${posted}`);
  const code = await page.locator('h1 .code').innerText();
  await page.getByText('Đổi cách nhận kết quả').click();
  await page.getByText('Đang ghi: nhận tại quầy').waitFor();
  await page.getByLabel('Người nộp nhận kết quả').selectOption({ label: 'Qua bưu chính' });
  await page.getByLabel('Địa chỉ nhận bưu gửi').fill('Thôn Đá Chữ, xã Yên Bình');
  await page.getByRole('button', { name: 'Ghi cách nhận' }).press('Enter');
  await page.getByText('Người nộp đăng ký nhận kết quả qua bưu chính, đến Thôn Đá Chữ, xã Yên Bình').waitFor();
  await look(page, 'tra-ket-qua-buu-chinh');
  await page.getByRole('link', { name: 'Gửi qua bưu chính: cho vào gói' }).press('Enter');
  await page.getByLabel('Bưu cục nhận gói').waitFor();
  await page.getByText('Chờ gửi qua bưu chính: 1 kết quả').waitFor();
  await look(page, 'buu-chinh-cho-gui');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('link', { name: /Ghi bưu cục nhận gói/ }).waitFor();
  await page.getByLabel('Bưu cục nhận gói').fill('Bưu cục Yên Bình');
  await page.keyboard.press('Enter');
  await page.getByText('Gói chưa có kết quả nào').waitFor();
  await page.getByLabel('Mã hồ sơ').fill(code);
  await page.getByLabel('Số hiệu bưu gửi', { exact: true }).fill('?');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: /Số hiệu bưu gửi gồm 4 đến 40/ }).waitFor();
  await look(page, 'goi-buu-chinh-loi');
  await page.getByLabel(`Số hiệu bưu gửi của hồ sơ ${code}`).fill('EA123456789VN');
  await page.keyboard.press('Enter');
  await page.getByRole('cell', { name: 'EA123456789VN' }).waitFor();
  await look(page, 'goi-buu-chinh');
  await page.getByLabel('Họ tên bưu tá nhận gói').fill('Vàng A Páo');
  await page.keyboard.press('Enter');
  await page.getByText('Đã giao bưu tá. In bảng kê cho bưu tá ký').waitFor();
  const list = await page.request.get(/** @type {string} */ (await page.getByRole('link', { name: 'In bảng kê' }).getAttribute('href')));
  assert.equal(list.headers()['content-type'], 'application/pdf');
  await keep('bang-ke-buu-chinh.pdf', await list.body());
  await page.getByRole('button', { name: 'Đã phát' }).press('Enter');
  await page.getByText('Bưu chính đã phát kết quả, ghi lúc').waitFor();
  await look(page, 'goi-buu-chinh-xong');
  await page.getByRole('link', { name: code }).press('Enter');
  await page.getByText('Trả kết quả qua bưu chính, số hiệu EA123456789VN').waitFor();
  await page.goto('/buu-chinh');
  await page.getByText('Vàng A Páo nhận lúc').waitFor();
  await look(page, 'buu-chinh');
  assertNoComplaints(counter);
  await counter.close();
});

test('no page was blocked, threw or failed', () => {
  assertNoComplaints(clerk);
});
