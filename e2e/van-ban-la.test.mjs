//! Whatever an officer types and whatever comes with a file stands on every page as text. All forms of all
//! officers are filled with tags by a crawler that knows none of them, and all pages are read again after.
// @ts-check

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before } from 'node:test';
import { Caller, draftedCopy } from './lib/api.mjs';
import { launch, openDesk, signIn } from './lib/browser.mjs';
import { test } from './lib/chapters.mjs';
import { paper } from './lib/counter.mjs';
import { Crawler, hostile, readBy } from './lib/crawl.mjs';
import { startOffice } from './lib/server.mjs';

const OFFICERS = ['chuyenvien.yenbinh', 'truongphong.yenbinh', 'lanhdao.yenbinh', 'vanthu.yenbinh', 'quay.yenbinh', 'kiemsoat', 'quantri'];

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {Map<string, import('./lib/browser.mjs').Desk>} */
const desks = new Map();
/** @type {import('playwright-core').Page} */
let parser;
/** @type {string[]} dossiers in several states */
const dossiers = [];
/** @type {Map<number, string>} */
const taken = new Map();
let texts = 0;
const next = () => { texts += 1; return texts; };

before(async () => {
  office = await startOffice({ at: '2026-11-23T08:00' });
  browser = await launch();
  parser = await (await browser.newContext()).newPage();
  for (const login of OFFICERS) {
    const desk = await openDesk(browser, office.url);
    await signIn(desk.page, login);
    desks.set(login, desk);
  }
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

/** @param {string} login */
function crawler(login) {
  const desk = desks.get(login);
  assert.ok(desk, login);
  return new Crawler(desk.page, parser);
}

test('a text that became a tag, a script or a way out is seen', async () => {
  for (const page of [
    `<p>${hostile(1)}</p>`,
    `<input value="${hostile(1)}">`,
    `<textarea>${hostile(1)}</textarea>`,
    '<a onmouseover=a()>a</a>',
    '<a href="javascript:a()">a</a>',
    '<a href="//elsewhere.example/">a</a>',
    '<script>a()</script>',
    '<form action="https://elsewhere.example/"></form>',
  ]) {
    const { strange } = await readBy(parser, page, 'text/html', office.url);
    assert.notDeepEqual(strange, [], page);
  }
  const { strange, shown } = await readBy(parser, '<p title="&lt;mc-la n=7">a</p><a href="/viec">a</a>', 'text/html', office.url);
  assert.deepEqual([strange, shown], [[], [7]]);
});

test('people with tags for names have dossiers in every hand', async () => {
  const [counter, specialist] = [await Caller.of(office.url, 'quay.yenbinh'), await Caller.of(office.url, 'chuyenvien.yenbinh')];
  for (let n = 0; n < 8; n += 1) {
    const applicant = { number: `038191${String(100_000 + n)}`, name: hostile(next()), born_on: '14/03/1991', sex: 'nu', address: hostile(next()), phone: '' };
    const { id } = await counter.ask('/dossiers', { procedure: '2.000815', applicant });
    dossiers.push(id);
    if (n % 4 === 0) continue;
    await counter.act(id, { act: 'mark', component: 'ban-chinh', mark: 'shown' });
    await counter.act(id, { act: 'mark', component: 'ban-sao', mark: 'on_paper' });
    await counter.act(id, { act: 'receive' });
    if (n % 4 === 1) continue;
    await specialist.act(id, { act: 'take' });
    await specialist.act(id, { act: 'draft', answers: { title: hostile(next()), body: hostile(next()), signer_capacity: hostile(next()), signer_name: hostile(next()) } });
    if (n % 4 === 2) continue;
    await specialist.act(id, { act: 'finish_step', to: 'ky', opinion: hostile(next()) });
  }
});

test('a file is served as what it is, and what is neither picture nor PDF is turned away', async () => {
  const counter = await Caller.of(office.url, 'quay.yenbinh');
  const applicant = { number: '038191200001', name: 'Phạm Thị Lựu', born_on: '14/03/1991', sex: 'nu', address: 'Thôn Đông Hạ', phone: '' };
  const { id } = await counter.ask('/dossiers', { procedure: '1.004873', applicant });
  const page = desks.get('quay.yenbinh')?.page;
  assert.ok(page);
  const script = '<html><script>alert(1)</script></html>';
  const picture = await readFile(await paper('giay-khai-sinh.jpg'));
  /** @param {string} name @param {string} mimeType @param {Buffer} buffer */
  const send = async (name, mimeType, buffer) => {
    await page.goto(`/quay/${id}`);
    const csrf = await page.locator('#giay-to-khai form[data-upload] [name=csrf]').first().inputValue();
    const headers = { origin: office.url, 'sec-fetch-site': 'same-origin' };
    return page.request.post(`/quay/${id}/giay/to-khai/tep`, { headers, multipart: { csrf, file: { name, mimeType, buffer } } });
  };
  for (const [name, mimeType, text] of [
    ['trang.jpg', 'image/jpeg', script],
    ['trang.html', 'text/html', script],
    ['hinh.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['hinh.gif', 'image/gif', `GIF89a/*${script}*/=1;`],
    ['giay.pdf', 'application/pdf', `%PDF-1.7\n${script}`],
    ['giay.jpg', 'image/jpeg', `\u00ff\u00d8\u00ff\u00e0${script}`],
  ]) {
    const answer = await send(name, mimeType, Buffer.from(text, 'latin1'));
    assert.equal(answer.status(), 422, `${name}: ${(await answer.text()).slice(0, 300)}`);
  }
  await page.goto(`/quay/${id}`);
  assert.equal(await page.locator('#giay-to-khai .trang').count(), 0);
  // A good picture with a page of the web behind it, sent as such a page.
  const both = await send('giay.html', 'text/html', Buffer.concat([picture, Buffer.from(script)]));
  assert.ok(both.ok(), String(both.status()));
  await page.goto(`/quay/${id}`);
  const sources = await page.locator('#giay-to-khai .trang img').evaluateAll((images) => images.map((image) => image.getAttribute('src') ?? ''));
  assert.equal(sources.length, 1);
  for (const source of [sources[0], sources[0].replace(/nho$/, 'anh')]) {
    const answer = await page.request.get(source);
    const headers = answer.headers();
    assert.match(headers['content-type'], /^image\/(jpeg|png|webp)$/, source);
    assert.equal(headers['x-content-type-options'], 'nosniff', source);
    assert.match(headers['content-security-policy'], /script-src 'self'/, source);
  }
});

for (const login of OFFICERS) {
  test(`${login} fills every form with tags`, async () => {
    const crawl = crawler(login);
    await crawl.walk(['/', ...dossiers.flatMap((id) => [`/quay/${id}`, `/ho-so/${id}`])], { send: next });
    crawl.taken.forEach((field, n) => taken.set(n, field));
    crawl.assertHarmless();
  });
}

test('what was taken is read on all pages as text', async () => {
  const shown = new Set();
  for (const login of OFFICERS) {
    const crawl = crawler(login);
    await crawl.walk(['/', ...dossiers.flatMap((id) => [`/quay/${id}`, `/ho-so/${id}`])], { send: null });
    crawl.assertHarmless();
    crawl.shown.forEach((n) => shown.add(n));
  }
  const kept = new Set([...taken].filter(([n]) => shown.has(n)).map(([, field]) => field.split(' ').at(-1)));
  for (const field of ['ghi-chu', 'y-kien', 'kho', 'noi', 'ten', 'buoc0-ten', 'tp0-ten', 'kenh0-phi0-ghi-chu']) {
    assert.ok(kept.has(field), `${field} was neither taken nor shown: ${[...kept].join(' ')}`);
  }
  assert.ok(shown.has(1), 'the name of the first applicant');
  assert.ok(shown.size > 100, `${shown.size} texts were shown`);
});
