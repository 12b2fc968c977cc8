// Sends files to the ordinary form's address when they are chosen, one request per file; an error blocks
// only its file. It works on whatever carries its data-* hooks, now or after a swap.
// XMLHttpRequest, because fetch tells nothing about how much has been sent.

import { refresh } from './app.js';
import { $, clock, make, say } from './dom.js';

const size = (bytes) => bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toLocaleString('vi-VN', { maximumFractionDigits: 1 })} MB`;

function errorIn(request) {
  const body = request.responseText.trim();
  if (!/html/.test(request.getResponseHeader('content-type') ?? '')) return body.slice(0, 300);
  const page = new DOMParser().parseFromString(body, 'text/html');
  return $('.tom-loi li, [role="alert"], .field-error', page)?.textContent.trim();
}

function send(form, file, key, bar) {
  return new Promise((done) => {
    const body = new FormData(form);
    const { name } = $('input[type=file]', form);
    body.delete(name);
    body.append(name, file, file.name);
    body.set('idempotency_key', key);
    const request = new XMLHttpRequest();
    request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
    request.onload = () => {
      // What was taken is answered by nothing; a page is the one that asks to sign in.
      if (request.status === 204) done('');
      else if (request.status < 400) done('Phiên làm việc đã hết. Đăng nhập lại ở cửa sổ khác, rồi gửi lại tệp này');
      else done(errorIn(request) || `“${file.name}” chưa nhận được. Gửi lại tệp này`);
    };
    request.onerror = () => done(`Mất kết nối lúc ${clock()}. “${file.name}” chưa gửi xong`);
    request.open('POST', form.getAttribute('action') || location.href);
    request.setRequestHeader('HX-Request', 'true');
    request.send(body);
  });
}

async function sendRow(form, file, row) {
  const limit = Number(form.dataset.maxBytes || Infinity);
  const bar = $('progress', row);
  $('.why', row)?.remove();
  let problem;
  if (file.size === 0) problem = `“${file.name}” trống. Chọn lại tệp`;
  else if (file.size > limit) problem = `“${file.name}” nặng ${size(file.size)}. Mỗi tệp không quá ${size(limit)}. Quét ở 200 dpi hoặc tách làm hai`;
  else problem = await send(form, file, row.dataset.key, bar);
  const state = $('.state', row);
  state.textContent = problem ? 'Chưa nhận' : 'Đã nhận';
  state.className = problem ? 'state bad' : 'state ok';
  bar.value = problem ? 0 : 1;
  if (!problem) return;
  const why = make('p', 'why', `${problem} `);
  if (file.size > 0 && file.size <= limit) {
    const again = make('button', 'btn-link', 'Gửi lại');
    again.type = 'button';
    again.onclick = () => sendAll(form, [[file, row]]);
    why.append(again);
  }
  why.setAttribute('role', 'alert');
  row.append(why);
}

/** One after another, so that pages keep the order in which they were chosen. */
async function sendAll(form, rows) {
  form.queue = (form.queue ?? Promise.resolve()).then(async () => {
    for (const [file, row] of rows) await sendRow(form, file, row);
    await refresh($(form.dataset.uploadTarget));
  });
  await form.queue;
}

function accept(form, files) {
  const list = $('.nop-giay-tep', form) ?? form.appendChild(make('ul', 'nop-giay-tep'));
  const rows = [...files].map((file) => {
    const bar = make('progress', 'bar');
    bar.setAttribute('aria-label', `Đã gửi ${file.name}`);
    bar.max = 1;
    bar.value = 0;
    const row = make('li', '', '', make('span', 'clip', `${file.name} · ${size(file.size)}`), bar, make('span', 'state', 'Đang gửi…'));
    row.dataset.key = crypto.randomUUID(); // a retry keeps it: the server takes one file once
    list.append(row);
    return [file, row];
  });
  say(`Đang gửi ${rows.length} tệp`);
  sendAll(form, rows);
}

const drop = (event) => event.target.closest?.('form[data-upload]');
document.addEventListener('change', (event) => {
  const form = drop(event);
  if (!form || event.target.type !== 'file' || !event.target.files.length) return;
  accept(form, event.target.files);
  event.target.value = '';
});
for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop']) {
  document.addEventListener(kind, (event) => {
    const form = drop(event);
    if (!form || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    form.classList.toggle('is-over', kind === 'dragenter' || kind === 'dragover');
    if (kind === 'drop') accept(form, event.dataTransfer.files);
  });
}
