// Passkeys. The server says what a device is asked and judges its answer; the words stand in the page. A form with
// `data-passkey` asks at `data-begins`, brings the answer to `data-ends` and leads to `data-then`.
const post = async (path, body) => {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  const said = answer.status === 204 ? {} : await answer.json();
  if (!answer.ok) throw said;
  return said;
};
/** @param {any} options @returns {Promise<any>} */
const ask = options => {
  const kind = globalThis.PublicKeyCredential;
  return options.user
    ? navigator.credentials.create({ publicKey: kind.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: kind.parseRequestOptionsFromJSON(options) });
};
for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON) {
    form.replaceWith(form.dataset.unable);
    continue;
  }
  form.hidden = false;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const trouble = form.querySelector('[role=alert]');
    trouble.textContent = '';
    try {
      const { token, options } = await post(form.dataset.begins, Object.fromEntries(new FormData(form)));
      const credential = await ask(options);
      await post(form.dataset.ends, { token, credential: credential.toJSON() });
      location.assign(form.dataset.then);
    } catch (why) {
      trouble.textContent = why.detail ?? form.dataset[why.name === 'InvalidStateError' ? 'twice' : 'not'];
    }
  });
}
