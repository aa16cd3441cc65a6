// What the modules share: the one Trusted Types policy, the one region that speaks, the server's time.
// Each module below stands in a block of its own and works when another is missing; none holds a sentence:
// words come from the page.
const page = {
  /** Our own pages, fetched from our own server, are the only HTML that is ever parsed. */
  policy: (own => globalThis.trustedTypes?.createPolicy('hen', own) ?? own)({ createHTML: text => text, createScriptURL: text => text }),
  parse: text => new DOMParser().parseFromString(/** @type {string} */ (page.policy.createHTML(text)), 'text/html'),
  /** Says a sentence to whoever listens; politely, one at a time. */
  say(words) {
    const place = document.getElementById('spoken');
    if (place && words) place.textContent = words;
  },
  /** How far the server's clock is ahead of this device's, in milliseconds. */
  ahead: 0,
  now: () => Date.now() + page.ahead,
  keepTime(of) {
    const at = Date.parse(of.body.dataset.now ?? '');
    if (at) page.ahead = at - Date.now();
  },
  /** A key that nothing else has; also where the browser makes none by itself, without https. */
  key: () => page.hex(crypto.getRandomValues(new Uint8Array(16))),
  hex: bytes => [...new Uint8Array(bytes)].map(byte => byte.toString(16).padStart(2, '0')).join(''),
  /** What the forms of this session carry. */
  token: () => document.querySelector('input[name=form_token]')?.value,
  /** Whether a form that was taken leaves its page as it is, which shows what came of it. */
  stays: undefined,
  /** Offers to undo what led to an address. */
  offer: undefined,
  /** Shows a page of the server in the place of this one's content. */
  instead: undefined,
  /** Posts a form with files, with a bar that fills. */
  carry: undefined,
  isField: element => element instanceof Element && element.matches('input:not([type=hidden],[type=submit]), textarea, select'),
  /** Something was typed or chosen here that the server has not seen. */
  isTyped: place => [...place.querySelectorAll('input, textarea, select')].some(field =>
    field.type === 'checkbox' || field.type === 'radio' ? field.checked !== field.defaultChecked
      : field.matches('select') ? [...field.options].some(option => option.selected !== option.defaultSelected) && field.selectedIndex > 0
        : field.type !== 'hidden' && field.value !== field.defaultValue),
};
page.keepTime(document);
