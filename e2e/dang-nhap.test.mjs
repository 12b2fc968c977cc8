//! Signing in with more than a password: an app's codes, a recovery code, a passkey on a virtual
//! authenticator, and an identity server that is really there.
// @ts-check

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { assertNoComplaints, launch, openDesk, signIn } from './lib/browser.mjs';
import { startIdentityServer } from './lib/identity.mjs';
import { PASSWORD, startOffice } from './lib/server.mjs';
import { look } from './lib/shot.mjs';

const LOGIN = 'chuyenvien.yenbinh';

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('./lib/identity.mjs').IdentityServer} */
let identity;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk} */
let desk;
/** The key of the app, and the codes for the day it is lost. */
let key = '';
/** @type {string[]} */
let codes = [];

before(async () => {
  identity = await startIdentityServer();
  office = await startOffice({ config: identity.config });
  browser = await launch();
  desk = await openDesk(browser, office.url);
});

after(async () => {
  await browser?.close();
  await office?.stop();
  await identity?.stop();
});

/** RFC 6238, so many half minutes from now. @param {number} later */
function code(later) {
  const bits = [...key.replaceAll(' ', '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const digest = createHmac('sha1', secret).update(step).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** @param {import('playwright-core').Page} page @param {string} [wanted] */
async function typePassword(page, wanted = '/dang-nhap') {
  await page.goto(wanted);
  await page.getByLabel('Tên đăng nhập').fill(LOGIN);
  await page.getByLabel('Mật khẩu').fill(PASSWORD);
  await page.getByRole('button', { name: 'Đăng nhập', exact: true }).click();
}

/** @param {import('playwright-core').Page} page @param {string} typed */
async function typeCode(page, typed) {
  await page.locator('#f-ma').fill(typed);
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
}

/** @param {import('playwright-core').Page} page */
async function signOut(page) {
  await page.getByRole('button', { name: 'Đăng xuất', exact: true }).click();
  await page.getByRole('heading', { name: 'Đăng nhập' }).waitFor();
}

test('an officer puts the key into his app and types the first code', async () => {
  const { page } = desk;
  await signIn(page, LOGIN);
  await page.goto('/tai-khoan');
  await look(page, 'tai-khoan-cach-dang-nhap');
  await page.getByRole('link', { name: 'Bật xác thực hai lớp' }).click();
  await page.getByRole('button', { name: 'Bật xác thực hai lớp' }).click();
  await page.getByRole('img', { name: /Mã QR của khóa/ }).waitFor();
  key = await page.getByText(/^([A-Z2-7]{4} ?){8}$/).innerText();
  await look(page, 'hai-lop-quet-ma');
  await page.getByLabel('Mã trong ứng dụng').fill('000000');
  await page.getByRole('button', { name: 'Bật', exact: true }).click();
  await page.getByRole('alert').getByRole('link', { name: /không đúng hoặc đã dùng/ }).waitFor();
  await look(page, 'hai-lop-ma-sai');
  await page.getByLabel('Mã trong ứng dụng').fill(code(0));
  await page.getByRole('button', { name: 'Bật', exact: true }).click();
  await page.getByRole('heading', { name: 'Mã dự phòng' }).waitFor();
  codes = await page.locator('.ma-du-phong li').allInnerTexts();
  assert.equal(new Set(codes).size, 10);
  await look(page, 'ma-du-phong');
  await page.getByRole('link', { name: 'Đã cất mã' }).click();
  await page.getByText('còn 10 mã dự phòng').waitFor();
});

test('the code is asked for after the password, and leads where he was going', async () => {
  const { page } = desk;
  await signOut(page);
  await typePassword(page, '/bao-dong');
  await page.getByRole('heading', { name: 'Mã xác thực' }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'f-ma');
  await look(page, 'ma-xac-thuc');
  await typeCode(page, '000000');
  await page.getByRole('alert').getByRole('link', { name: /không đúng hoặc đã dùng/ }).waitFor();
  await look(page, 'ma-xac-thuc-sai');
  await typeCode(page, code(1));
  await page.waitForURL((url) => url.pathname === '/bao-dong');
});

test('a recovery code stands for the app once', async () => {
  const { page } = desk;
  for (const wrong of [false, true]) {
    await signOut(page);
    await typePassword(page);
    await typeCode(page, codes[0].toUpperCase());
    if (wrong) break;
    await page.getByRole('button', { name: 'Đăng xuất', exact: true }).waitFor();
  }
  await page.getByRole('alert').getByRole('link', { name: /không đúng hoặc đã dùng/ }).waitFor();
  await typeCode(page, codes[1]);
  await page.getByRole('button', { name: 'Đăng xuất', exact: true }).waitFor();
  await page.goto('/tai-khoan/hai-lop');
  await page.getByRole('definition').filter({ hasText: /^8$/ }).waitFor();
  await look(page, 'hai-lop-dang-bat');
});

test('opened at another address, the pages say where passkeys are used', async () => {
  const { page } = desk;
  const there = office.url.replace('127.0.0.1', 'localhost');
  await page.goto('/tai-khoan/khoa-truy-cap');
  await page.getByRole('link', { name: there }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Thêm khóa truy cập' }).count(), 0);
  await look(page, 'khoa-truy-cap-noi-khac');
  await page.goto('/dang-nhap');
  await page.getByRole('link', { name: there }).waitFor();
});

test('a passkey is added with the password, and is enough alone', async () => {
  const here = await openDesk(browser, office.url.replace('127.0.0.1', 'localhost'));
  const { page } = here;
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
  });
  await typePassword(page);
  await typeCode(page, codes[2]);
  await page.getByRole('button', { name: 'Đăng xuất', exact: true }).waitFor();
  await page.goto('/tai-khoan/khoa-truy-cap');
  const add = page.locator('form').filter({ hasText: 'Thêm khóa truy cập' });
  await add.getByLabel('Tên khóa').fill('Máy của tôi');
  await add.getByLabel('Mật khẩu đang dùng').fill('không phải');
  await add.getByRole('button').click();
  await add.getByRole('alert').filter({ hasText: 'Mật khẩu đang dùng chưa đúng' }).waitFor();
  await look(page, 'khoa-truy-cap-sai');
  await add.getByLabel('Mật khẩu đang dùng').fill(PASSWORD);
  await add.getByRole('button').click();
  await page.getByText('Đã thêm khóa truy cập “Máy của tôi”').waitFor();
  await page.getByRole('cell', { name: 'Chưa dùng' }).waitFor();
  await look(page, 'khoa-truy-cap');
  await page.getByLabel('Tên khóa').fill('Lần nữa');
  await add.getByLabel('Mật khẩu đang dùng').fill(PASSWORD);
  await add.getByRole('button').click();
  await add.getByRole('alert').filter({ hasText: 'Thiết bị này đã có khóa truy cập' }).waitFor();

  await signOut(page);
  await look(page, 'dang-nhap-khoa');
  await page.goto('/bao-dong');
  await page.getByRole('button', { name: 'Đăng nhập bằng khóa truy cập' }).click();
  await page.waitForURL((url) => url.pathname === '/bao-dong');
  await page.goto('/tai-khoan/khoa-truy-cap');
  assert.equal(await page.getByRole('cell', { name: 'Chưa dùng' }).count(), 0, 'its use is seen');

  // Whoever holds the device but is not its owner does not get in.
  await signOut(page);
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await page.getByRole('button', { name: 'Đăng nhập bằng khóa truy cập' }).click();
  await page.getByRole('alert').filter({ hasText: 'Chưa nhận được khóa truy cập' }).waitFor();
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  await page.getByRole('button', { name: 'Đăng nhập bằng khóa truy cập' }).click();
  await page.getByRole('button', { name: 'Đăng xuất', exact: true }).waitFor();

  await page.goto('/tai-khoan/khoa-truy-cap');
  const remove = page.locator('form').filter({ hasText: 'Gỡ khóa truy cập' });
  await remove.getByLabel('Khóa cần gỡ').selectOption({ label: 'Máy của tôi' });
  await remove.getByLabel('Mật khẩu đang dùng').fill(PASSWORD);
  await remove.getByRole('button').click();
  await page.getByText('Đã gỡ khóa truy cập').waitFor();
  await signOut(page);
  await page.getByRole('button', { name: 'Đăng nhập bằng khóa truy cập' }).click();
  await page.getByText('chưa được thêm ở đây, hoặc đã bị gỡ').waitFor();
  await look(page, 'dang-nhap-khoa-da-go');
  assertNoComplaints(here);
  await here.close();
});

test('without script the passkey button says what it needs', async () => {
  const plain = await openDesk(browser, office.url.replace('127.0.0.1', 'localhost'), { javaScriptEnabled: false });
  const { page } = plain;
  await page.goto('/dang-nhap');
  await page.getByText('Nút này cần trình duyệt bật JavaScript').waitFor();
  await page.getByRole('button', { name: 'Đăng nhập bằng khóa truy cập' }).click();
  await page.getByRole('alert').filter({ hasText: 'Khóa truy cập cần trình duyệt bật JavaScript' }).waitFor();
  assertNoComplaints(plain);
  await plain.close();
});

test('it is turned off with the password', async () => {
  const { page } = desk;
  await page.goto('/dang-nhap');
  await typePassword(page);
  await typeCode(page, codes[3]);
  await page.getByRole('button', { name: 'Đăng xuất', exact: true }).waitFor();
  await page.goto('/tai-khoan/hai-lop');
  await page.getByLabel('Mật khẩu đang dùng').fill(PASSWORD);
  await page.getByRole('button', { name: 'Tắt xác thực hai lớp' }).click();
  await page.getByText('Đã tắt xác thực hai lớp').waitFor();
  await signOut(page);
  await signIn(page, LOGIN);
});

test('an officer ties himself to the identity server and signs in through it where he was going', async () => {
  const { page } = desk;
  await page.goto('/tai-khoan/dinh-danh');
  await page.getByLabel('Mật khẩu đang dùng').fill('không phải');
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  await page.getByRole('alert').getByRole('link', { name: /Mật khẩu đang dùng chưa đúng/ }).waitFor();
  await page.getByLabel('Mật khẩu đang dùng').fill(PASSWORD);
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  await look(page, 'dinh-danh-con-mot-buoc');
  await page.getByRole('link', { name: 'Sang Cổng định danh tỉnh' }).click();
  await page.getByRole('link', { name: 'Đồng ý' }).click();
  await page.getByText('Đã gắn tài khoản').waitFor();
  await page.getByRole('definition').filter({ hasText: 'cb-0012' }).waitFor();
  await look(page, 'dinh-danh-da-gan');

  await signOut(page);
  await page.goto('/bao-dong');
  await look(page, 'dang-nhap-dinh-danh');
  await page.getByRole('link', { name: 'Đăng nhập bằng Cổng định danh tỉnh' }).click();
  await page.getByRole('link', { name: 'Đồng ý' }).click();
  await page.waitForURL((url) => url.origin === office.url && url.pathname === '/bao-dong');
  await signOut(page);
  await page.getByText('vẫn còn đăng nhập ở Cổng định danh tỉnh').waitFor();
  await look(page, 'dang-nhap-con-o-noi-khac');
});

test('who is tied to nobody, or answers another question, does not get in', async () => {
  const { page } = desk;
  identity.subject = 'cb-9999';
  await page.goto('/dang-nhap');
  await page.getByRole('link', { name: 'Đăng nhập bằng Cổng định danh tỉnh' }).click();
  await page.getByRole('link', { name: 'Đồng ý' }).click();
  await page.getByRole('alert').getByText('chưa gắn với tài khoản cán bộ nào').waitFor();
  await look(page, 'dang-nhap-dinh-danh-la');
  // An answer that was made for another browser.
  identity.subject = 'cb-0012';
  await page.goto('/dang-nhap/dinh-danh/ve?code=c&state=x');
  await page.getByRole('alert').getByText('không bắt đầu từ trình duyệt này').waitFor();
  await page.goto('/dang-nhap/dinh-danh?ve=//a.example/');
  await page.getByRole('link', { name: 'Đồng ý' }).click();
  await page.waitForURL((url) => url.origin === office.url);
  await signOut(page);
});

test('an administrator takes a tie away with a reason and makes one', async () => {
  const admin = await openDesk(browser, office.url);
  const { page } = admin;
  await signIn(page, 'quantri');
  await page.goto('/quan-tri/can-bo?q=chuyenvien.yenbinh');
  await page.getByRole('link', { name: 'Hoàng Văn Tuệ' }).first().click();
  await page.locator('summary', { hasText: 'Gỡ khỏi Cổng định danh tỉnh' }).click();
  await page.getByRole('button', { name: 'Gỡ danh tính' }).click();
  await page.getByRole('alert').getByRole('link', { name: 'Ghi lý do' }).waitFor();
  await page.locator('#f-go-gan-ly-do').fill('gắn nhầm người');
  await page.getByRole('button', { name: 'Gỡ danh tính' }).click();
  await page.getByText('Đã gỡ danh tính').waitFor();
  await page.locator('summary', { hasText: 'Gắn với Cổng định danh tỉnh' }).click();
  await page.locator('#f-gan-ma').fill('cb-0012');
  await look(page, 'can-bo-gan-dinh-danh');
  await page.getByRole('button', { name: 'Gắn tài khoản' }).click();
  await page.getByText('Đã gắn tài khoản với danh tính').waitFor();
  assertNoComplaints(admin);
  await admin.close();
});

test('an identity server that is down is said to be, and the password still opens', async () => {
  const { page } = desk;
  await identity.stop();
  // So long what the server said of itself a moment ago is believed.
  await page.waitForTimeout(3_200);
  await page.goto('/dang-nhap?ve=/bao-dong');
  await page.getByRole('link', { name: 'Đăng nhập bằng Cổng định danh tỉnh' }).click();
  await page.getByRole('alert').getByText(/Không kết nối được Cổng định danh tỉnh từ \d\d:\d\d/).waitFor();
  await look(page, 'dang-nhap-dinh-danh-hong');
  await page.getByLabel('Tên đăng nhập').fill(LOGIN);
  await page.getByLabel('Mật khẩu').fill(PASSWORD);
  await page.getByRole('button', { name: 'Đăng nhập', exact: true }).click();
  await page.waitForURL((url) => url.pathname === '/bao-dong');
});

test('no page was blocked, threw or failed', () => {
  assertNoComplaints(desk);
});
