//! The pictures of the handbook: each is taken of the page as it is now and held against the one that the
//! program carries.
// @ts-check

import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { settled } from './shot.mjs';

const KEPT = fileURLToPath(new URL('../../crates/web/handbook/anh/', import.meta.url));
const OUT = fileURLToPath(new URL('../out/', import.meta.url));
/** Points that may differ: codes that are drawn anew, a time of day. */
const MOST_DIFFERENT = 0.02;

/**
 * The share of points that differ clearly; all of them where the sizes do.
 * @param {{ one: string, other: string }} pictures as data addresses
 */
async function compare({ one, other }) {
  const read = async (/** @type {string} */ source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  };
  const [a, b] = [await read(one), await read(other)];
  if (a.width !== b.width || a.height !== b.height) return 1;
  let different = 0;
  for (let at = 0; at < a.data.length; at += 4) {
    if ([0, 1, 2].some((channel) => Math.abs(a.data[at + channel] - b.data[at + channel]) > 48)) different += 1;
  }
  return different / (a.data.length / 4);
}

/**
 * The page as the handbook shows it. With `UPDATE_HANDBOOK=1` it becomes the one that is carried.
 * @param {import('playwright-core').Page} page
 * @param {string} name file name without ending
 */
export async function picture(page, name) {
  await settled(page);
  const bytes = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  if (process.env.UPDATE_HANDBOOK) {
    await mkdir(KEPT, { recursive: true });
    await writeFile(`${KEPT}${name}.png`, bytes);
    return;
  }
  await mkdir(OUT, { recursive: true });
  await writeFile(`${OUT}huong-dan-${name}.png`, bytes);
  const address = (/** @type {Buffer} */ file) => `data:image/png;base64,${file.toString('base64')}`;
  const blank = await page.context().newPage();
  const share = await blank.evaluate(compare, { one: address(bytes), other: address(await readFile(`${KEPT}${name}.png`)) });
  await blank.close();
  assert.ok(share <= MOST_DIFFERENT, `the handbook shows another ${name} (${(share * 100).toFixed(1)} %): look at e2e/out/huong-dan-${name}.png, then UPDATE_HANDBOOK=1`);
}
