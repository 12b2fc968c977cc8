//! Those who wait: a number from the machine, called by one key, shown on a screen without names; an
//! appointment; the procedures under Alt+1 to Alt+9; the fee on the screen before the payer. By keys where the
//! officer works, without script too.
// @ts-check

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { Caller, receivedCopy } from './lib/api.mjs';
import { assertNoComplaints, keysOf, launch, openDesk, signIn } from './lib/browser.mjs';
import { startOffice } from './lib/server.mjs';
import { assertNoSidewaysScroll, keep, look } from './lib/shot.mjs';

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {Record<'counter' | 'machine' | 'head' | 'hall' | 'plain' | 'admin' | 'payer', import('./lib/browser.mjs').Desk>} */
let desks;

before(async () => {
  office = await startOffice({ at: '2026-11-23T08:00' });
  browser = await launch();
  const open = (options = {}) => openDesk(browser, office.url, options);
  desks = {
    counter: await open(),
    machine: await open(),
    head: await open(),
    hall: await open({ viewport: { width: 1920, height: 1080 } }),
    plain: await open({ javaScriptEnabled: false }),
    admin: await open(),
    payer: await open({ viewport: { width: 1280, height: 800 } }),
  };
  await signIn(desks.counter.page, 'quay.yenbinh');
  await signIn(desks.machine.page, 'quay.yenbinh');
  await signIn(desks.head.page, 'truongphong.yenbinh');
  await signIn(desks.admin.page, 'quantri');
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

let minute = 0;

/** A minute goes by: the office's clock stands, and who was called first is known by the time alone. */
async function tick() {
  minute += 1;
  const to = `2026-11-23T08:${String(minute).padStart(2, '0')}:00+07:00`;
  await (await Caller.of(office.url, 'quay.yenbinh')).ask('/clock', { to });
}

/** @param {import('playwright-core').Page} page @param {string} subject @param {string} [reason] */
async function take(page, subject, reason) {
  await page.goto('/lay-so');
  if (reason) await page.getByLabel(reason).check();
  await page.getByRole('button', { name: subject }).click();
  await page.waitForURL(/\/lay-so\/[0-9a-f-]{36}$/);
  return (await page.locator('.so-lon').innerText()).trim();
}

test('a number is one touch away, and says how many are before it', async () => {
  const { page } = desks.machine;
  await page.goto('/lay-so');
  await page.getByText('Hiện không có ai chờ').waitFor();
  await look(page, 'lay-so');
  assert.equal(await take(page, 'Hộ tịch'), 'A-001');
  await page.getByText('Bạn là người tiếp theo').waitFor();
  assert.equal(await take(page, 'Việc khác, hoặc chưa rõ'), 'A-002');
  await page.getByText('Trước bạn còn 1 người').waitFor();
  assert.equal(await take(page, 'Hộ tịch', 'Người từ 60 tuổi'), 'U-001');
  await page.getByText('Bạn là người tiếp theo').waitFor();
  await look(page, 'lay-so-xong');
  const slip = await page.request.get(`${page.url()}/phieu`);
  assert.equal(slip.headers()['content-type'], 'application/pdf');
  await keep('phieu-lay-so.pdf', await slip.body());
});

test('the head hangs up a screen, whose link is said once', async () => {
  const { page } = desks.head;
  await page.goto('/quan-tri/hang-cho');
  await page.getByLabel('Gọi liền nhiều nhất mấy số ưu tiên').fill('99');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('alert').getByRole('link', { name: /ghi một số từ 1 đến 20/ }).waitFor();
  await look(page, 'hang-cho-loi');
  await page.getByLabel('Gọi liền nhiều nhất mấy số ưu tiên').fill('2');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã lưu, áp dụng từ bây giờ').waitFor();
  await page.getByLabel('Thêm màn hình, treo ở').fill('Sảnh tầng 1');
  await page.getByRole('button', { name: 'Tạo đường dẫn' }).click();
  const link = await page.locator('.notice-ok a').getAttribute('href');
  await look(page, 'hang-cho-cai-dat');
  const { page: hall } = desks.hall;
  await hall.goto(new URL(/** @type {string} */ (link)).href.replace(/^https?:\/\/[^/]+/, office.url));
  await hall.getByText('Chưa gọi số nào').waitFor();
  await page.goto('/quan-tri/hang-cho');
  assert.equal(await page.locator('.notice-ok').count(), 0, 'said once');
});

test('one key calls who is next, and the hall sees where to go', async () => {
  const { page } = desks.counter;
  await page.goto('/quay');
  await page.getByText('3 người chờ, 1 ưu tiên hoặc có hẹn').waitFor();
  await page.getByLabel('Tôi ngồi quầy số').fill('2');
  await page.keyboard.press('Enter');
  await page.getByText('Đang ngồi quầy 2').waitFor();
  const before = (await keysOf(page)).length;
  const called = page.locator('.so-goi b');
  await tick();
  await page.keyboard.press('F8');
  await called.filter({ hasText: 'U-001' }).waitFor();
  await look(page, 'quay-goi-so');
  // What axe leaves behind on the elements it scrolled is not the page's.
  await page.reload();
  const { page: hall } = desks.hall;
  await hall.locator('.goi li', { hasText: 'U-001' }).filter({ hasText: 'Quầy 2' }).waitFor();
  await tick();
  await page.keyboard.press('F9');
  await page.getByText('3 người chờ').waitFor();
  await tick();
  await page.keyboard.press('F8');
  await called.filter({ hasText: 'U-001' }).waitFor();
  await tick();
  await page.keyboard.press('F8');
  await called.filter({ hasText: 'A-001' }).waitFor();
  assert.deepEqual((await keysOf(page)).slice(before), ['F8', 'F9', 'F8', 'F8']);
  await hall.locator('.goi li', { hasText: 'A-001' }).waitFor();
  await hall.locator('.sap li', { hasText: 'A-002' }).waitFor();
});

test('the screen is read from the other end of the hall, and on a phone', async () => {
  const { page } = desks.hall;
  await assertAccessible(page, 'man-hinh-goi');
  await keep('man-hinh-goi-1920.png', await page.screenshot());
  await assertNoSidewaysScroll(page, 'man-hinh-goi');
  await page.setViewportSize({ width: 390, height: 844 });
  await assertNoSidewaysScroll(page, 'man-hinh-goi');
  await keep('man-hinh-goi-390.png', await page.screenshot({ fullPage: true }));
  await page.setViewportSize({ width: 1920, height: 1080 });
  const size = await page.locator('.goi li b').first().evaluate((mark) => Number.parseFloat(getComputedStyle(mark).fontSize));
  assert.ok(size >= 72, `${size} px`);
});

test('what was typed stays when somebody is called meanwhile', async () => {
  const { page } = desks.counter;
  await page.getByLabel('Họ và tên, hoặc tên tổ chức').fill('Nguyễn Thị Ngoãn');
  await page.getByRole('button', { name: 'Gọi lại' }).click();
  await page.locator('.so-goi b', { hasText: 'A-001' }).waitFor();
  await page.getByRole('button', { name: 'Xong' }).click();
  await page.locator('.so-goi').waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('Họ và tên, hoặc tên tổ chức').inputValue(), 'Nguyễn Thị Ngoãn');
});

test('an appointment becomes a number that is called in its slot', async () => {
  const { page } = desks.counter;
  await page.goto('/lich-hen');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('alert').getByRole('link', { name: 'Chọn một khung giờ' }).waitFor();
  await look(page, 'lich-hen-loi');
  await page.getByLabel('Khung giờ').selectOption({ index: 1 });
  await page.getByLabel('Họ và tên').fill('Nông Văn Dền');
  await page.getByLabel('Điện thoại').fill('0912');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('link', { name: /9 đến 15 chữ số/ }).waitFor();
  assert.equal(await page.getByLabel('Họ và tên').inputValue(), 'Nông Văn Dền');
  await page.getByLabel('Điện thoại').fill('0912 345 678');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã hẹn lúc').waitFor();
  await look(page, 'lich-hen');
  await page.getByRole('button', { name: 'Đã đến' }).click();
  await page.locator('.so-lon', { hasText: 'H-001' }).waitFor();
  await tick();
  await page.goto('/quay');
  await page.keyboard.press('F8');
  await page.locator('.so-goi b', { hasText: 'H-001' }).waitFor();
});

test('a procedure is pinned, and picked by its key', async () => {
  const { page } = desks.counter;
  const pin = async (/** @type {string} */ typed, /** @type {string} */ name) => {
    await page.locator('#f-tim-thu-tuc').fill(typed);
    await page.getByLabel(name).check();
    await page.getByRole('button', { name: 'Ghim thủ tục đang chọn' }).click();
    await page.locator('.favs .btn', { hasText: name }).waitFor();
  };
  await page.goto('/quay');
  await page.locator('#f-ho-ten').fill('Nguyễn Thị Ngoãn');
  await pin('2.000815', 'Chứng thực bản sao');
  await pin('1.004873', 'Cấp Giấy xác nhận tình trạng hôn nhân');
  await page.locator('#hay-dung summary').click();
  await page.locator('#hay-dung').getByRole('button', { name: 'Lên' }).click();
  await page.locator('[data-hotkey="Alt+1"]', { hasText: 'hôn nhân' }).waitFor();
  assert.equal(await page.locator('#f-ho-ten').inputValue(), 'Nguyễn Thị Ngoãn');
  await page.keyboard.press('Alt+2');
  await page.locator('#thu-tuc-ds input[value="2.000815"]:checked').waitFor();
  await page.keyboard.press('Alt+1');
  await page.locator('#thu-tuc-ds input[value="1.004873"]:checked').waitFor();
  assert.equal(await page.locator('#f-ho-ten').inputValue(), 'Nguyễn Thị Ngoãn');
  await look(page, 'quay-hay-dung');
});

test('the administrator says where fees go, and puts a screen before a counter', async () => {
  const { page } = desks.admin;
  await page.goto('/quan-tri/thu-phi');
  await page.getByLabel('Cơ quan').selectOption({ label: 'Ủy ban nhân dân xã Yên Bình' });
  await page.getByRole('button', { name: 'Xem' }).press('Enter');
  await page.getByText('Hôm nay chỉ thu tiền mặt').waitFor();
  await page.getByLabel('Ngân hàng hoặc kho bạc').fill('Kho bạc Nhà nước');
  await page.getByLabel('Mã ngân hàng').fill('97043');
  await page.getByLabel('Số tài khoản').fill('3511 0123 45');
  await page.getByLabel('Chủ tài khoản').fill('UBND\u202e XÃ');
  await page.getByLabel('Từ ngày').fill('22/11/2026');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('link', { name: 'Mã ngân hàng gồm đúng 6 chữ số' }).waitFor();
  await page.getByRole('link', { name: /Ghi tên chủ tài khoản đúng như ngân hàng ghi/ }).waitFor();
  await look(page, 'thu-phi-cai-dat-loi');
  await page.getByLabel('Mã ngân hàng').fill('970499');
  await page.getByLabel('Chủ tài khoản').fill('UBND XÃ YÊN BÌNH');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('link', { name: /Chọn từ hôm nay, 23\/11\/2026, trở đi/ }).waitFor();
  await page.getByLabel('Từ ngày').fill('23/11/2026');
  await page.getByLabel('Lý do, hoặc số và ngày').fill('9/QĐ-UBND');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã ghi, áp dụng từ ngày 23/11/2026').waitFor();
  await page.locator('summary', { hasText: 'Thử bằng ứng dụng ngân hàng' }).press('Enter');
  await page.getByRole('img', { name: /Mã QR của tài khoản/ }).waitFor();
  await page.getByLabel('Thêm màn hình ở quầy').fill('2');
  await page.keyboard.press('Enter');
  const link = await page.locator('.notice-ok a').getAttribute('href');
  await look(page, 'thu-phi-cai-dat');
  const { page: payer } = desks.payer;
  await payer.goto(/** @type {string} */ (link).replace(/^https?:\/\/[^/]+/, office.url));
  await payer.getByText('Xin chào').waitFor();
  await assertAccessible(payer, 'man-hinh-phi-trong');
});

test('a fee stands on the screen before the payer until the money is there, by keys alone', async () => {
  const { page } = desks.counter;
  const { page: payer } = desks.payer;
  const dossier = await receivedCopy(await Caller.of(office.url, 'quay.yenbinh'), 71);
  await page.goto(`/ho-so/${dossier}`);
  await page.getByRole('link', { name: 'Thu phí, lệ phí: còn 2.000 đồng' }).press('Enter');
  await page.getByText('Màn hình phụ quầy 2 chưa hiện mã của hồ sơ này').waitFor();
  await page.keyboard.press('F4');
  await page.getByText('Màn hình phụ quầy 2 đang hiện mã này, đến').waitFor();
  await look(page, 'thu-phi');
  await payer.reload();
  await payer.getByText('2.000 đồng').waitFor();
  const shown = await payer.locator('body').innerText();
  assert.match(shown, /UBND XÃ YÊN BÌNH[\s\S]*3511012345, Kho bạc Nhà nước[\s\S]*H99101261123\d{4}/);
  assert.doesNotMatch(shown, /Nguyễn|Ngoãn|038191/, 'nobody is named');
  await assertAccessible(payer, 'man-hinh-phi');
  await keep('man-hinh-phi-1280.png', await payer.screenshot());
  await payer.setViewportSize({ width: 390, height: 844 });
  await assertNoSidewaysScroll(payer, 'man-hinh-phi');
  await keep('man-hinh-phi-390.png', await payer.screenshot({ fullPage: true }));
  await page.getByLabel('Số tiền đã đến').fill('3.000');
  await page.getByRole('button', { name: 'Đã nhận tiền' }).press('Enter');
  await page.getByRole('link', { name: /Ghi số giao dịch thấy trong sao kê/ }).waitFor();
  await page.getByLabel('Số giao dịch của ngân hàng').fill('FT26327001');
  await page.locator('#f-bien-lai-ck').fill('0001234');
  await page.keyboard.press('Enter');
  await page.getByText('Số tiền không đúng; còn phải nộp: 2.000 đồng').waitFor();
  await look(page, 'thu-phi-loi');
  await page.getByLabel('Số tiền đã đến').fill('2.000');
  await page.getByRole('button', { name: 'Đã nhận tiền' }).press('Enter');
  await page.getByText('Đã thu. In biên lai ở mục In phiếu').waitFor();
  await page.getByText('bằng chuyển khoản, ngân hàng ghi số giao dịch FT26327001').waitFor();
  await payer.reload();
  await payer.getByText('Xin chào').waitFor();
  const receipt = await page.request.get(`/ho-so/${dossier}/bien-lai/1`);
  assert.equal(receipt.headers()['content-type'], 'application/pdf');
  await keep('bien-lai-thu-phi.pdf', await receipt.body());
  await page.goto(`/ho-so/${dossier}/thu-phi`);
  await page.getByText(/không thu thêm/).waitFor();
});

test('a screen that was taken away shows nothing any more', async () => {
  const { page } = desks.admin;
  await page.getByRole('button', { name: 'Thu hồi' }).press('Enter');
  await page.getByText('Đã thu hồi đường dẫn').waitFor();
  const { page: payer } = desks.payer;
  assert.equal((await payer.request.get(payer.url())).status(), 404);
});

test('it works without script', async () => {
  const { page } = desks.plain;
  await signIn(page, 'quay.thacmay');
  assert.equal(await take(page, 'Hộ tịch'), 'A-001', 'each agency counts for itself');
  await page.goto('/quay');
  await page.getByLabel('Tôi ngồi quầy số').fill('Một cửa');
  await page.getByRole('button', { name: 'Ngồi quầy này' }).click();
  await page.getByRole('button', { name: 'Gọi người tiếp theo' }).click();
  await page.locator('.so-goi b', { hasText: 'A-001' }).waitFor();
  await page.getByRole('button', { name: 'Gọi người tiếp theo' }).click();
  await page.getByRole('alert').filter({ hasText: 'Chưa có ai chờ' }).waitFor();
  await page.getByRole('button', { name: 'Không có mặt' }).click();
  await page.locator('.so-goi').waitFor({ state: 'detached' });
});

test('what waits at one agency does not exist for another, and for nobody without a name', async () => {
  const { page } = desks.machine;
  await take(page, 'Hộ tịch');
  const ticket = new URL(page.url()).pathname;
  await page.goto('/lich-hen?ngay=25/11/2026');
  await page.getByLabel('Khung giờ').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Đặt lịch' }).click();
  await page.getByText('Đã hẹn lúc').waitFor();
  const appointment = /** @type {string} */ (await page.locator('form[action$="/huy"]').getAttribute('action')).replace(/\/huy$/, '');
  await desks.head.page.goto('/quan-tri/hang-cho');
  const setup = new URL(desks.head.page.url()).pathname;
  const screen = /** @type {string} */ (await desks.head.page.locator('form[action$="/thu-hoi"]').first().getAttribute('action'));
  const gets = [ticket, `${ticket}/phieu`, setup];
  const turns = ['goi-lai', 'khong-co-mat', 'xong'].map((turn) => `/quay/goi/${ticket.split('/').at(-1)}/${turn}`);
  const posts = [...turns, `${appointment}/da-den`, `${appointment}/huy`, setup, `${setup}/man-hinh`, screen];

  const nobody = await openDesk(browser, office.url);
  for (const path of [...gets, '/quay/hang-cho']) {
    assert.equal((await nobody.page.request.get(path, { maxRedirects: 0 })).status(), 303, path);
  }
  for (const path of [...posts, '/lay-so', '/lich-hen', '/quay/goi', '/quay/cho-ngoi']) {
    assert.equal((await nobody.page.request.post(path, { form: {}, maxRedirects: 0 })).status(), 303, path);
  }
  await nobody.close();
  for (const login of ['quay.thacmay', 'truongphong.thacmay']) {
    const stranger = await openDesk(browser, office.url);
    await signIn(stranger.page, login);
    const csrf = /** @type {string} */ (await stranger.page.locator('input[name=csrf]').first().getAttribute('value'));
    const mine = (/** @type {string} */ path) => path.startsWith('/quan-tri') === login.startsWith('truongphong');
    for (const path of gets.filter(mine)) {
      assert.equal((await stranger.page.request.get(path)).status(), 404, `${login} ${path}`);
    }
    for (const path of posts.filter(mine)) {
      const form = { csrf, 'phien-ban': '1', 'ten-man-hinh': 'Sảnh' };
      assert.equal((await stranger.page.request.post(path, { form })).status(), 404, `${login} ${path}`);
      const forged = await stranger.page.request.post(path, { form: { ...form, csrf: 'x'.repeat(csrf.length) } });
      assert.equal(forged.status(), 403, `${login} without its token ${path}`);
    }
    await stranger.close();
  }
});

test('a withdrawn link leads nowhere, and nobody else comes near', async () => {
  const { page } = desks.head;
  const { page: hall } = desks.hall;
  await page.goto('/quan-tri/hang-cho');
  const own = page.url();
  await page.getByRole('button', { name: 'Thu hồi' }).click();
  await page.getByText('Đã thu hồi đường dẫn').waitFor();
  const gone = await hall.request.get(hall.url());
  assert.equal(gone.status(), 404);
  const stranger = await openDesk(browser, office.url);
  for (const path of ['/lay-so', '/lich-hen', '/quan-tri/hang-cho']) {
    await stranger.page.goto(path);
    await stranger.page.getByRole('heading', { name: 'Đăng nhập' }).waitFor();
  }
  await signIn(stranger.page, 'truongphong.thacmay');
  assert.equal((await stranger.page.request.get(own)).status(), 404);
  assert.equal((await stranger.page.request.get('/lay-so')).status(), 403);
  await stranger.close();
});

test('no page was blocked, threw or failed', () => {
  assertNoComplaints(...Object.values(desks));
});
