//! An administrator keeps the officers of his agencies, by keyboard alone: accounts, posts that take two
//! persons, leave, a transfer with all that was in hand, and what anybody may do.
// @ts-check

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Caller } from './lib/api.mjs';
import { assertNoComplaints, launch, openDesk, signIn } from './lib/browser.mjs';
import { startOffice } from './lib/server.mjs';
import { look } from './lib/shot.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Locator} Locator */

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk[]} */
const desks = [];
/** @type {Page} */
let first;
/** @type {Page} */
let second;
/** The address of the officer who is added. */
let added = '';

/** @param {string} login */
async function deskOf(login) {
  const desk = await openDesk(browser, office.url);
  desks.push(desk);
  await signIn(desk.page, login);
  return desk.page;
}

before(async () => {
  office = await startOffice({ at: '2026-11-23T08:00' });
  browser = await launch();
  first = await deskOf('quantri');
  second = await deskOf('quantri2');
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

/** Goes to a field and types; in a choice goes down to what begins so. @param {Locator} field @param {string} text */
async function type(field, text) {
  await field.focus();
  const { keyboard } = field.page();
  const place = await field.evaluate((element, wanted) => (element instanceof HTMLSelectElement
    ? [...element.options].findIndex((option) => option.text.startsWith(wanted)) : undefined), text);
  if (place === undefined) {
    await keyboard.press('Control+A');
    await keyboard.type(text);
    return;
  }
  assert.ok(place >= 0, `${text} is no choice`);
  await keyboard.press('Home');
  for (let n = 0; n < place; n += 1) await keyboard.press('ArrowDown');
}

/** @param {Locator} button a button, a link or a summary */
async function press(button) {
  await button.focus();
  await button.page().keyboard.press('Enter');
}

/** @param {Page} page @param {string} text of the summary @returns {Promise<Locator>} what it opens */
async function open(page, text) {
  await press(page.locator('summary', { hasText: text }));
  return page.locator('details', { has: page.locator('summary', { hasText: text }) });
}

/** Looks for somebody by words, which stand in no address. @param {Page} page @param {string} words */
async function find(page, words) {
  await page.goto('/quan-tri/can-bo');
  await type(page.getByLabel('Tìm tên, chức danh, tài khoản'), words);
  await press(page.getByRole('button', { name: 'Lọc' }));
  await page.getByRole('link', { name: `Tìm: ${words} (bỏ lọc)` }).waitFor();
  assert.doesNotMatch(page.url(), /tim=/);
}

test('the pages of administration are listed, and officers found without accents', async () => {
  await press(first.getByRole('link', { name: 'Quản trị', exact: true }));
  await first.getByRole('heading', { name: 'Quản trị', level: 1 }).waitFor();
  await look(first, 'quan-tri');
  await press(first.getByRole('link', { name: 'Cán bộ', exact: true }));
  await first.getByRole('heading', { name: 'Cán bộ' }).waitFor();
  await look(first, 'can-bo');
  await type(first.getByLabel('Tìm tên, chức danh, tài khoản'), 'dang ha');
  await type(first.getByRole('combobox', { name: /^Vai/ }), 'Văn thư');
  await press(first.getByRole('button', { name: 'Lọc' }));
  await first.getByText('1–1 trong 1 cán bộ').waitFor();
  await first.getByRole('link', { name: 'Đặng Thu Hà' }).waitFor();
  await look(first, 'can-bo-loc');
  await press(first.getByRole('link', { name: 'Tìm: dang ha (bỏ lọc)' }));
  await first.getByRole('link', { name: 'Bàn Văn Lẩy' }).waitFor();
  await find(first, 'khong ai');
  await first.getByRole('heading', { name: 'Không có cán bộ nào khớp' }).waitFor();
  await look(first, 'can-bo-khong-co');
});

test('an account is opened with a password that is shown once', async () => {
  await first.goto('/quan-tri/can-bo');
  await first.keyboard.press('F2');
  await type(first.getByLabel('Họ và tên'), 'Nguyễn Thị Lành');
  await type(first.getByLabel('Tên đăng nhập'), 'quay.yenbinh');
  await type(first.getByLabel('Cơ quan làm việc'), 'Ủy ban nhân dân xã Yên Bình');
  await first.keyboard.press('Control+Enter');
  await first.getByRole('link', { name: /“quay.yenbinh” đã có người dùng/ }).waitFor();
  assert.equal(await first.getByLabel('Họ và tên').inputValue(), 'Nguyễn Thị Lành', 'what was typed stays');
  await look(first, 'can-bo-them-loi');
  await type(first.getByLabel('Tên đăng nhập'), 'lanh.yenbinh');
  await first.keyboard.press('Control+Enter');
  await first.getByRole('heading', { name: 'Đã thêm cán bộ' }).waitFor();
  const password = await first.locator('#mat-khau').innerText();
  assert.match(password, /^[a-z0-9]{4}(-[a-z0-9]{4}){3}$/);
  await look(first, 'can-bo-phieu');
  const { page: hers } = desks[desks.push(await openDesk(browser, office.url)) - 1];
  await hers.goto('/dang-nhap');
  await type(hers.getByLabel('Tên đăng nhập'), 'lanh.yenbinh');
  await type(hers.getByLabel('Mật khẩu'), password);
  await hers.keyboard.press('Enter');
  await hers.getByRole('button', { name: 'Đăng xuất' }).waitFor();
  await press(first.getByRole('link', { name: 'Đã trao phiếu, giao vai' }));
  await first.getByText('Chưa làm được gì').waitFor();
  added = new URL(first.url()).pathname;
});

test('a post is given by one, a high one by two, and nobody confirms his own', async () => {
  let form = await open(first, 'Giao vai');
  await press(form.getByRole('button', { name: 'Giao vai' }));
  await first.getByRole('link', { name: 'Ghi số và ngày của quyết định' }).waitFor();
  await look(first, 'can-bo-vai-loi');
  for (const role of ['Công chức tiếp nhận', 'Văn thư']) {
    await first.goto(added);
    form = await open(first, 'Giao vai');
    await type(form.getByLabel('Vai', { exact: true }), role);
    await type(form.getByLabel('Tại cơ quan'), 'Ủy ban nhân dân xã Yên Bình');
    await type(form.getByLabel('Số, ngày của quyết định'), '16/QĐ-UBND');
    await press(form.getByRole('button', { name: 'Giao vai' }));
    await first.getByText(role === 'Văn thư' ? /Đã ghi đề xuất/ : 'Đã giao vai').waitFor();
  }
  await first.getByText('Chờ người thứ hai xác nhận').waitFor();
  await first.getByText('Tiếp nhận, số hóa và trả kết quả tại quầy của Ủy ban nhân dân xã Yên Bình').waitFor();
  await look(first, 'can-bo-mot-nguoi');
  await press(first.getByRole('link', { name: 'Mở danh sách chờ xác nhận' }));
  await first.getByText('người đề xuất không tự xác nhận').waitFor();
  assert.equal(await first.getByRole('button', { name: /Xác nhận/ }).count(), 0);
  await look(first, 'de-nghi-cua-minh');
  await second.goto('/quan-tri/de-nghi');
  await look(second, 'de-nghi');
  await press(second.getByRole('button', { name: 'Xác nhận vai cho Nguyễn Thị Lành' }));
  await second.getByText('Đã xác nhận, vai có hiệu lực').waitFor();
  await first.goto(added);
  await first.getByText('Cấp số, đóng dấu và phát hành tại').waitFor();
  form = await open(first, 'Kết thúc một vai');
  await type(form.getByLabel('Vai kết thúc từ hôm nay'), 'Văn thư');
  await type(form.getByLabel('Số, ngày của quyết định'), '17/QĐ-UBND');
  await press(form.getByRole('button', { name: 'Kết thúc vai' }));
  await first.getByText('Đã kết thúc vai từ hôm nay').waitFor();
});

test('leave names who goes on, and a post that was lent is taken back', async () => {
  let form = await open(first, 'Ghi nghỉ');
  await type(form.getByLabel('Từ ngày'), '24/11/2026');
  await type(form.getByLabel('Đến hết ngày'), '20/11/2026');
  await type(form.getByLabel(/Người làm thay/), 'Lò Thị Mây');
  await press(form.getByRole('button', { name: 'Ghi nghỉ' }));
  await first.getByRole('link', { name: 'Ngày cuối phải từ ngày đầu trở đi' }).waitFor();
  await look(first, 'can-bo-nghi-loi');
  form = first.locator('details[open]');
  await type(form.getByLabel('Đến hết ngày'), '27/11/2026');
  await type(form.getByLabel('Quyết định cử người làm thay'), '18/QĐ-UBND');
  await press(form.getByRole('button', { name: 'Ghi nghỉ' }));
  await first.getByText('Lò Thị Mây làm thay (18/QĐ-UBND)').waitFor();
  await look(first, 'can-bo-nghi');
  form = await open(first, 'Lấy lại vai đang cho làm thay');
  await type(form.getByLabel('Lý do'), 'không nghỉ nữa');
  await press(form.getByRole('button', { name: 'Lấy lại' }));
  await first.getByText('Đã lấy lại vai từ hôm nay').waitFor();
  await press(first.getByRole('button', { name: 'Đã đi làm lại' }));
  await first.getByText('Đã ghi đi làm lại từ hôm nay').waitFor();
});

test('an account is locked with a reason, opened, and given a new password', async () => {
  let form = await open(first, 'Khóa tài khoản');
  await press(form.getByRole('button', { name: 'Khóa tài khoản' }));
  await first.getByRole('link', { name: 'Ghi lý do' }).waitFor();
  form = first.locator('details[open]');
  await type(form.getByLabel('Lý do'), 'nghỉ thai sản');
  await press(form.getByRole('button', { name: 'Khóa tài khoản' }));
  await first.getByText('Đã khóa tài khoản').waitFor();
  await look(first, 'can-bo-khoa');
  await press(first.getByRole('button', { name: 'Mở khóa tài khoản' }));
  await first.getByText('Đã mở khóa tài khoản').waitFor();
  form = await open(first, 'Sinh mật khẩu mới');
  await press(form.getByRole('button', { name: 'Sinh mật khẩu mới' }));
  await first.getByRole('heading', { name: 'Mật khẩu mới' }).waitFor();
});

test('who goes elsewhere leaves no dossier behind, and the rights are tried before', async () => {
  const [counter, specialist] = await Promise.all(
    ['quay.yenbinh', 'chuyenvien.yenbinh'].map((login) => Caller.of(office.url, login)));
  const applicant = { number: '038191000777', name: 'Nguyễn Thị Ngoãn', born_on: '14/03/1991', sex: 'nu', address: 'Thôn Đông Hạ', phone: '' };
  const codes = [];
  for (let n = 0; n < 2; n += 1) {
    const { id } = await counter.ask('/dossiers', { procedure: '2.000815', applicant });
    await counter.act(id, { act: 'mark', component: 'ban-chinh', mark: 'shown' });
    await counter.act(id, { act: 'mark', component: 'ban-sao', mark: 'on_paper' });
    await counter.act(id, { act: 'receive' });
    await specialist.act(id, { act: 'take' });
    codes.push((await counter.ask(`/dossiers/${id}`)).code);
  }
  await first.goto('/quan-tri/thu-vai');
  await press(first.getByRole('button', { name: 'Thử' }));
  await type(first.getByLabel('Tên đăng nhập'), 'khong.co');
  await first.keyboard.press('Control+Enter');
  await first.getByRole('link', { name: /Không có tài khoản “khong.co”/ }).waitFor();
  await look(first, 'thu-vai-loi');
  await type(first.getByLabel('Tên đăng nhập'), 'chuyenvien2.yenbinh');
  await type(first.getByLabel('Mã hồ sơ'), codes[0]);
  await first.keyboard.press('Control+Enter');
  await first.getByText('Hồ sơ đang trong tay Hoàng Văn Tuệ').waitFor();
  assert.equal(await first.getByText('Ngoãn').count(), 0, 'nothing of the dossier is told');
  await look(first, 'thu-vai');

  await find(first, 'hoang van tue');
  await press(first.getByRole('link', { name: 'Hoàng Văn Tuệ' }));
  await first.getByRole('heading', { name: 'Đang giữ 2 hồ sơ' }).waitFor();
  await press(first.getByRole('link', { name: 'Điều chuyển hoặc thôi việc' }));
  await first.getByText(codes[1]).waitFor();
  await look(first, 'chuyen-viec');
  await type(first.getByLabel('Chuyển tất cả cho'), 'Đặng Thu Hà');
  await press(first.getByRole('button', { name: 'Chuyển 2 hồ sơ và kết thúc vai' }));
  await first.getByRole('link', { name: 'Ghi số và ngày của quyết định' }).waitFor();
  await type(first.getByLabel('Số, ngày của quyết định'), '19/QĐ-UBND');
  await press(first.getByRole('button', { name: 'Chuyển 2 hồ sơ và kết thúc vai' }));
  await first.getByRole('link', { name: /không làm được bước hiện tại/ }).waitFor();
  await look(first, 'chuyen-viec-loi');
  await type(first.getByLabel('Chuyển tất cả cho'), 'Sầm Văn Páo');
  await type(first.getByLabel(codes[1]), 'Hộp chung');
  await press(first.getByRole('button', { name: 'Chuyển 2 hồ sơ và kết thúc vai' }));
  await first.getByRole('heading', { name: 'Đã điều chuyển Hoàng Văn Tuệ' }).waitFor();
  assert.match(await first.getByRole('row', { name: /Sầm Văn Páo/ }).innerText(), new RegExp(codes[0]));
  assert.match(await first.getByRole('row', { name: /Hộp chung/ }).innerText(), new RegExp(codes[1]));
  await look(first, 'chuyen-viec-xong');
});

test('the administrator of one commune sees nobody of another', async () => {
  await find(first, 'quay.yenbinh');
  await press(first.getByRole('link', { name: 'Lò Thị Mây' }));
  await first.getByRole('heading', { name: 'Lò Thị Mây' }).waitFor();
  const form = await open(first, 'Giao vai');
  await type(form.getByLabel('Vai', { exact: true }), 'Quản trị hệ thống');
  await type(form.getByLabel('Tại cơ quan'), 'Ủy ban nhân dân xã Yên Bình');
  await type(form.getByLabel('Số, ngày của quyết định'), '20/QĐ-UBND');
  await press(form.getByRole('button', { name: 'Giao vai' }));
  await first.getByText('Đã ghi đề xuất').waitFor();
  await second.goto('/quan-tri/de-nghi');
  await press(second.getByRole('button', { name: 'Xác nhận vai cho Lò Thị Mây' }));
  await second.getByText('Đã xác nhận').waitFor();
  await find(second, 'giang a chu');
  const elsewhere = await second.getByRole('link', { name: 'Giàng A Chư' }).getAttribute('href');
  const page = await deskOf('quay.yenbinh');
  await find(page, 'giang a chu');
  await page.getByRole('heading', { name: 'Không có cán bộ nào khớp' }).waitFor();
  for (const address of [elsewhere, `${elsewhere}/chuyen-viec`]) {
    assert.equal((await page.goto(String(address)))?.status(), 404, String(address));
  }
  await page.goto('/quan-tri/thu-vai');
  await type(page.getByLabel('Tên đăng nhập'), 'quay.thacmay');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('link', { name: /Không có tài khoản “quay.thacmay”/ }).waitFor();
});

test('units are shown as on a day and found by the names they had', async () => {
  await first.goto('/quan-tri/don-vi');
  await first.getByText('Cây đơn vị ngày 23/11/2026').waitFor();
  await look(first, 'don-vi');
  await type(first.getByLabel('Tìm theo tên hoặc mã, cũ hay mới'), 'bach ha');
  await type(first.getByLabel('Cây của ngày'), '30/6/2025');
  await first.keyboard.press('Enter');
  await first.getByText('Cây đơn vị ngày 30/06/2025').waitFor();
  await first.getByRole('link', { name: /trước 01\/07\/2025: Ủy ban nhân dân xã Bạch Hà/ }).waitFor();
  await look(first, 'don-vi-cu');
  await press(first.getByRole('link', { name: 'Ủy ban nhân dân xã Bạch Hà', exact: true }));
  await first.getByText('Đã kết thúc').waitFor();
  await look(first, 'don-vi-mot');
  await first.goto('/quan-tri/don-vi?ngay=32/1/2025');
  await first.getByRole('link', { name: 'Ghi ngày như 30/6/2025' }).waitFor();
  await look(first, 'don-vi-loi');
});

/** @param {string} day */
async function fillMerger(day) {
  await type(first.getByLabel('Số, ngày của quyết định'), 'Nghị quyết số 05/NQ-HĐND');
  await type(first.getByLabel('Có hiệu lực từ ngày'), day);
  await type(first.locator('#f-tu-1'), 'Ủy ban nhân dân xã Yên Bình');
  await type(first.locator('#f-tu-2'), 'Ủy ban nhân dân xã Thác Mây');
  await type(first.getByLabel('Tên đơn vị mới'), 'Ủy ban nhân dân phường Thác Bình');
  await type(first.getByLabel('Mã định danh'), 'H99.131');
  await type(first.getByLabel('Địa danh'), 'Thác Bình');
}

test('a merger is shown with all it would do before it is decided, and then followed', async () => {
  await first.goto('/quan-tri/sap-xep');
  await first.keyboard.press('Control+Enter');
  await first.getByRole('link', { name: 'Chọn ít nhất một đơn vị kết thúc' }).waitFor();
  await look(first, 'sap-xep-loi');
  await fillMerger('1/12/2026');
  await look(first, 'sap-xep');
  await press(first.getByRole('button', { name: 'Xem trước hệ quả' }));
  await first.getByRole('heading', { name: 'Xem trước: Nghị quyết số 05/NQ-HĐND' }).waitFor();
  await first.getByText('Đến ngày 01/12/2026 mới áp dụng được').waitFor();
  await look(first, 'sap-xep-truoc-ngay');
  await first.goto('/quan-tri/sap-xep');
  await fillMerger('23/11/2026');
  await press(first.getByRole('button', { name: 'Xem trước hệ quả' }));
  await press(first.getByRole('button', { name: 'Áp dụng quyết định này' }));
  await first.getByText('Đã áp dụng. Hồ sơ đang được chuyển dần').waitFor();
  for (let n = 0; n < 40 && (await first.getByText('Xong', { exact: true }).count()) === 0; n += 1) {
    await press(first.getByRole('link', { name: 'Tải lại' }));
    await first.waitForLoadState();
  }
  await first.getByText('2 hồ sơ đã được chuyển đến đơn vị nhận').waitFor();
  await look(first, 'sap-xep-xong');
  await first.goto('/quan-tri/don-vi?tim=yen+binh');
  await first.getByRole('link', { name: /phường Thác Bình \(trước 23\/11\/2026: Ủy ban nhân dân xã Yên Bình/ }).waitFor();
  await first.goto('/quan-tri/sap-xep');
  const form = await open(first, 'dán tệp quyết định');
  await type(form.getByLabel('Nội dung tệp (TOML)'), 'id = ');
  await press(form.getByRole('button', { name: 'Xem trước tệp này' }));
  await first.getByRole('link', { name: /Tệp sai ở dòng 1/ }).waitFor();
  await look(first, 'sap-xep-tep-loi');
});

test('no page was blocked, threw or failed', () => {
  assertNoComplaints(...desks);
  assert.doesNotMatch(office.errors(), /panicked/);
});
