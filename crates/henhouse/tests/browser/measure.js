// What is hard to read or to hit on the page that is shown: one line each.
const found = [];
const page = document.documentElement;
if (page.scrollWidth > page.clientWidth) found.push(`scrolls sideways: ${page.scrollWidth} > ${page.clientWidth}`);
const light = ([r, g, b]) => {
  const part = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
};
const colour = text => { const n = text.match(/[\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
const ground = element => {
  for (let e = element; e; e = e.parentElement) {
    const c = colour(getComputedStyle(e).backgroundColor);
    if (c[3] > 0) return c;
  }
  return [255, 255, 255, 1];
};
for (const e of document.querySelectorAll('body *')) {
  const box = e.getBoundingClientRect();
  if (box.width < 2 || box.right < 0) continue;
  const says = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
  if (says) {
    const [a, b] = [light(colour(getComputedStyle(e).color)), light(ground(e))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) found.push(`contrast ${contrast.toFixed(2)}: ${e.tagName} ${e.textContent.trim().slice(0, 40)}`);
  }
  if (e.matches('button, a, summary, textarea, input:not([type=hidden])')) {
    const target = (e.closest('label') || e).getBoundingClientRect();
    if (target.height < 43.5 || target.width < 43.5) found.push(`target ${target.width}x${target.height}: ${e.tagName} ${(e.textContent || e.name).trim().slice(0, 40)}`);
  }
}
return found;
