// Enhancements only: every page works without this file. Each part looks for its own data-* hooks
// through listeners on the document, so fragments swapped in later need no start-up of their own.
// Vietnamese typing tools inject Backspace instead of composing: nothing here reformats live text.

import { $, $$, clock, make, say } from './dom.js';

document.documentElement.classList.add('js');

// ── Pressing twice does nothing twice ────────────────────────────────────────────────────────────
// aria-disabled, not disabled: focus stays, and the pressed button's own value is still sent.

function release(form) {
  form.timers?.forEach(clearTimeout);
  delete form.dataset.sending;
  for (const button of $$('[data-busy]')) {
    if (button.form !== form) continue;
    const label = $('.btn-label', button);
    if (label) label.textContent = button.dataset.busy;
    delete button.dataset.busy;
    button.removeAttribute('aria-disabled');
  }
  for (const line of $$('.slow', form)) line.remove();
}

function guard(event) {
  const form = event.target;
  if (form.getAttribute('method')?.toLowerCase() !== 'post' || form.hasAttribute('target')) return;
  if (form.dataset.sending) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sending = 'true';
  const button = event.submitter;
  if (button) {
    button.setAttribute('aria-disabled', 'true');
    const label = $('.btn-label', button);
    button.dataset.busy = label?.textContent ?? '';
    setTimeout(() => { if (label && 'busy' in button.dataset) label.textContent = 'Đang lưu…'; }, 300);
  }
  const slow = () => {
    const line = make('p', 'slow', 'Mạng chậm, vẫn đang gửi. Đừng đóng trang.');
    line.setAttribute('role', 'status');
    form.append(line);
  };
  // After half a minute it may be pressed again: the idempotency key makes that safe.
  form.timers = [setTimeout(slow, 2000), setTimeout(() => release(form), 30_000)];
}

// Before htmx hears of it, so that its requests are guarded too.
document.addEventListener('submit', guard, true);
document.addEventListener('htmx:after:request', (event) => {
  const form = event.target.closest?.('form');
  if (form) release(form);
});
// Coming back with the browser's Back button shows the page as it was left.
addEventListener('pageshow', (event) => { if (event.persisted) $$('form[data-sending]').forEach(release); });
document.addEventListener('htmx:error', (event) => {
  const form = event.target.closest?.('form');
  if (form) release(form);
  const box = $('#mat-mang');
  if (!box) return;
  box.hidden = false;
  box.textContent = `Mất kết nối lúc ${clock()}. Nội dung còn trên máy này. Kiểm tra mạng rồi gửi lại.`;
});

// ── Keys ─────────────────────────────────────────────────────────────────────────────────────────
// data-hotkey="F9" on a button or link is pressed by that key; the current card is asked first.

const press = (element) => { if (element && element.getAttribute('aria-disabled') !== 'true') element.click(); };
const current = () => document.activeElement?.closest('.truong, .trang') ?? $('.truong.is-current');

function hotkey(name) {
  const card = current();
  return (card && $(`[data-hotkey="${name}"]`, card)) ?? $$(`[data-hotkey="${name}"]`).find((e) => !e.closest('.truong, .trang'));
}

