//! The counter works where no script runs: forms and buttons alone take a paper in and receive a dossier.
// @ts-check

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertNoComplaints, launch, openDesk, signIn } from './lib/browser.mjs';
import { card, cardText, paper } from './lib/counter.mjs';
import { assertNoSidewaysScroll } from './lib/shot.mjs';
import { startOffice } from './lib/server.mjs';

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk} */
let desk;

before(async () => {
  office = await startOffice();
  browser = await launch();
  desk = await openDesk(browser, office.url, { javaScriptEnabled: false });
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

test('sign in, read the card, find and open', async () => {
  const { page } = desk;
  await signIn(page, 'quay.yenbinh');
  await page.getByLabel('Mã QR thẻ căn cước').fill(await cardText());
  await page.getByRole('button', { name: 'Đọc thẻ' }).click();
  await page.locator('#f-ho-ten[value="Nguyễn Thị Ngoãn"]').waitFor();
  assert.equal(await page.locator('#f-ngay-sinh').inputValue(), '14/03/1991');
  await page.locator('#f-tim-thu-tuc').fill('xntthn');
  await page.getByRole('button', { name: 'Tìm thủ tục' }).click();
  await page.getByLabel('Cấp Giấy xác nhận tình trạng hôn nhân').check();
  // What was read from the card is still there.
  assert.equal(await page.locator('#f-ho-ten').inputValue(), 'Nguyễn Thị Ngoãn');
  await page.getByRole('button', { name: 'Mở hồ sơ' }).click();
  await page.waitForURL(/\/quay\/[0-9a-f-]{36}$/);
  await page.getByLabel('Trường hợp').selectOption({ label: 'Đã ly hôn' });
  await page.getByRole('button', { name: 'Đổi trường hợp' }).click();
  await card(page, 'ly-hon').waitFor();
});

test('files go by an ordinary form, several at once, and a bad one is named', async () => {
  const { page } = desk;
  const toKhai = card(page, 'to-khai');
  await toKhai.getByRole('button', { name: 'Gửi tệp' }).click();
  await page.getByText('Chưa chọn tệp nào').waitFor();
  await toKhai.locator('input[type=file]').setInputFiles({ name: 'rong.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('chữ, không phải ảnh') });
  await toKhai.getByRole('button', { name: 'Gửi tệp' }).click();
  await page.locator('.notice-bad:not([hidden])').waitFor();
  await toKhai.locator('input[type=file]').setInputFiles(await paper('to-khai-xac-nhan-tinh-trang-hon-nhan.jpg'));
  await toKhai.getByRole('button', { name: 'Gửi tệp' }).click();
  await toKhai.locator('.trang').waitFor();
  const lyHon = card(page, 'ly-hon');
  await lyHon.locator('input[type=file]').setInputFiles([await paper('quyet-dinh-ly-hon.tiff'), await paper('giay-khai-sinh.jpg')]);
  await lyHon.getByRole('button', { name: 'Gửi tệp' }).click();
  await lyHon.locator('.trang').nth(2).waitFor();
  // The picture that was not meant is taken out again, a page is turned and turned back.
  await lyHon.getByRole('button', { name: 'Ẩn trang 3' }).click();
  await lyHon.locator('.trang').nth(2).waitFor({ state: 'detached' });
  await lyHon.getByRole('button', { name: 'Xoay trang 1' }).click();
  await lyHon.locator('.trang img[src$="xoay=1"]').waitFor();
  await lyHon.getByRole('button', { name: 'Hoàn tác' }).click();
  await lyHon.locator('.trang img[src$="xoay=1"]').waitFor({ state: 'detached' });
  assert.equal(await lyHon.locator('.trang').count(), 2);
  for (const width of [1280, 390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    await assertNoSidewaysScroll(page, 'intake without script');
  }
});

test('sides are counted, the card is shown, the dossier is received', async () => {
  const { page } = desk;
  for (const [component, sides] of [['to-khai', '1'], ['ly-hon', '2']]) {
    await card(page, component).getByLabel('Số mặt giấy đã quét').fill(sides);
    await card(page, component).getByRole('button', { name: 'Khớp số mặt' }).click();
    await card(page, component).getByText(`Đủ ${sides} trang`).waitFor();
  }
  await page.getByRole('button', { name: 'Đã xem, trả lại' }).click();
  await card(page, 'giay-to-tuy-than').getByText('Đã xuất trình').waitFor();
  await page.getByRole('button', { name: 'Tiếp nhận hồ sơ' }).click();
  await page.waitForURL(/\/ho-so\/[0-9a-f-]{36}$/);
  await page.locator('h1 .code').waitFor();
  await page.getByRole('link', { name: 'Giấy tiếp nhận' }).waitFor();
  await page.getByRole('button', { name: 'Đăng xuất' }).click();
  await page.waitForURL(/\/dang-nhap/);
  assertNoComplaints(desk);
});
