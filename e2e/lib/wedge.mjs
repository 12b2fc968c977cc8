//! A card reader in keyboard mode, as offices set it up: F13, the text as keystrokes, Enter. Letters
//! come as real key events of the browser, so what the page does with them is what a reader would see.
// @ts-check

/**
 * @param {import('playwright-core').Page} page
 * @param {string} text
 */
export async function readCard(page, text) {
  const session = await page.context().newCDPSession(page);
  /** @param {string} key @param {object} [more] */
  const stroke = async (key, more = {}) => {
    await session.send('Input.dispatchKeyEvent', { type: 'keyDown', key, ...more });
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', key });
  };
  await stroke('F13', { code: 'F13', windowsVirtualKeyCode: 124 });
  for (const letter of text) await stroke(letter, { text: letter });
  // The answer may leave the page, so nobody waits for the key to come up.
  await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 });
}
