//! An outage at the counter: provisional slips are written without the server, survive whatever happens to
//! the machine meanwhile, and become dossiers with the time of the slip, each alone.
// @ts-check

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { assertNoComplaints, launch, openDesk, signIn } from './lib/browser.mjs';
import { test } from './lib/chapters.mjs';
import { startOffice } from './lib/server.mjs';
import { look } from './lib/shot.mjs';

const COPIES = '2.000815';

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk} */
let desk;
/** @type {string[]} */
const numbers = [];

before(async () => {
  office = await startOffice();
  browser = await launch();
  desk = await openDesk(browser, office.url);
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

/**
 * Asks the page again until it says yes: what it asks may take a while itself.
 * @param {import('playwright-core').Page} page @param {() => Promise<boolean>} said
 */
async function until(page, said) {
  for (const since = Date.now(); !await page.evaluate(said);) {
    assert.ok(Date.now() - since < 20_000, `never: ${said}`);
    await page.waitForTimeout(100);
  }
}

/** @param {string} name @param {string} number */
async function writeSlip(name, number) {
  const { page } = desk;
  await page.getByLabel('Số định danh hoặc mã số thuế').fill(number);
  await page.getByLabel('Họ và tên, hoặc tên tổ chức').fill(name);
  await page.getByLabel('Thủ tục', { exact: true }).selectOption(COPIES);
  for (const box of await page.locator('[name="giay"]').all()) await box.check();
  await page.keyboard.press('Control+Enter');
  const told = page.locator('[data-slip] p', { hasText: 'Số phiếu' }).locator('strong');
  // The slip before stands there until this one is written.
  await told.filter({ hasNotText: numbers.at(-1) ?? 'PT-none' }).waitFor();
  const slip = await told.innerText();
  assert.match(slip, /^PT-[2-9A-HJ-NP-Z]{4}-\d{6}-\d{3}$/);
  assert.ok(!numbers.includes(slip), 'a number is given once');
  numbers.push(slip);
}

const waiting = () => desk.page.locator('[data-waiting] li strong');

test('the counter goes on when the server is lost, with what was typed', async () => {
  const { page } = desk;
  await signIn(page, 'quay.yenbinh');
  await page.goto('/quay');
  // What is active answers for every page that is gone to, whether or not it has claimed this one.
  await until(page, async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated');
  await page.getByLabel('Họ và tên, hoặc tên tổ chức').pressSequentially('Lò Thị Ban');
  await until(page, async () => {
    const { Slips } = await import('/static/slips.js');
    return JSON.stringify(await (await Slips.open()).typed()).includes('Lò Thị Ban');
  });
  await office.goDown();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: 'Mất kết nối với máy chủ' }).waitFor();
  await page.getByText(/Đang ngoại tuyến từ \d\d:\d\d\. 0 phiếu tạm chờ gửi/).waitFor();
  await page.waitForFunction(() => /** @type {HTMLInputElement} */ (document.querySelector('[name=ho-ten]')).value === 'Lò Thị Ban');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('alert').getByText('Chọn một thủ tục').waitFor();
  await look(page, 'mat-ket-noi-loi');
});

test('slips are written, printed, and kept through a reload; nobody reads them on the disk', async () => {
  const { page } = desk;
  await writeSlip('Lò Thị Ban', '038191004627');
  await page.getByRole('article').getByText('Phiếu này chưa phải Giấy tiếp nhận hồ sơ').waitFor();
  await page.getByRole('button', { name: 'In phiếu tạm' }).waitFor();
  await look(page, 'mat-ket-noi-phieu');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('#phieu-tam').isVisible(), false, 'only the slip is printed');
  assert.equal(await page.locator('[data-slip]').isVisible(), true);
  await page.emulateMedia({ media: 'screen' });
  await writeSlip('Vàng A Sử', '12');
  await page.reload();
  await page.getByRole('heading', { name: 'Mất kết nối với máy chủ' }).waitFor();
  await waiting().nth(1).waitFor();
  await writeSlip('Sùng A Páo', '038201000012');
  assert.deepEqual(await waiting().allInnerTexts(), numbers);
  const kept = await page.evaluate(() => new Promise((resolve) => {
    const opening = indexedDB.open('motcua-phieu-tam', 1);
    opening.onsuccess = () => {
      const asked = opening.result.transaction('slip').objectStore('slip').getAll();
      asked.onsuccess = () => resolve(asked.result.map((slip) => ({ fields: Object.keys(slip).sort(), text: new TextDecoder().decode(slip.sealed) })));
    };
  }));
  for (const slip of kept) {
    assert.deepEqual(slip.fields, ['at', 'id', 'iv', 'number', 'sealed']);
    assert.doesNotMatch(slip.text, /Ban|Sử|Páo|0381/, 'sealed');
  }
});

