//! An officer's own account: a password of his choosing, and leaving the machines he forgot to leave.
// @ts-check

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertNoComplaints, launch, openDesk, signIn } from './lib/browser.mjs';
import { codeIn, startPost } from './lib/post.mjs';
import { PASSWORD, startOffice } from './lib/server.mjs';
import { look } from './lib/shot.mjs';

const LOGIN = 'chuyenvien.yenbinh';
const NEW = 'bốn con trâu trắng';

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk[]} */
let desks = [];
/** @type {import('./lib/post.mjs').Post} */
let post;

before(async () => {
  post = await startPost();
  const mail = ['[mail]', 'server = "127.0.0.1"', `port = ${post.port}`, 'tls = "none"', 'sender = "motcua@yenbinh.gov.vn"'];
  office = await startOffice({ config: `${mail.join('\n')}\n` });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await office?.stop();
  await post?.close();
});

/** @param {import('playwright-core').Page} page @param {string} old @param {string} chosen @param {string} again */
async function change(page, old, chosen, again) {
  await page.getByLabel('Mật khẩu đang dùng').fill(old);
  await page.getByLabel('Mật khẩu mới', { exact: true }).fill(chosen);
  await page.getByLabel('Gõ lại mật khẩu mới').fill(again);
  await page.getByRole('button', { name: 'Đổi mật khẩu' }).click();
}

test('he sees where he is signed in, and leaves there', async () => {
  desks = [await openDesk(browser, office.url), await openDesk(browser, office.url)];
  const [here, there] = desks.map((desk) => desk.page);
  await signIn(there, LOGIN);
  await signIn(here, LOGIN);
  await here.goto('/tai-khoan');
  const places = here.getByRole('table').locator('tbody tr');
  assert.equal(await places.count(), 2);
  assert.equal(await places.filter({ hasText: 'Máy này' }).count(), 1);
  assert.match(await places.first().innerText(), /Chrome trên Linux/);
  await look(here, 'tai-khoan-hai-noi');
  await here.getByRole('button', { name: 'Đăng xuất ở mọi nơi khác' }).click();
  await here.getByText('Đã đăng xuất ở 1 nơi khác').waitFor();
  assert.equal(await places.count(), 1);
  await there.goto('/viec');
  await there.getByRole('heading', { name: 'Đăng nhập' }).waitFor();
});

test('what is wrong with a new password is said at its field', async () => {
  const { page } = desks[0];
  await change(page, 'không phải', NEW, NEW);
  await page.getByRole('link', { name: 'Mật khẩu đang dùng chưa đúng' }).waitFor();
  await change(page, PASSWORD, 'ngắn', 'khác');
  const summary = page.getByRole('alert').filter({ hasText: 'Chưa đổi được mật khẩu' });
  await summary.getByRole('link', { name: /cần ít nhất 12 ký tự/ }).waitFor();
  await summary.getByRole('link', { name: /không giống nhau/ }).waitFor();
  assert.match(await page.title(), /^Lỗi: /);
  await look(page, 'tai-khoan-loi');
});

test('the new password is the one that lets him in', async () => {
  const { page } = desks[0];
  await change(page, PASSWORD, NEW, NEW);
  await page.getByText('Đã đổi mật khẩu').waitFor();
  await page.getByRole('button', { name: 'Đăng xuất', exact: true }).click();
  for (const password of [PASSWORD, NEW]) {
    await page.getByLabel('Tên đăng nhập').fill(LOGIN);
    await page.getByLabel('Mật khẩu').fill(password);
    await page.getByRole('button', { name: 'Đăng nhập' }).click();
    if (password === PASSWORD) await page.getByRole('alert').waitFor();
  }
  await page.getByRole('button', { name: 'Đăng xuất' }).waitFor();
});

test('his address for the morning\'s mail is his when he has typed the code that was sent there', async () => {
  const { page } = desks[0];
  await page.goto('/tai-khoan');
  await page.getByRole('link', { name: 'Thư nhắc việc' }).click();
  await page.getByLabel('Địa chỉ thư điện tử').fill('tue@yenbinh');
  await page.getByRole('button', { name: 'Gửi mã' }).click();
  await page.getByRole('link', { name: /Địa chỉ thư chưa đúng/ }).waitFor();
  await look(page, 'thu-loi');
  await page.getByLabel('Địa chỉ thư điện tử').fill('tue@yenbinh.gov.vn');
  await page.getByRole('button', { name: 'Gửi mã' }).click();
  await page.getByText('Chưa xác nhận', { exact: true }).waitFor();
  for (let n = 0; n < 200 && post.letters.length === 0; n += 1) await new Promise((tick) => { setTimeout(tick, 50); });
  const code = codeIn(post.letters[0] ?? '');
  assert.match(code, /^\d{6}$/);
  await page.reload();
  await page.getByText('Mã gửi lúc').waitFor();
  await look(page, 'thu-cho-ma');
  await page.getByLabel('Mã 6 số trong thư').fill(code === '000000' ? '000001' : '000000');
  await page.getByRole('button', { name: 'Xác nhận địa chỉ' }).click();
  await page.getByRole('link', { name: /Mã chưa đúng/ }).waitFor();
  await page.getByLabel('Mã 6 số trong thư').fill(code);
  await page.keyboard.press('Enter');
  await page.getByText('Đã xác nhận địa chỉ').waitFor();
  await look(page, 'thu');
  await page.getByRole('button', { name: 'Thôi nhận thư buổi sáng' }).click();
  await page.getByText('Không gửi', { exact: true }).waitFor();
});

test('no page was blocked, threw or failed', () => {
  assertNoComplaints(...desks);
});
