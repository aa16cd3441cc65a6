// What is out of order on the page that is shown, one line each: a list in which more than one button is filled, and a
// number such as DR-1 that breaks at its hyphen. What is folded away in a row does not count.
const found = [];
const probe = document.querySelector('main').appendChild(document.createElement('button'));
const filled = getComputedStyle(probe).backgroundColor;
probe.remove();
const folded = (button, list) => list.contains(button.closest('details'));
const is = button => button.checkVisibility() && getComputedStyle(button).backgroundColor === filled;
for (const list of document.querySelectorAll('.rows')) {
  const all = [...list.querySelectorAll('button, .button')].filter(one => is(one) && !folded(one, list));
  if (all.length > 1) found.push(`${all.length} filled buttons in a list: ${all.map(one => one.innerText).join(', ').slice(0, 80)}`);
}
for (const id of document.querySelectorAll('.id')) {
  if (id.getClientRects().length > 1) found.push(`breaks: ${id.innerText}`);
}
return found;
