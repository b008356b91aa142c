// Lets in only requests with a reservation of the room, and fails closed. It answers as the servlet filter does.
import { readFileSync } from 'node:fs';
import { reservations } from './reservations.js';

const page = readFileSync(new URL('enter.html', import.meta.url), 'utf8');
const script = readFileSync(new URL('enter.js', import.meta.url), 'utf8');
const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

export function waitingRoom({ gateway, issuer, room }) {
  const judge = reservations({ gateway, issuer, room });
  const entry = `/waitingroom-enter/${room}`;
  const cookie = req => `${req.secure ? '__Host-' : ''}reservation-${room}`;

  return async (req, res, next) => {
    if (req.path === entry || req.path === `${entry}/enter.js`) return enter(req, res);
    if (isPreflight(req)) return next();
    let best = 'invalid';
    for (const token of [...bearer(req), ...cookies(req, cookie(req))]) {
      const { verdict } = await judge(token);
      if (verdict === 'valid') return next();
      if (verdict === 'unknown') best = verdict;
    }
    answer(best, req, res);
  };

  // Where the waiting page sends an admitted browser: its script gets the reservation, and presents it by POST.
  async function enter(req, res) {
    if (req.method === 'GET' || req.method === 'HEAD') {
      const isScript = req.path.endsWith('.js');
      res.set({ 'Cache-Control': 'no-cache', 'Content-Security-Policy': POLICY, 'X-Content-Type-Options': 'nosniff' });
      res.type(isScript ? 'js' : 'html').send(isScript ? script : page.replaceAll('ROOM', room));
    } else if (req.method === 'POST') {
      const [token = ''] = bearer(req);
      const { verdict, secondsLeft } = await judge(token);
      if (verdict !== 'valid') return answer(verdict, req, res);
      res.cookie(cookie(req), token,
        { path: '/', httpOnly: true, secure: req.secure, sameSite: 'lax', maxAge: Math.floor(secondsLeft) * 1000 });
      res.set('Cache-Control', 'no-store').status(204).end();
    } else {
      res.set('Allow', 'GET, HEAD, POST').status(405).end();
    }
  }

  function answer(verdict, req, res) {
    res.set('Cache-Control', 'no-store');
    if (verdict === 'unknown') {
      problem(res, 503, 'UNAVAILABLE', 'Reservations cannot be checked now',
        'the keys of the waiting room have not been loaded yet; try again');
    } else if (isNavigation(req)) {
      const back = `${req.baseUrl}${entry}?return=${encodeURIComponent(target(req))}`;
      res.redirect(303, `/waiting/${room}?return=${encodeURIComponent(back)}`);
    } else {
      problem(res, 429, 'WAITING_ROOM_REQUIRED', 'Visitors wait here before they enter',
        'join the waiting room, and repeat the request once admitted',
        { event_id: room, join_url: '/api/v1/queue/join', page_url: `/waiting/${room}` });
    }
  }
}

function problem(res, status, code, title, detail, more) {
  const type = `urn:waitingroom:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  res.set('Retry-After', '5').status(status).type('application/problem+json')
    .send(JSON.stringify({ type, title, status, detail, code, ...more }));
}

function bearer(req) {
  const [, token] = /^Bearer (.*)$/i.exec(req.get('Authorization') ?? '') ?? [];
  return token === undefined ? [] : [token.trim()];
}

// Every value: another host of the domain may have set a cookie of this name, too.
function cookies(req, name) {
  return (req.get('Cookie') ?? '').split(';').map(pair => pair.trim())
    .filter(pair => pair.startsWith(`${name}=`)).map(pair => pair.slice(name.length + 1));
}

// A browser sends it without cookies and Authorization, and the request itself after it.
function isPreflight(req) {
  return req.method === 'OPTIONS' && Boolean(req.get('Origin') && req.get('Access-Control-Request-Method'));
}

// Whether a browser asks for a page that it will show.
function isNavigation(req) {
  return ['GET', 'HEAD'].includes(req.method) && (req.get('Accept') ?? '').includes('text/html')
    && (req.get('Sec-Fetch-Mode') ?? 'navigate') === 'navigate';
}

// Path and query; / if a browser may take it for another host, or if it is very long.
function target({ originalUrl: url }) {
  return /^\/(?!\/)[^\\]*$/.test(url) && url.length <= 2048 ? url : '/';
}
