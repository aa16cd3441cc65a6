// What does not fit into the width of the page that is shown: one line each. A table may scroll inside a box
// that is made for it, and so may the tabs.
const found = [];
const page = document.documentElement;
const told = e => `${e.tagName.toLowerCase()}${e.id && `#${e.id}`} ${e.textContent.trim().replace(/\s+/g, ' ').slice(0, 60)}`;
if (page.scrollWidth > page.clientWidth) found.push(`scrolls sideways: ${page.scrollWidth} > ${page.clientWidth}`);
const made = e => e.closest('nav.tabs') || e.closest('.scroll, .across')?.querySelector('table, svg');
const kept = 'input, textarea, select, option, svg, svg *, .quiet, .quiet *, .for, .for *';
for (const e of document.querySelectorAll('body *')) {
  if (e.matches(kept) || made(e) || !e.checkVisibility()) continue;
  const style = getComputedStyle(e);
  if (style.overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1) found.push(`is cut off or scrolls sideways: ${told(e)}`);
  for (const node of e.childNodes) {
    if (node.nodeType !== 3 || !node.textContent.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width && box.right > innerWidth + 1) found.push(`stands outside at ${Math.round(box.right)}: ${told(e)}`);
  }
}
return found.slice(0, 5);
