// Keys, and the palette. What a key does stands in the page: `data-key="n"` on a link, a button or a field,
// or `data-key="g n"` for two in a row; `data-types="!"` begins what is typed there. In a list x, o and . are
// of the row that has the focus. Single keys can be switched off, and count in no field (WCAG 2.1.4).
const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById('keys'));
const palette = /** @type {HTMLDialogElement | null} */ (document.getElementById('palette'));
const OFF = 'henhouse-keys-off';
const on = () => localStorage.getItem(OFF) === null;
const named = element => (element.dataset.does || element.getAttribute('aria-label')
  || (element.labels?.[0] ?? element).innerText || element.textContent).trim().replace(/\s+/g, ' ');
const use = element => {
  const fold = element.closest('details:not([open])');
  if (fold && !element.closest('summary')) fold.open = true;
  if (element.dataset.types) {
    const field = document.querySelector(element.getAttribute('href'));
    field.focus();
    if (!field.value) field.value = element.dataset.types;
  } else if (element.matches('input:not([type=submit]), textarea, select')) element.focus();
  else element.click();
};

/** What some keys do in a row: tick it, give it to somebody. */
const IN_A_ROW = {
  x: 'button[name=tick], button[name=untick], input[type=checkbox]',
  o: 'a[href*="/acts/assign_"]',
};

const seen = element => element.checkVisibility?.() ?? true;
let first = '';
let timer = 0;
document.addEventListener('keydown', event => {
  if (event.isComposing) return;
  const field = page.isField(/** @type {Element} */ (event.target));
  if (event.key === 'Escape' && field && !document.querySelector('dialog[open]')) return /** @type {HTMLElement} */ (event.target).blur();
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k' && palette) {
    event.preventDefault();
    return show();
  }
  if (field || event.ctrlKey || event.metaKey || event.altKey || !on() || document.querySelector('dialog[open]')) return;
  const key = first + event.key;
  clearTimeout(timer);
  first = '';
  if (key === '?') return event.preventDefault(), help();
  if (key === 'y') return event.preventDefault(), copy();
  if (key === 'j' || key === 'k') return event.preventDefault(), move(key === 'j' ? 1 : -1);
  const row = document.activeElement?.closest('.rows > li');
  if (row && key === '.') return event.preventDefault(), within(row);
  const target = row?.querySelector(IN_A_ROW[key] ?? 'none')
    ?? [...document.querySelectorAll('[data-key]')].findLast(one => one.dataset.key === key && (one.hidden || seen(one) || one.closest('details:not([open])')));
  if (target) event.preventDefault(), use(target);
  // Another key may follow, also behind one that has unfolded something.
  const begun = `${target ? key : event.key} `;
  if ([...document.querySelectorAll('[data-key]')].some(one => one.dataset.key.startsWith(begun))) {
    first = begun;
    timer = setTimeout(() => { first = ''; }, 1500);
  }
});

/** To the next row of a list, or the one before. */
const move = step => {
  const rows = [...document.querySelectorAll('main .rows > li')].map(row => row.querySelector('a, button, summary')).filter(Boolean);
  const at = rows.findIndex(row => row.closest('li').contains(document.activeElement));
  rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))]?.focus();
};

/** To what else there is in a row, one after the other; nothing is done by that. */
const within = row => {
  const all = [...row.querySelectorAll('summary, button, a')];
  all[(all.indexOf(document.activeElement) + 1) % all.length].focus();
};

const copy = async () => {
  await navigator.clipboard?.writeText(location.href);
  page.say(dialog?.dataset.copied);
};

const help = () => {
  if (!dialog) return;
  const list = dialog.querySelector('dl');
  list.replaceChildren();
  const keys = new Map([...document.querySelectorAll('[data-key]')].map(one => [one.dataset.key, named(one)]));
  for (const [key, what] of [...keys, ...JSON.parse(dialog.dataset.more)]) {
    const [term, told] = [document.createElement('dt'), document.createElement('dd')];
    term.append(Object.assign(document.createElement('kbd'), { textContent: key }));
    told.textContent = what;
    list.append(term, told);
  }
  dialog.showModal();
};
const box = dialog?.querySelector('input[type=checkbox]');
if (box) {
  box.checked = on();
  box.addEventListener('change', () => box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, 'yes'));
}
for (const opener of document.querySelectorAll('[data-opens=keys]')) {
  opener.hidden = false;
  opener.addEventListener('click', help);
}

// The palette: every link and button of the page, and the cases.
const input = palette?.querySelector('input');
const list = palette?.querySelector('[role=listbox]');
let all = [];
let chosen = 0;
const show = async () => {
  const places = [...document.querySelectorAll('header a, main a[href], main button:not([type=button]), main summary')];
  all = places.filter(seen).map(one => ({ words: named(one), go: () => use(one) }));
  input.value = '';
  draw();
  palette.showModal();
  try {
    const acts = document.querySelector('main a[data-acts]');
    if (acts) {
      const page_ = page.parse(await (await fetch(acts.href)).text());
      for (const one of page_.querySelectorAll('main .acts a.row')) {
        all.push({ words: named(one), go: () => location.assign(one.getAttribute('href')) });
      }
      draw();
    }
    const found = await (await fetch(palette.dataset.cases)).json();
    for (const one of found.cases) {
      all.push({ words: `${one.number} ${one.title ?? ''}`, go: () => location.assign(`/cases/${one.number}`) });
    }
    draw();
  } catch { /* The page's own are there. */ }
};
const found = () => {
  const parts = input.value.toLowerCase().split(/\s+/);
  const seen = new Set();
  const fits = one => parts.every(part => one.words.toLowerCase().includes(part)) && !seen.has(one.words) && seen.add(one.words);
  return all.filter(fits).slice(0, 12);
};
const draw = () => {
  const shown = found();
  chosen = Math.max(0, Math.min(chosen, shown.length - 1));
  list.replaceChildren(...shown.map((one, n) => {
    const line = document.createElement('div');
    line.id = `found-${n}`;
    line.setAttribute('role', 'option');
    line.setAttribute('aria-selected', String(n === chosen));
    line.textContent = one.words;
    line.onclick = () => { palette.close(); one.go(); };
    return line;
  }));
  if (shown.length) input.setAttribute('aria-activedescendant', `found-${chosen}`);
  else input.removeAttribute('aria-activedescendant');
};
input?.addEventListener('input', () => { chosen = 0; draw(); });
input?.addEventListener('keydown', event => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    chosen += step;
    draw();
  } else if (event.key === 'Enter') {
    event.preventDefault();
    const one = found()[chosen];
    palette.close();
    one?.go();
  }
});
