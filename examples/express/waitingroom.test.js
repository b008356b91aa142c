import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { afterEach, beforeEach, test } from 'node:test';
import express from 'express';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { waitingRoom } from './waitingroom.js';

const ISSUER = 'shop/default';
const BROWSER = { Accept: 'text/html,application/xhtml+xml', 'Sec-Fetch-Mode': 'navigate' };

let key;
let published;
let fetches;
let down;
let gateway;
let shop;

async function newKey(kid) {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  return { kid, privateKey, jwk: { ...await exportJWK(publicKey), kid, use: 'sig', alg: 'ES256' } };
}

async function listen(handler) {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close().closeAllConnections() };
}

async function openShop() {
  const app = express();
  app.set('trust proxy', 'loopback');
  app.get('/free', (req, res) => res.send('free'));
  app.use(waitingRoom({ gateway: gateway.url, issuer: ISSUER, room: 'concert' }));
  app.use((req, res) => res.send('sold'));
  return listen(app);
}

beforeEach(async () => {
  key = await newKey('r1');
  published = [key];
  fetches = 0;
  down = false;
  gateway = await listen((req, res) => {
    fetches++;
    res.writeHead(down || req.url !== '/.well-known/jwks.json' ? 503 : 200).end(JSON.stringify({ keys: published.map(one => one.jwk) }));
  });
  shop = await openShop();
});

afterEach(() => {
  shop.close();
  gateway.close();
});

function reservation(changes = {}, by = key) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: ISSUER, aud: 'concert', iat: now - 30, exp: now + 120, jti: randomUUID(), ...changes };
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: by.kid }).sign(by.privateKey);
}

// fetch() lets nobody set Sec-Fetch-Mode or Origin.
async function send(method, path, headers = {}, at = shop) {
  const call = request(at.url + path, { method, headers }).end();
  const [answer] = await once(call, 'response');
  let body = '';
  for await (const chunk of answer.setEncoding('utf8')) body += chunk;
  return { status: answer.statusCode, headers: answer.headers, body };
}

const present = (token, path = '/cart', at = shop) => send('POST', path, { Authorization: `Bearer ${token}` }, at);

test('a reservation of the room lets in', async () => {
  const answer = await present(await reservation());
  assert.equal(answer.status, 200);
  assert.equal(answer.body, 'sold');
});

test('a program without reservation is told where to join', async () => {
  const answer = await send('POST', '/cart');
  assert.equal(answer.status, 429);
  assert.equal(answer.headers['retry-after'], '5');
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.match(answer.headers['content-type'], /^application\/problem\+json/);
  assert.deepEqual(JSON.parse(answer.body), {
    type: 'urn:waitingroom:problem:waiting-room-required',
    title: 'Visitors wait here before they enter',
    status: 429,
    detail: 'join the waiting room, and repeat the request once admitted',
    code: 'WAITING_ROOM_REQUIRED',
    event_id: 'concert',
    join_url: '/api/v1/queue/join',
    page_url: '/waiting/concert',
  });
});

test('a browser goes to the page and comes back by the entry', async () => {
  const answer = await send('GET', '/cart?seat=1&row=%C3%A9', BROWSER);
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.location, '/waiting/concert?return=%2Fwaitingroom-enter%2Fconcert%3Freturn%3D'
    + '%252Fcart%253Fseat%253D1%2526row%253D%2525C3%2525A9');
});

test('a script of a page is a program', async () => {
  assert.equal((await send('GET', '/cart', { ...BROWSER, 'Sec-Fetch-Mode': 'cors' })).status, 429);
  assert.equal((await send('POST', '/cart', BROWSER)).status, 429);
});

test('what another host could serve is not the target', async () => {
  for (const path of ['//evil.example/', '/\\evil.example/', `/${'a'.repeat(2048)}`]) {
    const { location } = (await send('GET', path, BROWSER)).headers;
    assert.equal(location, '/waiting/concert?return=%2Fwaitingroom-enter%2Fconcert%3Freturn%3D%252F', path);
  }
});

test('issuer, room and times must fit', async () => {
  const now = Math.floor(Date.now() / 1000);
  const cases = [
    [{ aud: ['other', 'concert'] }, 200],
    [{ aud: 'other' }, 429],
    [{ iss: 'other/default' }, 429],
    [{ exp: undefined }, 429],
    [{ exp: now - 1 }, 429],
    [{ iat: now + 25 }, 200], // within the leeway
    [{ iat: now + 60 }, 429],
    [{ nbf: now + 25 }, 200],
    [{ nbf: now + 60 }, 429],
  ];
  for (const [changes, status] of cases) {
    assert.equal((await present(await reservation(changes))).status, status, JSON.stringify(changes));
  }
});