function showKeys() {
  let dialog = $('#phim');
  if (!dialog) {
    const always = [['F1', 'xem phím của màn hình này'], ['Ctrl K', 'tìm hồ sơ, người, thủ tục'], ['Ctrl Enter', 'bấm nút chính của màn hình'], ['Esc', 'đóng hộp này']];
    const here = $$('.keys-hints li').map((li) => [$('kbd', li)?.textContent, $('span', li)?.textContent]);
    const buttons = $$('[data-hotkey]').filter((b) => !b.closest('.truong, .trang')).map((b) => [b.dataset.hotkey.replace('+', ' '), ($('.btn-label', b) ?? b).textContent.trim()]);
    const review = $('[data-review]') ? [['Enter', 'đúng, sang chữ cần xem kế tiếp'], ['Alt 1', 'nhận gợi ý thứ nhất, Alt 2 thứ hai']] : [];
    const pages = $('.trang [data-act]') ? [['Mũi tên trái, phải', 'sang trang khác trong danh sách'], ['Alt mũi tên lên, xuống', 'đưa trang lên trước, ra sau'], ['R', 'xoay trang đang chọn'], ['Del', 'ẩn trang đang chọn']] : [];
    const seen = new Map([...here, ...review, ...pages, ...buttons, ...always].filter(([key, text]) => key && text).map(([key, text]) => [key, text]));
    const list = make('dl', 'dl');
    for (const [key, text] of seen) {
      const dt = make('dt');
      dt.append(make('kbd', '', key));
      list.append(dt, make('dd', '', text));
    }
    const close = make('button', 'btn', 'Đóng');
    const form = make('form', 'acts', '', close);
    form.method = 'dialog';
    const title = make('h2', '', 'Phím của màn hình này');
    title.id = 'phim-ten';
    dialog = make('dialog', 'stack', '', title, list, form);
    dialog.id = 'phim';
    dialog.setAttribute('aria-labelledby', 'phim-ten');
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
  }
  dialog.showModal();
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing) return;
  const { key, code, altKey, ctrlKey, metaKey, shiftKey } = event;
  const take = (action) => { event.preventDefault(); action(); };
  const inDialog = $('dialog[open]');
  if (key === 'F1') return take(inDialog ? () => {} : showKeys);
  if (inDialog || metaKey) return;
  if (ctrlKey && !altKey && !shiftKey && code === 'KeyK') {
    const search = $('[data-search]');
    if (search) take(() => { search.focus(); search.select(); });
    return;
  }
  if (ctrlKey && key === 'Enter') {
    const main = hotkey('Ctrl+Enter');
    if (main) take(() => press(main));
    return;
  }
  if (/^F\d+$/.test(key) && !altKey && !ctrlKey) {
    const target = hotkey(key);
    if (target) take(() => press(target));
    return;
  }
  if (altKey && !ctrlKey && /^Digit[1-9]$/.test(code)) {
    const target = hotkey(`Alt+${code.at(-1)}`);
    if (target) take(() => press(target));
    return;
  }
  const page = document.activeElement?.closest('.trang');
  if (page) return pageKey(event, page, take);
  const field = document.activeElement?.closest('.truong');
  if (field && key === 'Enter' && !altKey && !shiftKey && event.target.matches('.input:not(textarea)')) take(() => acceptField(field));
}

document.addEventListener('keydown', onKey);

// ── Pages of a batch: keys only while the list has focus ─────────────────────────────────────────

const FOCUS = 'motcua-focus';

function pageKey(event, page, take) {
  const { key, altKey, ctrlKey } = event;
  if (ctrlKey) return;
  const act = (name) => {
    const button = $(`[data-act="${name}"]`, page);
    if (!button) return;
    sessionStorage.setItem(FOCUS, page.id);
    press(button);
  };
  const step = (by) => {
    const all = $$('.trang', page.parentElement);
    $('a, button', all[all.indexOf(page) + by] ?? page)?.focus();
  };
  if (altKey && key === 'ArrowUp') take(() => act('up'));
  else if (altKey && key === 'ArrowDown') take(() => act('down'));
  else if (altKey) return;
  else if (key === 'ArrowRight') take(() => step(1));
  else if (key === 'ArrowLeft') take(() => step(-1));
  else if (key.toLowerCase() === 'r') take(() => act('rotate'));
  else if (key === 'Delete') take(() => act('remove'));
}

// A moved page keeps the focus after the reload, so the same key can be pressed again. Not before the
// page is loaded: going to the address's #fragment takes the focus away.
const kept = sessionStorage.getItem(FOCUS);
sessionStorage.removeItem(FOCUS);
function focusKept() {
  const page = kept && document.getElementById(kept);
  if (page) $('summary, a, button', page)?.focus();
}
if (document.readyState === 'complete') focusKept();
else addEventListener('load', () => requestAnimationFrame(focusKept));

// ── Rows of a form that change places: Alt and an arrow, wherever in the row the focus is ────────

document.addEventListener('keydown', (event) => {
  const row = event.altKey && !event.ctrlKey && !event.target.matches?.('select') && event.target.closest?.('[data-moves]');
  const act = row && { ArrowUp: 'up', ArrowDown: 'down' }[event.key];
  const button = act && $(`[data-act="${act}"]`, row);
  if (!button) return;
  event.preventDefault();
  // The row comes to stand where its neighbour is, under the neighbour's id.
  sessionStorage.setItem(FOCUS, ((act === 'up' ? row.previousElementSibling : row.nextElementSibling) ?? row).id);
  press(button);
});

