// The counter while the server is there: has the page kept that goes on without it, sends the slips of the
// last outage, and keeps what is being typed for the next.

import { $, make, say } from './dom.js';
import { Slips } from './slips.js';

/** What is typed is kept for the page that goes on, should the server be lost before it is sent. */
function keepTyped(slips) {
  const form = $('#mo-ho-so');
  const keep = () => {
    const fields = [...new FormData(form)].filter(([name, value]) => value && !['csrf', 'idempotency_key', 'the-can-cuoc'].includes(name));
    slips.keepTyped(fields.length ? fields : null);
  };
  // Somebody may have begun to type before this could listen.
  keep();
  let timer;
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 400);
  });
}

async function sendSlips(slips) {
  const box = $('[data-slips]');
  const list = make('ul', 'stack-s');
  const n = (await slips.waiting()).length;
  if (!n) return;
  const told = make('div', 'stack-s', '', make('p', 'strong', `Gửi ${n} phiếu tạm nhận đã lập khi mất kết nối`), list);
  box.replaceChildren(told);
  box.hidden = false;
  await slips.send($('input[name="csrf"]').value, ({ number, href, said }) => {
    const row = make('li', '', '', make('strong', '', number), ` ${said} `);
    if (href) {
      const link = make('a', '', 'Mở');
      link.href = href;
      row.append(link);
    }
    list.append(row);
  });
  const all = make('a', '', 'Xem mọi phiếu tạm');
  all.href = '/quay/phieu-tam';
  told.append(make('p', '', '', all));
  say('Đã gửi xong phiếu tạm');
}

// Only where the browser trusts the connection: TLS, or this machine itself.
if (window.isSecureContext && 'serviceWorker' in navigator) {
  navigator.serviceWorker.register('/quay.js', { scope: '/' }).catch(() => { /* Then an outage is worked through on paper. */ });
  const slips = await Slips.open();
  keepTyped(slips);
  sendSlips(slips).catch(() => { /* What waits here is sent when the page is opened again. */ });
}
