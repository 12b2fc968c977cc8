//! No barrier that a machine can find: axe with the rules of WCAG 2.2 at levels A and AA.
// @ts-check

import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * @param {import('playwright-core').Page} page
 * @param {string} name what the page is called when it fails
 */
export async function assertAccessible(page, name) {
  // "Legacy" leaves frames out, of which no page has one, and opens no window of its own for each page.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(RULES).analyze();
  const found = violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')}: ${node.any[0]?.message ?? violation.help}`));
  assert.deepEqual(found, [], `axe on ${name}`);
}
