// Prose kept on this machine while the network is away: AES-GCM under a key that is derived from the secret
// of the session's forms and never stored. With the session ends the key, and what is left cannot be read by
// the next who sits here; signing out and the next opening after a day remove it, too.

const PREFIX = 'motcua-nhap:';
const DAY_MS = 86_400_000;
const encode = (text) => new TextEncoder().encode(text);
const toText = (bytes) => btoa(String.fromCharCode(...bytes));
const toBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export function wipe(isOld = () => true) {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(PREFIX) && isOld(localStorage.getItem(name))) localStorage.removeItem(name);
  }
}

const atOf = (kept) => { try { return JSON.parse(kept).at; } catch { return 0; } };

export class Local {
  /** @param {string} secret of the session's forms */
  static async open(secret) {
    const local = new Local();
    try {
      wipe((kept) => Date.now() - atOf(kept) > DAY_MS);
      // Only where the browser trusts the connection: TLS, or this machine itself.
      if (!secret || !crypto.subtle) return local;
      const base = await crypto.subtle.importKey('raw', encode(secret), 'HKDF', false, ['deriveKey']);
      const how = { name: 'HKDF', hash: 'SHA-256', salt: encode('motcua-nhap'), info: new Uint8Array() };
      local.key = await crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    } catch { /* A browser that keeps nothing: the server keeps it. */ }
    return local;
  }

  get works() { return Boolean(this.key); }

  async put(place, fields) {
    if (!this.key) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: encode(place) }, this.key, encode(JSON.stringify(fields)));
    try {
      localStorage.setItem(PREFIX + place, JSON.stringify({ at: Date.now(), iv: toText(iv), sealed: toText(new Uint8Array(sealed)) }));
    } catch { /* Full: the server keeps it. */ }
  }

  /** What was kept, and when; nothing where it is another session's. */
  async get(place) {
    const kept = this.key && localStorage.getItem(PREFIX + place);
    if (!kept) return null;
    try {
      const { at, iv, sealed } = JSON.parse(kept);
      const open = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: toBytes(iv), additionalData: encode(place) }, this.key, toBytes(sealed));
      return { at, fields: JSON.parse(new TextDecoder().decode(open)) };
    } catch {
      this.drop(place);
      return null;
    }
  }

  drop(place) { localStorage.removeItem(PREFIX + place); }
}

document.addEventListener('submit', (event) => {
  if (event.target.getAttribute?.('action') === '/dang-xuat') wipe();
}, true);