// ── Review: the queue of doubtful fields ─────────────────────────────────────────────────────────

function showField(field) {
  for (const other of $$('.is-current')) other.classList.remove('is-current');
  field.classList.add('is-current');
  const box = document.getElementById(`o-${field.dataset.field}`);
  if (!box) return;
  box.classList.add('is-current');
  const sheet = box.closest('.soat-giay');
  const [part, whole] = [box.getBoundingClientRect(), sheet.getBoundingClientRect()];
  // Only the sheet moves: scrollIntoView would move the window with it.
  sheet.scrollBy(part.left + part.width / 2 - whole.left - whole.width / 2, part.top + part.height / 2 - whole.top - whole.height / 2);
}

const isDoubtful = (field) => field.matches('[data-doubt]') && !$('.dung input', field)?.checked;

function countDoubts() {
  const left = $$('.truong').filter(isDoubtful).length;
  for (const count of $$('[data-doubts-left]')) count.textContent = left;
  return left;
}

function confirmField(field) {
  const tick = $('.dung input', field);
  if (tick) tick.checked = true;
  const box = document.getElementById(`o-${field.dataset.field}`);
  box?.classList.remove('o-bad');
  box?.classList.add('o-ok');
  return countDoubts();
}

function acceptField(field) {
  const left = confirmField(field);
  const all = $$('.truong');
  const at = all.indexOf(field);
  const next = [...all.slice(at + 1), ...all.slice(0, at)].find(isDoubtful);
  if (next) {
    const input = $('.input', next);
    input.focus();
    input.select?.();
    next.scrollIntoView({ block: 'nearest' });
    say(`Còn ${left} chữ cần xem`);
  } else {
    $('[data-hotkey="Ctrl+Enter"]')?.focus();
    say('Đã xem hết. Bấm Ctrl và Enter để xong trang');
  }
}

document.addEventListener('focusin', (event) => {
  const field = event.target.closest?.('.truong');
  if (field) showField(field);
});
document.addEventListener('click', (event) => {
  const box = event.target.closest?.('.o');
  if (box) {
    event.preventDefault();
    document.getElementById(`f-${box.id.slice(2)}`)?.focus();
    return;
  }
  const hint = event.target.closest?.('[data-suggest]');
  if (hint) {
    const field = hint.closest('.truong');
    event.preventDefault();
    $('.input', field).value = hint.dataset.suggest;
    acceptField(field);
  }
});
// What the officer types by hand is confirmed by typing it.
document.addEventListener('change', (event) => {
  const field = event.target.closest?.('.truong');
  if (field && event.target.matches('.input') && event.target.value) confirmField(field);
  else if (field) countDoubts();
});
const first = $('.truong .input[autofocus]');
if (first) showField(first.closest('.truong'));

// ── A list of boxes: arrows go from one to the next, Enter opens what it stands for ──────────────

const boxes = (list) => $$('input[type="checkbox"]', list);

function countTicked() {
  const line = $('[data-ticked]');
  if (!line) return;
  const n = $$('[data-ticks] input:checked').length;
  line.hidden = n === 0;
  line.textContent = `Đã chọn ${n} văn bản.`;
  say(line.textContent);
}

document.addEventListener('click', (event) => {
  const all = event.target.closest?.('[data-tick-all]');
  if (!all) return;
  event.preventDefault();
  const list = boxes(all.closest('[data-ticks]'));
  const tick = list.some((box) => !box.checked);
  for (const box of list) box.checked = tick;
  countTicked();
});
document.addEventListener('change', (event) => { if (event.target.closest?.('[data-ticks]')) countTicked(); });
document.addEventListener('keydown', (event) => {
  const list = event.target.matches?.('[data-ticks] input[type="checkbox"]') && $$('[data-ticks] input[type="checkbox"]');
  if (!list || event.ctrlKey || event.altKey) return;
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) list[list.indexOf(event.target) + by]?.focus();
  else if (event.key === 'Enter') press($('[data-read]', event.target.closest('tr')));
  else return;
  event.preventDefault();
});
countTicked();

