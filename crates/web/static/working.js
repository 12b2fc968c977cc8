// The specialist's screen: pages beside the work, keys in the inbox, prose that is kept while it is typed.
// All of it works without this file: pages are links, rows are links, "Lưu nháp" is a button.

import { $, $$, clock, make, say } from './dom.js';
import { Local } from './local.js';

// ── Pages of the papers ──────────────────────────────────────────────────────────────────────────

const ZOOM = [50, 75, 100, 150, 200, 300];

for (const tools of $$('[data-script-only]')) tools.hidden = false;

function showPage(link) {
  const viewer = link.closest('[data-viewer]');
  const large = $('[data-large]', viewer);
  large.src = link.dataset.largeSrc;
  large.alt = link.dataset.name;
  $('[data-large-name]', viewer).textContent = link.dataset.name;
  for (const other of $$('[data-strip] a', viewer)) other.toggleAttribute('aria-current', false);
  link.setAttribute('aria-current', 'true');
  link.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  large.parentElement.scrollTo(0, 0);
  say(link.dataset.name);
}

function zoom(viewer, way) {
  const large = $('[data-large]', viewer);
  const now = ZOOM.indexOf(Number(large.dataset.zoom ?? 100));
  const at = way === '0' ? 2 : Math.max(0, Math.min(ZOOM.length - 1, now + (way === '+' ? 1 : -1)));
  large.dataset.zoom = ZOOM[at];
  // A style set by script is no inline style: the content security policy lets it through.
  large.style.width = `${ZOOM[at]}%`;
  large.style.maxWidth = ZOOM[at] > 100 ? 'none' : '';
  say(`${ZOOM[at]} phần trăm`);
}

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('[data-strip] a');
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    showPage(link);
  }
  const button = event.target.closest?.('[name="thu-phong"]');
  if (button) zoom(button.closest('[data-viewer]'), button.value);
});

// ── Keys, only while the list or the strip has the focus ─────────────────────────────────────────

const BY = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

document.addEventListener('keydown', (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const strip = target.closest?.('[data-strip]');
  const list = target.matches?.('[data-list] a') && target.closest('[data-list]');
  if (strip && BY[key]) {
    const links = $$('a', strip);
    const next = links[links.indexOf(target) + BY[key]];
    if (next) {
      next.focus();
      showPage(next);
    }
  } else if (strip && ['+', '-', '0'].includes(key)) zoom(strip.closest('[data-viewer]'), key);
  else if (list && ['ArrowDown', 'ArrowUp', 'j', 'J', 'k', 'K'].includes(key)) {
    const rows = $$('[data-list] .main-link');
    const down = ['ArrowDown', 'j', 'J'].includes(key);
    rows[rows.indexOf(target) + (down ? 1 : -1)]?.focus();
  } else if (list && ['x', 'X', ' '].includes(key) && $('input[name="ho-so"]', target.closest('tr'))) {
    const box = $('input[name="ho-so"]', target.closest('tr'));
    box.checked = !box.checked;
    say(box.checked ? 'Đã chọn' : 'Đã bỏ chọn');
  } else return;
  event.preventDefault();
});

// ── Prose that is kept ───────────────────────────────────────────────────────────────────────────

const EVERY_MS = 3000;
/** A hold lasts two minutes or more after its last sign. */
const SIGN_MS = 40_000;
/** Who has done nothing here for so long has left: the form is free for a colleague. */
const LEFT_MS = 10 * 60_000;

/** The form that was sent last: what is here of it has come to the server when another page has. */
const SENT = 'motcua-da-gui';

const local = await Local.open($('input[name="csrf"]')?.value ?? '');
const sent = sessionStorage.getItem(SENT);
sessionStorage.removeItem(SENT);
if (sent) local.drop(sent);

/** What was typed, as the form would send it, but for what is of this one sending. */
function fieldsOf(form) {
  const own = ['csrf', 'idempotency_key', 'nhap-ban'];
  return [...new FormData(form)].filter(([name, value]) => !own.includes(name) && typeof value === 'string');
}

class Keeper {
  constructor(form) {
    this.form = form;
    this.action = form.dataset.unsent;
    this.kept = JSON.stringify(fieldsOf(form));
    form.addEventListener('input', () => this.changed());
    form.addEventListener('submit', () => {
      this.isSent = true;
      clearTimeout(this.timer);
      if (navigator.onLine) sessionStorage.setItem(SENT, this.action);
    });
    this.offerLocal();
  }

