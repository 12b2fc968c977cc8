//! An administrator changes the text of a printed paper, by keyboard alone: looks at it before it holds, is told
//! what is wrong with it and where, puts it in force, and goes back. And he has codes written in another way.
// @ts-check

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertNoComplaints, launch, openDesk, signIn } from './lib/browser.mjs';
import { startOffice } from './lib/server.mjs';
import { look } from './lib/shot.mjs';

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk} */
let desk;
/** @type {import('playwright-core').Page} */
let page;
/** The text that came with the program. */
let shipped = '';

before(async () => {
  office = await startOffice({ at: '2026-11-23T08:00' });
  browser = await launch();
  desk = await openDesk(browser, office.url);
  page = desk.page;
  await signIn(page, 'quantri');
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

const text = () => page.getByLabel('Nội dung mẫu');

/** @param {string} wanted */
async function preview(wanted) {
  await text().fill(wanted);
  await page.keyboard.press('F4');
}

test('every paper says from which version it is printed', async () => {
  await page.goto('/quan-tri/mau');
  const row = page.getByRole('row', { name: /Phiếu từ chối tiếp nhận/ });
  assert.match(await row.innerText(), /Bản gốc/);
  await look(page, 'mau-giay');
  await page.getByLabel('Cơ quan').selectOption({ label: 'Ủy ban nhân dân xã Yên Bình' });
  await page.getByRole('button', { name: 'Xem' }).press('Enter');
  await page.getByText('Ủy ban nhân dân xã Yên Bình in mỗi loại giấy').waitFor();
  await page.getByRole('link', { name: /Phiếu từ chối tiếp nhận/ }).press('Enter');
  await page.getByRole('heading', { name: 'Các bản' }).waitFor();
  shipped = await text().inputValue();
  assert.match(shipped, /PHIẾU TỪ CHỐI/);
});

test('what is wrong with a text is told in words with its line, and a hostile one is stopped', async () => {
  await preview(shipped.replace('#field(', '#fild('));
  await page.getByRole('link', { name: /Dòng \d+ “#fild\(.*”: không có tên “fild”/ }).waitFor();
  assert.match(await text().inputValue(), /#fild\(/, 'what was typed stays');
  await look(page, 'mau-giay-loi');
  await preview(`${shipped}\n#read("/etc/passwd")`);
  await page.getByRole('link', { name: /không mở tệp nào khác/ }).waitFor();
  await preview(`${shipped}\n#for a in range(9000) { for b in range(9000) { for c in range(9000) { let d = a * b } } }`);
  await page.getByRole('link', { name: /Mẫu chạy quá lâu/ }).waitFor({ timeout: 40_000 });
});

test('a text is seen as a page and compared before it holds, and put in force from a day on', async () => {
  const mine = shipped.replace('Xin thông báo cho Ông/Bà được biết', 'Trân trọng thông báo để Ông/Bà biết');
  assert.notEqual(mine, shipped);
  await preview(mine);
  await page.getByRole('heading', { name: /Xem trước bằng số liệu mẫu: 1 trang/ }).waitFor();
  const picture = page.getByRole('img', { name: /Trang 1/ });
  assert.ok(await picture.evaluate((element) => /** @type {HTMLImageElement} */ (element).naturalWidth > 600));
  assert.match(await page.locator('ins').first().innerText(), /Trân trọng/);
  await look(page, 'mau-giay-xem-truoc');
  await page.getByLabel('Dùng từ ngày').fill('22/11/2026');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('link', { name: 'Ghi lý do, hoặc số và ngày của quyết định' }).waitFor();
  await page.getByRole('link', { name: 'Ngày 22/11/2026 đã qua. Chọn từ hôm nay trở đi' }).waitFor();
  await page.getByLabel('Dùng từ ngày').fill('23/11/2026');
  await page.getByLabel('Lý do, hoặc số và ngày').fill('9/QĐ-UBND');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã ghi. Giấy làm từ ngày 23/11/2026 in theo bản này').waitFor();
  await page.getByText('Bản của cơ quan, từ 23/11/2026').first().waitFor();
  assert.match(await text().inputValue(), /Trân trọng thông báo/);
  await look(page, 'mau-giay-cua-minh');
});

test('what came with the program is always there to go back to', async () => {
  await page.locator('summary', { hasText: 'Trở về bản gốc' }).press('Enter');
  const form = page.locator('details[open]');
  await form.getByLabel('Từ ngày').fill('25/11/2026');
  await form.getByLabel('Lý do').fill('10/QĐ-UBND');
  await form.getByRole('button', { name: 'Trở về bản gốc' }).press('Enter');
  await page.getByText('Trở về bản gốc, từ 25/11/2026').waitFor();
  await page.getByRole('link', { name: 'Mẫu giấy' }).press('Enter');
  const row = page.getByRole('row', { name: /Phiếu từ chối tiếp nhận/ });
  assert.match(await row.innerText(), /Bản của cơ quan[\s\S]*từ 25\/11\/2026/);
});

test('the next code is shown, and codes are written in another way from tomorrow on', async () => {
  await page.goto('/quan-tri/so-hieu');
  await page.getByLabel('Cơ quan').selectOption({ label: 'Ủy ban nhân dân xã Yên Bình' });
  await page.getByRole('button', { name: 'Xem' }).press('Enter');
  await page.getByText('Ủy ban nhân dân xã Yên Bình viết mã hồ sơ').waitFor();
  assert.match(await page.locator('dd .code').innerText(), /-261123-\d{4}$/);
  await look(page, 'so-hieu');
  await page.locator('summary', { hasText: 'Đổi cách viết' }).press('Enter');
  const ways = page.getByLabel('Cách viết');
  const wanted = await ways.locator('option', { hasText: '-20261124-000001' }).getAttribute('value');
  await ways.selectOption(wanted);
  await page.getByLabel('Từ ngày').fill('23/11/2026');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('link', { name: /Chọn từ ngày 24\/11\/2026 trở đi/ }).waitFor();
  await page.getByRole('link', { name: 'Ghi lý do, hoặc số và ngày của quyết định' }).waitFor();
  await look(page, 'so-hieu-loi');
  await page.getByLabel('Từ ngày').fill('24/11/2026');
  await page.getByLabel('Lý do, hoặc số và ngày').fill('9/QĐ-UBND');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã ghi. Mã hồ sơ từ ngày 24/11/2026 viết theo cách mới').waitFor();
  await page.getByText('Từ 24/11/2026: ngày 8 chữ số, số thứ tự ít nhất 6 chữ số').waitFor();
  assert.match(await page.locator('dd .code').innerText(), /-261123-\d{4}$/, 'not today');
});

test('no page was blocked, threw or failed', () => {
  assertNoComplaints(desk);
  assert.doesNotMatch(office.errors(), /panicked/);
});
