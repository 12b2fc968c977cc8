// Provisional slips on this machine, until the server has them. Each is sealed (AES-GCM) under a key that the
// browser made and gives to no script: what lies on the disk cannot be read, and whoever signs in here next
// can send a slip, which is why it outlives the session of who wrote it. Its number and time stand open.

const NAME = 'motcua-phieu-tam';
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const encode = (text) => new TextEncoder().encode(text);

/** @param {IDBRequest} request */
const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

function connect() {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore('slip', { keyPath: 'id' });
    opening.result.createObjectStore('machine');
  };
  return done(opening);
}

/** What was typed and not sent is of no use to anybody later. */
const TYPED_MS = 10 * 60_000;

/** A UUID of version 7: in the order of time. */
export function newId(at = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let n = 0; n < 6; n += 1) bytes[n] = Math.floor(at / 256 ** (5 - n)) % 256;
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The day of a number: 261123. */
const dayOf = (at) => new Date(at).toLocaleDateString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' }).replaceAll('-', '').slice(2);

export class Slips {
  static async open() {
    const slips = new Slips();
    slips.db = await connect();
    const machine = () => slips.db.transaction('machine', 'readwrite').objectStore('machine');
    slips.key = await done(machine().get('key'));
    slips.name = await done(machine().get('name'));
    if (!slips.key) {
      const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
      const name = [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => LETTERS[byte % 32]).join('');
      // Another window may have been faster: what it put there is the machine's.
      const store = machine();
      const known = await done(store.get('key'));
      if (!known) {
        store.put(key, 'key');
        await done(store.put(name, 'name'));
      }
      slips.key = known ?? key;
      slips.name = known ? await done(machine().get('name')) : name;
    }
    return slips;
  }

  /** Gives a slip the next number of this machine and keeps it; on the disk before this returns. */
  async add(slip) {
    const at = Date.now();
    const day = dayOf(at);
    const counting = this.db.transaction('machine', 'readwrite', { durability: 'strict' }).objectStore('machine');
    const last = (await done(counting.get('last'))) ?? { day, n: 0 };
    const n = last.day === day ? last.n + 1 : 1;
    await done(counting.put({ day, n }, 'last'));
    const number = `PT-${this.name}-${day}-${String(n).padStart(3, '0')}`;
    const whole = { ...slip, id: newId(at), number, written_at: new Date(at).toISOString() };
    const { iv, sealed } = await this.seal(whole.id, whole);
    const keeping = this.db.transaction('slip', 'readwrite', { durability: 'strict' });
    await done(keeping.objectStore('slip').add({ id: whole.id, number, at, iv, sealed }));
    await new Promise((resolve, reject) => { keeping.oncomplete = resolve; keeping.onabort = () => reject(keeping.error); });
    return whole;
  }

  async seal(place, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: encode(place) }, this.key, encode(JSON.stringify(value)));
    return { iv, sealed };
  }

  async unseal(place, { iv, sealed }) {
    const open = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: encode(place) }, this.key, sealed);
    return JSON.parse(new TextDecoder().decode(open));
  }

  /** What is being typed at the counter, for the page that goes on where the server is lost; none to forget it. */
  async keepTyped(fields) {
    const kept = fields && { at: Date.now(), ...(await this.seal('typed', fields)) };
    const machine = this.db.transaction('machine', 'readwrite').objectStore('machine');
    await done(kept ? machine.put(kept, 'typed') : machine.delete('typed'));
  }

  async typed() {
    const kept = await done(this.db.transaction('machine').objectStore('machine').get('typed'));
    return kept && Date.now() - kept.at < TYPED_MS ? this.unseal('typed', kept) : [];
  }

  /** Those that wait, the oldest first. */
  async waiting() {
    return done(this.db.transaction('slip').objectStore('slip').getAll());
  }

  /** Sends each alone: one the server cannot take now waits on, and holds up no other. */
  async send(csrf, told) {
    for (const kept of await this.waiting()) {
      const { id, number } = kept;
      try {
        const slip = { ...(await this.unseal(id, kept)), sent_at: new Date().toISOString() };
        const body = new URLSearchParams({ csrf, phieu: JSON.stringify(slip) });
        const reply = await fetch('/quay/phieu-tam', { method: 'POST', body });
        if (!reply.ok || !reply.headers.get('content-type')?.includes('json')) throw new Error(String(reply.status));
        const answer = await reply.json();
        await done(this.db.transaction('slip', 'readwrite').objectStore('slip').delete(id));
        told(answer);
      } catch {
        told({ number, href: '', said: 'Chưa gửi được, phiếu vẫn ở máy này và được gửi lại khi mở trang này lần sau.' });
      }
    }
  }
}
