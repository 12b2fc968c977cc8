//! Debian's Chromium without a window of its own, set so that pictures are the same everywhere, and desks: a window of one officer
//! that counts keys and remembers everything that the page complained of.
// @ts-check

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { PASSWORD } from './server.mjs';

export const WIDE = { width: 1280, height: 800 };

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Browser} Browser */
/** @typedef {{ page: Page, complaints: string[], close: () => Promise<void> }} Desk */

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium-headless-shell',
    args: ['--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb'],
  });
}

/** Keys that only hold another one are no strokes of their own; what a reader types is not typed by hand. */
function countKeys() {
  let reading = false;
  addEventListener('keydown', (event) => {
    if (event.key === 'F13') reading = true;
    if (!reading && !['Control', 'Alt', 'Shift', 'Meta'].includes(event.key)) {
      const name = [event.ctrlKey && 'Ctrl', event.altKey && 'Alt', event.key].filter(Boolean).join('+');
      sessionStorage.setItem('e2e-keys', JSON.stringify([...JSON.parse(sessionStorage.getItem('e2e-keys') ?? '[]'), name]));
    }
    if (reading && event.key === 'Enter') reading = false;
  }, true);
}

/**
 * The keys pressed in this window so far, in order.
 * @param {Page} page
 * @returns {Promise<string[]>}
 */
export async function keysOf(page) {
  return page.evaluate(() => JSON.parse(sessionStorage.getItem('e2e-keys') ?? '[]'));
}

/**
 * @param {Browser} browser
 * @param {string} url
 * @param {import('playwright-core').BrowserContextOptions} [options]
 * @returns {Promise<Desk>}
 */
export async function openDesk(browser, url, options = {}) {
  const context = await browser.newContext({
    baseURL: url,
    viewport: WIDE,
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(20_000);
  await context.addInitScript(countKeys);
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on('console', (message) => {
    // An answer of 4xx is an error in the console too, and often the one that was asked for.
    if (['error', 'warning'].includes(message.type()) && !/Failed to load resource|registration blocked by Playwright/.test(message.text())) {
      complaints.push(`${page.url()}: ${message.text()}`);
    }
  });
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error}`));
  page.on('response', (response) => {
    if (response.status() >= 500) complaints.push(`${response.url()}: ${response.status()}`);
  });
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    // Going on to another page gives up what the old one still loaded. Where script is switched off the
    // browser turns preloaded scripts away itself.
    const switchedOff = options.javaScriptEnabled === false && /\.js$/.test(request.url());
    if (why !== 'net::ERR_ABORTED' && !switchedOff) complaints.push(`${request.url()}: ${why}`);
  });
  return { page, complaints, close: () => context.close() };
}

/**
 * @param {Page} page
 * @param {string} login
 */
export async function signIn(page, login) {
  await page.goto('/dang-nhap');
  await page.getByLabel('Tên đăng nhập').fill(login);
  await page.getByLabel('Mật khẩu').fill(PASSWORD);
  await page.getByRole('button', { name: 'Đăng nhập', exact: true }).click();
  await page.getByRole('button', { name: 'Đăng xuất' }).waitFor();
}

/**
 * Nothing was blocked by the content security policy, nothing threw, nothing failed on the server.
 * @param {...Desk} desks
 */
export function assertNoComplaints(...desks) {
  assert.deepEqual(desks.flatMap((desk) => desk.complaints), []);
}
