// Files. Pasted or dropped anywhere on a page that takes one they are put into its field, and nothing is sent by that.
// A form with `data-upload` (where its bytes go) sends each with a bar that fills, and shows the hash that the server
// kept beside the one that was made of the file here. Other forms with files get a bar.
const HASHED = 256 * 1024 * 1024; // more than this is not held in memory for it
const SILENCE = 60_000; // a line that carries nothing for so long is dead
const fieldOf = () => document.activeElement?.closest('form')?.querySelector('input[type=file]') ?? document.querySelector('main input[type=file]');
const size = bytes => bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

/** Puts files into the field, beside those that were chosen there. */
const take = (field, files) => {
  const all = new DataTransfer();
  for (const file of [...field.files ?? [], ...files]) all.items.add(file);
  field.files = all.files;
  for (let fold = field.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null) fold.open = true;
  field.dispatchEvent(new Event('change', { bubbles: true }));
  field.scrollIntoView({ block: 'center' });
};
document.addEventListener('paste', event => {
  const [field, data] = [fieldOf(), event.clipboardData];
  // A table has a picture of itself with it, and is text.
  if (!field || !data?.files.length || page.isField(event.target) && data.types.includes('text/plain')) return;
  event.preventDefault();
  const kind = field.form?.querySelector('select[name=kind]');
  if (kind && !kind.value && [...data.files].every(file => file.type.startsWith('image/'))) kind.value = 'screen_capture';
  take(field, data.files);
  field.form?.querySelector(field.form.dataset.upload ? 'button:not([type=button])' : 'textarea')?.focus();
});
const carries = event => event.dataTransfer?.types.includes('Files') ? fieldOf() : null;
document.addEventListener('dragover', event => {
  if (!carries(event)) return;
  event.preventDefault();
  document.body.classList.add('dropping');
});
for (const kind of ['dragleave', 'dragend', 'drop']) document.addEventListener(kind, () => document.body.classList.remove('dropping'));
document.addEventListener('drop', event => {
  const field = carries(event);
  if (!field || !event.dataTransfer?.files.length) return;
  event.preventDefault();
  take(field, event.dataTransfer.files);
});

// What was chosen, by name and size, and its hash as soon as it is known. One that is sent again after its line broke
// has its key still, and counts once.
const nameOf = file => [file.name, file.size, file.lastModified].join('\n');
const chosen = new Map();
const listOf = field => field.parentElement.querySelector('.files')
  ?? field.parentElement.appendChild(Object.assign(document.createElement('ul'), { className: 'files' }));
document.addEventListener('change', event => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (field.type !== 'file') return;
  const list = listOf(field);
  list.replaceChildren();
  for (const file of field.files ?? []) {
    const row = list.appendChild(document.createElement('li'));
    row.append(`${file.name}, ${size(file.size)} `);
    const one = { row, key: chosen.get(nameOf(file))?.key ?? page.key(), hash: undefined };
    chosen.set(nameOf(file), one);
    if (!crypto.subtle || file.size > HASHED || !field.form?.dataset.upload) continue;
    one.hash = file.arrayBuffer().then(bytes => crypto.subtle.digest('SHA-256', bytes)).then(page.hex).catch(() => null);
    one.hash.then(hash => { if (hash) code(row, hash); });
  }
});
const code = (row, hash) => { row.appendChild(document.createElement('code')).textContent = `SHA-256 ${hash}`; };
document.addEventListener('reset', event => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.dataset.upload) form.querySelector('.files')?.replaceChildren();
});

/** Posts with a bar. @returns {Promise<XMLHttpRequest>} */
const carry = (to, body, headers, place) => new Promise((done, fail) => {
  const line = new XMLHttpRequest();
  const bar = place.appendChild(document.createElement('progress'));
  let quiet = 0;
  const cut = () => line.abort();
  const alive = () => {
    clearTimeout(quiet);
    quiet = setTimeout(cut, SILENCE);
  };
  addEventListener('offline', cut);
  line.open('POST', to);
  for (const [name, value] of Object.entries(headers)) line.setRequestHeader(name, value);
  line.upload.onprogress = event => {
    bar.max = event.total || 1;
    bar.value = event.loaded;
    alive();
  };
  line.onload = () => done(line);
  line.onerror = line.onabort = () => fail(new Error(''));
  line.onloadend = () => {
    clearTimeout(quiet);
    removeEventListener('offline', cut);
    bar.remove();
  };
  alive();
  line.send(body);
});

/** The same for a form that is sent whole: as `fetch` would answer. */
page.carry = async (form, to, body, headers) => {
  const line = await carry(to, body, headers, listOf(form.querySelector('input[type=file]')));
  return { status: line.status, headers: { get: name => line.getResponseHeader(name) }, text: async () => line.responseText };
};

/** Sends one file: what the server says of it. */
const send = async (form, file, key, row) => {
  const media = file.type || 'application/octet-stream';
  const kind = /\.(eml|msg)$/i.test(file.name) || media === 'message/rfc822' ? 'mail' : 'file';
  const said = new URLSearchParams({ media, label: file.name, kind });
  for (const name of ['label', 'kind', 'asset']) {
    const value = form.elements[name]?.value;
    if (value) said.set(name, value);
  }
  const line = await carry(`${form.dataset.upload}?${said}`, file, { 'Idempotency-Key': key, 'Content-Type': media }, row);
  const answer = JSON.parse(line.responseText);
  if (line.status === 201) return answer;
  throw new Error(answer.detail, { cause: line.status });
};

document.addEventListener('submit', async event => {
  const form = /** @type {HTMLFormElement & { busy?: boolean }} */ (event.target);
  const field = form.querySelector('input[type=file]');
  if (!form.dataset.upload || !field?.files?.length || event.defaultPrevented) return;
  event.preventDefault();
  if (form.busy) return;
  form.busy = true;
  const left = new DataTransfer();
  for (const file of field.files) {
    const one = chosen.get(nameOf(file));
    const { row } = one;
    try {
      const kept = await send(form, file, one.key, row);
      const here = await one.hash;
      const differs = here && here !== kept.sha256;
      row.textContent = `${kept.exhibit}: ${file.name}. `;
      code(row, kept.sha256);
      row.append(` ${differs ? form.dataset.differs : here ? form.dataset.same : ''}`);
      row.className = differs ? 'error' : 'kept';
      chosen.delete(nameOf(file));
    } catch (trouble) {
      const { message, cause } = trouble;
      // The server has answered: it has nothing under that key.
      if (cause) one.key = page.key();
      left.items.add(file);
      row.className = 'error';
      row.textContent = `${file.name}: ${form.dataset.failed} ${message}`;
    }
    page.say(row.textContent);
  }
  if (!left.files.length) form.reset();
  // What is not kept yet is chosen still.
  field.files = left.files;
  document.querySelector('hen-live')?.look?.();
  form.busy = false;
});
