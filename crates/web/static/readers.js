// Readers of codes that are no keyboard (HID-POS, serial), and the camera. What they read goes where the
// keyboard's goes. Loaded only on a machine that has one, or when one is asked for.

import { scanned } from './app.js';
import { $, say } from './dom.js';

/** What this machine reads with; told again on every page until another is chosen. */
const CHOSEN = 'dau-doc';

/** Usages of a reader's report (HID Usage Tables: 0x01; HID Point of Sale Usage Tables 1.02: 0x8c). */
const READER = 0x8c;
const COUNT = 0x1003b;
const DATA = 0x8c00fe;
const MORE = 0x8c00ff;

/** Bytes of the longest code anybody shows, as the card reader by keyboard has it. */
const MOST = 2000;

const NOT_UTF8 = 'Đầu đọc gửi chữ không theo bảng mã UTF-8. Chỉnh đầu đọc về UTF-8 rồi quét lại';

/** Readers that send another encoding would write wrong names without anybody noticing. */
function told(bytes, show) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
    // eslint-disable-next-line no-control-regex
    const clean = text.replace(/[\0\r\n]+$/u, '');
    if (clean) scanned(clean);
  } catch {
    show(NOT_UTF8);
  }
}

/** Where each report of a reader holds what was read, as the reader itself describes it; in bits. */
export function layout(collections) {
  const reports = new Map();
  for (const { inputReports } of collections.filter(({ usagePage }) => usagePage === READER)) {
    for (const { reportId, items } of inputReports) {
      const place = { count: null, data: null, end: 0, more: null };
      let bit = 0;
      for (const item of items) {
        for (let n = 0; n < item.reportCount; n += 1, bit += item.reportSize) {
          const usages = item.usages ?? [];
          const usage = item.isRange ? Math.min(item.usageMinimum + n, item.usageMaximum) : usages[Math.min(n, usages.length - 1)];
          if (usage === COUNT) place.count = bit;
          if (usage === MORE) place.more ??= bit;
          if (usage === DATA) {
            place.data ??= bit;
            place.end = bit + item.reportSize;
          }
        }
      }
      if (place.data !== null) reports.set(reportId, place);
    }
  }
  return reports;
}

/** The bytes of one report, and whether another goes on. */
export function partOf(place, data) {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const from = place.data / 8;
  const counted = place.count === null ? null : bytes[place.count / 8];
  const all = bytes.slice(from, Math.min(place.end / 8, bytes.length));
  const part = counted === null ? all : all.slice(0, counted);
  const more = place.more !== null && ((bytes[place.more >> 3] >> (place.more & 7)) & 1) === 1;
  return { part, more };
}

async function openHid(device, show) {
  const reports = layout(device.collections);
  if (!reports.size) {
    show('Đầu đọc chưa ở chế độ HID-POS. Quét mã cài đặt “USB HID-POS” trong sách của máy, cắm lại rồi thử lại');
    return false;
  }
  if (!device.opened) await device.open();
  let read = [];
  device.addEventListener('inputreport', ({ reportId, data }) => {
    const place = reports.get(reportId);
    if (!place) return;
    const { part, more } = partOf(place, data);
    read.push(...part);
    if (more && read.length <= MOST) return;
    if (read.length <= MOST) told(read, show);
    read = [];
  });
  show(`Đã nối ${device.productName || 'đầu đọc'}`);
  return true;
}

async function openSerial(port, show) {
  await port.open({ baudRate: 9600 });
  show('Đã nối đầu đọc cổng COM');
  (async () => {
    let read = [];
    while (port.readable) {
      const reader = port.readable.getReader();
      try {
        for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) {
          for (const byte of value) {
            if (byte !== 13 && byte !== 10) {
              if (read.length <= MOST) read.push(byte);
            } else {
              if (read.length <= MOST) told(read, show);
              read = [];
            }
          }
        }
        return;
      } catch {
        // Framing errors leave the port open; an unplugged reader has nothing to be read from any more.
        read = [];
      } finally {
        reader.releaseLock();
      }
    }
    show('Đầu đọc cổng COM đã rút ra');
  })();
  return true;
}

/** Looks through the camera until a code is there, then puts the camera away. */
async function look(box, show) {
  const video = $('video', box);
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1920 }, height: { ideal: 1080 } } });
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  show('Đưa mã QR vào giữa khung hình');
  const canvas = document.createElement('canvas');
  const csrf = $('input[name="csrf"]').value;
  const until = Date.now() + 60_000;
  try {
    while (Date.now() < until && box.open) {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      canvas.getContext('2d').drawImage(video, 0, 0);
      const picture = await new Promise((done) => { canvas.toBlob(done, 'image/jpeg', 0.9); });
      const body = new FormData();
      body.append('csrf', csrf);
      body.append('file', picture, 'anh.jpg');
      const answer = await fetch('/quet-anh', { method: 'POST', body, headers: { 'HX-Request': 'true' } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const [code] = await answer.json();
      if (code) {
        show('Đã đọc mã');
        scanned(code);
        return;
      }
      await new Promise((done) => { setTimeout(done, 200); });
    }
    show('Chưa thấy mã QR nào. Lau ống kính, đưa mã gần hơn, đủ sáng, rồi thử lại');
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.hidden = true;
    video.srcObject = null;
  }
}

const refused = {
  NotFoundError: 'Không thấy thiết bị nào. Cắm vào rồi thử lại',
  NotAllowedError: 'Trình duyệt chưa cho dùng thiết bị. Bấm vào biểu tượng bên trái thanh địa chỉ để cho phép',
  NotReadableError: 'Thiết bị đang được chương trình khác dùng. Đóng chương trình đó rồi thử lại',
  InvalidStateError: 'Thiết bị đang được cửa sổ khác dùng. Đóng cửa sổ đó rồi thử lại',
  NetworkError: 'Không mở được thiết bị. Rút ra cắm lại rồi thử lại',
};
const whyNot = (error) => refused[error.name] ?? 'Không dùng được thiết bị này. Gõ tay, hoặc rút ra cắm lại rồi thử lại';

const shower = (box) => (text) => {
  const line = box && $('[data-reader-said]', box);
  if (line) line.textContent = text;
  else say(text);
};

/** Asks the browser for a device; pressed by somebody, or the browser would not ask. */
export async function connect(kind, box) {
  const show = shower(box);
  try {
    if (kind === 'camera') return await look(box, show);
    if (kind === 'hid') {
      const [device] = await navigator.hid.requestDevice({ filters: [{ usagePage: READER }] });
      if (device && await openHid(device, show)) localStorage.setItem(CHOSEN, 'hid');
    } else if (await openSerial(await navigator.serial.requestPort(), show)) localStorage.setItem(CHOSEN, 'serial');
  } catch (error) {
    show(whyNot(error));
  }
  return undefined;
}

/** Takes up again what this machine was given leave to use. */
export async function reconnect(box) {
  const show = shower(box);
  try {
    if (localStorage.getItem(CHOSEN) === 'hid') {
      for (const device of await navigator.hid?.getDevices() ?? []) await openHid(device, show);
    } else for (const port of await navigator.serial?.getPorts() ?? []) await openSerial(port, show);
  } catch (error) {
    show(whyNot(error));
  }
}
