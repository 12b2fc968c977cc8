// Answers for the counter when the server does not: with the page that goes on without it, and with what
// that page is made of. It keeps both, anew whenever the counter's page was shown by the server.

const KEPT = 'motcua-quay';
const OUTAGE = '/quay/mat-ket-noi';
const PARTS = [
  OUTAGE, `${OUTAGE}/thu-tuc`, '/static/app.css', '/static/app.js', '/static/dom.js',
  '/static/outage.js', '/static/slips.js', '/static/icons.svg', '/static/icon.svg',
  '/static/fonts/noto-sans-latin.woff2', '/static/fonts/noto-sans-vietnamese.woff2',
];

const isCounter = (path) => path === '/' || path === '/quay' || path.startsWith('/quay/');

async function renew() {
  const cache = await caches.open(KEPT);
  await Promise.all(PARTS.map(async (part) => {
    const reply = await fetch(part);
    // Where the session has ended, the sign-in page answers for the counter's: what is kept stays.
    if (reply.ok && !reply.redirected) await cache.put(part, reply);
  }));
}

self.addEventListener('install', (event) => event.waitUntil(renew().then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  const goesThere = request.mode === 'navigate' && isCounter(pathname);
  const isPart = request.method === 'GET' && PARTS.includes(pathname);
  if (!goesThere && !isPart) return;
  // A proxy before a server that is down answers for it.
  const reply = fetch(request).then((answer) => {
    if ([502, 503, 504].includes(answer.status)) throw new Error(String(answer.status));
    return answer;
  });
  const kept = async () => (await caches.match(goesThere ? OUTAGE : pathname, { ignoreVary: true })) ?? Response.error();
  event.respondWith(reply.catch(kept));
  if (goesThere && pathname === '/quay') event.waitUntil(reply.then(renew).catch(() => { /* Lost meanwhile. */ }));
});
