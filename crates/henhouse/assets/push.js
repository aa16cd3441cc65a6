// Notifications. A form with `data-push`, the server's key, brings what this browser says of itself.
const form = document.querySelector('form[data-push]');
const { serviceWorker } = navigator;
if (form && !(serviceWorker && globalThis.PushManager)) form.replaceWith(form.dataset.unable);
else if (form) {
  form.hidden = false;
  form.addEventListener('submit', async event => {
    if (form.elements.auth.value) return;
    event.preventDefault();
    try {
      await serviceWorker.register(/** @type {any} */ (page.policy.createScriptURL('/push-worker.js')));
      const { pushManager } = await serviceWorker.ready;
      const asked = { userVisibleOnly: true, applicationServerKey: form.dataset.push };
      const { endpoint, keys } = (await pushManager.subscribe(asked)).toJSON();
      for (const [name, value] of Object.entries({ endpoint, ...keys })) form.elements[name].value = value;
      form.requestSubmit();
    } catch {
      form.querySelector('[role=alert]').textContent = form.dataset.not;
    }
  });
}
