//! Where the paper is: folders scanned from hand to hand, looked for and counted, by keys and a reader.
// @ts-check

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { assertNoComplaints, keysOf, launch, openDesk, signIn } from './lib/browser.mjs';
import { card, cardText } from './lib/counter.mjs';
import { test } from './lib/chapters.mjs';
import { keep, look } from './lib/shot.mjs';
import { startOffice } from './lib/server.mjs';
import { readCard } from './lib/wedge.mjs';

/** @typedef {import('./lib/browser.mjs').Desk} Desk */

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {Desk[]} */
const desks = [];
/** @type {Desk} */
let counter;
/** @type {Desk} */
let specialist;
/** Codes and addresses of the folders, in the order in which they were made. */
const folders = /** @type {{ code: string, path: string, dossier: string }[]} */ ([]);

/** @param {string} login */
async function deskOf(login) {
  const desk = await openDesk(browser, office.url);
  desks.push(desk);
  await signIn(desk.page, login);
  return desk;
}

/** A dossier of certified copies: the original is shown, the copy stays on paper. */
async function receive() {
  const { page } = counter;
  await page.goto('/quay');
  await readCard(page, await cardText());
  await page.locator('#f-tim-thu-tuc:focus').waitFor();
  await page.keyboard.type('2.000815');
  await page.locator('#thu-tuc-ds input:checked').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/quay\/[0-9a-f-]{36}$/);
  for (const component of ['ban-chinh', 'ban-sao']) {
    await card(page, component).getByRole('button').first().click();
    await card(page, component).getByRole('button', { name: 'Bỏ, chọn lại' }).waitFor();
  }
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/ho-so\//);
  const link = page.getByRole('link', { name: /^Bìa [0-9A-Z]{4}-/ });
  const code = (await link.innerText()).replace(/^Bìa\s+/, '').trim();
  folders.push({ code, path: String(await link.getAttribute('href')), dossier: page.url() });
}

