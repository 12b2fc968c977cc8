// Passkeys: puts the server's question to the browser, and sends the browser's answer with the form.

import { $, $$ } from './dom.js';

const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

const SAID = {
  NotAllowedError: 'Chưa nhận được khóa truy cập. Bấm lại để thử lần nữa.',
  InvalidStateError: 'Thiết bị này đã có khóa truy cập của bạn.',
  TypeError: 'Chưa liên lạc được với máy chủ. Kiểm tra mạng rồi bấm lại.',
};

async function question(form) {
  const reply = await fetch(form.dataset.passkey, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
  if (!reply.headers.get('content-type')?.includes('json')) throw new Error('Phiên đã hết. Tải lại trang rồi làm lại.');
  const { publicKey, said } = await reply.json();
  if (!publicKey) throw new Error(said?.join('. ') ?? 'Máy chủ gặp lỗi. Làm lại sau ít phút.');
  publicKey.challenge = bytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
  for (const known of [...(publicKey.excludeCredentials ?? []), ...(publicKey.allowCredentials ?? [])]) known.id = bytes(known.id);
  return publicKey;
}

async function answer(publicKey) {
  const key = await (publicKey.user ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
  const response = {};
  for (const part of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (key.response[part]) response[part] = text(key.response[part]);
  }
  return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
}

async function press(event) {
  event.preventDefault();
  const { form } = event.currentTarget;
  if (form.dataset.asking) return;
  const said = $('[data-passkey-said]', form);
  said.hidden = true;
  form.dataset.asking = 'true';
  try {
    if (!window.PublicKeyCredential) throw new Error('Trình duyệt này không dùng được khóa truy cập.');
    form.elements.khoa.value = await answer(await question(form));
    form.submit();
  } catch (error) {
    delete form.dataset.asking;
    said.textContent = SAID[error.name] ?? error.message;
    said.hidden = false;
  }
}

for (const form of $$('form[data-passkey]')) $('button', form).addEventListener('click', press);
