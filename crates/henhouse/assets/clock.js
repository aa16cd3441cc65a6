// <time data-due datetime>: counts down in words, by the server's clock. It speaks at ten minutes, at two, and
// when it is overdue, and never otherwise; nothing flashes.
const MARKS = [10, 2, 0];
const spoken = new Map();
const lang = document.documentElement.lang;
const words = new Intl.RelativeTimeFormat(lang, { numeric: 'always' });

// In its two largest units, as the server says it.
const told = minutes => {
  const all = Math.abs(minutes), days = all >= 1440, size = days ? 1440 : 60;
  if (all < 60) return words.format(minutes, 'minute');
  const rest = Math.floor(all % size / (days ? 60 : 1)), unit = days ? 'hour' : 'minute';
  const more = rest ? ` ${new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'long' }).format(rest)}` : '';
  return words.format(Math.trunc(minutes / size), days ? 'day' : 'hour').replace(/\d+ \S+/, `$&${more}`);
};

const count = () => {
  for (const time of document.querySelectorAll('time[data-due]')) {
    const left = (Date.parse(time.dateTime) - page.now()) / 60_000;
    const minutes = left > 0 ? Math.ceil(left) : Math.floor(left);
    let place = time.querySelector('.left');
    if (!place) {
      place = document.createElement('span');
      place.className = 'left';
      time.append(' ', place);
    }
    const text = `(${told(minutes)})`;
    if (place.textContent !== text) place.textContent = text;
    const mark = MARKS.findLast(mark => left <= mark);
    const key = `${time.dataset.due} ${time.dateTime}`;
    const before = spoken.get(key);
    spoken.set(key, mark);
    // What is so already when the page is opened stands there to be read.
    if (mark !== undefined && before !== mark && started) {
      page.say(mark === 0 ? `${time.dataset.due}: ${time.dataset.late}` : `${time.dataset.due} ${told(mark)}`);
    }
  }
  started = true;
};
let started = false;
count();
setInterval(count, 1000);
document.addEventListener('hen:shown', count);
