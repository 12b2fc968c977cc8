//! The clerk's books: behind which number a book goes on, what each number was given to, and the register of
//! dossiers on screen and on paper.
// @ts-check

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { Caller, draftedCopy } from './lib/api.mjs';
import { assertNoComplaints, launch, openDesk, signIn } from './lib/browser.mjs';
import { test } from './lib/chapters.mjs';
import { startOffice } from './lib/server.mjs';
import { look } from './lib/shot.mjs';

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk} */
let clerk;
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

test('no page was blocked, threw or failed', () => {
  assertNoComplaints(clerk);
});
