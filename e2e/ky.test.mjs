//! Forty papers wait for the leader: thirty-nine are signed at one sitting with keys alone, and the one
//! that was sent back meanwhile is explained. The clerk then seals them the same way.
// @ts-check

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Caller, draftedCopy, submitDraft } from './lib/api.mjs';
import { assertNoComplaints, keysOf, launch, openDesk, signIn } from './lib/browser.mjs';
import { PASSWORD, startOffice } from './lib/server.mjs';
import { look } from './lib/shot.mjs';

const N_PAPERS = 40;
const MOST_KEYS = 60;
const SIGNED_WITHIN_MS = 120_000;

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk} */
let leader;
/** @type {string[]} */
let dossiers;

before(async () => {
  office = await startOffice();
  browser = await launch();
  const [counter, specialist] = await Promise.all(
    ['quay.yenbinh', 'chuyenvien.yenbinh'].map((login) => Caller.of(office.url, login)));
  dossiers = [];
  for (let n = 0; n < N_PAPERS; n += 1) dossiers.push(await draftedCopy({ counter, specialist }, n));
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

/** @param {import('playwright-core').Page} page */
const ticked = (page) => page.locator('input[name="van-ban"]:checked').count();

test('nothing is signed without a choice and without the right password', async () => {
  leader = await openDesk(browser, office.url);
  const { page } = leader;
  await signIn(page, 'lanhdao.yenbinh');
  await page.getByRole('link', { name: 'Ký số' }).click();
  await page.getByText(`${N_PAPERS} văn bản chờ, đều ký chung một đợt được`).waitFor();
  await look(page, 'ky-cho');
  await page.keyboard.press('Control+Enter');
  await page.locator('.tom-loi').getByText('Chọn ít nhất một văn bản').waitFor();
  await page.locator('input[name="van-ban"]').first().check();
  await page.getByLabel('Mật khẩu của bạn').fill('đoán mò');
  await page.keyboard.press('Control+Enter');
  await page.locator('.tom-loi').getByText('Mật khẩu đang dùng chưa đúng').waitFor();
  assert.equal(await ticked(page), 1, 'the choice stands');
  await look(page, 'ky-sai-mat-khau');
});

test('thirty-nine are signed by keys alone, and the fortieth is explained', async () => {
  const { page } = leader;
  await page.goto('/ky');
  const boxes = page.locator('input[name="van-ban"]');
  await boxes.first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  assert.equal(await boxes.nth(1).isChecked(), true, 'arrows and space');
  // A browser without a window of its own has no viewer of papers: what it asks for is seen.
  const opened = page.context().waitForEvent('page');
  const asked = page.context().waitForEvent('request', (request) => /\/ket-qua\/.*\/tep$/.test(request.url()));
  await page.keyboard.press('Enter');
  await Promise.all([opened.then((paper) => paper.close()), asked]);

  // While she looks, somebody takes one of them back.
  const [specialist, boss] = await Promise.all(
    ['chuyenvien.yenbinh', 'lanhdao.yenbinh'].map((login) => Caller.of(office.url, login)));
  await boss.act(dossiers[7], { act: 'take' });
  await boss.act(dossiers[7], { act: 'send_back', to: 'du-thao', reason: 'Sai tên' });

  await page.evaluate(() => sessionStorage.removeItem('e2e-keys'));
  await page.locator('[data-tick-all]').focus();
  await page.keyboard.press('Enter');
  assert.equal(await ticked(page), N_PAPERS);
  await page.getByText(`Đã chọn ${N_PAPERS} văn bản.`).first().waitFor();
  await page.getByLabel('Mật khẩu của bạn').focus();
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/ky\/dot\//);
  const keys = await keysOf(page);
  assert.ok(keys.length <= MOST_KEYS, `${keys.length} keys`);
  await page.getByText(`${N_PAPERS - 1}/${N_PAPERS} đã ký, 1 không ký được.`).waitFor({ timeout: SIGNED_WITHIN_MS });
  const row = page.locator('tbody tr', { hasText: 'Chưa ký' });
  assert.equal(await row.count(), 1);
  assert.match(await row.innerText(), /không còn chờ bạn ký/);
  await look(page, 'ky-xong');

  // It comes again with another draft, and is no paper to be signed among many.
  await submitDraft(specialist, dossiers[7]);
  await page.goto('/ky');
  await page.getByText('1 văn bản chờ, 1 văn bản cần xem và làm riêng').waitFor();
  await page.getByText('Đã bị trả lại 1 lần').waitFor();
  assert.equal(await page.locator('input[name="van-ban"]').count(), 0);
  await look(page, 'ky-lam-rieng');
});

test('the clerk seals what was signed, without script, too', async () => {
  const clerk = await openDesk(browser, office.url, { javaScriptEnabled: false });
  const { page } = clerk;
  await signIn(page, 'vanthu.yenbinh');
  await page.goto('/ky');
  await page.getByRole('link', { name: `Chọn cả ${N_PAPERS - 1}` }).click();
  assert.equal(await ticked(page), N_PAPERS - 1);
  await page.getByLabel('Mật khẩu của bạn').fill(PASSWORD);
  await page.getByRole('button', { name: 'Ký các văn bản đã chọn' }).click();
  await page.waitForURL(/\/ky\/dot\//);
  // The page asks again by itself.
  await page.getByText(`${N_PAPERS - 1}/${N_PAPERS - 1} đã ký.`).waitFor({ timeout: SIGNED_WITHIN_MS });
  await page.goto('/ky');
  await page.getByRole('heading', { name: 'Không có văn bản chờ ký' }).waitFor();

  const stranger = await openDesk(browser, office.url);
  await signIn(stranger.page, 'quay.yenbinh');
  const refused = await stranger.page.goto('/ky');
  assert.equal(refused?.status(), 403);
  assertNoComplaints(leader, clerk, stranger);
});
