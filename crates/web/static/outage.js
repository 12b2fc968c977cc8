// The counter without the server: provisional slips, written, printed, and kept on this machine until they
// can be sent. Everything this page needs was kept beforehand.

import { $, $$, clock, make, say } from './dom.js';
import { Slips } from './slips.js';

const TRY_MS = 10_000;
const form = $('#phieu-tam');
const since = clock();
const { procedures } = await (await fetch('/quay/mat-ket-noi/thu-tuc')).json();
const slips = await Slips.open();

// ── The papers of what is chosen ─────────────────────────────────────────────────────────────────

const choice = (value, text) => { const option = make('option', '', text); option.value = value; return option; };
const procedure = () => procedures.find(({ code }) => code === form.elements['thu-tuc'].value);
const chosenCase = () => procedure()?.cases.find(({ id }) => id === form.elements['truong-hop'].value);

function showPapers() {
  $('[data-papers]').replaceChildren(...(chosenCase()?.papers ?? []).map(({ id, name, required }) => {
    const box = make('input');
    Object.assign(box, { type: 'checkbox', name: 'giay', value: id });
    return make('label', 'choice', '', box, make('span', '', required ? name : `${name} (nếu có)`));
  }));
}

function showCases() {
  form.elements['truong-hop'].replaceChildren(...(procedure()?.cases ?? []).map(({ id, name }) => choice(id, name)));
  showPapers();
}

form.elements['thu-tuc'].append(choice('', 'Chọn thủ tục'), ...procedures.map(({ code, name }) => choice(code, `${name} (${code})`)));
form.elements['thu-tuc'].addEventListener('change', showCases);
form.elements['truong-hop'].addEventListener('change', showPapers);
for (const [name, value] of await slips.typed()) if (form.elements[name]) form.elements[name].value = value;
showCases();
form.hidden = false;
form.elements['so-dinh-danh'].focus();

// ── A slip ───────────────────────────────────────────────────────────────────────────────────────

const typed = (name) => form.elements[name].value.trim();
const ticked = () => $$('[name="giay"]:checked', form).map((box) => box.value);

/** What the paper cannot go without; the rest is judged when the server is there. */
function faults() {
  return [
    [!typed('so-dinh-danh'), 'Nhập số định danh hoặc mã số thuế', 'f-so-dinh-danh'],
    [!typed('ho-ten'), 'Nhập họ và tên người nộp', 'f-ho-ten'],
    [!procedure(), 'Chọn một thủ tục', 'f-thu-tuc'],
    [procedure() && !ticked().length, 'Đánh dấu giấy đã nhận', 'f-truong-hop'],
  ].filter(([is]) => is);
}

function showFaults(found) {
  const box = $('[data-faults]');
  const rows = found.map(([, text, id]) => { const link = make('a', '', text); link.href = `#${id}`; return make('li', '', '', link); });
  $('ul', box).replaceChildren(...rows);
  box.hidden = !found.length;
  if (found.length) box.focus();
}

const line = (label, text) => make('p', '', '', `${label}: `, make('strong', '', text));

function showSlip(slip) {
  const papers = chosenCase().papers.filter(({ id }) => slip.components.includes(id));
  const at = new Date(slip.written_at).toLocaleString('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh', hour: '2-digit', minute: '2-digit', day: '2-digit', month: '2-digit', year: 'numeric' });
  const paper = $('[data-slip]');
  paper.replaceChildren(
    make('h2', '', 'PHIẾU TẠM NHẬN HỒ SƠ'),
    make('p', 'strong', 'Lập khi mất kết nối. Phiếu này chưa phải Giấy tiếp nhận hồ sơ và hẹn trả kết quả; mã hồ sơ và ngày hẹn được báo khi có kết nối lại.'),
    line('Số phiếu', slip.number),
    line('Nhận giấy lúc', at),
    line('Người nộp', `${slip.applicant.name}, ${slip.applicant.number}`),
    line('Điện thoại', slip.applicant.phone || 'không ghi'),
    line('Thủ tục', procedure().name),
    line('Trường hợp', chosenCase().name),
    make('p', '', 'Giấy đã nhận:'),
    make('ol', '', '', ...papers.map(({ name }) => make('li', '', name))),
    make('p', 'hai-cot', '', make('span', '', 'Người nộp (ký, ghi rõ họ tên)'), make('span', '', 'Người nhận (ký, ghi rõ họ tên)')),
  );
  paper.hidden = $('[data-print]').hidden = false;
  paper.focus();
}

let writing = false;
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const found = faults();
  showFaults(found);
  // Pressing twice writes one slip.
  if (found.length || writing) return;
  writing = true;
  const slip = await slips.add({
    applicant: { number: typed('so-dinh-danh'), name: typed('ho-ten'), born_on: typed('ngay-sinh'), sex: typed('gioi-tinh'), address: typed('dia-chi'), phone: typed('dien-thoai') },
    procedure: typed('thu-tuc'),
    case: typed('truong-hop'),
    components: ticked(),
  }).finally(() => { writing = false; });
  showSlip(slip);
  form.reset();
  showCases();
  await showWaiting();
  say(`Đã lập phiếu tạm ${slip.number}`);
});

$('[name="in"]').addEventListener('click', () => window.print());

async function showWaiting() {
  const rows = (await slips.waiting()).map(({ number, at }) => make('li', '', '', make('strong', '', number), ` lập lúc ${new Date(at).toLocaleTimeString('vi-VN', { hour: '2-digit', minute: '2-digit' })}, chờ gửi`));
  $('[data-waiting]').replaceChildren(...(rows.length ? rows : [make('li', 'muted', 'Chưa có phiếu nào')]));
  return rows.length;
}

// ── Is the server there again? ───────────────────────────────────────────────────────────────────

async function tryServer() {
  const n = await showWaiting();
  const is = await fetch('/healthz', { cache: 'no-store' }).then((reply) => reply.ok, () => false);
  $('[data-back]').hidden = !is;
  $('[data-standing]').textContent = is
    ? `Đã có kết nối lại lúc ${clock()}. ${n ? `${n} phiếu tạm chờ gửi.` : 'Không có phiếu nào chờ gửi.'}`
    : `Đang ngoại tuyến từ ${since}. ${n} phiếu tạm chờ gửi. Hệ thống tự thử lại sau 10 giây.`;
}

await tryServer();
setInterval(tryServer, TRY_MS);
