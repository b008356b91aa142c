(() => {
  'use strict';

  /* The page of a visitor in line. It follows the stream of the place, or polls, and enters when the turn comes. */
  const data = JSON.parse(document.getElementById('wr-data').textContent);
  const text = data.text;
  const event = encodeURIComponent(data.event);
  const STATUS = '/api/v1/queue/status?event_id=' + event;
  const STREAM = '/api/v1/queue/stream?event_id=' + event;
  const SHOWN = ['waiting', 'hold', 'away', 'offline'];
  const KEPT = SHOWN.concat('ready', 'entering');
  const BUTTON = {join: 'join', ready: 'enter', full: 'retry', closed: 'retry', busy: 'retry', cookies: 'retry', lost: 'again', left: 'again', takeover: 'take', replace: 'take', moved: 'back', link: 'join'};
  const FORM = {enter: 'enter', take: 'takeover', back: 'takeback'};
  const STALE = 5000;
  const SPOKEN = 30000;
  const LATE = 6000;
  const TIMEOUT = 10000;
  const MAX_BACKOFF = 15000;

  let state = data.state;
  let status = data.status;
  let reason = data.reason;
  let failures = 0;
  let busy = false;
  let timer = 0;
  let clock = 0;
  let stream = null;
  let streamRests = 0;
  let leads = false;
  let queued = null;
  let progress = 0;
  let announced = 0;
  let joined = false;
  let seen = {asOf: '', at: 0};

  // --- the browser's memory, which may be switched off ---

  const remember = (store, key, value) => {
    try {
      if (value === null) store().removeItem(key); else store().setItem(key, value);
    } catch (e) { /* then it lasts as long as the page */ }
  };
  const recall = (store, key) => {
    try { return store().getItem(key); } catch (e) { return null; }
  };
  const local = () => window.localStorage;
  const session = () => window.sessionStorage;
  const READY_KEY = 'wr-ready-' + data.event;
  const ENTERED_KEY = 'wr-entered-' + data.event;

  // --- texts ---

  const numbers = new Intl.NumberFormat(data.locale, {useGrouping: 'always'});
  const plurals = new Intl.PluralRules(data.locale);
  const times = new Intl.DateTimeFormat(data.locale, {hour: 'numeric', minute: '2-digit', second: '2-digit'});

  const filled = (template, values) => template.replace(/\{(\w+)\}/g, (all, name) => name in values ? values[name] : all);
  const plural = (key, n, from) => filled(text[key + '.' + plurals.select(n)] || text[key + '.other'],
    {n: numbers.format(n), from: numbers.format(from)});
  const range = (key, earliest, latest, unit) => {
    const from = Math.max(1, Math.floor(earliest / unit));
    const to = Math.ceil(latest / unit);
    return from >= to ? plural(key, to, to) : plural(key + '.range', to, from);
  };
  const etaText = () => {
    if (state !== 'waiting' || !status.eta_known || !status.eta_range) return text['eta.unknown'];
    const [earliest, latest] = status.eta_range;
    if (latest <= 60) return text['eta.soon'];
    return latest <= 5400 ? range('eta.minutes', earliest, latest, 60) : range('eta.hours', earliest, latest, 3600);
  };
  const durationText = seconds => seconds < 120
    ? plural('duration.seconds', seconds, 0) : plural('duration.minutes', Math.floor(seconds / 60), 0);

  // --- what is shown ---

  const element = name => document.getElementById('wr-' + name);
  const write = (name, value) => {
    const at = element(name);
    if (at && at.textContent !== value) at.textContent = value;
  };
  const show = (name, shown) => {
    const at = element(name);
    if (at) at.hidden = !shown;
  };
  const option = name => {
    const box = element(name);
    return !box || box.checked;
  };

  const turnLeft = () => {
    const since = Number(recall(local, READY_KEY)) || Date.now();
    return Math.max(0, Math.round(data.turnSeconds - (Date.now() - since) / 1000));
  };

  const renderTurn = () => {
    const left = turnLeft();
    const shown = state === 'ready' && status && status.status === 'waiting' && left > 0;
    show('turn', shown);
    if (shown) write('turn', filled(text.turn, {duration: durationText(left)}));
  };

  const renderTitle = () => {
    const title = text[state + '.title'];
    const site = data.title ? ' · ' + data.title : '';
    const prefix = !option('tab') ? '' : state === 'ready' ? '● '
      : SHOWN.includes(state) && status && status.position ? '(' + numbers.format(status.position) + ') ' : '';
    document.title = prefix + title + site;
  };

  const renderPlace = () => {
    const placed = SHOWN.includes(state) && Boolean(status) && status.position > 0;
    show('place', placed);
    if (!placed) return;
    write('position', numbers.format(status.position));
    write('ahead', numbers.format(status.position - 1));
    write('eta', etaText());
    const bar = element('progress');
    const all = status.waiting_time + status.eta_sec;
    if (status.eta_known && all > 0) progress = Math.max(progress, Math.round(100 * status.waiting_time / all));
    if (bar) {
      bar.hidden = progress === 0 && !status.eta_known;
      bar.value = progress;
    }
    const at = Date.parse(status.as_of);
    if (at > 0) write('updated', filled(text.updated, {time: times.format(at)}));
  };

  const render = next => {
    const changed = next !== state;
    const hadFocus = document.activeElement === element('button');
    state = next;
    const root = element('title') && element('title').closest('[data-state]');
    if (root) root.dataset.state = state;
    write('title', text[state + '.title']);
    write('text', state === 'closed' && reason ? reason : text[state + '.text']);
    if (state === 'closed' && reason && element('text')) element('text').dir = 'auto';
    const action = BUTTON[state];
    show('act', Boolean(action));
    if (action) {
      write('button', text['action.' + action]);
      element('button').value = FORM[action] || 'join';
    }
    show('second', state === 'moved');
    ['handover', 'leave', 'options'].forEach(name => show(name, KEPT.includes(state) && state !== 'entering'));
    renderPlace();
    renderTurn();
    renderTitle();
    if (changed && hadFocus && !action) element('title').focus();
    announce(changed);
  };

  /* A change of state is said at once, a new position at most twice a minute. */
  const announce = changed => {
    if (changed) {
      write('live', text[state + '.title'] + '. ' + text[state + '.text']);
      announced = Date.now();
    } else if (state === 'waiting' && Date.now() - announced > SPOKEN) {
      write('live', filled(text.announce, {position: numbers.format(status.position), eta: etaText()}));
      announced = Date.now();
    }
  };

  // --- calls ---

  const request = async (path, options) => {
    const abort = new AbortController();
    const late = setTimeout(() => abort.abort(), TIMEOUT);
    try {
      return await fetch(path, Object.assign({cache: 'no-store', credentials: 'same-origin', signal: abort.signal}, options));
    } finally {
      clearTimeout(late);
    }
  };

  const act = async action => {
    const form = new URLSearchParams({action, return: data.return, key: data.key, code: data.code});
    const response = await request(data.action, {method: 'POST', body: form, headers: {Accept: 'application/json'}});
    if (response.status === 429 || response.status >= 500) throw retryAfter(response);
    return response.json();
  };

  const retryAfter = response => Object.assign(new Error('status ' + response.status),
    {after: 1000 * Number(response.headers.get('Retry-After') || 0)});

  const jitter = millis => millis * (0.8 + 0.4 * Math.random());

  /* One failed call is not shown: a gateway that is replaced answers the next one. */
  const failed = error => {
    failures += 1;
    if (navigator.onLine === false) render('offline');
    else if (!KEPT.includes(state)) render('busy');
    else if (failures > 1) render('away');
    const backoff = Math.min(MAX_BACKOFF, 1000 * 2 ** Math.min(failures, 4));
    return jitter(Math.max(backoff, error.after || 0));
  };

  // --- one tab speaks for all tabs of the browser ---

  const channel = window.BroadcastChannel ? new BroadcastChannel('wr-' + data.event) : null;
  const tell = message => { if (channel) channel.postMessage(message); };
  if (channel) {
    channel.onmessage = ({data: message}) => {
      if (message.status && !leads) apply(message.status, message.stale);
      else if (message.ask && leads && status) tell({status, stale: state === 'away'});
      else if (message.joined && !KEPT.includes(state)) follow();
      else if (message.left) over('left');
      else if (message.entered) remember(session, ENTERED_KEY, String(Date.now()));
    };
  }

  const follow = () => {
    if (!channel || !navigator.locks) {
      leads = true;
      watch();
      return;
    }
    tell({ask: true});
    lead(document.visibilityState === 'visible');
  };

  /* The visible tab leads, since browsers slow the timers of hidden ones. */
  const lead = steal => {
    if (leads) return;
    if (queued) queued.abort();
    queued = new AbortController();
    const options = steal ? {steal: true} : {signal: queued.signal};
    navigator.locks.request('wr-lead-' + data.event, options, () => {
      leads = true;
      watch();
      return new Promise(() => {});
    }).catch(error => {
      if (!leads || error.name !== 'AbortError') return;
      leads = false;
      unwatch();
      lead(false);
    });
  };

  // --- the place ---

  const watch = () => {
    unwatch();
    if (!KEPT.includes(state)) return;
    if (window.EventSource && Date.now() > streamRests) listen();
    else schedule(0);
  };

  const unwatch = () => {
    clearTimeout(timer);
    if (stream) stream.close();
    stream = null;
  };

  const schedule = millis => {
    clearTimeout(timer);
    timer = setTimeout(poll, millis);
  };

  const listen = () => {
    stream = new EventSource(STREAM);
    stream.addEventListener('status', message => {
      failures = 0;
      const next = JSON.parse(message.data);
      told(next, false);
      schedule(next.poll_after_ms + jitter(LATE)); // by then the stream has said more, or is lost
    });
    stream.onerror = () => {
      if (stream && stream.readyState === EventSource.CLOSED) {
        stream = null;
        streamRests = Date.now() + jitter(60000);
      }
      if (failures === 0) schedule(jitter(1000));
    };
    schedule(3000); // a proxy may hold the stream back
  };

  /* An event has no date: a time that does not move shows that Redis is away. */
  const standsStill = next => {
    if (seen.asOf !== next.as_of) seen = {asOf: next.as_of, at: Date.now()};
    return Date.now() - seen.at > STALE;
  };

  const told = (next, old) => {
    const stale = standsStill(next) || old;
    tell({status: next, stale});
    apply(next, stale);
  };

  const poll = async () => {
    if (!leads || !KEPT.includes(state)) return;
    try {
      const response = await request(STATUS);
      if (!KEPT.includes(state)) return; // it ended meanwhile, in another tab
      if (response.ok) {
        const next = await response.json();
        failures = 0;
        const now = Date.parse(response.headers.get('Date')) || Date.now();
        told(next, now - Date.parse(next.as_of) > STALE);
        if (KEPT.includes(state)) {
          const resume = !stream && window.EventSource && Date.now() > streamRests;
          if (resume) listen(); else schedule(next.poll_after_ms + (stream ? jitter(LATE) : 0));
        }
      } else if (response.status === 400 || response.status === 401) {
        over(joined ? 'cookies' : 'lost');
      } else if (response.status === 404) {
        over('over');
      } else {
        throw retryAfter(response);
      }
    } catch (error) {
      schedule(failed(error));
    }
  };

  const over = next => {
    unwatch();
    remember(local, READY_KEY, null);
    render(next);
  };

  const stateOf = next => {
    if (next.status === 'waiting') return next.ready_for_entry ? 'ready' : next.on_hold ? 'hold' : 'waiting';
    return {admitted: 'ready', expired: 'lost', left: 'left', closed: 'over', moved: 'moved'}[next.status] || 'away';
  };

  const apply = (next, stale) => {
    joined = false;
    status = next;
    const found = stateOf(next);
    if (!KEPT.includes(found)) {
      over(found);
      return;
    }
    if (stale) {
      render('away');
      return;
    }
    if (found !== 'ready') {
      remember(local, READY_KEY, null);
      if (!busy) render(found);
      return;
    }
    ready();
  };

  const ready = () => {
    if (busy) return;
    if (!recall(local, READY_KEY)) remember(local, READY_KEY, String(Date.now()));
    if (state !== 'ready') chime();
    render('ready');
    if (!clock) clock = setInterval(tick, 1000);
    tick();
  };

  /* A hidden tab calls the visitor, and goes in by itself when half of the turn is over. */
  const tick = () => {
    renderTurn();
    if (state !== 'ready' || !option('auto') || justEntered()) return;
    if (document.visibilityState === 'visible' || turnLeft() < data.turnSeconds / 2) enter();
  };

  /* Where the shop sends the visitor back at once, going in by itself would never end. */
  const justEntered = () => Date.now() - Number(recall(session, ENTERED_KEY) || 0) < 20000;

  /* Sends the form, one at a time. Returns when to ask again; nothing if the page is left, or is sending already. */
  const submit = async (action, meanwhile) => {
    if (busy) return undefined;
    busy = true;
    render(meanwhile);
    let wait = 0;
    try {
      const answer = await act(action);
      failures = 0;
      if (answer.location) {
        remember(local, READY_KEY, null);
        remember(session, ENTERED_KEY, String(Date.now()));
        tell({entered: true});
        location.replace(answer.location);
        return undefined;
      }
      wait = answered(answer);
    } catch (error) {
      wait = failed(error);
    }
    busy = false;
    return wait;
  };

  /* What a form's answer says. Returns when to ask again. */
  const answered = answer => {
    reason = answer.reason || '';
    status = answer.status || status;
    if (answer.state) render(answer.state);
    return answer.retryMillis || 1000;
  };

  const enter = async () => {
    const wait = await submit('enter', 'entering');
    if (wait === undefined || !KEPT.includes(state)) return;
    if (state === 'entering') render('away');
    if (leads) schedule(wait);
  };

  /* Takes a place: a new one, that of a link, or the own one back. One tab of the browser at a time. */
  const take = action => {
    const before = state;
    const once = async () => {
      remember(local, READY_KEY, null);
      progress = 0;
      const wait = await submit(action, 'joining');
      if (wait === undefined) return;
      if (status && KEPT.includes(state)) {
        if (data.code) forgetCode();
        joined = true;
        tell({joined: true});
        if (leads) watch(); else follow();
      } else if (action !== 'join' && ['busy', 'offline'].includes(state)) {
        render(before);
      } else if (['full', 'closed', 'busy', 'offline'].includes(state)) {
        clearTimeout(timer);
        timer = setTimeout(join, jitter(wait));
      }
    };
    if (navigator.locks) navigator.locks.request('wr-join-' + data.event, once); else once();
  };
  const join = () => take('join');

  // --- another device ---

  /* A reload must not open the link again. */
  const forgetCode = () => {
    data.code = '';
    history.replaceState(null, '', data.action + '?return=' + encodeURIComponent(data.return));
  };

  let linkTimer = 0;
  const showLink = link => {
    show('code', Boolean(link));
    show('handover-form', !link);
    clearTimeout(linkTimer);
    if (!link) return;
    element('qr').setAttribute('viewBox', '0 0 ' + link.size + ' ' + link.size);
    element('qr').firstElementChild.setAttribute('d', link.path);
    element('link').href = link.url;
    write('link', link.url);
    linkTimer = setTimeout(showLink, link.lastsMillis, null);
  };
  const handOver = async () => {
    try {
      const answer = await act('handover');
      if (answer.link) showLink(answer.link); else answered(answer);
    } catch (error) { /* the button is still there */ }
  };

  // --- the turn is heard ---

  let audio = null;
  const tuned = () => {
    const Context = window.AudioContext || window.webkitAudioContext;
    if (!option('sound') || !element('sound') || !Context) return null;
    audio = audio || new Context();
    if (audio.state === 'suspended') audio.resume();
    return audio;
  };
  const chime = () => {
    const context = tuned();
    if (!context) return;
    [659, 880].forEach((frequency, i) => {
      const tone = context.createOscillator();
      const gain = context.createGain();
      const start = context.currentTime + i * 0.22;
      tone.frequency.value = frequency;
      gain.gain.setValueAtTime(0.0001, start);
      gain.gain.exponentialRampToValueAtTime(0.2, start + 0.03);
      gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.6);
      tone.connect(gain).connect(context.destination);
      tone.start(start);
      tone.stop(start + 0.65);
    });
  };

  // --- begin ---

  ['auto', 'sound', 'tab'].forEach(name => {
    const box = element(name);
    if (!box) return;
    const known = recall(local, 'wr-' + name);
    if (known !== null) box.checked = known === '1';
    box.addEventListener('change', () => {
      remember(local, 'wr-' + name, box.checked ? '1' : '0');
      if (name === 'sound' && box.checked) chime();
      renderTitle();
      tick();
    });
  });

  const start = () => {
    render(state);
    if (data.preview) return;
    const form = element('act');
    if (form) {
      form.addEventListener('submit', submitted => {
        submitted.preventDefault();
        const action = (submitted.submitter || element('button')).value;
        if (action === 'enter') enter(); else take(action);
      });
    }
    const panel = element('handover');
    if (panel && element('handover-form')) {
      panel.addEventListener('toggle', () => { if (panel.open && element('code').hidden) handOver(); });
      element('handover-form').addEventListener('submit', submitted => {
        submitted.preventDefault();
        handOver();
      });
    }
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible' || !KEPT.includes(state)) return;
      if (channel && navigator.locks && !leads) lead(true);
      else if (leads) schedule(0);
      tick();
    });
    ['pointerdown', 'keydown'].forEach(name => document.addEventListener(name, tuned, {once: true, passive: true}));
    window.addEventListener('offline', () => { if (KEPT.includes(state)) render('offline'); });
    window.addEventListener('online', () => { if (leads) watch(); });
    window.addEventListener('pageshow', shown => { if (shown.persisted) location.reload(); });
    if (state === 'ready') {
      state = 'waiting';
      ready();
    }
    if (state === 'left') tell({left: true});
    if (navigator.cookieEnabled === false) render('cookies');
    else if (status && KEPT.includes(state)) follow();
    else if (['join', 'full', 'closed', 'busy'].includes(state)) join();
    else if (state === 'away') follow();
  };

  start();
})();
