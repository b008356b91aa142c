// Gets the visitor's reservation from the gateway, presents it to the shop, and goes to where the visitor wanted.
'use strict';
const RETRY_MS = 2000;
const entry = location.pathname;
const room = entry.slice(entry.lastIndexOf('/') + 1);

/** An address of this host alone, with its host: a link to this page must not lead elsewhere. */
function asked() {
  try {
    const url = new URL(new URLSearchParams(location.search).get('return') ?? '/', location.origin);
    return url.origin === location.origin ? url.href : '/';
  } catch {
    return '/';
  }
}

function wait() {
  location.replace('/waiting/' + room + '?return=' + encodeURIComponent(entry + location.search));
}

async function enter() {
  const admit = await fetch('/api/v1/queue/admit?event_id=' + room, {method: 'POST'});
  if (admit.status === 403) {
    wait(); // the turn has not come
    return true;
  }
  if ([400, 401, 404, 410].includes(admit.status)) {
    // The place is over. Its session would lead back here without a wait.
    await fetch('/api/v1/queue/session?event_id=' + room, {method: 'DELETE'});
    wait();
    return true;
  }
  if (!admit.ok) {
    return false;
  }
  const token = (await admit.json()).reservation_token;
  const presented = await fetch(entry, {method: 'POST', headers: {Authorization: 'Bearer ' + token}});
  if (presented.ok) {
    location.replace(asked());
  }
  return presented.ok;
}

async function run() {
  if (!await enter().catch(() => false)) {
    document.getElementById('text').textContent = 'The shop does not answer yet. This page tries again.';
    setTimeout(run, RETRY_MS);
  }
}

run();
