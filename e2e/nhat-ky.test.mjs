//! An auditor finds with keys alone who looked at a person's papers, sees that the chain holds, and takes
//! the events away in a signed file. An administrator reads what was done about accounts, and no papers.
// @ts-check

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Caller, draftedCopy } from './lib/api.mjs';
import { assertNoComplaints, keysOf, launch, openDesk, signIn } from './lib/browser.mjs';
import { startOffice } from './lib/server.mjs';
import { keep, look } from './lib/shot.mjs';

/** ux.md §2.11: who saw what, in a quarter of a minute. */
const FOUND_WITHIN_MS = 15_000;
const PATH = '/quan-tri/nhat-ky';

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk} */
let auditor;
/** @type {{ code: string, holder: { name: string } }} */
let dossier;

before(async () => {
  office = await startOffice();
  browser = await launch();
  const [counter, specialist] = await Promise.all(
    ['quay.yenbinh', 'chuyenvien.yenbinh'].map((login) => Caller.of(office.url, login)));
  const id = await draftedCopy({ counter, specialist }, 1);
  dossier = await counter.ask(`/dossiers/${id}`);
  const head = await openDesk(browser, office.url);
  await signIn(head.page, 'vanthu.yenbinh');
  await head.page.goto(`/ho-so/${id}`);
  await head.close();
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

test('who looked at a person\'s papers is found with keys alone', async () => {
  auditor = await openDesk(browser, office.url);
  const { page } = auditor;
  await signIn(page, 'kiemsoat');
  await page.getByRole('link', { name: 'Nhật ký' }).click();
  await page.getByRole('heading', { name: 'Nhật ký', level: 1 }).waitFor();
  await look(page, 'nhat-ky');
  const begun = Date.now();
  await page.evaluate(() => sessionStorage.removeItem('e2e-keys'));
  await page.getByLabel('Mã hồ sơ').focus();
  await page.keyboard.type(dossier.code);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('navigation', { name: 'Đang lọc' }).getByText(dossier.code).waitFor();
  await page.getByRole('link', { name: 'Mọi việc về giấy của người này' }).first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Đang lọc' }).getByText('Giấy của:').waitFor();
  await page.getByLabel('Loại việc').focus();
  await page.keyboard.type('Xem');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('navigation', { name: 'Đang lọc' }).getByText('Xem, tra cứu giấy tờ').waitFor();
  const looked = page.locator('.dong-thoi-gian > li', { hasText: 'Đặng Thu Hà' });
  assert.match(await looked.first().innerText(), /xem hồ sơ, mục đích/);
  assert.ok(Date.now() - begun < FOUND_WITHIN_MS);
  assert.ok((await keysOf(page)).length < 40);
  assert.doesNotMatch(decodeURIComponent(page.url()), /\p{Lu}\p{Ll}+ \p{Lu}|\d{12}/u, 'no name and no number in the address');
  await look(page, 'nhat-ky-ai-da-xem');
});

test('what is not found is said at its field, and an empty page names the nearest event', async () => {
  const { page } = auditor;
  await page.goto(PATH);
  await page.getByLabel('Mã hồ sơ').fill('H99.0-000000-0000');
  await page.getByLabel('Từ ngày').fill('32/1/2026');
  await page.keyboard.press('Control+Enter');
  const summary = page.locator('.tom-loi');
  await summary.getByRole('link', { name: /Không có hồ sơ mã này/ }).waitFor();
  await summary.getByRole('link', { name: /Ghi ngày/ }).waitFor();
  assert.match(await page.title(), /^Lỗi: /);
  assert.equal(await page.getByLabel('Mã hồ sơ').inputValue(), 'H99.0-000000-0000');
  await look(page, 'nhat-ky-loi');
  await page.goto(`${PATH}?tu-ngay=2199-01-01`);
  await page.getByRole('heading', { name: 'Không có sự kiện trong khoảng này' }).waitFor();
  await page.getByText(/Sự kiện gần nhất: \d\d:\d\d/).waitFor();
  await look(page, 'nhat-ky-trong');
  await page.getByRole('link', { name: /Từ 01\/01\/2199/ }).press('Enter');
  await page.locator('.dong-thoi-gian > li').first().waitFor();
});

test('the chain is verified by a job, and the badge says how far it holds', async () => {
  const { page } = auditor;
  await page.goto(PATH);
  await page.getByRole('button', { name: 'Kiểm tra ngay' }).press('Enter');
  await assert.doesNotReject(async () => {
    for (let n = 0; n < 40; n += 1) {
      await page.goto(PATH);
      if (await page.getByText('Kiểm tra xong lúc').count()) return;
    }
    throw new Error('never verified');
  });
  // Nothing is sealed yet in an office this young, and the badge does not claim what nobody vouches for.
  assert.match(await page.locator('.page-head .tag').innerText(), /Chưa niêm phong lần nào/);
});

test('the filtered events come as a signed file', async () => {
  const { page } = auditor;
  await page.goto(`${PATH}?loai=xem`);
  await page.getByRole('button', { name: 'Xuất tệp có chữ ký' }).press('Enter');
  await page.getByText('Đang lập tệp có chữ ký').waitFor();
  for (let n = 0; n < 40 && !(await page.getByRole('link', { name: 'Tải về' }).count()); n += 1) await page.goto(PATH);
  const wanted = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Tải về' }).first().press('Enter');
  const download = await wanted;
  assert.match(download.suggestedFilename(), /^nhat-ky-.*\.jsonl$/);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString().trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(lines[0].form, 'motcua audit export, form 1');
  assert.ok(lines.slice(1, -2).every((line) => line.what && line.digest));
  assert.equal(lines.at(-2).events, lines.length - 3);
  assert.ok(lines.at(-1).signature);
  await keep('nhat-ky.jsonl', Buffer.concat(chunks));
  await look(page, 'nhat-ky-xuat');
});

test('an administrator reads what was done about accounts, and no papers', async () => {
  const admin = await openDesk(browser, office.url);
  const { page } = admin;
  await signIn(page, 'quantri');
  await page.goto(PATH);
  await page.locator('.dong-thoi-gian > li', { hasText: 'đăng nhập' }).first().waitFor();
  for (const label of ['Ai đã xem giấy của người này', 'Mã hồ sơ']) {
    assert.equal(await page.getByLabel(label).count(), 0, label);
  }
  await page.getByLabel('Loại việc').selectOption({ label: 'Tiếp nhận hồ sơ, giấy tờ' });
  await page.keyboard.press('Control+Enter');
  await page.getByRole('navigation', { name: 'Đang lọc' }).getByText('Tiếp nhận hồ sơ, giấy tờ').waitFor();
  const told = await page.getByRole('main').innerText();
  for (const hidden of [dossier.code, 'cấp mã']) assert.ok(!told.includes(hidden), told);
  const asked = await page.goto(`${PATH}?ho-so=${dossier.id}`);
  assert.equal(asked?.status(), 403, 'nor by an address of his own making');
  await page.goto(PATH);
  await look(page, 'nhat-ky-quan-tri');
  const stranger = await openDesk(browser, office.url);
  await signIn(stranger.page, 'chuyenvien.yenbinh');
  const answer = await stranger.page.goto(PATH);
  assert.equal(answer?.status(), 403);
  assertNoComplaints(auditor, admin);
});
