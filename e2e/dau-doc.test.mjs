//! Readers of the card that are no keyboard, and the camera. No reader is plugged in here: HID and serial are
//! played as their specifications write them, the camera shows a picture of the card.
// @ts-check

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import { assertNoComplaints, launch, openDesk, signIn } from './lib/browser.mjs';
import { cardText, paper } from './lib/counter.mjs';
import { test } from './lib/chapters.mjs';
import { startOffice } from './lib/server.mjs';
import { look } from './lib/shot.mjs';

const HOLDER = '#f-ho-ten[value="Nguyễn Thị Ngoãn"]';

/** @type {import('./lib/server.mjs').Office} */
let office;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./lib/browser.mjs').Desk} */
let desk;
/** @type {string} */
let folder;

/** A browser with a reader in HID-POS mode and one on a serial port; each page finds the same two. */
function withReaders() {
  /** @param {number[]} usages @param {number} reportSize @param {number} reportCount */
  const item = (usages, reportSize, reportCount) => ({ usages, reportSize, reportCount, isRange: false });
  // Scanned data report: count, identifier of the symbology, 56 bytes, two of the maker's, and a bit that says
  // that another report goes on.
  const items = [item([0x1003b], 8, 1), item([0x8c00fb, 0x8c00fc, 0x8c00fd], 8, 3), item([0x8c00fe], 8, 56), item([0xff660001], 8, 2), item([0x8c00ff], 1, 8)];
  class Device extends EventTarget {
    productName = 'Đầu đọc thử';

    opened = false;

    collections = [{ usagePage: 0x8c, usage: 2, inputReports: [{ reportId: 2, items }], children: [] }];

    async open() {
      this.opened = true;
    }

    /** @param {Uint8Array} bytes what the reader saw */
    sees(bytes) {
      for (let from = 0; from < bytes.length; from += 56) {
        const part = bytes.slice(from, from + 56);
        const report = new Uint8Array(63);
        report.set([part.length, 0x5d, 0x51, 0x31, ...part]);
        report[62] = from + 56 < bytes.length ? 1 : 0;
        this.dispatchEvent(Object.assign(new Event('inputreport'), { reportId: 2, data: new DataView(report.buffer) }));
      }
    }
  }
  const device = new Device();
  /** @type {ReadableStreamDefaultController<Uint8Array> | undefined} */
  let line;
  const port = {
    readable: /** @type {ReadableStream<Uint8Array> | null} */ (null),
    async open() {
      this.readable = new ReadableStream({ start: (controller) => { line = controller; } });
    },
    /** @param {Uint8Array} bytes */
    sees: (bytes) => { for (const byte of bytes) line?.enqueue(Uint8Array.of(byte)); },
  };
  const given = (/** @type {string} */ kind) => localStorage.getItem('dau-doc') === kind;
  Object.defineProperty(navigator, 'hid', { value: { requestDevice: async () => [device], getDevices: async () => (given('hid') ? [device] : []) } });
  Object.defineProperty(navigator, 'serial', { value: { requestPort: async () => port, getPorts: async () => (given('serial') ? [port] : []) } });
  Object.assign(window, { device, port });
}

/**
 * @param {'device' | 'port'} reader
 * @param {string} text
 */
const reads = (reader, text) => desk.page.evaluate(([name, read]) => {
  // @ts-ignore -- put there by withReaders
  window[name].sees(new TextEncoder().encode(read));
}, [reader, text]);

before(async () => {
  office = await startOffice();
  browser = await launch();
  folder = await mkdtemp(join(tmpdir(), 'motcua-may-anh-'));
  desk = await openDesk(browser, office.url);
  await desk.page.context().addInitScript(withReaders);
  await signIn(desk.page, 'quay.yenbinh');
});

