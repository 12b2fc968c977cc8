//! An identity server for one test file: it shows who signs in as a link, and signs what it says by a key of
//! its own. Everybody is who `subject` says.
// @ts-check

import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CLIENT = 'mot-cua';
const SECRET = 'mật khẩu của phần mềm';

/** @typedef {{ config: string, subject: string, stop: () => Promise<void> }} IdentityServer */

/** @param {object} value */
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** @returns {Promise<IdentityServer>} */
export async function startIdentityServer() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const folder = await mkdtemp(join(tmpdir(), 'motcua-dinh-danh-'));
  await writeFile(join(folder, 'mat-khau'), SECRET, { mode: 0o600 });
  /** @type {Map<string, { nonce: string, challenge: string, redirect: string }>} */
  const codes = new Map();
  let issuer = '';
  const identity = { config: '', subject: 'cb-0012', stop: async () => {} };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', issuer);
    /** @param {object} value @param {number} [status] */
    const json = (value, status = 200) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const asked = url.searchParams;
    if (url.pathname === '/.well-known/openid-configuration') {
      json({ issuer, authorization_endpoint: `${issuer}/vao`, token_endpoint: `${issuer}/phieu`, jwks_uri: `${issuer}/khoa`, end_session_endpoint: `${issuer}/ra` });
    } else if (url.pathname === '/khoa') {
      json({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: '1', use: 'sig' }] });
    } else if (url.pathname === '/vao') {
      const code = randomUUID();
      const redirect = asked.get('redirect_uri') ?? '';
      codes.set(code, { nonce: asked.get('nonce') ?? '', challenge: asked.get('code_challenge') ?? '', redirect });
      const back = new URL(redirect);
      back.searchParams.set('code', code);
      back.searchParams.set('state', asked.get('state') ?? '');
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(`<!doctype html><html lang="vi"><head><title>Cổng định danh</title><link rel="icon" href="data:,"></head><body><main><h1>Cổng định danh</h1><a href="${back.href.replaceAll('&', '&amp;')}">Đồng ý</a></main></body></html>`);
    } else if (url.pathname === '/phieu') {
      let body = '';
      for await (const chunk of request) body += chunk;
      const form = new URLSearchParams(body);
      const told = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
      const [client, secret] = told.split(':').map((text) => decodeURIComponent(text.replaceAll('+', ' ')));
      const granted = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
      if (client !== CLIENT || secret !== SECRET) json({ error: 'invalid_client' }, 401);
      else if (granted?.challenge !== challenge || granted.redirect !== form.get('redirect_uri')) json({ error: 'invalid_grant' }, 400);
      else {
        const now = Math.floor(Date.now() / 1000);
        const text = `${part({ alg: 'RS256', kid: '1' })}.${part({ iss: issuer, sub: identity.subject, aud: CLIENT, nonce: granted.nonce, iat: now, exp: now + 300 })}`;
        json({ token_type: 'Bearer', access_token: 'x', id_token: `${text}.${createSign('sha256').update(text).sign(privateKey, 'base64url')}` });
      }
    } else json({}, 404);
  });
  await new Promise((listening) => { server.listen(0, '127.0.0.1', () => listening(undefined)); });
  const address = server.address();
  issuer = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  identity.config = `[sign_in]\nissuer = "${issuer}"\nclient_id = "${CLIENT}"\nsecret_file = "${join(folder, 'mat-khau')}"\nname = "Cổng định danh tỉnh"\n`;
  identity.stop = async () => {
    server.closeAllConnections();
    await new Promise((closed) => { server.close(() => closed(undefined)); });
    await rm(folder, { recursive: true, force: true });
  };
  return identity;
}
