// Makes ready for a walk by the tabulator from the top of `root`, the page that is shown or a part of it: everything
// that can be used there, in its order, and how each looks before it has the focus. `walked.step()` tells where the
// walk is.
document.activeElement?.blur(); // a walk before this one may have ended on the first of them
const shown = e => e.checkVisibility({ visibilityProperty: true }) && [...e.getClientRects()].some(box => box.width && box.height);
const found = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex="-1"])';
const usable = [...root.querySelectorAll(found)].filter(e => !e.disabled && shown(e));
// Of those of which one is chosen the keyboard stops at one.
const group = e => e.type === 'radio' ? usable.filter(other => other.type === 'radio' && other.name === e.name && other.form === e.form) : [e];
const stops = usable.filter(e => (group(e).find(other => other.checked) ?? group(e)[0]) === e);
const look = e => [e, ...e.labels ?? [], e.parentElement].map(one => {
  const style = getComputedStyle(one);
  return [style.outlineStyle === 'none' ? '' : style.outlineWidth + style.outlineColor, style.boxShadow, style.backgroundColor, style.borderColor].join();
}).join();
const before = stops.map(look);
const told = e => e.outerHTML.replace(/\s+/g, ' ').slice(0, 120);
const above = e => {
  for (let one = e; one; one = one.parentElement) if (['sticky', 'fixed'].includes(getComputedStyle(one).position)) return one;
  return null;
};
/** What of it is seen: of nine places on it, how many are, and how many lie under what stays where it is. */
const seen = e => {
  const box = [...e.getClientRects()].find(box => box.width && box.height);
  if (!box) return { places: 0, under: 0 };
  const [left, right, top, bottom] = [Math.max(0, box.left), Math.min(innerWidth, box.right), Math.max(0, box.top), Math.min(innerHeight, box.bottom)];
  if (right - left < 1 || bottom - top < 1) return { places: 0, under: 0 };
  const [wide, high] = [right - left, bottom - top];
  let [places, under] = [0, 0];
  for (const x of [.1, .5, .9]) for (const y of [.1, .5, .9]) {
    const over = document.elementFromPoint(left + x * wide, top + y * high);
    if (!over) continue;
    if (e.contains(over) || over.contains(e)) places += 1;
    else if (above(over) && !above(over).contains(e)) under += 1;
  }
  return { places, under };
};
scrollTo(0, 0);
const own = root.getAttribute('tabindex');
root.tabIndex = -1;
root.focus();
if (own === null) root.removeAttribute('tabindex');
window.walked = {
  names: stops.map(told),
  step(whole) {
    const e = document.activeElement;
    if (!e || e === document.body || !root.contains(e)) return { at: -1 };
    const at = stops.indexOf(group(e).length > 1 ? group(e).find(one => stops.includes(one)) ?? e : e);
    const wrong = [];
    if (at < 0) {
      // What scrolls is reached too, so that the keyboard scrolls it.
      const scrolls = e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight;
      return { at: -2, wrong: scrolls ? [] : [`the keyboard also stops at ${told(e)}`] };
    }
    if (look(e) === before[at]) wrong.push(`nothing shows that the focus is at ${told(e)}`);
    const { places, under } = seen(e);
    if (!places || (whole && under)) wrong.push(`${places ? 'a part of' : 'no part of'} what has the focus is seen: ${told(e)}`);
    return { at, wrong };
  },
};
return stops.length;
