// Forms with `data-keep`. What is typed outlasts a reload. What is sent without a network is kept on this device
// (`data-keep="send"`: a note, a report) and sent under the key that the form carries, so it counts once; another
// form stays as it is and says so. `mine`: kept whole, whatever the server begins it with. Nothing of evidence is kept, and nothing after a sign-out. Each person has what
// is theirs.
const who = document.body.dataset.who ?? '';
const KEPT = `henhouse-outbox ${who}`;
const DRAFT = `henhouse-draft ${who} `;
const band = document.getElementById('outbox');
const TRIES_EVERY = 5000;

const read = name => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } };
const write = (name, value) => value === null ? localStorage.removeItem(name) : localStorage.setItem(name, JSON.stringify(value));
const kept = () => read(KEPT) ?? [];
const change = (once, edit) => write(KEPT, kept().flatMap(one => one.once === once ? edit(one) : one));
const fieldsOf = form => [...form.querySelectorAll('textarea, select, input:not([type=hidden],[type=file],[type=password])')].filter(field => field.name);
const draftOf = form => DRAFT + location.pathname + ' ' + (form.id || form.getAttribute('action') || '');
const whole = form => form.dataset.keep === 'mine';
const ticks = field => field.type === 'checkbox' || field.type === 'radio';
const add = (to, kind, words) => to.appendChild(Object.assign(document.createElement(kind), { textContent: words }));

/** Posts a form; where it leads is told in a header, so that its place on the page is known too. */
const BY_SCRIPT = { accept: 'text/html', 'henhouse-script': 'yes' };
const post = (action, body, more = {}) => fetch(action, { method: 'POST', body, signal: AbortSignal.timeout(20_000), headers: BY_SCRIPT, ...more });
const leads = answer => answer.headers.get('henhouse-to');

/** What became of a kept one: 'sent', 'later', or why the server does not take it. */
const send = async one => {
  // The session may be another one than when it was written.
  const token = page.token();
  const pairs = one.pairs.map(([name, value]) => [name, name === 'form_token' && token ? token : value]);
  const answer = await post(one.action, new URLSearchParams(pairs));
  const to = leads(answer);
  if (to && !to.startsWith('/sign-in')) return { to };
  if (to || answer.status >= 500 || [401, 403, 429].includes(answer.status)) return { later: true };
  const page_ = page.parse(await answer.text());
  return { no: (page_.querySelector('.errors, main') ?? page_.body).textContent.trim().replace(/\s+/g, ' ').slice(0, 300) };
};

let sending = false;
const flush = async () => {
  if (sending) return;
  sending = true;
  try {
    for (const one of kept().filter(one => !one.no)) {
      const became = await send(one);
      if (became.later) break;
      if (became.no) change(one.once, one => [{ ...one, no: became.no }]);
      else {
        change(one.once, () => []);
        page.say(band?.dataset.sent);
        // The receipt of a report, for whoever still waits there.
        if (one.action.includes('/report') && location.pathname === new URL(one.action).pathname) location.assign(became.to);
      }
    }
  } catch { /* Still no network. */ }
  sending = false;
  show();
};

/** Says what is kept: the words, and what the server said against them. */
const show = () => {
  const all = kept();
  if (!band) return;
  band.hidden = all.length === 0;
  const list = band.querySelector('ul');
  list.replaceChildren();
  for (const one of all) {
    const line = list.appendChild(document.createElement('li'));
    add(line, 'span', one.words).className = 'grow';
    if (!one.no) continue;
    add(line, 'span', `${band.dataset.no} ${one.no}`).className = 'error';
    const drop = /** @type {HTMLButtonElement} */ (add(line, 'button', band.dataset.drop));
    drop.type = 'button';
    drop.className = 'second';
    drop.onclick = () => { change(one.once, () => []); show(); };
  }
};

/** Puts back what was typed, where the server has not put something else. */
const restore = place => {
  for (const form of place.querySelectorAll('form[data-keep]')) {
    const old = read(draftOf(form));
    for (const field of old ? fieldsOf(form) : []) {
      const { was, over } = old[field.name] ?? {};
      if (!was) continue;
      if (ticks(field)) field.checked = was.includes(field.value);
      else if (whole(form) || (field.defaultValue ?? '') === over) field.value = was[0];
      if (ticks(field) ? field.checked : field.value === was[0]) field.closest('details')?.setAttribute('open', '');
    }
  }
};
document.addEventListener('input', event => {
  const form = /** @type {HTMLInputElement} */ (event.target).form;
  if (!form?.matches('[data-keep]')) return;
  const typed = {};
  for (const field of fieldsOf(form)) {
    const over = field.defaultValue ?? '';
    if (ticks(field) ? field.checked : whole(form) || field.value !== over) (typed[field.name] ??= { was: [], over }).was.push(field.value);
  }
  write(draftOf(form), Object.keys(typed).length ? typed : null);
});

