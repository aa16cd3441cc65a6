// The service worker. What is pushed is shown, and the server hears that it was; a tap opens the page on which it is taken
// or passed on. Neither takes it.
const worker = /** @type {any} */ (globalThis);
worker.addEventListener('push', event => {
  const { title, shown, ...told } = event.data.json();
  const done = worker.registration.showNotification(title, { icon: '/icon.svg', ...told });
  event.waitUntil(done.then(() => shown && fetch(shown, { method: 'POST' })));
});
worker.addEventListener('notificationclick', event => {
  event.notification.close();
  event.waitUntil(worker.clients.openWindow(event.notification.data ?? '/'));
});
