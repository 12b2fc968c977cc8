//! An officer makes a key for a program, which works by it within its scopes until he revokes it; an
//! administrator has another system told of what happens, puts in keys to sign with, and sees how each link stands.
// @ts-check

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { assertNoComplaints, launch, openDesk, signIn } from './lib/browser.mjs';
import { PASSWORD, startOffice } from './lib/server.mjs';
import { look } from './lib/shot.mjs';

const PATH = '/tai-khoan/khoa-api';
const RATE_BURST = 120;

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk} */
let desk;
/** @type {string} */
let key;

before(async () => {
  office = await startOffice();
  browser = await launch();
  desk = await openDesk(browser, office.url);
  await signIn(desk.page, 'chuyenvien.yenbinh');
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

/** @param {string} path @param {RequestInit} [init] */
async function call(path, init) {
  const answer = await fetch(`${office.url}${path}`, { ...init, headers: { authorization: `Bearer ${key}` } });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text && JSON.parse(text) };
}

/** @param {Date} day */
function typed(day) {
  return `${day.getDate()}/${day.getMonth() + 1}/${day.getFullYear()}`;
}

test('what is wrong with a key is said at its fields, and nothing typed is lost', async () => {
  const { page } = desk;
  await page.goto('/tai-khoan');
  await page.getByRole('link', { name: 'Khóa API cho phần mềm' }).click();
  await look(page, 'khoa-api-trong');
  await page.getByLabel('Tên khóa').fill('Cổng tra cứu');
  await page.getByLabel('Chỉ dùng từ địa chỉ mạng').fill('đâu đó');
  await page.keyboard.press('Control+Enter');
  const summary = page.locator('.tom-loi');
  await summary.getByRole('link', { name: /Chọn ít nhất một việc/ }).waitFor();
  await summary.getByRole('link', { name: /Ghi ngày hết hạn/ }).waitFor();
  assert.match(await page.title(), /^Lỗi: /);
  assert.equal(await page.getByLabel('Tên khóa').inputValue(), 'Cổng tra cứu');
  await look(page, 'khoa-api-loi');
});

test('a key is shown once', async () => {
  const { page } = desk;
  await page.getByLabel('Chỉ dùng từ địa chỉ mạng').fill('127.0.0.0/8, ::1');
  await page.getByRole('checkbox', { name: /^Đọc hồ sơ/ }).check();
  await page.getByLabel('Dùng đến hết ngày').fill(typed(new Date(Date.now() + 30 * 86_400_000)));
  await page.getByLabel('Mật khẩu của bạn').fill(PASSWORD);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: 'Khóa API mới' }).waitFor();
  key = await page.locator('#khoa-moi').innerText();
  assert.match(key, /^mc_[0-9a-f]{64}$/);
  await look(page, 'khoa-api-moi');
  await page.getByRole('link', { name: 'Đã chép khóa' }).click();
  const row = page.getByRole('row', { name: /Cổng tra cứu/ });
  assert.match(await row.innerText(), new RegExp(`${key.slice(0, 11)}…`));
  assert.ok(!(await page.content()).includes(key));
  await look(page, 'khoa-api');
});

test('a program reads by it, does nothing else, and opens no page', async () => {
  assert.equal((await call('/api/v1/me')).body.name, 'Hoàng Văn Tuệ');
  assert.equal((await call('/api/v1/dossiers')).status, 200);
  const refused = await call('/api/v1/passings', { method: 'POST', body: '{"folders": [], "agency": "0199aa00-0000-7000-8000-000000000001"}' });
  assert.equal(refused.status, 403);
  assert.match(refused.body.detail, /Việc này cần khóa được cấp: Bìa hồ sơ giấy/);
  assert.equal(refused.headers.get('content-type'), 'application/problem+json');
  const page = await fetch(`${office.url}/viec`, { headers: { authorization: `Bearer ${key}` }, redirect: 'manual' });
  assert.equal(page.status, 303, 'on to the sign-in page');
  const burst = await Promise.all(Array.from({ length: RATE_BURST * 2 }, () => call('/api/v1/me')));
  const often = burst.find((answer) => answer.status === 429);
  assert.ok(often, 'not more often than its bucket holds');
  assert.equal(often.headers.get('retry-after'), '1');
});