test('back again, each slip is sent alone: codes for two, the reason for one', async () => {
  const { page } = desk;
  await office.comeBack();
  await page.getByText(/Đã có kết nối lại lúc .* 3 phiếu tạm chờ gửi/).waitFor();
  // Who sends them may have signed in after they were written.
  await page.context().clearCookies();
  await page.getByRole('link', { name: 'Về quầy để gửi phiếu' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Đăng nhập' }).waitFor();
  await signIn(page, 'quay.yenbinh');
  const rows = page.locator('[data-slips] li');
  await rows.nth(2).waitFor();
  const said = await rows.allInnerTexts();
  assert.deepEqual(said.map((text) => text.split(' ')[0]), numbers);
  assert.match(said[0], /Đã cấp mã \S+-\d+/);
  assert.match(said[1], /Chưa mở được hồ sơ, phiếu vẫn được giữ\. Đây không phải số định danh/);
  assert.match(said[2], /Đã cấp mã \S+-\d+/);
  await page.getByRole('link', { name: 'Xem mọi phiếu tạm' }).waitFor();
  await look(page, 'quay-gui-phieu-tam');
  await rows.first().getByRole('link', { name: 'Mở' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText(/Lập phiếu tạm nhận PT-\S+ lúc .* khi mất kết nối/).waitFor();
  await page.getByText(/tính từ .* theo phiếu tạm nhận/).waitFor();
});

test('a slip that could not be opened is mended, and keeps its time', async () => {
  const { page } = desk;
  await page.goto('/quay/phieu-tam');
  await page.getByRole('row', { name: new RegExp(`${numbers[1]}.*Chưa mở được hồ sơ`) }).waitFor();
  await look(page, 'phieu-tam');
  await page.getByRole('link', { name: 'Sửa và mở hồ sơ' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Đang sửa một phiếu tạm nhận').waitFor();
  assert.equal(await page.getByLabel('Họ và tên, hoặc tên tổ chức').inputValue(), 'Vàng A Sử');
  await page.getByLabel('Số định danh hoặc mã số thuế').fill('038201000020');
  await page.keyboard.press('Control+Enter');
  await page.getByText(/Đã cấp mã/).first().waitFor();
  await page.goto('/quay/phieu-tam');
  assert.equal(await page.getByRole('link', { name: 'Sửa và mở hồ sơ' }).count(), 0);
});

test('a second outage goes on with the next number, and nothing is sent twice', async () => {
  const { page } = desk;
  await page.goto('/quay');
  assert.equal(await page.locator('[data-slips] li').count(), 0, 'nothing waits');
  await office.goDown();
  await page.goto('/quay');
  await writeSlip('Giàng Thị Mỷ', '038199000031');
  assert.deepEqual(numbers.map((number) => number.slice(-3)), ['001', '002', '003', '004']);
  await office.comeBack();
  await page.goto('/quay');
  await page.locator('[data-slips] li').getByText(/Đã cấp mã/).waitFor();
  await page.goto('/quay/phieu-tam');
  assert.equal(await page.locator('tbody tr').count(), 4);
});

test('no page was blocked, threw or failed while the server was there', () => {
  const lost = (/** @type {string} */ complaint) => /ERR_CONNECTION_REFUSED|ERR_FAILED/.test(complaint);
  desk.complaints = desk.complaints.filter((complaint) => !lost(complaint));
  assertNoComplaints(desk);
});