const instead = page.instead = html => {
  const fresh = page.parse(html);
  const [old, next] = [document.querySelector('main'), fresh.querySelector('main')];
  if (!old || !next) return;
  document.title = fresh.title;
  old.replaceWith(document.adoptNode(next));
  scrollTo(0, 0);
  (next.querySelector('.errors') ?? next).focus();
};

/** Goes where the server leads; to another place on this page too. */
const go = to => {
  const there = new URL(to, location.href);
  const same = there.pathname + there.search === location.pathname + location.search;
  if (same) history.replaceState(null, '', there);
  if (same) location.reload();
  else location.assign(there);
};

document.addEventListener('submit', async event => {
  const form = /** @type {HTMLFormElement & { busy?: boolean }} */ (event.target);
  if (form.getAttribute('action') === '/sign-out') return leave(event);
  if (event.defaultPrevented || !form.matches('[data-keep]')) return;
  event.preventDefault();
  if (form.busy) return;
  form.busy = true;
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  const data = new FormData(form, button);
  const action = button?.hasAttribute('formaction') ? button.formAction : form.getAttribute('action') ?? location.href;
  const pairs = /** @type {string[][]} */ ([...data].filter(([, value]) => typeof value === 'string'));
  const files = [...data.values()].some(value => value instanceof File && value.size > 0);
  const body = form.enctype === 'multipart/form-data' ? data : new URLSearchParams(pairs);
  const draft = draftOf(form);
  try {
    const answer = await (files && page.carry ? page.carry(form, action, body, BY_SCRIPT) : post(action, body, files ? { signal: null } : {}));
    const to = leads(answer);
    if (to) {
      write(draft, null);
      if (form.dataset.stays === undefined || !page.stays?.(form, to)) go(to);
    } else instead(await answer.text());
  } catch {
    unsent(form, { action: new URL(action, location.href).href, pairs, files });
  }
  form.busy = false;
});

/** It did not get through: it is kept, or it stays where it is. */
const unsent = (form, { action, pairs, files }) => {
  const once = pairs.find(([name]) => name === 'once')?.[1];
  if (form.dataset.keep !== 'send' || !once) {
    const place = form.querySelector('.unsent') ?? form.insertBefore(document.createElement('p'), form.firstChild);
    place.className = 'unsent error';
    place.textContent = band?.dataset.here ?? '';
    place.tabIndex = -1;
    return place.focus();
  }
  const text = fieldsOf(form).find(field => field.matches('textarea'))?.value ?? '';
  const words = text + (files ? ` ${band?.dataset.file}` : '');
  write(KEPT, [...kept(), { action, pairs, once, words }]);
  write(draftOf(form), null);
  renew(form);
  show();
  page.say(band?.querySelector('p')?.textContent);
};

/** Empty, and with a key of its own. */
const renew = form => {
  form.reset();
  for (const field of fieldsOf(form)) if (!ticks(field) && !field.matches('select')) field.value = '';
  const once = form.querySelector('input[name=once]');
  if (once) once.value = page.key();
};

// A note on a page that follows its record: it shows up there, and the next one can be typed at once.
page.stays = (form, to) => {
  const live = document.querySelector('hen-live');
  if (!live?.look || !new URL(to, location.href).hash || new URL(to, location.href).pathname !== location.pathname) return false;
  renew(form);
  live.look();
  page.offer?.(to);
  return true;
};

/** Nothing stays behind on the device of somebody who signs out. */
const leave = event => {
  if (kept().length && !confirm(band?.dataset.leave)) return event.preventDefault();
  for (const name of Object.keys(localStorage)) if (name === KEPT || name.startsWith(DRAFT)) localStorage.removeItem(name);
};

// Enter with Ctrl sends what is typed, and alone where a line is.
document.addEventListener('keydown', event => {
  const at = /** @type {HTMLInputElement} */ (event.target);
  if (event.key !== 'Enter' || event.isComposing || !page.isField(at) || !at.form) return;
  if (!event.ctrlKey && !event.metaKey && (at.dataset.enter === undefined || event.shiftKey)) return;
  event.preventDefault();
  at.form.requestSubmit(at.form.querySelector('button:not([type=button])'));
});

restore(document);
show();
flush();
addEventListener('online', flush);
setInterval(flush, TRIES_EVERY);
