//! Goes through the office as one officer, page by page, and fills in every form it meets. What comes
//! back is read by the browser's own parser, so that a text which became a tag is seen as the browser
//! would see it.
// @ts-check

import assert from 'node:assert/strict';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ name: string, type: string, value: string, sent: boolean, typed: boolean, refused: boolean, options: string[] }} Field */
/** @typedef {{ action: string, method: string, files: string, fields: Field[], buttons: { name: string, value: string }[] }} Form */
/** @typedef {{ strange: string[], links: string[], forms: Form[], shown: number[] }} Read */
/** @typedef {{ status: number, path: string, type: string, text: string, read: Read }} Answer */

/** Acts after which this officer could not go on, or which would end the office that is crawled. */
const LEFT_OUT = /^\/(dang-xuat|dang-nhap|tai-khoan\/(mat-khau|dang-xuat-noi-khac|hai-lop|khoa-truy-cap)|quan-tri\/can-bo\/[^/]+\/(khoa|mat-khau|hai-lop|vai|nghi|lam-thay|chuyen-viec)|quan-tri\/sap-xep)/;

/** Pages of one shape that are opened, and forms of one shape that are sent, by one officer. */
const MOST_ALIKE = 2;

/** The tag that must never be one. */
const TAG = 'mc-la';

/**
 * A text that a sheet would compute, and that would leave an attribute, a field, a title and a script and
 * begin a tag with a number.
 * @param {number} n
 */
export const hostile = (n) => `="'></textarea></title></script><${TAG} n=${n} onclick=a>`;

/**
 * Reads an answer in the browser: what stands there that must not, and what can be done from there.
 * @param {{ text: string, type: string, tag: string, origin: string }} answer
 * @returns {Read}
 */