  changed() {
    if (this.timer || this.isSent) return;
    this.timer = setTimeout(() => this.save(), EVERY_MS);
  }

  async save() {
    this.timer = null;
    const fields = fieldsOf(this.form);
    const text = JSON.stringify(fields);
    if (this.isSent || text === this.kept) return;
    // First here, where no network is needed, then on the server.
    await local.put(this.action, fields);
    const body = new URLSearchParams(new FormData(this.form));
    body.set('tu-luu', '1');
    try {
      const reply = await fetch(this.action, { method: 'POST', body });
      if (!reply.headers.get('content-type')?.includes('json')) throw new Error(this.say('phiên đăng nhập đã hết. Mở trang đăng nhập ở thẻ khác, đăng nhập rồi bấm “Lưu nháp”'));
      const { version, saved, said } = await reply.json();
      if (!reply.ok) throw new Error(said);
      this.form.elements['nhap-ban'].value = version;
      this.kept = text;
      this.tell(`Đã lưu nháp lúc ${saved}`, '');
      local.drop(this.action);
      if (JSON.stringify(fieldsOf(this.form)) !== text) this.changed();
    } catch (error) {
      this.tell('', error instanceof TypeError ? this.say('mất kết nối. Kiểm tra mạng; trang tự lưu lại khi có mạng') : error.message);
      if (error instanceof TypeError && !this.timer) this.timer = setTimeout(() => this.save(), 2 * EVERY_MS);
    }
  }

  say(cause) {
    const here = local.works ? ' Chữ đang gõ được giữ trên máy này.' : ' Đừng đóng trang.';
    return `Chưa lưu nháp được lúc ${clock()}: ${cause}.${here}`;
  }

  tell(saved, fault) {
    if (saved) $('[data-kept]', this.form).textContent = saved;
    $('[data-kept-fault]', this.form).textContent = fault;
  }

  /** What could not be sent to the server is offered, here where it was typed. */
  async offerLocal() {
    const found = await local.get(this.action);
    const box = $('[data-kept-here]', this.form);
    if (!found || !box || JSON.stringify(found.fields) === this.kept) return;
    const at = new Date(found.at).toLocaleTimeString('vi-VN', { hour: '2-digit', minute: '2-digit' });
    const go = make('button', 'btn btn-small', `Tiếp tục bản nháp lúc ${at}`);
    const no = make('button', 'btn btn-small', 'Bỏ bản nháp');
    go.type = no.type = 'button';
    const done = () => { box.hidden = true; box.replaceChildren(); };
    go.addEventListener('click', () => { this.fill(found.fields); done(); this.changed(); });
    no.addEventListener('click', () => { local.drop(this.action); done(); });
    box.append(make('div', '', '', make('p', '', `Máy này còn giữ bản nháp lúc ${at} chưa gửi được lên máy chủ.`), make('div', 'acts', '', go, no)));
    box.hidden = false;
  }

  fill(fields) {
    for (const element of this.form.elements) {
      if (['checkbox', 'radio'].includes(element.type)) element.checked = fields.some(([name, value]) => name === element.name && value === element.value);
      else if (element.type !== 'hidden' && element.name) element.value = fields.find(([name]) => name === element.name)?.[1] ?? '';
    }
  }
}

for (const form of $$('form[data-unsent]')) new Keeper(form);

let lastDone = Date.now();
for (const kind of ['keydown', 'input', 'pointerdown', 'wheel']) document.addEventListener(kind, () => { lastDone = Date.now(); }, { passive: true });

for (const form of $$('form[data-held]')) {
  setInterval(() => {
    if (document.hidden || Date.now() - lastDone > LEFT_MS) return;
    const body = new URLSearchParams({ csrf: form.elements.csrf.value });
    fetch(form.dataset.held, { method: 'POST', body }).then(async (reply) => {
      // A head let another go on: what is typed here stays kept, and is shown beside his.
      if (reply.status === 409) $('[data-kept-fault]', form).textContent = (await reply.json()).said;
    }).catch(() => {});
  }, SIGN_MS);
}