test('what the gateway has not signed is refused', async () => {
  const claims = { iss: ISSUER, aud: 'concert', exp: Math.floor(Date.now() / 1000) + 60 };
  const encoded = part => Buffer.from(JSON.stringify(part)).toString('base64url');
  const text = `${encoded({ alg: 'HS256', kid: 'r1' })}.${encoded(claims)}`;
  const publicKeyAsSecret = `${text}.${createHmac('sha256', JSON.stringify(key.jwk)).update(text).digest('base64url')}`;
  const foreign = await reservation({}, await newKey('r1'));
  const whole = await reservation();
  for (const token of [new UnsecuredJWT(claims).encode(), publicKeyAsSecret, foreign, whole.slice(0, -8), 'x', 'a.b.c', '']) {
    assert.equal((await present(token)).status, 429, token);
  }
});

test('a token of another issuer causes no fetch of keys', async () => {
  await present(await reservation());
  const before = fetches;
  await present(await reservation({ iss: 'shop/login' }, await newKey('x')));
  assert.equal(fetches, before);
});

test('a new key is fetched when it is named, and a dropped one is refused', async t => {
  const old = await reservation();
  assert.equal((await present(old)).status, 200);
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 6_000 });
  published = [await newKey('r2')];
  assert.equal((await present(await reservation({}, published[0]))).status, 200);
  assert.equal((await present(old)).status, 429);
});

test('keys are kept while the gateway is down', async t => {
  const known = await reservation();
  assert.equal((await present(known)).status, 200);
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 6_000 });
  down = true;
  assert.equal((await present(await reservation({}, await newKey('r2')))).status, 429);
  assert.equal((await present(known)).status, 200);
});

test('without keys nobody enters until the gateway answers', async () => {
  down = true;
  const early = await openShop();
  try {
    const token = await reservation();
    const answer = await present(token, '/cart', early);
    assert.equal(answer.status, 503);
    assert.equal(answer.headers['retry-after'], '5');
    assert.equal(JSON.parse(answer.body).code, 'UNAVAILABLE');
    assert.equal((await send('POST', '/cart', {}, early)).status, 429);
    down = false;
    assert.equal((await present(token, '/cart', early)).status, 200);
  } finally {
    early.close();
  }
});

test('the entry turns a reservation into a cookie that lets in', async () => {
  const presented = await present(await reservation(), '/waitingroom-enter/concert');
  assert.equal(presented.status, 204);
  const [cookie] = presented.headers['set-cookie'];
  assert.match(cookie, /^reservation-concert=ey[^;]+; Max-Age=1(19|20); Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
  const sent = { ...BROWSER, Cookie: `a=b; reservation-concert=x; ${cookie.split(';')[0]}` };
  assert.equal((await send('GET', '/cart', sent)).status, 200);
  assert.equal((await send('POST', '/cart', { ...sent, Authorization: 'Bearer login' })).status, 200);
});

test('over https the cookie belongs to this host alone', async () => {
  const secure = { Authorization: `Bearer ${await reservation()}`, 'X-Forwarded-Proto': 'https' };
  const [cookie] = (await send('POST', '/waitingroom-enter/concert', secure)).headers['set-cookie'];
  assert.match(cookie, /^__Host-reservation-concert=.*; Secure;/);
});

test('the entry serves its page and script, and refuses what is not a reservation', async () => {
  const page = await send('GET', '/waitingroom-enter/concert', BROWSER);
  assert.match(page.body, /<script src="concert\/enter.js" defer>/);
  assert.match(page.headers['content-security-policy'], /default-src 'none'/);
  assert.match((await send('GET', '/waitingroom-enter/concert/enter.js')).body, /\/api\/v1\/queue\/admit/);
  assert.equal((await send('GET', '/waitingroom-enter/other', BROWSER)).status, 303);
  const refused = await present('x', '/waitingroom-enter/concert');
  assert.equal(refused.status, 429);
  assert.equal(refused.headers['set-cookie'], undefined);
  assert.equal((await send('PUT', '/waitingroom-enter/concert')).status, 405);
});

test('a preflight passes, another OPTIONS does not', async () => {
  const preflight = { Origin: 'https://a.example', 'Access-Control-Request-Method': 'POST' };
  assert.equal((await send('OPTIONS', '/cart', preflight)).status, 200);
  assert.equal((await send('OPTIONS', '/cart')).status, 429);
});

test('what is before the waiting room is free, in one spelling only', async () => {
  assert.equal((await send('GET', '/free')).body, 'free');
  for (const path of ['/free/../cart', '/free/%2e%2e/cart', '//free', '/free%2f..%2fcart']) {
    assert.equal((await send('GET', path)).status, 429, path);
  }
});

test('a missing setting is named', () => {
  assert.throws(() => waitingRoom({ gateway: gateway.url, issuer: ISSUER }), /waiting room: room is missing/);
});
