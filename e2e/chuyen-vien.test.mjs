//! The specialist's screen by keys alone: the inbox, papers beside the work, a request for papers in six
//! keys, a draft with its marks, prose that survives a lost line, and notes.
// @ts-check

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { Caller } from './lib/api.mjs';
import { assertNoComplaints, keysOf, launch, openDesk, signIn } from './lib/browser.mjs';
import { test } from './lib/chapters.mjs';
import { drawPage, toExamine } from './lib/scanned.mjs';
import { startOffice } from './lib/server.mjs';
import { look } from './lib/shot.mjs';

const SPECIALIST = 'chuyenvien.yenbinh';
/** Keys of a request for papers beside the choice of the reason. */
const MOST_KEYS = 6;
const OPINION = 'Đã tra sổ hộ tịch, thông tin khớp với tờ khai.';
const DIVORCED = 'Đã ly hôn, hiện tại chưa đăng ký kết hôn lại với ai';

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk} */
let desk;
/** @type {import('./lib/browser.mjs').Desk[]} */
const others = [];
/** @type {string[]} */
const dossiers = [];

before(async () => {
  office = await startOffice();
  browser = await launch();
  const [counter, head, specialist] = await Promise.all(
    ['quay.yenbinh', 'truongphong.yenbinh', SPECIALIST].map((login) => Caller.of(office.url, login)));
  const request = await drawPage(browser, 'TỜ KHAI');
  const decree = [await drawPage(browser, 'QUYẾT ĐỊNH LY HÔN'), await drawPage(browser, 'TRANG HAI')];
  for (let n = 0; n < 3; n += 1) dossiers.push(await toExamine({ counter, head, specialist }, { request, decree }, n));
  desk = await openDesk(browser, office.url);
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

/** @param {string} login @param {import('playwright-core').BrowserContextOptions} [options] */
async function openDeskOf(login, options) {
  const opened = await openDesk(browser, office.url, options);
  others.push(opened);
  await signIn(opened.page, login);
  return opened;
}

/** @param {string} login @param {import('playwright-core').BrowserContextOptions} [options] */
const deskOf = async (login, options) => (await openDeskOf(login, options)).page;

const addressOf = (/** @type {number} */ n) => `/ho-so/${dossiers[n]}`;
const status = (/** @type {import('playwright-core').Page} */ page) => page.locator('[data-kept]').first();

test('J and K go through the inbox while it has the focus, Enter opens', async () => {
  const { page } = desk;
  await signIn(page, SPECIALIST);
  await page.goto('/viec');
  const rows = page.locator('[data-list] .main-link');
  assert.equal(await rows.count(), 3);
  await page.keyboard.press('j');
  assert.equal(await page.locator('[data-list] a:focus').count(), 0, 'not while something else has it');
  await rows.first().focus();
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('k');
  assert.equal(await rows.nth(1).evaluate((link) => link === document.activeElement), true);
  await look(page, 'viec');
  await rows.nth(1).focus();
  const href = await rows.nth(1).getAttribute('href');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**${href}`);
});

test('papers are looked at beside the work, page by page', async () => {
  const { page } = desk;
  await page.goto(addressOf(0));
  const strip = page.locator('[data-strip] a');
  assert.equal(await strip.count(), 3);
  const large = page.locator('[data-large]');
  const first = await large.getAttribute('src');
  await strip.first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.notEqual(await large.getAttribute('src'), first);
  await page.getByRole('heading', { name: /ly hôn.*trang 2\/2/ }).waitFor();
  const width = () => large.evaluate((image) => image.getBoundingClientRect().width);
  const before = await width();
  await page.keyboard.press('+');
  assert.ok(await width() > before, 'larger');
  await page.keyboard.press('0');
  assert.equal(await width(), before);
  const loaded = await large.evaluate((image) => /** @type {HTMLImageElement} */ (image).decode().then(() => /** @type {HTMLImageElement} */ (image).naturalWidth));
  assert.ok(loaded > 0, 'a picture');
  // What is next, by whom and until when stays in sight.
  await page.locator('.viec-tiep').getByText(/đang làm bước .*, giữ từ \d\d:\d\d .*Phải xong trước \d\d:\d\d/s).waitFor();
  await look(page, 'ho-so-chuyen-vien');
});

test('an opinion is kept while it is typed, and offered when the page is opened again', async () => {
  const { page } = desk;
  await page.getByLabel('Ý kiến').focus();
  await page.keyboard.type(OPINION);
  await status(page).getByText(/^Đã lưu nháp lúc \d\d:\d\d$/).waitFor();
  assert.equal(await status(page).getAttribute('role'), 'status');
  await page.goto(addressOf(0));
  assert.equal(await page.getByLabel('Ý kiến').inputValue(), '', 'nothing is filled in unasked');
  const offer = page.getByRole('link', { name: /Tiếp tục bản nháp lúc/ });
  await offer.waitFor();
  await look(page, 'ho-so-co-ban-nhap');
  await offer.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/nhap=y-kien/);
  assert.equal(await page.getByLabel('Ý kiến').inputValue(), OPINION);
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã chuyển bước').waitFor();
  assert.equal(await page.getByRole('link', { name: /Tiếp tục bản nháp/ }).count(), 0, 'it was sent');
  // F8 goes round through all that waits for her.
  const visited = [];
  for (let n = 0; n < 3; n += 1) {
    const from = new URL(page.url()).pathname;
    await page.keyboard.press('F8');
    await page.waitForURL((url) => url.pathname !== from && /^\/ho-so\//.test(url.pathname));
    visited.push(new URL(page.url()).pathname);
  }
  assert.deepEqual([...visited].sort(), dossiers.map((_, n) => addressOf(n)).sort());
});

test('a request for papers takes six keys beside its reason', async () => {
  const { page } = desk;
  await page.goto(addressOf(1));
  await page.evaluate(() => sessionStorage.removeItem('e2e-keys'));
  await page.keyboard.press('F4');
  await page.locator('input[name="giay"]:focus').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.locator('.tom-loi').getByText('Chưa chọn giấy nào cần bổ sung').waitFor();
  await look(page, 'bo-sung-loi');
  await page.goto(addressOf(1));
  await page.evaluate(() => sessionStorage.removeItem('e2e-keys'));
  await page.keyboard.press('F4');
  await page.locator('input[name="giay"]:focus').waitFor();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.locator('select[name^="vi-sao-"]:focus').waitFor();
  const before = (await keysOf(page)).length;
  await page.keyboard.type('Bản nộp mờ');
  const reason = (await keysOf(page)).length - before;
  await look(page, 'bo-sung');
  await page.keyboard.press('Control+Enter');
  const notice = page.getByRole('article');
  await notice.getByText(/Nộp lại Tờ khai .* bản rõ nét, vì bản đã nộp mờ, không đọc được\./).waitFor();
  await notice.getByText(/trước ngày \d\d\/\d\d\/2026/).waitFor();
  await look(page, 'bo-sung-xem-truoc');
  const slip = await page.request.get(`${addressOf(1)}/bo-sung/phieu`);
  assert.equal((await slip.body()).subarray(0, 5).toString(), '%PDF-');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã gửi yêu cầu bổ sung').waitFor();
  const keys = await keysOf(page);
  assert.ok(keys.length - reason <= MOST_KEYS, keys.join(' '));
  await page.getByText('Chờ người nộp bổ sung').first().waitFor();
});

test('a draft shows what differs from its form', async () => {
  const { page } = desk;
  await page.goto(addressOf(0));
  await page.getByRole('button', { name: 'Nhận xử lý' }).or(page.getByRole('link', { name: 'Soạn dự thảo kết quả' })).first().waitFor();
  if (await page.getByRole('button', { name: 'Nhận xử lý' }).count()) await page.keyboard.press('Control+Enter');
  await page.getByRole('link', { name: 'Soạn dự thảo kết quả' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/du-thao$/);
  await page.getByText('Giữ nguyên lời của mẫu').waitFor();
  await page.getByRole('textbox', { name: 'Tình trạng hôn nhân' }).fill(DIVORCED);
  await page.keyboard.press('F4');
  await page.locator('#khac-mau ins').first().waitFor();
  assert.match(await page.locator('#khac-mau').innerText(), /Đã ly hôn/);
  assert.ok(await page.locator('#khac-mau del').count() > 0);
  assert.equal(await page.getByRole('textbox', { name: 'Tình trạng hôn nhân' }).inputValue(), DIVORCED, 'nothing typed is lost');
  await look(page, 'du-thao-khac-mau');
  await page.getByRole('textbox', { name: 'Mục đích sử dụng' }).fill('');
  await page.keyboard.press('Control+Enter');
  await page.locator('.tom-loi').getByText('Nhập mục đích sử dụng').waitFor();
  await look(page, 'du-thao-loi');
  await page.getByRole('textbox', { name: 'Mục đích sử dụng' }).fill('làm thủ tục đăng ký kết hôn');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã lưu dự thảo').waitFor();
  await page.locator('#khac-mau ins').first().waitFor();
  await look(page, 'ho-so-khac-mau');
});

test('a draft is held while somebody sits at it, and no longer', async () => {
  const { page } = await openDeskOf(SPECIALIST);
  await page.clock.install();
  await page.goto(`${addressOf(0)}/du-thao`);
  let n = 0;
  page.on('request', (request) => { if (request.url().endsWith('/giu/du-thao')) n += 1; });
  const minutes = (/** @type {number} */ many) => page.clock.runFor(many * 60_000);
  await page.locator('#du-thao').waitFor();
  await minutes(3);
  const head = await deskOf('truongphong.yenbinh');
  await head.goto(`${addressOf(0)}/du-thao`);
  await head.getByText(/ đang soạn dự thảo này từ .*\. Bạn xem được, chưa sửa được\./).waitFor();
  await look(head, 'du-thao-nguoi-khac-giu');
  assert.ok(n >= 3, `${n} signs in three minutes`);
  await minutes(10);
  n = 0;
  await minutes(5);
  assert.equal(n, 0, 'nobody has touched it for ten minutes');
  await page.getByRole('textbox', { name: 'Mục đích sử dụng' }).press('End');
  await minutes(2);
  assert.ok(n >= 1, 'somebody is back');
});

test('a lost line loses nothing: the text is here, sealed, and goes on', async () => {
  const { page } = desk;
  await page.goto(addressOf(2));
  await page.context().setOffline(true);
  await page.getByLabel('Ý kiến').focus();
  await page.keyboard.type(OPINION);
  await page.locator('[data-kept-fault]').getByText(/Chưa lưu nháp được.*mất kết nối.*giữ trên máy này/s).first().waitFor();
  assert.equal(await page.locator('[data-kept-fault]').first().getAttribute('role'), 'alert');
  await look(page, 'ho-so-mat-ket-noi');
  const kept = await page.evaluate(() => Object.entries(localStorage).filter(([name]) => name.startsWith('motcua-nhap:')));
  assert.equal(kept.length, 1);
  assert.doesNotMatch(kept[0][1], /hộ tịch|khớp/, 'sealed');
  await page.context().setOffline(false);
  await page.goto(addressOf(2));
  await page.getByText(/Máy này còn giữ bản nháp/).waitFor();
  const go = page.getByRole('button', { name: /Tiếp tục bản nháp/ });
  await go.focus();
  await page.keyboard.press('Enter');
  assert.equal(await page.getByLabel('Ý kiến').inputValue(), OPINION);
  await status(page).getByText(/Đã lưu nháp lúc/).waitFor();
});

test('two windows that write the same show both, and one is chosen', async () => {
  const { page } = desk;
  const there = await deskOf(SPECIALIST);
  await there.goto(`${addressOf(2)}?nhap=y-kien`);
  await page.goto(`${addressOf(2)}?nhap=y-kien`);
  await there.getByLabel('Ý kiến').fill('Bản ở máy kia');
  await status(there).getByText(/Đã lưu nháp lúc/).waitFor();
  await page.getByLabel('Ý kiến').fill('Bản ở đây');
  await page.locator('[data-kept-fault]').getByText(/vừa được lưu ở cửa sổ khác/).waitFor();
  await page.getByRole('button', { name: 'Lưu nháp' }).first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Hai bản nháp khác nhau' }).waitFor();
  await page.getByRole('row', { name: 'Ý kiến Bản ở đây Bản ở máy kia' }).waitFor();
  await look(page, 'hai-ban-nhap');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/nhap=y-kien/);
  assert.equal(await page.getByLabel('Ý kiến').inputValue(), 'Bản ở đây');
  assert.equal(await page.getByText(/Máy này còn giữ bản nháp/).count(), 0, 'it has come to the server');
});

test('a page printed is A4, with the dossier and without its buttons', async () => {
  const { page } = desk;
  await page.goto(addressOf(2));
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  const sheets = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, width, height]) => [width, height].map((side) => Math.round(Number(side))));
  assert.ok(sheets.length > 0 && sheets.every(([width, height]) => width === 595 && height === 842), `${sheets}`);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('h1 .code').isVisible(), true);
  assert.equal(await page.getByRole('button').filter({ visible: true }).count(), 0);
  await page.emulateMedia({ media: 'screen' });
});

test('a note calls a colleague, and is struck out by its author', async () => {
  const { page } = desk;
  await page.goto(addressOf(2));
  await page.getByRole('button', { name: 'Ghi chú', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.tom-loi').getByText('Nhập ghi chú').waitFor();
  await page.getByLabel('Ghi chú mới').focus();
  await page.keyboard.type('Gọi lại chủ hồ sơ chiều nay');
  await page.getByText('Nhắc đồng nghiệp').focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Nông Thị Hiên').focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Ghi chú', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Đã ghi chú').waitFor();
  const head = await deskOf('truongphong.yenbinh');
  await head.goto('/viec');
  await look(head, 'viec-nhac-ban');
  await head.getByRole('link', { name: /nhắc bạn trong một ghi chú/ }).focus();
  await head.keyboard.press('Enter');
  await head.locator('.ghi-chu').getByText('Gọi lại chủ hồ sơ chiều nay').waitFor();
  assert.equal(await head.getByRole('button', { name: /Gạch bỏ/ }).count(), 0, 'not hers');
  await page.getByRole('button', { name: /Gạch bỏ/ }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.ghi-chu s').getByText('Gọi lại chủ hồ sơ chiều nay').waitFor();
  await look(page, 'ho-so-ghi-chu');
});

test('the signer sees the same marks, and the next draft is held against what he signed', async () => {
  const { page } = desk;
  const [specialist, head] = await Promise.all([SPECIALIST, 'truongphong.yenbinh'].map((login) => Caller.of(office.url, login)));
  await specialist.act(dossiers[0], { act: 'finish_step', to: 'kiem-tra', opinion: 'Trình kiểm tra' });
  await head.act(dossiers[0], { act: 'take' });
  await head.act(dossiers[0], { act: 'finish_step', to: 'ky', opinion: 'Đồng ý' });
  const leader = await deskOf('lanhdao.yenbinh');
  await leader.goto('/ky');
  await leader.getByRole('link', { name: /Chỗ khác mẫu/ }).focus();
  await leader.keyboard.press('Enter');
  await leader.waitForURL(/#khac-mau$/);
  assert.match(await leader.locator('#khac-mau ins').first().innerText(), /Đã ly hôn/);
  await leader.keyboard.press('Control+Enter');
  await leader.getByText('Bạn đã nhận hồ sơ này').waitFor();
  await look(leader, 'ho-so-lanh-dao-khac-mau');
  await leader.keyboard.press('Control+Enter');
  await leader.getByText('Đã phê duyệt và ký số').waitFor();

  await specialist.act(dossiers[2], { act: 'finish_step', to: 'du-thao', opinion: OPINION });
  await specialist.act(dossiers[2], { act: 'take' });
  await page.goto(`${addressOf(2)}/du-thao`);
  const marks = page.locator('#khac-mau');
  await marks.getByText(/So với kết quả cùng loại ký gần nhất/).waitFor();
  assert.match(await marks.locator('del').first().innerText(), /Đã ly hôn/);
  assert.doesNotMatch(await marks.innerText(), /Lò Thị Ban 0|038191200000/, 'nothing of the other person');
  await look(page, 'du-thao-khac-lan-truoc');
});

test('signing out leaves nothing of it on the machine', async () => {
  const { page } = desk;
  await page.evaluate(() => localStorage.setItem('motcua-nhap:/x', '{"at":9999999999999}'));
  await page.getByRole('button', { name: 'Đăng xuất', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Đăng nhập' }).waitFor();
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
});

test('without script pages are links and prose is kept by a button', async () => {
  const page = await deskOf(SPECIALIST, { javaScriptEnabled: false });
  await page.goto(addressOf(2));
  await page.getByRole('link', { name: /trang 2\/2/ }).click();
  await page.getByRole('heading', { name: /trang 2\/2/ }).waitFor();
  await page.getByLabel('Ghi chú mới').fill('Chưa xong');
  await page.getByRole('button', { name: 'Lưu nháp' }).last().click();
  await page.getByText(/Đã lưu nháp lúc/).first().waitFor();
  assert.equal(await page.getByLabel('Ghi chú mới').inputValue(), 'Chưa xong');
  await page.goto(`${addressOf(2)}/bo-sung`);
  await page.getByLabel(/Bản án, quyết định ly hôn/).check();
  await page.locator('select[name="vi-sao-ly-hon"]').selectOption({ label: 'Thiếu trang' });
  await page.getByRole('button', { name: 'Xem người dân sẽ đọc' }).click();
  await page.getByRole('article').getByText(/đủ các trang, vì bản đã nộp thiếu trang/).waitFor();
  await page.getByRole('button', { name: 'Sửa lại' }).click();
  assert.equal(await page.getByLabel(/Bản án, quyết định ly hôn/).isChecked(), true);
});

test('no page was blocked, threw or failed', () => {
  const line = (/** @type {string} */ complaint) => /ERR_INTERNET_DISCONNECTED/.test(complaint);
  desk.complaints = desk.complaints.filter((complaint) => !line(complaint));
  assertNoComplaints(desk, ...others);
});
