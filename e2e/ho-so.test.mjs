//! A real paper goes from the counter to a signed record, and is reused: one family's papers, every
//! officer's desk, and the timeline that tells it, in a real browser.
// @ts-check

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { readFile } from 'node:fs/promises';
import { assertNoComplaints, keysOf, launch, openDesk, signIn } from './lib/browser.mjs';
import { card, chooseCase, chooseFile, countSides, dropFile, openIntake, paper, waitForPages } from './lib/counter.mjs';
import { test } from './lib/chapters.mjs';
import { keep, look } from './lib/shot.mjs';
import { startOffice } from './lib/server.mjs';
import { readCard } from './lib/wedge.mjs';

/** Reading three pages on two busy cores. */
const DIGITISED_WITHIN_MS = 180_000;
const MARRIED_NAME = 'Cấp Giấy xác nhận tình trạng hôn nhân';

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk} */
let counter;
/** @type {import('./lib/browser.mjs').Desk[]} */
const desks = [];
/** The address of the first dossier. */
let dossier = '';

/** @param {string} login */
async function deskOf(login) {
  const desk = await openDesk(browser, office.url);
  desks.push(desk);
  await signIn(desk.page, login);
  return desk;
}

before(async () => {
  office = await startOffice();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await office?.stop();
});

test('the officer signs in, and a wrong password says so', async () => {
  counter = await openDesk(browser, office.url);
  desks.push(counter);
  const { page } = counter;
  await page.goto('/');
  await page.waitForURL(/\/dang-nhap/);
  await look(page, 'dang-nhap');
  await page.keyboard.type('quay.yenbinh');
  await page.keyboard.press('Tab');
  await page.keyboard.type('sai-mat-khau');
  await page.keyboard.press('Enter');
  await page.locator('.tom-loi').waitFor();
  assert.equal(await page.getByLabel('Tên đăng nhập').inputValue(), 'quay.yenbinh');
  await look(page, 'dang-nhap-sai');
  await signIn(page, 'quay.yenbinh');
  await page.waitForURL(/\/quay$/);
});

test('the desk names every mistake, and finds a procedure without accents', async () => {
  const { page } = counter;
  await look(page, 'quay');
  await page.keyboard.press('Control+Enter');
  await page.locator('.tom-loi').waitFor();
  assert.match(await page.title(), /^Lỗi: /);
  await page.locator('.tom-loi:focus').waitFor();
  await look(page, 'quay-loi');
  await page.goto('/quay');
  await readCard(page, '038191004627|191004627|Nguyễn');
  await page.locator('#e-the-can-cuoc').waitFor();
  await look(page, 'quay-the-hong');
  await page.goto('/quay');
  await page.getByLabel('Tìm thủ tục').fill('khong co thu tuc nay');
  await page.locator('#thu-tuc-ds [role=status]').waitFor();
  await page.getByLabel('Tìm thủ tục').fill('dang ky');
  await page.locator('#thu-tuc-ds .choice').nth(2).waitFor();
  await look(page, 'quay-tim');
});

test('the applicant comes from her card, the procedure from a few keys', async () => {
  const { page } = counter;
  const before = (await keysOf(page)).length;
  await openIntake(page, 'xac nhan tinh trang');
  const keys = (await keysOf(page)).slice(before);
  // The search words and one key that opens; not a key for seven fields of the card.
  assert.deepEqual(keys, [...'xac nhan tinh trang', 'Ctrl+Enter']);
  assert.match(await page.locator('h1').innerText(), /Nguyễn Thị Ngoãn/);
  await chooseCase(page, 'Đã ly hôn');
  assert.equal(await page.locator('.thanh-phan').count(), 3);
  // What must be digitised takes files; what may only be shown does not.
  assert.equal(await card(page, 'ly-hon').locator('form[data-upload]').count(), 1);
  assert.equal(await card(page, 'giay-to-tuy-than').locator('form[data-upload]').count(), 0);
  await page.keyboard.press('Control+Enter');
  await page.locator('.notice-bad:not([hidden])').first().waitFor();
  await look(page, 'lap-ho-so-thieu');
});

