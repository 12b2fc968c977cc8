//! Four papers at the counter in 25 keys: every keydown is counted, but for those of the card reader.
// @ts-check

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { assertNoComplaints, keysOf, launch, openDesk, signIn } from './lib/browser.mjs';
import { test } from './lib/chapters.mjs';
import { card, chooseFile, openIntake, paper, waitForPages } from './lib/counter.mjs';
import { startOffice } from './lib/server.mjs';
import { keep, look } from './lib/shot.mjs';

/** Of ux.md 2.3: the budget of a dossier of four papers. */
const MOST_KEYS = 25;
const BIRTH = '1.001193';

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk} */
let desk;

before(async () => {
  office = await startOffice();
  browser = await launch();
  desk = await openDesk(browser, office.url);
  // With one who listens for good the browser always hands choosers over; one added just before the key
  // may come too late.
  desk.page.on('filechooser', () => {});
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

/**
 * F2 asks for the next paper; what the scanner laid into its folder is taken; the sides are counted.
 * @param {string} component @param {string} file @param {number} sides
 */
async function scan(component, file, sides) {
  const { page } = desk;
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('F2');
  await (await chooser).setFiles(await paper(file));
  await page.locator(`#so-mat-${component}:focus`).waitFor();
  await page.keyboard.type(String(sides));
  await page.keyboard.press('Enter');
  await card(page, component).getByText(`Đủ ${sides} trang`).waitFor();
  await page.waitForLoadState();
}

test('four papers are received in 25 keys, and no mouse', async () => {
  const { page } = desk;
  await signIn(page, 'quay.yenbinh');
  await page.evaluate(() => sessionStorage.removeItem('e2e-keys'));
  await openIntake(page, BIRTH);
  await page.waitForLoadState();
  assert.equal(await page.locator('.thanh-phan').count(), 4);
  await scan('to-khai', 'to-khai-xac-nhan-tinh-trang-hon-nhan.jpg', 1);
  await scan('giay-chung-sinh', 'giay-khai-sinh.jpg', 1);
  await scan('ket-hon-cha-me', 'quyet-dinh-ly-hon.tiff', 2);
  await look(page, 'lap-ho-so-bang-phim');
  await page.keyboard.press('F8');
  await card(page, 'giay-to-tuy-than').getByText('Đã xuất trình').waitFor();
  await page.waitForLoadState();
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/ho-so\/[0-9a-f-]{36}$/);
  await page.locator('h1 .code').waitFor();
  const keys = await keysOf(page);
  assert.ok(keys.length <= MOST_KEYS, `${keys.length} keys: ${keys.join(' ')}`);
});

test('a stack with separator sheets fills every paper at one key', async () => {
  const { page } = desk;
  await openIntake(page, BIRTH);
  const link = await page.getByRole('link', { name: 'In tờ phân cách' }).getAttribute('href');
  const printed = await (await page.request.get(/** @type {string} */ (link))).body();
  await keep('to-phan-cach.pdf', printed);
  const folder = await mkdtemp(join(tmpdir(), 'motcua-xap-'));
  const [sheets, stack] = [join(folder, 'to-phan-cach.pdf'), join(folder, 'xap.pdf')];
  await writeFile(sheets, printed);
  // Three papers of one, two and one pages, each behind its sheet, which is printed on both sides.
  const scanned = await paper('quyet-dinh-tro-cap.pdf');
  const order = [[sheets, '1,2'], [scanned, '1'], [sheets, '3,4'], [scanned, '1'], [scanned, '1'], [sheets, '5,6'], [scanned, '1']];
  const scanInto = (/** @type {string[][]} */ order) => execFileSync('qpdf', ['--empty', '--pages', ...order.flat(), '--', stack]);
  scanInto(order);
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('F2');
  await (await chooser).setFiles(stack);
  for (const [component, n] of /** @type {[string, number][]} */ ([['to-khai', 1], ['giay-chung-sinh', 2], ['ket-hon-cha-me', 1]])) {
    await waitForPages(page, component, n);
    assert.equal(await card(page, component).locator('.trang').count(), n, component);
  }
  await look(page, 'lap-ho-so-ca-xap');
  // One side was forgotten: what comes in a second stack is seen on its card at once, too.
  scanInto([[sheets, '3'], [scanned, '1']]);
  await chooseFile(page, 'to-khai', stack);
  await waitForPages(page, 'giay-chung-sinh', 3);
  assert.equal(await card(page, 'to-khai').locator('.trang').count(), 1);
  await rm(folder, { recursive: true });
});

test('no page was blocked, threw or failed', () => assertNoComplaints(desk));