test('revoked, it opens nothing from that moment on', async () => {
  const { page } = desk;
  await page.goto(PATH);
  await page.getByLabel('Khóa cần thu hồi').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Thu hồi khóa' }).click();
  await page.getByText('Đã thu hồi khóa').waitFor();
  await page.getByText('Đã thu hồi', { exact: true }).waitFor();
  const refused = await call('/api/v1/me');
  assert.equal(refused.status, 401);
  assert.match(refused.body.detail, /đã bị thu hồi/);
  assertNoComplaints(desk);
});

test('an administrator has another system told, and sees what became of it', async () => {
  const admin = await openDesk(browser, office.url);
  const { page } = admin;
  await signIn(page, 'quantri');
  await page.goto('/quan-tri');
  await page.getByRole('link', { name: 'Thông báo tự động' }).click();
  await look(page, 'thong-bao-trong');
  await page.getByLabel('Tên').fill('Cổng tỉnh');
  await page.getByLabel('Địa chỉ').fill('http://cong.tinh.gov.vn/nhan');
  await page.keyboard.press('Control+Enter');
  await page.locator('.tom-loi').getByRole('link', { name: /bắt đầu bằng https/ }).waitFor();
  await look(page, 'thong-bao-loi');
  await page.getByLabel('Địa chỉ').fill('https://127.0.0.1:9/nhan');
  await page.getByRole('checkbox', { name: 'Tiếp nhận hồ sơ, giấy tờ' }).check();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: 'Khóa ký thông báo' }).waitFor();
  assert.match(await page.locator('#khoa-moi').innerText(), /^mcw_/);
  await look(page, 'thong-bao-khoa');
  await page.getByRole('link', { name: 'Đã chép khóa' }).click();
  await page.getByRole('heading', { name: 'Cổng tỉnh', level: 1 }).waitFor();
  await look(page, 'thong-bao-mot');
  await page.getByRole('button', { name: 'Ngừng gửi' }).click();
  await page.getByText('Đã ngừng gửi', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Gửi tiếp' }).click();
  await page.getByText('Đang gửi', { exact: true }).waitFor();
  await page.goto('/quan-tri/thong-bao');
  await look(page, 'thong-bao');
  assertNoComplaints(admin);
});

/** A key file for this name, as an authority would hand it out.
 * @param {string} name */
function keyFile(name) {
  const folder = mkdtempSync(join(tmpdir(), 'motcua-khoa-'));
  const [key, certificate, file] = ['k.pem', 'c.pem', 'k.p12'].map((part) => join(folder, part));
  const quiet = { stdio: /** @type {const} */ ('ignore') };
  execFileSync('openssl', ['req', '-x509', '-utf8', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '700', '-subj', `/CN=${name}`, '-keyout', key, '-out', certificate], quiet);
  execFileSync('openssl', ['pkcs12', '-export', '-inkey', key, '-in', certificate, '-out', file, '-passout', 'pass:tep-khoa'], quiet);
  const buffer = readFileSync(file);
  rmSync(folder, { recursive: true });
  return { name: 'khoa.p12', mimeType: 'application/x-pkcs12', buffer };
}