test('pages arrive by button and by drop; are turned, moved, hidden, and taken back', async () => {
  const { page } = counter;
  await chooseFile(page, 'to-khai', { name: 'to-khai.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('không phải ảnh') });
  await card(page, 'to-khai').locator('.bad').first().waitFor();
  await look(page, 'lap-ho-so-tep-hong');
  await chooseFile(page, 'to-khai', await paper('to-khai-xac-nhan-tinh-trang-hon-nhan.jpg'));
  await waitForPages(page, 'to-khai', 1);
  await dropFile(page, 'ly-hon', await paper('quyet-dinh-ly-hon.tiff'));
  await waitForPages(page, 'ly-hon', 2);

  const pages = card(page, 'ly-hon').locator('.trang');
  /** @param {number} index */
  const idOf = (index) => pages.nth(index).getAttribute('id');
  const [first, second] = [await idOf(0), await idOf(1)];
  const loaded = await pages.nth(0).locator('img').evaluate((image) => {
    const picture = /** @type {HTMLImageElement} */ (image);
    return picture.decode().then(() => picture.naturalWidth);
  });
  assert.ok(loaded > 0, 'the thumbnail is a picture');

  // The list has the focus, so single letters are keys.
  await pages.nth(0).locator('a').focus();
  await page.keyboard.press('r');
  await page.locator(`#${first} img[src$="xoay=1"]`).waitFor();
  await page.locator(`#${first} a:focus`).waitFor();
  await page.keyboard.press('Alt+ArrowDown');
  await page.locator(`#${second} + #${first}`).waitFor();
  await page.locator(`#${first} a:focus`).waitFor();
  await page.keyboard.press('Delete');
  await page.locator(`#${first}`).waitFor({ state: 'detached' });
  for (const _ of ['hidden', 'moved', 'turned']) {
    const before = await page.locator('#giay-ly-hon').innerHTML();
    await card(page, 'ly-hon').getByRole('button', { name: 'Hoàn tác' }).click();
    await page.waitForFunction((old) => document.querySelector('#giay-ly-hon')?.innerHTML !== old, before);
  }
  await page.locator(`#${first} img[src$="xoay=0"]`).waitFor();
  assert.deepEqual([await idOf(0), await idOf(1)], [first, second]);

  await countSides(page, 'to-khai', 1);
  await card(page, 'to-khai').getByText('Đủ 1 trang').waitFor();
  // A side that was not scanned is not passed over.
  await countSides(page, 'ly-hon', 3);
  await card(page, 'ly-hon').getByText('2 trang, đếm được 3 mặt giấy').waitFor();
  await countSides(page, 'ly-hon', 2);
  await card(page, 'ly-hon').getByText('Đủ 2 trang').waitFor();
  await page.getByRole('button', { name: 'Đã xem, trả lại' }).click();
  await card(page, 'giay-to-tuy-than').getByText('Đã xuất trình').waitFor();
  await look(page, 'lap-ho-so');
});

test('the applicant says how he wants the result, and the post needs an address', async () => {
  const { page } = counter;
  assert.ok(await page.getByRole('radio', { name: 'Tại quầy' }).isChecked(), 'he came to the counter');
  const address = page.getByLabel('Địa chỉ nhận bưu gửi');
  assert.match(await address.inputValue(), /\S/, 'where she lives is there already');
  await page.getByRole('radio', { name: 'Qua bưu chính' }).check();
  await address.fill('');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Nhận kết quả qua bưu chính thì cần địa chỉ').first().waitFor();
  assert.ok(await page.getByRole('radio', { name: 'Qua bưu chính' }).isChecked(), 'what was chosen stays');
  await look(page, 'lap-ho-so-cach-nhan');
  await address.fill('Thôn Đá Chữ, xã Yên Bình');
});

test('one key receives; the receipt is there to be printed', async () => {
  const { page } = counter;
  const intake = new URL(page.url()).pathname.replace(/\/tiep-nhan$/, '');
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('Control+Enter').catch(() => {});
  await page.waitForURL(/\/ho-so\/[0-9a-f-]{36}$/);
  dossier = page.url();
  await page.locator('h1 .code').waitFor();
  assert.match(await page.locator('h1 .code').innerText(), /^\S+-\d{6}-\d{4}$/);
  await page.getByText('Ghi người nộp nhận kết quả qua bưu chính, đến Thôn Đá Chữ').waitFor();
  await look(page, 'ho-so-moi-nhan');
  // Pressed twice: one dossier, and the intake is no longer open.
  await page.goto(intake);
  await page.waitForURL(dossier);
  const href = await page.getByRole('link', { name: 'Giấy tiếp nhận' }).getAttribute('href');
  const receipt = await page.request.get(href ?? '');
  assert.equal(receipt.status(), 200);
  assert.equal(receipt.headers()['content-type'], 'application/pdf');
  assert.equal((await receipt.body()).subarray(0, 5).toString(), '%PDF-');
  await keep('giay-tiep-nhan.pdf', await receipt.body());
});

test('the machine reads behind; the officer confirms with a key a field', async () => {
  const { page } = counter;
  await page.goto('/so-hoa');
  // Nothing is pressed: the list keeps itself fresh.
  await page.waitForFunction(
    () => document.querySelectorAll('#ds-so-hoa tbody tr').length === 2
      && [...document.querySelectorAll('#ds-so-hoa tbody .tag')].every((tag) => tag.textContent?.includes('Chờ soát')),
    undefined,
    { timeout: DIGITISED_WITHIN_MS },
  );
  await look(page, 'so-hoa');
  await page.getByRole('link', { name: /ly hôn/ }).click();
  await page.locator('[data-review]').waitFor();
  await look(page, 'soat');
  assert.equal(await page.locator('.soat-trang li').count(), 2);

  const truth = JSON.parse(await readFile(await paper('quyet-dinh-ly-hon.fields.json'), 'utf8'));
  assert.equal(await page.locator('#f-so-dinh-danh').inputValue(), truth.owner_personal_id);
  assert.equal(await page.locator('#f-ho-ten').inputValue(), truth.owner_name);
  // An empty or impossible field is not confirmed.
  await page.locator('#f-ngay-cap').fill('31/2/2023');
  await page.keyboard.press('Control+Enter');
  await page.locator('.why-bad').first().waitFor();
  await page.locator('#f-ngay-cap:focus').waitFor();
  await look(page, 'soat-loi');
  await page.locator('#f-ngay-cap').fill('12/9/2023');

  // One correction, then Enter through what is doubtful: the focus goes to the next by itself.
  await page.locator('#f-trich-yeu').fill(truth.abstract);
  const before = (await keysOf(page)).length;
  const doubts = Number(await page.locator('[data-doubts-left]').innerText());
  for (let left = doubts; left > 0; left -= 1) {
    await page.locator('.truong[data-doubt]:not(:has(.dung input:checked)) .input').first().focus();
    if (await page.locator('.input:focus').inputValue() === '') await page.keyboard.type('Không có');
    await page.keyboard.press('Enter');
    await page.locator('[data-doubts-left]', { hasText: new RegExp(`^${left - 1}$`) }).waitFor();
  }
  const keys = (await keysOf(page)).slice(before).filter((key) => key === 'Enter');
  assert.equal(keys.length, doubts);
  const review = page.url();
  await page.keyboard.press('Control+Enter');
  await page.waitForURL((url) => url.href !== review && /\/so-hoa\/./.test(url.pathname));
  // The next paper of the dossier comes by itself.
  await page.locator('[data-review]').waitFor();
  await look(page, 'soat-to-khai');
  if (await page.locator('#f-trich-yeu').inputValue() === '') await page.locator('#f-trich-yeu').fill('Đề nghị xác nhận tình trạng hôn nhân');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/so-hoa$/);
  await page.getByText('Không còn giấy nào chờ số hóa').waitFor();
  await look(page, 'so-hoa-het');
  await page.goto('/kho');
  await look(page, 'kho');
  await page.goto('/tim?q=ngoan');
  await page.getByRole('link', { name: /Ngoãn/ }).first().waitFor();
  await look(page, 'tim');
  await page.getByRole('link', { name: /Ngoãn/ }).first().click();
  await page.waitForURL(/\/kho\/nguoi\//);
  await page.locator('.giay-to li').nth(1).waitFor();
  await look(page, 'kho-nguoi');
});

/**
 * Takes the dossier from the inbox by its link and two keys, and does the main thing of the step.
 * @param {string} login
 * @param {(page: import('playwright-core').Page) => Promise<void>} [prepare]
 */
async function doStep(login, prepare) {
  const { page } = await deskOf(login);
  await page.goto('/viec');
  await page.locator(`a[href="${new URL(dossier).pathname}"]`).click();
  const step = await page.locator('.buoc [aria-current] span').innerText();
  const take = page.getByRole('button', { name: 'Nhận xử lý' });
  await take.waitFor();
  await page.keyboard.press('Control+Enter');
  await take.waitFor({ state: 'detached' });
  await prepare?.(page);
  await page.keyboard.press('Control+Enter');
  await page.waitForFunction((old) => document.querySelector('.buoc [aria-current] span')?.textContent !== old, step);
  return page;
}

/**
 * Opens one of the acts below the work of the step.
 * @param {import('playwright-core').Page} page
 * @param {string} title
 */
async function openAct(page, title) {
  const act = page.locator('section[aria-labelledby="viec-khac"] details').filter({ has: page.getByText(title, { exact: true }) });
  if (!await act.evaluate((details) => details.hasAttribute('open'))) await act.locator('summary').click();
  return act;
}

/** @param {import('playwright-core').Page} page */
async function stopAndGoOn(page) {
  const consult = await openAct(page, 'Xin ý kiến một cơ quan');
  await consult.getByRole('button', { name: 'Gửi xin ý kiến' }).click();
  await page.getByRole('link', { name: 'Chọn cơ quan' }).waitFor();
  await look(page, 'ho-so-viec-khac-loi');
  const halt = await openAct(page, 'Tạm dừng giải quyết');
  await halt.getByLabel('Lý do').fill('Chờ kết luận thanh tra');
  await halt.getByRole('button', { name: 'Tạm dừng' }).click();
  await page.locator('#viec-tiep + p', { hasText: /^Tạm dừng giải quyết đến .*: Chờ kết luận thanh tra/ }).waitFor();
  await look(page, 'ho-so-tam-dung');
  const resume = await openAct(page, 'Giải quyết tiếp');
  await resume.getByRole('button', { name: 'Giải quyết tiếp' }).click();
  await page.getByLabel('Ý kiến').waitFor();
}

/**
 * The specialist refers it to the leader, who grants it from his overview.
 * @param {import('playwright-core').Page} page
 */
async function putOff(page) {
  const refer = await openAct(page, 'Trình lãnh đạo cho hẹn lại ngày trả');
  await refer.getByLabel('Thêm số ngày làm việc').fill('hai');
  await refer.getByLabel('Lý do').fill('Sổ gốc đang được phục chế');
  await refer.getByRole('button', { name: 'Trình lãnh đạo' }).click();
  await page.getByRole('link', { name: /Ghi số ngày làm việc/ }).waitFor();
  assert.equal(await refer.getByLabel('Lý do').inputValue(), 'Sổ gốc đang được phục chế', 'what was typed is still there');
  await refer.getByLabel('Thêm số ngày làm việc').fill('2');
  await refer.getByRole('button', { name: 'Trình lãnh đạo' }).click();
  await page.getByText(/^Đang chờ lãnh đạo duyệt: hẹn lại thêm 02 ngày làm việc/).waitFor();
  const { page: leader } = await deskOf('lanhdao.yenbinh');
  await leader.goto('/viec?tat-ca=1');
  await leader.getByText('Duyệt hoặc không duyệt đề nghị trình lãnh đạo').first().waitFor();
  await leader.goto('/tong-quan');
  await leader.getByText(/Lý do: Sổ gốc đang được phục chế/).waitFor();
  await look(leader, 'tong-quan-trinh');
  await leader.goto(dossier);
  await leader.getByRole('button', { name: 'Duyệt đề nghị' }).waitFor();
  await look(leader, 'ho-so-trinh');
  await leader.goto('/tong-quan');
  await leader.getByRole('button', { name: /^Duyệt đề nghị của hồ sơ/ }).click();
  await leader.waitForURL(dossier);
  await leader.getByRole('link', { name: 'Văn bản xin lỗi' }).waitFor();
  await page.reload();
}

/** @param {import('playwright-core').Page} page */
async function readWhyItWasPutOff(page) {
  assert.equal(await page.getByText('Xin lỗi và hẹn lại ngày trả', { exact: true }).count(), 0, 'once only');
  await page.getByRole('link', { name: 'Vì sao?' }).click();
  await page.getByRole('heading', { name: /^Vì sao hẹn trả .+\?$/ }).waitFor();
  await page.getByText(/gia hạn|hẹn lại|thêm 2 ngày/i).first().waitFor();
  await look(page, 'ho-so-vi-sao');
  await page.getByRole('link', { name: 'Về hồ sơ' }).click();
  await page.getByText('Đọc dự thảo trước khi ký').waitFor();
}

test('head, specialist, leader and clerk do their steps', async () => {
  const head = await doStep('truongphong.yenbinh', async (page) => look(page, 'ho-so-phan-cong'));
  await head.goto('/viec');
  await look(head, 'viec');
  await doStep('chuyenvien.yenbinh', async (page) => {
    await look(page, 'ho-so-tham-dinh');
    await stopAndGoOn(page);
    await putOff(page);
    await page.getByLabel('Ý kiến').fill('Đã tra sổ hộ tịch: ly hôn năm 2023, từ đó chưa đăng ký kết hôn với ai.');
  });
  await doStep('chuyenvien.yenbinh', async (page) => {
    await page.getByRole('link', { name: 'Soạn dự thảo kết quả' }).click();
    await page.locator('#f-marital_status').waitFor();
    assert.equal(await page.locator('#f-full_name').inputValue(), 'Nguyễn Thị Ngoãn');
    await page.locator('#f-full_name').fill('');
    await page.keyboard.press('Control+Enter');
    await page.locator('.tom-loi').waitFor();
    await look(page, 'du-thao-loi');
    await page.locator('#f-full_name').fill('Nguyễn Thị Ngoãn');
    await page.locator('#f-marital_status').fill('Đã ly hôn theo Quyết định số 194/2023/QĐST-HNGĐ ngày 12/9/2023; hiện tại chưa đăng ký kết hôn với ai');
    await look(page, 'du-thao');
    await page.keyboard.press('Control+Enter');
    await page.waitForURL(dossier);
    await page.getByRole('link', { name: 'Xem dự thảo' }).waitFor();
  });
  await doStep('truongphong.yenbinh', async (page) => {
    await page.getByLabel('Ý kiến').fill('Dự thảo đúng.');
  });
  await doStep('lanhdao.yenbinh', async (page) => {
    await page.getByText('Đọc dự thảo trước khi ký').waitFor();
    await readWhyItWasPutOff(page);
    await look(page, 'ho-so-ky');
  });
  const clerk = await doStep('vanthu.yenbinh', async (page) => look(page, 'ho-so-dong-dau'));
  const href = await clerk.locator('#ket-qua + ul a.title').getAttribute('href');
  const file = await (await clerk.request.get(href ?? '')).body();
  // Two signatures: the leader's, and over it the agency's.
  assert.equal(file.toString('latin1').match(/\/ByteRange/g)?.length, 2);
  await keep('ket-qua.pdf', file);
});

test('the counter hands over', async () => {
  const { page } = counter;
  await page.goto(dossier);
  await page.getByLabel('Tại quầy').waitFor();
  await look(page, 'ho-so-tra');
  await page.getByLabel('Số giấy tờ tùy thân người nhận').fill('038191004627');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã trả kết quả.').first().waitFor();
  await look(page, 'ho-so-xong');
});

test('of the second dossier what the state already holds is ticked; put back, one key attaches it', async () => {
  const { page } = counter;
  await openIntake(page, 'dang ky ket hon');
  await card(page, 'xac-nhan-hon-nhan').getByText('Dùng lại từ kho').waitFor();
  await look(page, 'lap-ho-so-chon-san');
  await card(page, 'xac-nhan-hon-nhan').getByRole('button', { name: 'Bỏ, chọn lại' }).press('Enter');
  await card(page, 'xac-nhan-hon-nhan').locator('.de-nghi').waitFor();
  await look(page, 'lap-ho-so-dung-lai');
  const before = (await keysOf(page)).length;
  await page.keyboard.press('Alt+1');
  await card(page, 'xac-nhan-hon-nhan').locator('.de-nghi').waitFor({ state: 'detached' });
  assert.deepEqual((await keysOf(page)).slice(before), ['Alt+1']);
  // Whether the decree applies, the officer knows: it is offered only.
  await page.keyboard.press('Alt+1');
  await card(page, 'ly-hon').locator('.de-nghi').waitFor({ state: 'detached' });
  for (const component of ['xac-nhan-hon-nhan', 'ly-hon']) {
    // No file was asked for, and none can be given any more.
    assert.equal(await card(page, component).locator('form[data-upload]').count(), 0);
    await card(page, component).getByText('Dùng lại').first().waitFor();
  }
  await chooseFile(page, 'to-khai', await paper('to-khai-xac-nhan-tinh-trang-hon-nhan.jpg'));
  await waitForPages(page, 'to-khai', 1);
  await countSides(page, 'to-khai', 1);
  await card(page, 'to-khai').getByText('Đủ 1 trang').waitFor();
  await page.getByRole('button', { name: 'Đã xem, trả lại' }).click();
  await card(page, 'giay-to-tuy-than').getByText('Đã xuất trình').waitFor();
  await look(page, 'lap-ho-so-da-dung-lai');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/\/ho-so\/[0-9a-f-]{36}$/);
  await page.getByText('Dùng lại từ kho').nth(1).waitFor();
  const told = await page.locator('.dong-thoi-gian > li p').allInnerTexts();
  const reused = told.filter((sentence) => /ùng lại giấy đã có trong kho/.test(sentence));
  assert.equal(reused.length, 3, told.join('\n'));
  await look(page, 'ho-so-dung-lai');
});

test('an intake begun by mistake is given up with its reason', async () => {
  const { page } = counter;
  await openIntake(page, 'dang ky ket hon');
  const intake = new URL(page.url()).pathname;
  await page.getByRole('link', { name: 'bỏ hồ sơ đang lập' }).press('Enter');
  await page.waitForURL(/\/ho-so\//);
  await page.getByText('Bỏ hồ sơ đang lập', { exact: true }).first().press('Enter');
  const form = page.locator('form[action$="/viec/rut"]');
  await form.getByLabel('Lý do').fill('Mở nhầm thủ tục');
  await look(page, 'ho-so-bo-dang-lap');
  await form.getByRole('button', { name: 'Bỏ hồ sơ' }).press('Enter');
  await page.getByText('Đã bỏ khi đang lập tại quầy').first().waitFor();
  await page.goto('/quay');
  assert.equal(await page.locator(`a[href="${intake}"]`).count(), 0, 'it left the list of the desk');
});

test('the timeline tells the whole story in sentences', async () => {
  const { page } = counter;
  await page.goto(dossier);
  const told = await page.locator('.dong-thoi-gian > li p').allInnerTexts();
  const times = await page.locator('.dong-thoi-gian time').evaluateAll((all) => all.map((time) => time.getAttribute('datetime') ?? ''));
  const oldestFirst = times[0] <= times[times.length - 1] ? told : told.toReversed();
  const story = [
    /bắt đầu lập hồ sơ/i, /chọn lại trường hợp/i, /thêm một tệp/i, /không dùng được/i, /xoay/i, /hoàn tác/i,
    /đếm 2 mặt giấy/i, /đã xuất trình/i, /tiếp nhận hồ sơ, cấp mã/i, /đọc xong/i, /ký số bản số hóa/i,
    /xác nhận các trường/i, /cấp mã số hóa/i, /phân công xử lý/i, /Ý kiến: Đã tra sổ/i, /soạn dự thảo kết quả/i,
    /phê duyệt và ký số kết quả/i, /cấp số .*đóng dấu/i, /đưa kết quả vào kho/i, /trả kết quả tại quầy/i,
  ];
  let from = -1;
  for (const sentence of story) {
    const at = oldestFirst.findIndex((text) => sentence.test(text));
    assert.ok(at >= 0, `${sentence} is not told in:\n${oldestFirst.join('\n')}`);
    if (!/đọc xong|ký số bản|hoàn tác|soạn dự thảo/.test(sentence.source)) {
      assert.ok(at > from, `${sentence} stands out of order in:\n${oldestFirst.join('\n')}`);
      from = at;
    }
  }
  assert.ok(told.every((text) => /^\p{Lu}/u.test(text)), 'sentences begin with a capital');
});

test('what is around the story: account, jobs, and pages that are not there', async () => {
  const { page } = counter;
  await page.goto('/tai-khoan');
  await look(page, 'tai-khoan');
  await page.goto('/bao-dong');
  await page.getByText('Không có báo động').waitFor();
  await look(page, 'bao-dong');
  await page.goto('/viec');
  await page.keyboard.press('F1');
  await page.locator('dialog[open]').waitFor();
  await look(page, 'phim');
  await page.keyboard.press('Escape');
  await page.goto('/khong-co-trang-nay');
  await look(page, 'khong-co');
  await page.goto('/quan-tri/viec');
  await look(page, 'khong-duoc-xem');
  const { page: admin } = await deskOf('quantri');
  await admin.goto('/quan-tri/viec');
  await look(admin, 'viec-chay-ngam');
});

test('no page was blocked, threw or failed', () => {
  assertNoComplaints(...desks);
  assert.doesNotMatch(office.errors(), /panicked/);
});
