//! Who leads sees what is late, opens a number, and gives the dossiers behind it to somebody by keys alone;
//! an officer narrows his list and keeps it under a name, without script too.
// @ts-check

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { Caller, draftedCopy, receivedCopy } from './lib/api.mjs';
import { assertNoComplaints, launch, openDesk, signIn } from './lib/browser.mjs';
import { test } from './lib/chapters.mjs';
import { startOffice } from './lib/server.mjs';
import { keep, look } from './lib/shot.mjs';

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk} */
let head;
/** @type {import('./lib/browser.mjs').Desk} */
let plain;

before(async () => {
  office = await startOffice({ at: '2026-11-23T08:00' });
  browser = await launch();
  const [counter, specialist] = await Promise.all(
    ['quay', 'chuyenvien'].map((login) => Caller.of(office.url, `${login}.yenbinh`)));
  for (let n = 0; n < 2; n += 1) await draftedCopy({ counter, specialist }, n);
  head = await openDesk(browser, office.url);
  plain = await openDesk(browser, office.url, { javaScriptEnabled: false });
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

test('the overview tells what is late and leads to what it counts', async () => {
  const { page } = head;
  await signIn(page, 'truongphong.yenbinh');
  await page.getByRole('link', { name: 'Tổng quan' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Tổng quan' }).waitFor();
  await look(page, 'tong-quan');
  const link = page.locator('#so-lieu table a').first();
  const counted = Number(await link.innerText());
  assert.ok(counted > 0);
  await link.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/tong-quan\/ho-so/);
  assert.equal(await page.locator('tbody tr').count(), counted);
  await look(page, 'tong-quan-danh-sach');
});

test('dossiers are given to somebody from the list by keys', async () => {
  const { page } = head;
  await page.goto('/tong-quan/ho-so');
  const boxes = page.locator('input[name="ho-so"]');
  const n = await boxes.count();
  assert.ok(n > 0, 'something can be given');
  await boxes.first().focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Giao' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('Chọn người nhận').waitFor();
  assert.ok(await boxes.first().isChecked(), 'what was ticked stays');
  await look(page, 'tong-quan-giao-loi');
  await page.getByLabel('Giao cho').selectOption({ index: 1 });
  await page.getByLabel('Lý do').fill('Cân đối việc trong tuần');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^Giao hồ sơ: (1 xong|0 xong, 1 không)$/ }).waitFor();
  await look(page, 'tong-quan-da-giao');
});

test('a list is narrowed and kept under a name without script', async () => {
  const { page } = plain;
  await signIn(page, 'chuyenvien.yenbinh');
  await page.goto('/viec');
  await page.locator('summary', { hasText: 'Lọc và lưu bộ lọc' }).click();
  await page.getByLabel('Người giữ').selectOption('toi');
  await page.getByRole('button', { name: 'Lọc', exact: true }).click();
  await page.getByRole('link', { name: 'Tôi đang giữ (bỏ lọc)' }).waitFor();
  await page.locator('summary', { hasText: 'Lọc và lưu bộ lọc' }).click();
  await page.getByLabel('Lưu bộ lọc đang dùng với tên').fill('Của tôi');
  await page.getByRole('button', { name: 'Lưu bộ lọc' }).click();
  await page.getByRole('navigation', { name: 'Bộ lọc đã lưu' }).getByRole('link', { name: /Của tôi/ }).click();
  await page.getByRole('button', { name: 'Mở đầu tiên' }).click();
  await page.getByText('Từ nay danh sách mở với bộ lọc này').waitFor();
  await page.getByRole('link', { name: 'Tôi đang giữ (bỏ lọc)' }).click();
  assert.match(page.url(), /tat-ca=1/);
});

test('dossiers of the inbox are ticked and taken at once without script, each told', async () => {
  const caller = await Caller.of(office.url, 'quay.yenbinh');
  for (let n = 10; n < 13; n += 1) await receivedCopy(caller, n);
  const { page } = plain;
  await page.goto('/viec?tat-ca=1&can-bo=chua-giao');
  await page.getByRole('button', { name: 'Nhận việc' }).click();
  await page.getByRole('alert').getByText('Chọn ít nhất một hồ sơ').waitFor();
  const boxes = page.locator('input[name="ho-so"]');
  const n = await boxes.count();
  assert.ok(n >= 3);
  for (let at = 0; at < 3; at += 1) await boxes.nth(at).check();
  await page.getByRole('button', { name: 'Xem việc làm chung được' }).click();
  await page.getByRole('heading', { name: 'Việc làm chung cho 3 hồ sơ' }).waitFor();
  await keep('viec-nhieu-viec-chung.png', await page.screenshot());
  await page.getByRole('button', { name: 'Nhận việc' }).click();
  await page.getByRole('heading', { name: 'Nhận việc: 3 xong' }).waitFor();
  await keep('viec-nhieu-xong.png', await page.screenshot());
});

test('a head ticks with the space bar and gives what nobody has taken yet', async () => {
  const caller = await Caller.of(office.url, 'quay.yenbinh');
  for (let n = 20; n < 22; n += 1) await receivedCopy(caller, n);
  const { page } = head;
  await page.goto('/viec?tat-ca=1&trang-thai=received');
  const first = page.locator('[data-list] .main-link').first();
  await first.focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('j');
  await page.keyboard.press('Space');
  assert.equal(await page.locator('input[name="ho-so"]:checked').count(), 2);
  await look(page, 'viec-nhieu-chon');
  await page.getByLabel('Giao cho').selectOption({ label: 'Sầm Văn Páo' });
  await page.getByLabel('Lý do giao').fill('Cân đối việc trong tuần');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Giao hồ sơ: 2 xong' }).waitFor();
  await look(page, 'viec-nhieu-da-giao');
});

test('a search is narrowed by chips that come off, and kept under a name', async () => {
  const { page } = plain;
  await page.goto('/tim?q=ban+sao');
  await page.goto('/tim');
  await page.locator('summary', { hasText: 'Lọc hồ sơ và lưu bộ lọc' }).click();
  await page.getByLabel('Người giữ').selectOption('toi');
  await page.getByLabel('Tiếp nhận từ ngày').fill('1/11/2026');
  await page.getByRole('button', { name: 'Lọc', exact: true }).click();
  const chips = page.getByRole('navigation', { name: 'Đang lọc' });
  await chips.getByRole('link', { name: 'Tôi đang giữ (bỏ lọc)' }).waitFor();
  assert.ok(await page.locator('.giay-to a.title').count() >= 3);
  await keep('tim-loc.png', await page.screenshot());
  await page.locator('summary', { hasText: 'Lọc hồ sơ và lưu bộ lọc' }).click();
  await page.getByLabel('Lưu bộ lọc đang dùng với tên').fill('Tôi nhận tháng này');
  await page.getByRole('button', { name: 'Lưu bộ lọc' }).click();
  await page.getByRole('navigation', { name: 'Bộ lọc đã lưu' }).getByRole('link', { name: /Tôi nhận tháng này/ }).waitFor();
  await keep('tim-loc-da-luu.png', await page.screenshot());
  await chips.getByRole('link', { name: 'Tôi đang giữ (bỏ lọc)' }).click();
  await chips.getByRole('link', { name: 'Tiếp nhận từ 01/11/2026 (bỏ lọc)' }).click();
  assert.equal(await page.getByRole('navigation', { name: 'Đang lọc' }).count(), 0);
  await page.goto('/viec?tat-ca=1');
  assert.equal(await page.getByRole('link', { name: /Tôi nhận tháng này/ }).count(), 0, 'it belongs to the search');
});

test('the list says what it is narrowed by', async () => {
  const { page } = head;
  await page.goto('/viec?can-bo=chua-giao&so-hoa=con');
  await page.locator('summary', { hasText: 'Lọc và lưu bộ lọc' }).click();
  assert.equal(await page.getByRole('link', { name: /\(bỏ lọc\)/ }).count(), 2);
  await look(page, 'viec-bo-loc');
});

test('nothing was complained about', async () => assertNoComplaints(head, plain));
