// <hen-live>: the page follows its record. When something changed it is fetched again, and each element
// with `data-live` and an id that differs is replaced; never one that holds the focus or something typed.
// The stream resumes by itself; where it fails the page is fetched every `data-poll` seconds. Without contact
// for `data-patience` seconds a band says so.
customElements.define('hen-live', class extends HTMLElement {
  connectedCallback() {
    this.age = this.querySelector('[data-age]');
    this.band = this.querySelector('[data-stale]');
    this.contact = Date.now();
    this.streams = false;
    this.last = Date.now();
    this.open();
    this.timer = setInterval(() => this.tick(), 1000);
    addEventListener('online', () => this.look());
    // A page that is kept to come back to would keep its stream, and a browser has but six lines to a server.
    addEventListener('pagehide', () => this.source?.close());
    addEventListener('pageshow', event => event.persisted && (this.open(), this.look()));
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    this.source?.close();
  }

  open() {
    const address = this.getAttribute('src');
    if (!address) return;
    const first = !this.source;
    this.source = new EventSource(address);
    this.source.onopen = () => {
      this.heard();
      const again = this.streams !== true && (!first || this.opened || !address.includes('after='));
      this.streams = this.opened = true;
      if (again) this.look();
    };
    this.source.onerror = () => {
      this.streams = false;
      this.retry = Date.now() + 30_000;
    };
    for (const kind of ['entry', 'changed', 'look_anew']) this.source.addEventListener(kind, () => this.look());
    this.source.addEventListener('beat', () => this.heard());
  }

  tick() {
    const seconds = name => 1000 * Number(this.dataset[name]);
    if (!this.streams && Date.now() - this.last >= seconds('poll')) this.look();
    if (this.source?.readyState === 2 && Date.now() > this.retry) this.open();
    const stale = Date.now() - this.contact >= seconds('patience');
    if (this.band && stale === this.band.hidden) {
      this.band.hidden = !stale;
      if (stale) page.say(this.band.textContent.trim());
    }
  }

  heard() {
    this.contact = Date.now();
    const time = new Date(page.now()).toLocaleTimeString(document.documentElement.lang, { hour12: false });
    for (const place of this.querySelectorAll('time')) place.textContent = time;
    if (this.age) this.age.hidden = false;
  }

  /** Fetches the page and shows what is new; what comes meanwhile is looked at once afterwards. */
  async look() {
    if (this.looking) return void (this.again = true);
    this.looking = true;
    this.last = Date.now();
    try {
      const answer = await fetch(location.href, { cache: 'no-store', headers: { accept: 'text/html' } });
      // Somewhere else, such as at the sign-in: this page stays as it is, and its age tells.
      if (answer.ok && answer.url.split('#')[0] === location.href.split('#')[0]) {
        this.show(page.parse(await answer.text()));
        this.heard();
      }
    } catch {
      this.streams = false;
    }
    this.looking = false;
    if (this.again) {
      this.again = false;
      this.look();
    }
  }

  show(fresh) {
    page.keepTime(fresh);
    document.title = fresh.title;
    const known = new Set([...document.querySelectorAll('[data-live] li[id]')].map(line => line.id));
    const news = [...fresh.querySelectorAll('[data-live] .log li[id]')].filter(line => !known.has(line.id));
    for (const old of document.querySelectorAll('[data-live][id]')) {
      const next = fresh.getElementById(old.id);
      if (next && same(next) !== (old.seen ?? same(old))) this.replace(old, next);
    }
    if (news.length) page.say(`${this.dataset.news} ${news[0].textContent.trim()}${news.length > 1 ? ` (+${news.length - 1})` : ''}`);
    document.dispatchEvent(new Event('hen:shown'));
  }

  replace(old, next) {
    const busy = old.contains(document.activeElement) && document.activeElement !== old;
    if (busy || page.isTyped(old)) {
      old.waits = next;
      if (old.previousElementSibling?.matches('.changed')) return;
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'second changed';
      button.textContent = this.dataset.changed;
      button.onclick = () => {
        carry(old, old.waits);
        swap(old, old.waits);
        old.waits.tabIndex = -1;
        old.waits.focus();
        button.remove();
      };
      old.before(button);
      return;
    }
    if (old.previousElementSibling?.matches('.changed')) old.previousElementSibling.remove();
    swap(old, next);
  }
});

/** A form's key is made anew with each page and is no change. */
const same = element => element.outerHTML.replace(/name="once" value="[^"]*"/g, '').replace(/<details open=""/g, '<details');

/** What was typed goes along. */
const carry = (old, next) => {
  for (const field of old.querySelectorAll('input:not([type=hidden],[type=file]), textarea, select')) {
    const twin = [...next.querySelectorAll('input, textarea, select')].find(one => one.name === field.name && one.type === field.type
      && (one.type !== 'radio' && one.type !== 'checkbox' || one.defaultValue === field.defaultValue));
    if (!twin) continue;
    if (field.type === 'radio' || field.type === 'checkbox') twin.checked = field.checked;
    else twin.value = field.value;
  }
};

const swap = (old, next) => {
  const folds = element => [...element.querySelectorAll('details')];
  const name = fold => fold.id || fold.querySelector('summary')?.textContent.replace(/\d+/g, '');
  const opened = new Set(folds(old).filter(fold => fold.open).map(name));
  const seen = same(next);
  for (const fold of folds(next)) if (opened.has(name(fold))) fold.open = true;
  next = document.adoptNode(next);
  next.seen = seen;
  old.replaceWith(next);
};
