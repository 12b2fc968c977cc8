//! Tests that tell one story: each chapter stands on those before it.
// @ts-check

import assert from 'node:assert/strict';
import { test as nodeTest } from 'node:test';

let broken = '';

/**
 * One chapter of the file's story; after a chapter that failed the next ones have nothing to stand on.
 * @param {string} name
 * @param {() => Promise<void> | void} chapter
 */
export function test(name, chapter) {
  nodeTest(name, async () => {
    assert.equal(broken, '', 'an earlier chapter failed');
    broken = name;
    await chapter();
    broken = '';
  });
}
