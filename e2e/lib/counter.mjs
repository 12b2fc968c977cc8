//! What an officer does at the counter, as steps that the tests share, and the sample papers she does it
//! with.
// @ts-check

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { readCard } from './wedge.mjs';

/** @typedef {import('playwright-core').Page} Page */

const PAPERS = process.env.MOTCUA_TESTDATA ?? fileURLToPath(new URL('../../target/testdata', import.meta.url));

/**
 * The path of a sample paper. The sets lie in folders of their own, or the story's alone in one.
 * @param {string} name
 */
export async function paper(name) {
  for (const path of [join(PAPERS, 'story', name), join(PAPERS, name)]) {
    if (await readFile(path).then(() => true, () => false)) return path;
  }
  throw new Error(`no ${name} in ${PAPERS}: make it with \`cargo xtask testdata\``);
}

export const cardText = async () => (await readFile(await paper('cccd-qr.txt'), 'utf8')).trim();

/** @param {Page} page @param {string} id of the component */
export const card = (page, id) => page.locator(`#giay-${id}`);

/**
 * The desk with the applicant from her card and a procedure found by typing; all but the card by keys.
 * @param {Page} page
 * @param {string} typed
 */
export async function openIntake(page, typed) {
  await page.goto('/quay');
  await readCard(page, await cardText());
  await page.locator('#f-ho-ten[value="Nguyễn Thị Ngoãn"]').waitFor();
  await page.locator('#f-tim-thu-tuc:focus').waitFor();
  await page.keyboard.type(typed);
  await page.locator('#thu-tuc-ds input:checked').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/quay\/[0-9a-f-]{36}$/);
}

/**
 * @param {Page} page
 * @param {string} name of the case
 */
export async function chooseCase(page, name) {
  await page.getByLabel('Trường hợp').selectOption({ label: name });
  await page.getByRole('button', { name: 'Đổi trường hợp' }).click();
  await page.locator('#f-truong-hop option[selected]', { hasText: name }).waitFor({ state: 'attached' });
}

/**
 * Through the button, as with a mouse.
 * @param {Page} page
 * @param {string} component
 * @param {string | { name: string, mimeType: string, buffer: Buffer }} file
 */
export async function chooseFile(page, component, file) {
  const chooser = page.waitForEvent('filechooser');
  await card(page, component).locator('label.chon').click();
  await (await chooser).setFiles(/** @type {any} */ (file));
}

/**
 * Dragged from another window onto the component.
 * @param {Page} page
 * @param {string} component
 * @param {string} path
 */
export async function dropFile(page, component, path) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const bytes = (await readFile(path)).toString('base64');
  const dataTransfer = await page.evaluateHandle(({ name, bytes }) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], name));
    return transfer;
  }, { name, bytes });
  const zone = card(page, component).locator('form[data-upload]');
  await zone.dispatchEvent('dragover', { dataTransfer });
  await card(page, component).locator('form.is-over').waitFor();
  await zone.dispatchEvent('drop', { dataTransfer });
}

/**
 * @param {Page} page
 * @param {string} component
 * @param {number} n
 */
export async function waitForPages(page, component, n) {
  await card(page, component).locator('.trang').nth(n - 1).waitFor();
}

/**
 * @param {Page} page
 * @param {string} component
 * @param {number} sides
 */
export async function countSides(page, component, sides) {
  await card(page, component).getByLabel('Số mặt giấy đã quét').fill(String(sides));
  await page.keyboard.press('Enter');
}
