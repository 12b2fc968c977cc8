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
  // An id may end in twelve figures by chance.
  const address = decodeURIComponent(page.url()).replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, '');
  assert.doesNotMatch(address, /\p{Lu}\p{Ll}+ \p{Lu}|\d{12}/u, 'no name and no number in the address');
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

test('a dossier of another commune is read in an emergency, and its leader says what of it', async () => {
  const officer = await openDesk(browser, office.url);
  const { page } = officer;
  const reason = 'Lũ cuốn mất giấy tờ, người dân đang ở quầy cần xác nhận ngay';
  await signIn(page, 'chuyenvien.thacmay');
  const closed = await page.goto(`/ho-so/${dossier.id}`);
  assert.equal(closed?.status(), 404);
  await page.goto('/viec');
  await page.getByRole('link', { name: 'Mở khẩn cấp' }).press('Enter');
  await page.getByRole('heading', { name: 'Mở khẩn cấp', level: 1 }).waitFor();
  await page.getByLabel('Mã hồ sơ').fill('H99.101-261123-0999');
  await page.getByLabel('Lý do').fill('gấp');
  await page.getByLabel('Mật khẩu của bạn').fill('motcua-demo');
  await page.keyboard.press('Control+Enter');
  await page.locator('.tom-loi').getByRole('link', { name: /Ghi lý do thành một câu/ }).waitFor();
  assert.equal(await page.getByLabel('Mã hồ sơ').inputValue(), 'H99.101-261123-0999');
  await page.getByLabel('Lý do').fill(reason);
  await page.getByLabel('Mật khẩu của bạn').fill('motcua-demo');
  await page.keyboard.press('Control+Enter');
  await page.locator('.tom-loi').getByRole('link', { name: /Không có hồ sơ nào mở khẩn cấp được/ }).waitFor();
  await look(page, 'mo-khan-cap-loi');
  await page.getByLabel('Mã hồ sơ').fill(dossier.code);
  await page.getByLabel('Mật khẩu của bạn').fill('motcua-demo');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(`**/ho-so/${dossier.id}`);
  await page.getByText('Bạn đọc được vì đã mở khẩn cấp hồ sơ này').waitFor();
  for (const name of ['Việc khác', 'In phiếu', 'Bìa hồ sơ giấy', 'Ghi chú']) {
    assert.equal(await page.getByRole('heading', { name }).count(), 0, name);
  }
  await page.locator('.dong-thoi-gian > li', { hasText: `lý do: ${reason}` }).first().waitFor();
  await look(page, 'mo-khan-cap-ho-so');
  // Whatever the page leads to opens.
  const hrefs = await page.locator('main a[href^="/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  for (const href of new Set(hrefs)) assert.equal((await page.request.get(href)).status(), 200, href);
  await page.goto(`/ho-so/${dossier.id}/vi-sao`);
  await page.getByText('Bạn đọc được vì đã mở khẩn cấp hồ sơ này').waitFor();

  const head = await openDesk(browser, office.url);
  await signIn(head.page, 'truongphong.yenbinh');
  await head.page.goto('/mo-khan-cap');
  const card = head.page.getByRole('article', { name: /Phùng Thị Nhàn/ });
  await card.getByText(reason).waitFor();
  await card.getByText(/Trang hồ sơ: 1 lần/).waitFor();
  await look(head.page, 'mo-khan-cap-xem-xet');
  await card.getByRole('button', { name: 'Không đúng mục đích' }).press('Enter');
  await head.page.locator('.tom-loi').getByRole('link', { name: /Ghi vì sao không đúng mục đích/ }).waitFor();
  await look(head.page, 'mo-khan-cap-xem-xet-loi');
  await card.getByLabel('Nhận xét').fill('Hôm đó không có người dân nào đến quầy');
  await card.getByRole('button', { name: 'Không đúng mục đích' }).press('Enter');
  await head.page.getByText('Đã ghi kết quả xem xét').waitFor();
  await head.page.getByRole('heading', { name: 'Không có lần mở nào chờ xem xét' }).waitFor();
  const ended = await page.goto(`/ho-so/${dossier.id}`);
  assert.equal(ended?.status(), 404, 'it ended at once');

  const theirs = await openDesk(browser, office.url);
  await signIn(theirs.page, 'truongphong.thacmay');
  await theirs.page.goto('/mo-khan-cap');
  await theirs.page.getByText('Hôm đó không có người dân nào đến quầy').waitFor();
  await look(theirs.page, 'mo-khan-cap-khong-dung');
  await auditor.page.goto(`${PATH}?ho-so=${dossier.id}&loai=xem`);
  await auditor.page.getByText(/xem xét lần mở khẩn cấp của Phùng Thị Nhàn, không đúng mục đích/i).waitFor();
  assertNoComplaints(officer, head, theirs);
});
