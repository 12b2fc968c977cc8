//! A dossier with scanned papers in a specialist's hands, made through the API: the papers are pictures of
//! pages that the browser draws.
// @ts-check

import assert from 'node:assert/strict';
import { Caller } from './api.mjs';

const SENTENCE = '<p>Kính gửi Ủy ban nhân dân xã Yên Bình, tôi làm đơn này đề nghị xác nhận tình trạng hôn nhân.</p>';
const OPENED_WITHIN_MS = 60_000;

/**
 * A page of paper as a scanner gives it.
 * @param {import('playwright-core').Browser} browser
 * @param {string} title
 */
export async function drawPage(browser, title) {
  const page = await browser.newPage({ viewport: { width: 826, height: 1169 } });
  await page.setContent(`<body style="font:20px serif;padding:60px;background:#fff"><h2>${title}</h2>${SENTENCE.repeat(6)}</body>`);
  const bytes = await page.screenshot({ type: 'jpeg', quality: 80 });
  await page.close();
  return bytes;
}

/**
 * @param {Caller} who
 * @param {string} id of the dossier
 * @param {string} component
 * @param {Buffer} bytes
 * @param {string} name of the file
 */
async function upload(who, id, component, bytes, name) {
  const address = `${who.url}/api/v1/dossiers/${id}/components/${component}/file?ten=${name}`;
  const body = new Uint8Array(bytes);
  const answer = await fetch(address, { method: 'POST', headers: { authorization: `Bearer ${who.token}` }, body });
  assert.ok(answer.ok, `${address}: ${answer.status} ${await answer.text()}`);
}

/**
 * Tries until the uploads are opened behind the page.
 * @param {() => Promise<unknown>} act
 */
async function untilOpened(act) {
  for (const since = Date.now(); ;) {
    try {
      return await act();
    } catch (error) {
      if (Date.now() - since > OPENED_WITHIN_MS) throw error;
      await new Promise((resolve) => { setTimeout(resolve, 300); });
    }
  }
}

/**
 * Received with a request of one page and a decree of two, and given to the specialist to examine.
 * @param {{ counter: Caller, head: Caller, specialist: Caller }} desks
 * @param {{ request: Buffer, decree: Buffer[] }} papers
 * @param {number} n makes a person of its own
 * @returns {Promise<string>} the dossier's id
 */
export async function toExamine({ counter, head, specialist }, { request, decree }, n) {
  const applicant = { number: `038191${String(200_000 + n)}`, name: `Lò Thị Ban ${n}`, born_on: '14/03/1991', sex: 'nu', address: 'Thôn Đông Hạ', phone: '' };
  const { id } = await counter.ask('/dossiers', { procedure: '1.004873', applicant });
  await counter.act(id, { act: 'choose_case', case: 'da-ly-hon' });
  await upload(counter, id, 'to-khai', request, 'to-khai.jpg');
  for (const [at, page] of decree.entries()) await upload(counter, id, 'ly-hon', page, `quyet-dinh-${at}.jpg`);
  await counter.act(id, { act: 'mark', component: 'giay-to-tuy-than', mark: 'shown' });
  await untilOpened(async () => {
    await counter.act(id, { act: 'count_sides', component: 'to-khai', sides: 1 });
    await counter.act(id, { act: 'count_sides', component: 'ly-hon', sides: decree.length });
    await counter.act(id, { act: 'receive' });
  });
  await head.act(id, { act: 'take' });
  const { id: officer } = await specialist.ask('/me');
  await head.act(id, { act: 'finish_step', to: 'tham-dinh', officer });
  return id;
}