// ── Fragments that keep themselves fresh ─────────────────────────────────────────────────────────
// The fragment that comes back without data-refresh-url has nothing more to wait for. What it names in
// data-refresh-also (`id:how many`) and did not before has changed with it.

export async function refresh(element) {
  const url = element.dataset.refreshUrl;
  if (!url || element.contains(document.activeElement?.closest('input:not([type=file]), textarea, select'))) return element;
  try {
    const answer = await fetch(url, { headers: { 'HX-Request': 'true' }, credentials: 'same-origin' });
    if (answer.redirected || !answer.ok) throw new Error(String(answer.status));
    if (answer.status === 204) return element;
    const sent = new DOMParser().parseFromString(await answer.text(), 'text/html');
    // A whole page has the fragment in it; where it is gone, what was waited for is there.
    const fresh = sent.getElementById(element.id) ?? ($('main', sent) ? null : sent.body.firstElementChild);
    if (!fresh) return location.reload();
    if (fresh.outerHTML === element.outerHTML) return element;
    const focused = element.contains(document.activeElement) ? document.activeElement.id : '';
    const idle = focused || document.activeElement === document.body;
    element.replaceWith(fresh);
    window.htmx?.process(fresh);
    // Pages have arrived: the next thing to be done is to count the sides of paper.
    const arrived = !$('[data-arrived]', element) && $('[data-arrived]', fresh);
    if (idle && arrived && !arrived.value) arrived.focus();
    else if (focused) document.getElementById(focused)?.focus();
    const known = element.dataset.refreshAlso?.split(' ');
    for (const other of fresh.dataset.refreshAlso?.split(' ') ?? []) {
      if (!known?.includes(other)) refresh(document.getElementById(other.split(':')[0]));
    }
    return fresh;
  } catch {
    const mark = $('[data-refresh-age]', element);
    if (mark) mark.textContent = `Chưa cập nhật được từ ${clock()}`;
    return element;
  }
}

const due = new WeakMap();
setInterval(() => {
  if (document.hidden) return;
  for (const element of $$('[data-refresh-url]')) {
    const every = 1000 * Number(element.dataset.refreshSeconds || 0);
    if (!every) continue; // refreshed on demand only
    const at = due.get(element) ?? Date.now() + every;
    if (Date.now() < at) { due.set(element, at); continue; }
    due.set(element, Infinity);
    refresh(element).then((now) => now && due.set(now, Date.now() + every));
  }
}, 500);

// ── Reader of the identity card's QR code, keyboard mode ─────────────────────────────────────────
// The reader sends F13, the text, Enter. Never by timing: on a busy PC that gives wrong codes.

/** Puts what a reader read where this page wants it. */
export function scanned(text) {
  const input = $('[data-wedge]');
  if (!input) return say('Màn hình này không nhận mã quét');
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  input.dispatchEvent(new Event('change', { bubbles: true }));
  if (input.dataset.wedge === 'submit') input.form.requestSubmit();
  return undefined;
}

let wedge = null;
addEventListener('keydown', (event) => {
  if (event.key === 'F13') wedge = '';
  else if (wedge === null) return;
  else if (event.key === 'Enter') {
    const text = wedge;
    wedge = null;
    scanned(text);
  } else if (event.key === 'Escape' || wedge.length > 600) wedge = null;
  else if (event.key.length === 1) wedge += event.key;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

// ── Readers that are no keyboard, and the camera ────────────────────────────────────────────────
// Browsers give them out only over TLS or on this machine. Nothing is loaded where none is used.

const readers = $('[data-readers]');
if (window.isSecureContext) {
  const known = { hid: navigator.hid, serial: navigator.serial, camera: navigator.mediaDevices };
  if (readers) {
    readers.hidden = false;
    for (const button of $$('[data-reader]', readers)) button.hidden = !known[button.dataset.reader];
    readers.addEventListener('click', (event) => {
      const { reader } = event.target.closest('[data-reader]')?.dataset ?? {};
      if (reader) import('./readers.js').then(({ connect }) => connect(reader, readers));
    });
  }
  if ($('[data-wedge]') && localStorage.getItem('dau-doc')) import('./readers.js').then(({ reconnect }) => reconnect(readers));
}