before(async () => {
  office = await startOffice();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

test('a folder comes with the dossier, and its cover is printed', async () => {
  counter = await deskOf('quay.yenbinh');
  specialist = await deskOf('chuyenvien.yenbinh');
  for (let n = 0; n < 3; n += 1) await receive();
  const { page } = counter;
  await page.getByRole('heading', { name: 'Bìa hồ sơ giấy' }).waitFor();
  await look(page, 'giay-to-ho-so');
  await page.goto(folders[0].path);
  await look(page, 'giay-to-bia');
  const cover = await page.request.get(`${folders[0].path}/to-bia`);
  assert.equal(cover.headers()['content-type'], 'application/pdf');
  await keep('bia-ho-so.pdf', await cover.body());
});

test('another agency does not find a folder that was not given to it', async () => {
  const stranger = await deskOf('chuyenvien.thacmay');
  for (const path of [folders[0].path, `${folders[0].path}/to-bia`]) {
    assert.equal((await stranger.page.request.get(path)).status(), 404, path);
  }
  await stranger.page.goto('/bia');
  await readCard(stranger.page, folders[0].code);
  await stranger.page.getByRole('alert').filter({ hasText: 'không thuộc cơ quan của bạn' }).waitFor();
  const auditor = await deskOf('kiemsoat');
  assert.equal((await auditor.page.request.get('/bia')).status(), 403);
});

test('two folders are given by two scans and one key', async () => {
  const { page } = counter;
  await page.goto('/bia/ban-giao');
  await page.keyboard.press('Control+Enter');
  await page.locator('.tom-loi').waitFor();
  await look(page, 'giay-to-ban-giao-loi');
  await readCard(page, folders[0].code.slice(0, -1) + (folders[0].code.endsWith('0') ? '1' : '0'));
  await page.getByRole('alert').filter({ hasText: 'gõ sai hoặc đọc nhầm' }).waitFor();
  const before = (await keysOf(page)).length;
  await readCard(page, folders[0].code);
  await page.getByRole('heading', { name: 'Đã quét (1)' }).waitFor();
  await readCard(page, folders[1].code);
  await page.getByRole('heading', { name: 'Đã quét (2)' }).waitFor();
  await page.getByLabel('Người nhận').focus();
  const wanted = await page.locator('#f-nguoi-nhan option', { hasText: 'Chuyên viên' }).first().getAttribute('value');
  await page.getByLabel('Người nhận').selectOption(wanted);
  await look(page, 'giay-to-ban-giao');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/bia\/giao-nhan\//);
  assert.deepEqual((await keysOf(page)).slice(before), ['Ctrl+Enter'], 'codes are read, not typed');
  await look(page, 'giay-to-giao-nhan');
  const slip = await page.request.get(`${new URL(page.url()).pathname}/bien-ban`);
  assert.equal(slip.headers()['content-type'], 'application/pdf');
  await keep('bien-ban-giao-nhan.pdf', await slip.body());
});

test('the receiver confirms one by scanning it, and refuses the other with a reason', async () => {
  const { page } = specialist;
  await page.goto('/bia/nhan');
  await page.getByRole('heading', { name: 'Còn chờ nhận (2)' }).waitFor();
  await look(page, 'giay-to-nhan');
  await readCard(page, folders[2].code);
  await page.getByRole('alert').filter({ hasText: 'không được giao cho bạn' }).waitFor();
  await readCard(page, folders[0].code);
  await page.getByText(`Đã nhận bìa ${folders[0].code}`).waitFor();
  await page.goto(folders[1].path);
  await page.getByText('Không nhận', { exact: true }).click();
  await page.getByRole('button', { name: 'Không nhận, trả về người giao' }).click();
  await page.getByRole('link', { name: /Ghi lý do/ }).waitFor();
  await look(page, 'giay-to-khong-nhan-loi');
  await page.getByLabel('Lý do').fill('thiếu bản sao');
  await page.keyboard.press('Enter');
  await page.getByText('Đã ghi không nhận').waitFor();
});

test('where it is stands on the dossier, with its history in sentences', async () => {
  const { page } = counter;
  await page.goto(folders[0].dossier);
  await page.getByText(/Đang do .+ giữ/).waitFor();
  await page.goto(folders[1].path);
  await page.getByText(/Không nhận bìa hồ sơ giấy, trả về người giao, lý do: thiếu bản sao/).waitFor();
  await look(page, 'giay-to-dien-bien');
  await page.goto('/bia');
  await page.getByRole('heading', { name: 'Tôi đang giữ (2)' }).waitFor();
  await look(page, 'giay-to-cua-toi');
});

test('a shelf is counted with the reader: what is missing and what is too much', async () => {
  const { page } = counter;
  await page.goto(folders[1].path);
  await page.getByText('Cất vào kho lưu trữ').click();
  await page.getByLabel('Kho', { exact: true }).fill('1');
  await page.getByLabel('Giá').fill('B');
  await page.keyboard.press('Enter');
  await page.getByText('Đã ghi nơi để bìa').waitFor();
  await page.goto('/bia/kiem-ke');
  await look(page, 'giay-to-kiem-ke');
  await page.getByLabel('Kho', { exact: true }).fill('1');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/bia\/kiem-ke\/[0-9a-f-]{36}$/);
  await readCard(page, folders[2].code);
  await page.getByText('đã quét 1 bìa').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText('Thấy 0, thiếu 1, thừa 1').waitFor();
  await look(page, 'giay-to-kiem-ke-xong');
});

test('what does not fit together stands on one page, and a found paper is tied to its dossier', async () => {
  const { page } = counter;
  await page.goto('/bia/doi-chieu');
  await page.getByRole('heading', { name: 'Hồ sơ không có giấy (1)' }).waitFor();
  await page.getByRole('button', { name: 'Ghi nhận' }).click();
  await page.getByRole('link', { name: 'Ghi tìm thấy ở đâu' }).waitFor();
  await look(page, 'giay-to-doi-chieu-loi');
  await page.getByLabel('Giấy gì').fill('bản sao <b>giấy khai sinh</b>');
  await page.getByLabel('Tìm thấy ở đâu').fill('khay máy quét');
  await page.keyboard.press('Enter');
  await page.getByText('bản sao <b>giấy khai sinh</b>').waitFor();
  await page.getByLabel('Mã hồ sơ của giấy này').fill('không phải mã');
  await page.keyboard.press('Enter');
  await page.getByText('Không có hồ sơ nào mang mã này').first().waitFor();
  await look(page, 'giay-to-doi-chieu');
  const code = await page.evaluate(async (path) => {
    const text = await (await fetch(path)).text();
    return new DOMParser().parseFromString(text, 'text/html').querySelector('h1 .code')?.textContent;
  }, new URL(folders[2].dossier).pathname);
  await page.getByLabel('Mã hồ sơ của giấy này').fill(String(code));
  await page.keyboard.press('Enter');
  await page.getByText('Đã ghép giấy vào hồ sơ').waitFor();
});

test('no page was blocked, threw or failed', () => {
  assertNoComplaints(...desks);
});
