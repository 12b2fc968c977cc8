//! Looking at a page: it is accessible, it never scrolls sideways, and pictures of it at a desk's and a
//! phone's width are left in e2e/out for people to look at.
// @ts-check

import assert from 'node:assert/strict';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { assertAccessible } from './axe.mjs';
import { WIDE } from './browser.mjs';

const OUT = fileURLToPath(new URL('../out/', import.meta.url));
/** Where nobody looks at them, as in CI, none are taken (`PICTURES=no`); all the rest is checked there too. */
const PICTURES = process.env.PICTURES !== 'no';
/** What the desks looked like when somebody last looked; kept with `UPDATE_SCREENSHOTS=1`. */
const KEPT = fileURLToPath(new URL('../../docs/screenshots/desks/', import.meta.url));
const DESKS = new Set([
  'quay', 'lap-ho-so-bang-phim', 'man-hinh-goi', 'viec', 'ho-so-chuyen-vien', 'bo-sung-xem-truoc',
  'tong-quan', 'tong-quan-trinh', 'ky-cho', 'so-theo-doi', 'giay-to-bia', 'tra-ket-qua-xong',
]);
const PHONE = { width: 390, height: 844 };
/** 1280 pixels at 400 % zoom, which WCAG 2.2 1.4.10 asks for. */
const NARROWEST = { width: 320, height: 844 };

/**
 * Only parts that scroll by themselves may be wider than the window.
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
export async function assertNoSidewaysScroll(page, name) {
  const wide = await page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1)
      .slice(0, 5)
      .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class')}`);
  });
  assert.deepEqual(wide, [], `${name} scrolls sideways at ${page.viewportSize()?.width} px`);
}

/**
 * Leaves a file that a page gave beside the pictures.
 * @param {string} name
 * @param {Buffer} bytes
 */
export async function keep(name, bytes) {
  await mkdir(OUT, { recursive: true });
  await writeFile(`${OUT}${name}`, bytes);
}

/** Waits for fonts and pictures.
 * @param {import('playwright-core').Page} page */
export async function settled(page) {
  await page.evaluate(async () => {
    for (const image of document.images) image.loading = 'eager';
    await document.fonts.ready;
    await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  });
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} name file name without ending
 */
export async function look(page, name) {
  await mkdir(OUT, { recursive: true });
  await settled(page);
  await assertAccessible(page, name);
  await assertNoSidewaysScroll(page, name);
  if (PICTURES) {
    await page.screenshot({ path: `${OUT}${name}-1280.png` });
    await page.screenshot({ path: `${OUT}${name}-1280-full.png`, fullPage: true });
  }
  for (const size of [NARROWEST, PHONE]) {
    await page.setViewportSize(size);
    await assertNoSidewaysScroll(page, name);
  }
  if (PICTURES) await page.screenshot({ path: `${OUT}${name}-390.png`, fullPage: true });
  await page.setViewportSize(WIDE);
  if (!process.env.UPDATE_SCREENSHOTS || !DESKS.has(name)) return;
  await mkdir(KEPT, { recursive: true });
  for (const width of [WIDE.width, PHONE.width]) {
    await copyFile(`${OUT}${name}-${width}.png`, `${KEPT}${name}-${width}.png`);
  }
}
