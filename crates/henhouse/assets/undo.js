// What can be taken back. A button with `data-delay` (seconds) lets something leave to people outside: it waits that
// long, can be taken back or sent at once, and is sent by whoever leaves the page meanwhile. What was done is undone by
// an act of its own (`undo` in the address that it led to): for a note that stays on its page, this offers it.
const toast = document.getElementById('toast');
const [words, now, back] = toast?.querySelectorAll('span, button') ?? [];
const LONG = 10_000;
/** What waits: its form, and what lets it go, from elsewhere or from its page. */
let waits = null;
let timer = 0;

const close = () => {
  clearInterval(timer);
  toast.hidden = true;
  waits = null;
};

/** Counts down, and does it at the end. */
const count = (end, then) => {
  const left = Math.ceil((end - Date.now()) / 1000);
  words.textContent = `${toast.dataset.leaves} ${left} s`;
  if (left <= 0) then();
};

document.addEventListener('submit', event => {
  const form = /** @type {HTMLFormElement & { leaves?: boolean }} */ (event.target);
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (form.leaves || !toast || !waits && !button?.dataset.delay) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (waits) {
    // Another one while something waits: that is sent first, and said on its page if it is not taken. The same one
    // again is a finger that shook.
    const { leave } = waits;
    if (form !== waits.form) waits.go().then(answer => answer.headers.get('henhouse-to') ? form.requestSubmit(button) : leave()).catch(leave);
    return;
  }
  const leave = () => {
    close();
    form.leaves = true;
    form.requestSubmit(button);
    form.leaves = false;
  };
  const go = () => {
    const body = new URLSearchParams(/** @type {any} */ (new FormData(form, button)));
    close();
    return fetch(form.action, { method: 'POST', body, keepalive: true, headers: { 'henhouse-script': 'yes' } });
  };
  close();
  waits = { form, go, leave };
  const end = Date.now() + 1000 * Number(button.dataset.delay);
  timer = setInterval(() => count(end, leave), 250);
  now.hidden = false;
  now.onclick = leave;
  back.onclick = () => { close(); button.focus(); };
  toast.hidden = false;
  count(end, leave);
  page.say(words.textContent);
  // Neither button: the key that sent it may still be held.
  toast.focus();
}, true);
// Whoever leaves the page has not taken it back.
addEventListener('pagehide', () => waits?.go());

/** Offers to undo what led there. */
page.offer = to => {
  const entry = new URL(to, location.href).searchParams.get('undo');
  if (!entry || !toast || waits) return;
  close();
  words.textContent = toast.dataset.noted;
  now.hidden = true;
  const body = new URLSearchParams({ form_token: page.token() ?? '', undo: entry, once: page.key() });
  back.onclick = async () => {
    // Without a network it can be pressed again.
    const answer = await fetch(location.pathname, { method: 'POST', body, headers: { 'henhouse-script': 'yes' } }).catch(() => null);
    if (!answer) return;
    close();
    if (!answer.headers.get('henhouse-to')) return page.instead?.(await answer.text());
    document.querySelector('hen-live')?.look();
  };
  toast.hidden = false;
  timer = setTimeout(close, LONG);
};
