//! What the post brings to a counter: envelopes taken against a list, opened by keys into dossiers that are
//! answered like any other, or put aside.
// @ts-check

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertNoComplaints, launch, openDesk, signIn } from './lib/browser.mjs';
import { card, cardText, chooseFile, countSides, paper, waitForPages } from './lib/counter.mjs';
import { startOffice } from './lib/server.mjs';
import { keep, look } from './lib/shot.mjs';
import { readCard } from './lib/wedge.mjs';

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk} */
let desk;
/** Where the handing over of the first test is. */
let arrival = '';

before(async () => {
  office = await startOffice({ at: '2026-11-23T08:00' });
  browser = await launch();
  desk = await openDesk(browser, office.url);
  await signIn(desk.page, 'quay.yenbinh');
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

test('envelopes are taken over by their bar codes, and the postman gets his list', async () => {
  const { page } = desk;
  await page.goto('/quay');
  await page.getByRole('link', { name: 'Nhận hồ sơ qua bưu chính' }).press('Enter');
  await page.locator('#f-buu-cuc:focus').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('link', { name: /Ghi bưu cục giao/ }).waitFor();
  await look(page, 'buu-gui-loi');
  await page.getByLabel('Bưu cục giao').fill('Bưu cục Yên Bình');
  await page.getByLabel('Họ tên bưu tá giao').fill('Vàng A Páo');
  await page.getByLabel('Số hiệu các bưu gửi').focus();
  // A reader of bar codes types each number and Enter.
  await page.keyboard.type('EA123456788VN\nEA123456799VN\n');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã nhận. In bảng kê cho bưu tá ký').waitFor();
  await page.getByText('Còn 2 chưa mở, trả lời người gửi trước').waitFor();
  arrival = new URL(page.url()).pathname;
  const list = await page.request.get(/** @type {string} */ (await page.getByRole('link', { name: 'In bảng kê' }).getAttribute('href')));
  assert.equal(list.headers()['content-type'], 'application/pdf');
  await keep('bang-ke-nhan-buu-gui.pdf', await list.body());
});

test('an envelope becomes a dossier that waits for its answer from the hour it came', async () => {
  const { page } = desk;
  await page.goto(arrival);
  await page.getByRole('link', { name: 'Lập hồ sơ' }).first().press('Enter');
  await page.getByText('Lập hồ sơ từ bưu gửi EA123456788VN, đến lúc').waitFor();
  await readCard(page, await cardText());
  await page.locator('#f-ho-ten[value="Nguyễn Thị Ngoãn"]').waitFor();
  await page.locator('#f-tim-thu-tuc:focus').waitFor();
  await page.keyboard.type('xac nhan tinh trang');
  await page.locator('#thu-tuc-ds input:checked').waitFor();
  await page.keyboard.press('Control+Enter');
  // The papers say which case it is: it is chosen before the dossier is there.
  await page.getByRole('link', { name: 'Chọn trường hợp của hồ sơ trong bưu gửi' }).waitFor();
  await look(page, 'buu-gui-truong-hop');
  await page.getByLabel('Trường hợp').selectOption({ index: 1 });
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/quay\/[0-9a-f-]{36}$/);
  await page.getByText('Bưu chính công ích, trả lời trước').waitFor();
  await look(page, 'buu-gui-lap-ho-so');
  await chooseFile(page, 'to-khai', await paper('to-khai-xac-nhan-tinh-trang-hon-nhan.jpg'));
  await waitForPages(page, 'to-khai', 1);
  await countSides(page, 'to-khai', 1);
});

test('what is missing is asked for, and what comes then is received', async () => {
  const { page } = desk;
  const intake = page.url();
  await page.getByRole('link', { name: 'yêu cầu người nộp hoàn thiện' }).press('Enter');
  await page.getByText('Mới gửi đến, chờ trả lời người nộp').first().waitFor();
  await look(page, 'buu-gui-cho-tra-loi');
  await page.getByText('Yêu cầu hoàn thiện hồ sơ', { exact: true }).first().press('Enter');
  const form = page.locator('form[action$="/viec/hoan-thien"]');
  await form.getByLabel('Căn cước hoặc hộ chiếu của người yêu cầu').check();
  await form.getByLabel('Cần bổ sung gì, vì sao').fill('Gửi bản sao căn cước');
  await form.locator('button').press('Enter');
  await page.getByText('Chờ người nộp hoàn thiện hồ sơ đến').first().waitFor();
  await page.getByRole('link', { name: 'Nhận giấy hoàn thiện' }).press('Enter');
  await page.waitForURL(intake);
  await page.getByText('Đang chờ hoàn thiện').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã ghi người nộp gửi giấy hoàn thiện').waitFor();
  await page.getByText('Bưu chính công ích, trả lời trước').waitFor();
  assert.ok(await card(page, 'to-khai').count() > 0);
});

test('an envelope without a dossier is put aside with the reason', async () => {
  const { page } = desk;
  await page.goto(arrival);
  await page.getByText('Bưu gửi không có hồ sơ').press('Enter');
  await page.getByRole('button', { name: 'Ghi, không lập hồ sơ' }).press('Enter');
  await page.getByRole('link', { name: 'Chọn bưu gửi' }).waitFor();
  await page.locator('#f-buu-gui').selectOption('EA123456799VN');
  await page.getByLabel('Trong đó có gì, đã làm gì với nó').fill('thư gửi văn phòng, đã chuyển văn thư');
  await page.keyboard.press('Enter');
  await page.getByText('Không lập hồ sơ: thư gửi văn phòng').waitFor();
  await page.getByText('Đã mở hết.').waitFor();
  await look(page, 'buu-gui-xong');
  await page.goto('/buu-gui');
  await page.getByText('Đã mở hết').waitFor();
  await look(page, 'buu-gui');
});

test('no page was blocked, threw or failed', () => {
  assertNoComplaints(desk);
});