function readInBrowser({ text, type, tag, origin }) {
  const kind = /svg/.test(type) ? 'image/svg+xml' : 'text/html';
  const page = new DOMParser().parseFromString(text, kind);
  const strange = [];
  for (const element of page.querySelectorAll('*')) {
    const name = element.localName;
    if (name === tag) strange.push(`<${name} n=${element.getAttribute('n')}>`);
    if (name === 'script' && !element.getAttribute('src') && element.getAttribute('type') !== 'application/json') {
      strange.push(`a script in the page: ${element.textContent?.slice(0, 80)}`);
    }
    if (name === 'style' || name === 'iframe' || name === 'object' || name === 'base') strange.push(`<${name}>`);
    for (const { name: key, value } of element.attributes) {
      if (key.startsWith('on')) strange.push(`<${name} ${key}=${value}>`);
      if (['href', 'src', 'action', 'formaction', 'xlink:href'].includes(key) && !/^(\/(?!\/)|#|\?|data:image\/|tel:|mailto:|$)/.test(value) && !value.startsWith(`${origin}/`)) {
        strange.push(`<${name} ${key}=${value}>`);
      }
    }
  }
  const shown = [...text.matchAll(new RegExp(`(?:<|&lt;|&#60;|\\\\u003c)${tag} n=(\\d+)`, 'g'))].map((found) => Number(found[1]));
  const links = [...page.querySelectorAll('a[href]')].map((link) => link.getAttribute('href') ?? '');
  const forms = [...page.querySelectorAll('form')].map((form) => {
    const controls = [...form.elements].map((control) => /** @type {any} */ (control)).filter((control) => control.name && !control.disabled);
    const fields = controls.filter((control) => control.localName !== 'button' && !['submit', 'file', 'image', 'fieldset'].includes(control.type));
    return {
      action: form.getAttribute('action') ?? '',
      method: form.method,
      files: controls.find((control) => control.type === 'file')?.name ?? '',
      fields: fields.map((control) => ({
        name: control.name,
        type: control.type,
        value: control.value,
        sent: !['checkbox', 'radio'].includes(control.type) || control.checked,
        typed: control.localName === 'textarea' || (control.localName === 'input' && !['hidden', 'checkbox', 'radio', 'password'].includes(control.type)),
        refused: control.getAttribute('aria-invalid') === 'true',
        options: control.localName === 'select' ? [...control.options].map((option) => option.value) : [],
      })),
      buttons: controls.filter((control) => control.localName === 'button').map((control) => ({ name: control.name, value: control.value })),
    };
  });
  return { strange, links, forms, shown };
}

/**
 * What the browser's parser makes of an answer.
 * @param {Page} parser an empty page @param {string} text @param {string} type @param {string} origin whose own links may be whole
 */
export const readBy = (parser, text, type, origin) => parser.evaluate(readInBrowser, { text, type, tag: TAG, origin });

/** What ids, numbers and days stand for in a path. @param {string} path */
function shape(path) {
  const [before, query] = path.split('?');
  const keys = query ? `?${query.split('&').map((pair) => pair.split('=')[0]).sort().join('&')}` : '';
  return before.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id').replace(/\d[\d.-]*/g, ':n') + keys;
}

/** A field that takes no hostile text gets one of these, in turn. */
const FITTING = ['23/11/2026', '1', '08:00', '0912345678', '001191000001', 'a'];

export class Crawler {
  /** @param {Page} page of the officer @param {Page} parser an empty page */
  constructor(page, parser) {
    this.page = page;
    this.parser = parser;
    this.origin = new URL(page.url()).origin;
    /** @type {Map<string, number>} */
    this.seen = new Map();
    /** Everything that stood where it must not, with the page. @type {string[]} */
    this.strange = [];
    /** Fields whose hostile text was taken. @type {Map<number, string>} */
    this.taken = new Map();
    /** Hostile texts that stood on a page as texts. @type {Set<number>} */
    this.shown = new Set();
  }

  /** @param {string} what @returns {boolean} whether there were few of this kind yet */
  few(what) {
    const n = (this.seen.get(what) ?? 0) + 1;
    this.seen.set(what, n);
    return n <= MOST_ALIKE;
  }

  /** @param {import('playwright-core').APIResponse} response @param {string} asked @returns {Promise<Answer>} */
  async answer(response, asked) {
    const headers = response.headers();
    const type = headers['content-type'] ?? '';
    const url = new URL(response.url());
    const path = url.pathname + url.search;
    const note = (/** @type {string} */ text) => this.strange.push(`${asked} → ${path}: ${text}`);
    if (url.origin !== this.origin) note('led to another site');
    if (response.status() >= 500) note(`answered ${response.status()}`);
    if (headers['x-content-type-options'] !== 'nosniff') note('may be taken for another type');
    const isRead = /html|svg/.test(type);
    const text = isRead || /json|csv|plain/.test(type) ? await response.text() : '';
    /** @type {Read} */
    let read = { strange: [], links: [], forms: [], shown: [] };
    if (isRead) {
      if (!/script-src 'self'(;|$)/.test(headers['content-security-policy'] ?? '')) note('lets scripts of others run');
      read = await readBy(this.parser, text, type, this.origin);
      read.strange.forEach(note);
      read.shown.forEach((n) => this.shown.add(n));
    }
    if (/csv/.test(type) && /(^|[,;\n])"?[=+@-]/.test(text)) note('a cell that a sheet would compute');
    return { status: response.status(), path, type, text, read };
  }

  /** @param {string} path */
  async get(path) {
    return this.answer(await this.page.request.get(this.origin + path), path);
  }

  /**
   * Opens every page that can be reached from these; each form is sent too where `send` says so.
   * @param {string[]} from
   * @param {{ send: (() => number) | null }} how gives the number of the next hostile text
   */
  async walk(from, { send }) {
    const waiting = [...from];
    for (let n = 0; waiting.length > 0; n += 1) {
      const path = waiting.shift() ?? '';
      if (n >= from.length && !this.few(shape(path))) continue;
      const { read, path: arrived } = await this.get(path);
      const here = new URL(arrived, this.origin);
      for (const link of read.links) {
        const to = new URL(link, here);
        if (to.origin === this.origin && !LEFT_OUT.test(to.pathname)) waiting.push(to.pathname + to.search);
      }
      for (const form of send ? read.forms : []) {
        const done = await this.fill(form, here, /** @type {() => number} */ (send));
        waiting.push(...done);
      }
    }
  }

  /**
   * Sends a form with hostile texts, then again with fitting ones where it was refused, as often as that helps.
   * @param {Form} form @param {URL} here @param {() => number} next
   * @returns {Promise<string[]>} where it led
   */
  async fill(form, here, next) {
    const action = new URL(form.action || here.href, here);
    const kind = `${form.method} ${shape(action.pathname)} ${form.fields.map((field) => field.name).join(' ')}`;
    const isTyped = form.fields.some((field) => field.typed);
    if (LEFT_OUT.test(action.pathname) || !(isTyped || form.method === 'post') || !this.few(kind)) return [];
    const led = [];
    for (const button of form.buttons.length > 0 ? form.buttons.slice(0, 4) : [null]) {
      /** @type {Map<string, number>} fields that still get a hostile text */
      const hostiles = new Map(form.fields.filter((field) => field.typed).map((field) => [field.name, next()]));
      /** @type {Map<string, number>} fields that get what fits, and which */
      const fitting = new Map();
      let ticked = false;
      for (let tries = 0; tries < FITTING.length + 2; tries += 1) {
        const answer = await this.send(form, action, button, hostiles, fitting, ticked);
        led.push(answer.path);
        if (answer.status !== 422) {
          if (form.method === 'post' && answer.status < 400 && answer.path !== action.pathname) {
            hostiles.forEach((n, name) => this.taken.set(n, `${shape(action.pathname)} ${name}`));
          }
          break;
        }
        const refused = answer.read.forms.flatMap((again) => again.fields).filter((field) => field.refused).map((field) => field.name);
        const known = refused.filter((name) => form.fields.some((field) => field.name === name));
        if (known.length === 0 && ticked) break;
        ticked = true;
        for (const name of known) {
          hostiles.delete(name);
          fitting.set(name, (fitting.get(name) ?? -1) + 1);
        }
      }
    }
    return led;
  }

  /**
   * @param {Form} form @param {URL} action @param {{ name: string, value: string } | null} button
   * @param {Map<string, number>} hostiles @param {Map<string, number>} fitting @param {boolean} ticked whether all boxes are
   */
  async send(form, action, button, hostiles, fitting, ticked) {
    const pairs = new URLSearchParams();
    /** @type {Set<string>} */
    const chosen = new Set(form.fields.filter((field) => field.type === 'radio' && field.sent).map((field) => field.name));
    for (const field of form.fields) {
      const n = hostiles.get(field.name);
      const fit = fitting.get(field.name);
      if (n !== undefined) pairs.append(field.name, hostile(n));
      else if (field.type === 'radio' && !chosen.has(field.name)) {
        chosen.add(field.name);
        pairs.append(field.name, field.value);
      } else if (field.typed && fit !== undefined) pairs.append(field.name, FITTING[fit] ?? '');
      else if (field.options.length > 0) pairs.append(field.name, fit === undefined ? field.value : field.options[(fit + 1) % field.options.length]);
      else if (field.sent || fit !== undefined || (ticked && field.type === 'checkbox')) pairs.append(field.name, field.value);
    }
    if (button) pairs.append(button.name, button.value);
    if (form.method !== 'post') return this.get(`${action.pathname}?${pairs}`);
    const headers = { origin: this.origin, 'sec-fetch-site': 'same-origin' };
    if (form.files) {
      const multipart = new FormData();
      for (const [name, value] of pairs) multipart.append(name, value);
      multipart.append(form.files, new File(['<html><script>alert(1)</script>'], `${hostile(0).replaceAll('/', '')}.jpg`, { type: 'image/jpeg' }));
      return this.answer(await this.page.request.post(action.href, { headers, multipart }), `POST ${action.pathname}`);
    }
    headers['content-type'] = 'application/x-www-form-urlencoded';
    return this.answer(await this.page.request.post(action.href, { headers, data: pairs.toString() }), `POST ${action.pathname}`);
  }

  assertHarmless() {
    assert.deepEqual(this.strange, []);
  }
}
