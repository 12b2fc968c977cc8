//! What a page weighs, as it comes over the wire to a browser that has nothing yet. A slow line in a
//! commune and an old PC are the measure.
// @ts-check

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertNoComplaints, launch, openDesk, signIn } from './lib/browser.mjs';
import { card, chooseCase, chooseFile, countSides, openIntake, paper, waitForPages } from './lib/counter.mjs';
import { startOffice } from './lib/server.mjs';

const KB = 1024;
/** Bytes for each kind of thing, compressed and with their headers, and the number of requests. */
const CITIZEN = { html: 15 * KB, css: 12 * KB, js: 30 * KB, fonts: 90 * KB, requests: 12 };
const OFFICER = { html: 40 * KB, css: 12 * KB, js: 45 * KB, fonts: 90 * KB, requests: 15 };
/** Pages with scans: a request more for each picture, and each picture light. */
const DIGITISATION = { html: 40 * KB, css: 12 * KB, js: 80 * KB, fonts: 90 * KB, requests: 15, picture: 250 * KB };

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk} */
let desk;

before(async () => {
  office = await startOffice();
  browser = await launch();
  // What a service worker fetches is not weighed with the page.
  desk = await openDesk(browser, office.url, { serviceWorkers: 'block' });
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

/** @param {string} url @param {string} mime */
function kindOf(url, mime) {
  if (mime.startsWith('text/html')) return 'html';
  if (mime.startsWith('text/css')) return 'css';
  if (mime.includes('javascript')) return 'js';
  if (/\.woff2$/.test(url)) return 'fonts';
  return mime.startsWith('image/') && !/\/static\//.test(url) ? 'picture' : 'other';
}

/**
 * Loads the page with an empty cache and weighs what came: the protocol tells of bytes on the wire.
 * @param {string} path
 */
async function weigh(path) {
  const { page } = desk;
  const session = await page.context().newCDPSession(page);
  /** @type {Map<string, { url: string, kind: string }>} */
  const seen = new Map();
  const weight = { html: 0, css: 0, js: 0, fonts: 0, picture: 0, other: 0, requests: 0, pictures: 0 };
  session.on('Network.responseReceived', ({ requestId, response }) => {
    seen.set(requestId, { url: response.url, kind: kindOf(response.url, response.mimeType) });
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = /** @type {keyof typeof weight} */ (seen.get(requestId)?.kind ?? 'other');
    if (kind === 'picture') {
      weight.pictures += 1;
      weight.picture = Math.max(weight.picture, encodedDataLength);
    } else {
      weight.requests += 1;
      weight[kind] += encodedDataLength;
    }
  });
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await page.goto(path, { waitUntil: 'networkidle' });
  await page.evaluate(() => document.fonts.ready);
  await session.detach();
  return weight;
}

/**
 * @param {import('node:test').TestContext} t
 * @param {string} name
 * @param {string} path
 * @param {Record<string, number>} budget
 */
async function assertLight(t, name, path, budget) {
  const weight = await weigh(path);
  t.diagnostic(`${name}: ${Object.entries(weight).map(([kind, n]) => `${kind} ${n}`).join(', ')}`);
  assert.ok(weight.html > 500 && weight.css > 500 && weight.requests > 3, 'something was weighed');
  for (const [kind, most] of Object.entries(budget)) {
    const n = weight[/** @type {keyof typeof weight} */ (kind)];
    assert.ok(n <= most, `${name}: ${kind} is ${n}, at most ${most}`);
  }
}

test('the sign-in page, as light as a citizen\'s', async (t) => {
  await assertLight(t, 'sign-in', '/dang-nhap', CITIZEN);
});

test('the counter\'s desk, the inbox and the intake', async (t) => {
  const { page } = desk;
  await signIn(page, 'quay.yenbinh');
  await assertLight(t, 'desk', '/quay', OFFICER);
  await assertLight(t, 'inbox', '/viec', OFFICER);
  await openIntake(page, 'xac nhan tinh trang');
  await chooseCase(page, 'Đã ly hôn');
  await chooseFile(page, 'to-khai', await paper('to-khai-xac-nhan-tinh-trang-hon-nhan.jpg'));
  await waitForPages(page, 'to-khai', 1);
  await chooseFile(page, 'ly-hon', await paper('quyet-dinh-ly-hon.tiff'));
  await waitForPages(page, 'ly-hon', 2);
  await assertLight(t, 'intake', new URL(page.url()).pathname, DIGITISATION);
});

test('the dossier and the review of its papers', async (t) => {
  const { page } = desk;
  await countSides(page, 'to-khai', 1);
  await card(page, 'to-khai').getByText('Đủ 1 trang').waitFor();
  await countSides(page, 'ly-hon', 2);
  await card(page, 'ly-hon').getByText('Đủ 2 trang').waitFor();
  await page.getByRole('button', { name: 'Đã xem, trả lại' }).click();
  await card(page, 'giay-to-tuy-than').getByText('Đã xuất trình').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/ho-so\/[0-9a-f-]{36}$/);
  await assertLight(t, 'dossier', new URL(page.url()).pathname, OFFICER);
  await assertLight(t, 'inbox with a dossier', '/viec', OFFICER);
  await page.goto('/so-hoa');
  await page.locator('#ds-so-hoa tbody tr', { hasText: /ly hôn.*Chờ soát/s }).waitFor({ timeout: 180_000 });
  const href = await page.getByRole('link', { name: /ly hôn/ }).getAttribute('href');
  await assertLight(t, 'review', href ?? '', DIGITISATION);
});

test('the keys and the links of the administration', async (t) => {
  const { page } = desk;
  await page.goto('/viec');
  await page.getByRole('button', { name: 'Đăng xuất' }).click();
  await signIn(page, 'quantri');
  await assertLight(t, 'keys', '/quan-tri/khoa', OFFICER);
  await assertLight(t, 'links', '/quan-tri/ket-noi', OFFICER);
  assertNoComplaints(desk);
});