test('a key is put in, ended, and made anew to try with', async () => {
  const admin = await openDesk(browser, office.url);
  const { page } = admin;
  await signIn(page, 'quantri');
  await page.goto('/quan-tri');
  await page.getByRole('link', { name: 'Khóa và chứng thư' }).click();
  await page.getByRole('heading', { name: 'Con dấu cơ quan và cán bộ ký số' }).waitFor();
  await look(page, 'khoa-ky');
  await page.getByRole('link', { name: 'Giàng A Chư' }).click();
  const put = async (/** @type {{ name: string, mimeType: string, buffer: Buffer }} */ file, /** @type {string} */ password) => {
    await page.getByLabel('Tệp khóa (.p12 hoặc .pfx)').setInputFiles(file);
    await page.getByLabel('Mật khẩu của tệp').fill(password);
    await page.keyboard.press('Control+Enter');
  };
  await put({ name: 'a.p12', mimeType: 'application/x-pkcs12', buffer: Buffer.from('khong phai') }, 'x');
  await page.locator('.tom-loi').getByRole('link', { name: /không phải tệp khóa/ }).waitFor();
  await look(page, 'khoa-ky-loi');
  const file = keyFile('Giàng A Chư');
  await put(file, 'sai');
  await page.locator('.tom-loi').getByRole('link', { name: /Mật khẩu không mở được tệp/ }).waitFor();
  await put(keyFile('Giàng A Chử'), 'tep-khoa');
  await page.locator('.tom-loi').getByRole('link', { name: /cấp cho “Giàng A Chử”/ }).waitFor();
  await put(file, 'tep-khoa');
  await page.getByText('Đã gắn khóa').waitFor();
  await page.getByText('Gắn từ tệp').waitFor();
  assert.ok(!(await page.content()).includes('tep-khoa'), 'the password is not shown again');
  await page.getByText('Ngừng dùng khóa từ một ngày').click();
  await look(page, 'khoa-ky-mot');
  await page.getByLabel('Lý do, hoặc số và ngày của văn bản').fill('nghỉ việc');
  await page.getByRole('button', { name: 'Ngừng dùng khóa' }).click();
  await page.getByText(/khóa này không ký được nữa/).waitFor();
  await page.getByRole('button', { name: 'Tạo khóa để thử' }).click();
  await page.getByText('Tự ký, chỉ để thử').waitFor();
  assertNoComplaints(admin);
});

test('a seal takes a second person', async () => {
  const [first, second] = [await openDesk(browser, office.url), await openDesk(browser, office.url)];
  await signIn(first.page, 'quantri');
  await signIn(second.page, 'quantri2');
  await first.page.goto('/quan-tri/khoa');
  const seal = first.page.getByRole('row', { name: /Con dấu của cơ quan/ }).first().getByRole('link');
  const name = await seal.innerText();
  await seal.click();
  await first.page.getByLabel('Tệp khóa (.p12 hoặc .pfx)').setInputFiles(keyFile(name));
  await first.page.getByLabel('Mật khẩu của tệp').fill('tep-khoa');
  await first.page.getByRole('button', { name: 'Gắn khóa' }).click();
  await first.page.getByText('Bạn là người đề nghị khóa này').waitFor();
  await look(first.page, 'khoa-ky-cho');
  await second.page.goto('/quan-tri/khoa?loc=cho');
  await second.page.getByRole('link', { name }).click();
  await second.page.getByRole('button', { name: 'Xác nhận khóa này' }).click();
  await second.page.getByText('Đã xác nhận. Từ bây giờ ký bằng khóa này').waitFor();
  assertNoComplaints(first, second);
});

test('each link says how it stands, and is really asked', async () => {
  const admin = await openDesk(browser, office.url);
  const { page } = admin;
  await signIn(page, 'quantri');
  await page.goto('/quan-tri');
  await page.getByRole('link', { name: 'Kết nối', exact: true }).click();
  await page.getByRole('button', { name: 'Gửi thử Kho tệp' }).click();
  await page.getByText(/^Gửi thử được, trong/).waitFor();
  await page.getByText('Đang chạy', { exact: true }).waitFor();
  await page.goto('/quan-tri/ket-noi');
  await page.getByRole('button', { name: /Gửi thử Thông báo tự động: Cổng tỉnh/ }).click();
  await page.locator('.tom-loi').getByText(/mạng không được phép gửi tới/).waitFor();
  await look(page, 'ket-noi-mot');
  await page.goto('/quan-tri/ket-noi');
  await page.getByText('Đang hỏng', { exact: true }).waitFor();
  await look(page, 'ket-noi');
  assertNoComplaints(admin);
});