after(async () => {
  await desk?.close();
  await browser?.close();
  await office?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test('a reader in HID-POS mode is connected once and fills in the card, here and on the next page', async () => {
  const { page } = desk;
  await page.goto('/quay');
  await page.getByText('Nối đầu đọc hoặc máy ảnh').press('Enter');
  await page.getByRole('button', { name: 'Đầu đọc USB (HID-POS)' }).press('Enter');
  await page.getByText('Đã nối Đầu đọc thử').waitFor();
  await look(page, 'dau-doc-hid');
  await reads('device', await cardText());
  await page.locator(HOLDER).waitFor();
  await page.goto('/quay');
  await page.getByText('Đã nối Đầu đọc thử').waitFor({ state: 'attached' });
  await reads('device', await cardText());
  await page.locator(HOLDER).waitFor();
});

test('letters in another encoding are told, and no wrong name is written', async () => {
  const { page } = desk;
  await page.goto('/quay');
  await page.getByText('Đã nối Đầu đọc thử').waitFor({ state: 'attached' });
  await page.evaluate(() => {
    // @ts-ignore -- put there by withReaders
    window.device.sees(Uint8Array.of(0x4e, 0x67, 0xf4, 0x7c));
  });
  await page.getByText('không theo bảng mã UTF-8').waitFor({ state: 'attached' });
  assert.equal(await page.locator('#f-the-can-cuoc').inputValue(), '');
});

test('a reader on a serial port sends a line a card', async () => {
  const { page } = desk;
  await page.goto('/quay');
  await page.getByText('Nối đầu đọc hoặc máy ảnh').press('Enter');
  await page.getByRole('button', { name: 'Đầu đọc cổng COM' }).press('Enter');
  await page.getByText('Đã nối đầu đọc cổng COM').waitFor();
  await reads('port', `${await cardText()}\r\n`);
  await page.locator(HOLDER).waitFor();
});

test('what is no picture holds no code, and a picture without its form is not looked at', async () => {
  const { page } = desk;
  const answers = await page.evaluate(async () => {
    const token = /** @type {HTMLInputElement} */ (document.querySelector('input[name="csrf"]')).value;
    /** @param {string} csrf */
    const ask = async (csrf) => {
      const body = new FormData();
      body.append('csrf', csrf);
      body.append('file', new Blob(['<svg onload=alert(1)>']), 'anh.jpg');
      const answer = await fetch('/quet-anh', { method: 'POST', body });
      return [answer.status, answer.ok ? await answer.json() : null];
    };
    return [await ask(token), await ask('của người khác')];
  });
  assert.deepEqual(answers[0], [200, []]);
  assert.ok(answers[1][0] >= 400 && answers[1][0] < 500, String(answers[1][0]));
});

test('the camera reads the card and is put away', async () => {
  // The part of the sheet on which the card lies, as a camera of 1280 × 720 sees it.
  const sheet = (await readFile(await paper('cccd-qr.png'))).toString('base64');
  const drawing = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await drawing.setContent(`<body style="margin:0;overflow:hidden"><img src="data:image/png;base64,${sheet}" style="position:absolute;left:-600px;top:-400px">`);
  await drawing.locator('img').evaluate((/** @type {HTMLImageElement} */ image) => image.decode());
  const film = join(folder, 'may-anh.mjpeg');
  await writeFile(film, await drawing.screenshot({ type: 'jpeg', quality: 90 }));
  await drawing.close();
  const seeing = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium-headless-shell',
    args: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`],
  });
  try {
    const other = await openDesk(seeing, office.url, { permissions: ['camera'] });
    await signIn(other.page, 'quay.yenbinh');
    await other.page.goto('/quay');
    await other.page.getByText('Nối đầu đọc hoặc máy ảnh').press('Enter');
    await other.page.getByRole('button', { name: 'Máy ảnh' }).press('Enter');
    await other.page.locator(HOLDER).waitFor();
    assertNoComplaints(other);
  } finally {
    await seeing.close();
  }
});

test('no page was blocked, threw or failed', () => {
  assertNoComplaints(desk);
});
