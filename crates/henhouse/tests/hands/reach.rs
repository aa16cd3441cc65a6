//! How something on a page is used: where it is tapped, or how the keyboard gets there.

use serde_json::{Value, json};

use super::{By, Hands, enter};
use crate::browser::{ARROW_DOWN, ARROW_UP, Browser, SHIFT_TAB, SPACE, TAB};

/// The most tabulators from one end of a page to the other.
const FAR: usize = 300;
/// Where the focus is, as seen from it.
const WHERE: &str = "function () {
  const at = document.activeElement;
  const group = one => one.type === 'radio' ? one.name : null;
  if (at === this || at && group(this) !== null && group(at) === group(this)) return 'here';
  if (!at || at === document.body) return this.closest('main') ? 'outside' : 'before';
  if (this.closest('main') && !at.closest('main') && at.compareDocumentPosition(this) & 4) return 'outside';
  return at.compareDocumentPosition(this) & 4 ? 'before' : 'behind';
}";

impl Hands {
    /// Uses a link, a button or what unfolds something.
    pub(super) fn use_it(&self, browser: &Browser, id: &str) {
        if self.by != By::Keyboard {
            return browser.tap_on(id);
        }
        self.reach(browser, id);
        enter(browser);
    }

    /// Goes where a link of this page leads: on the keyboard by its own key, else by the palette.
    pub(super) fn follow(&self, browser: &Browser, id: &str) {
        if self.by != By::Keyboard {
            return browser.tap_on(id);
        }
        let key = browser.ask_of(id, "function () { return this.dataset.key }", &Value::Null);
        match key.as_str() {
            Some(key) => {
                browser.ask("document.activeElement?.blur()");
                browser.press(&key.replace(' ', ""));
            }
            None => self.choose_from_palette(browser, id),
        }
    }

    fn choose_from_palette(&self, browser: &Browser, id: &str) {
        let words = "function () { return (this.dataset.does || this.innerText).trim().replace(/\\s+/g, ' ') }";
        let words = browser.ask_of(id, words, &Value::Null);
        let words = words.as_str().unwrap_or_default();
        browser.press_control("k");
        browser.write(words);
        let chosen = format!(
            "const one = document.querySelector('#palette [aria-selected=true]'); \
             return one ? one.textContent === {} : null",
            json!(words)
        );
        for _ in 0..12 {
            match browser.ask(&chosen).as_bool() {
                Some(true) => return enter(browser),
                Some(false) => browser.press(ARROW_DOWN),
                None => break,
            }
        }
        panic!("the palette does not lead to {words}");
    }

    /// Walks to it by the tabulator.
    pub(super) fn reach(&self, browser: &Browser, id: &str) {
        let mut skipped = false;
        for _ in 0..FAR {
            let at = browser.ask_of(id, WHERE, &Value::Null);
            match at.as_str().unwrap_or_default() {
                "here" => return,
                // Past what stands on every page, as the first link offers.
                "outside" if !skipped => {
                    skipped = true;
                    browser.press(TAB);
                    if browser.focused("class").as_deref() == Some("skip") {
                        enter(browser);
                    }
                }
                "behind" => browser.press(SHIFT_TAB),
                _ => browser.press(TAB),
            }
        }
        let what = browser.property(id, "outerHTML");
        let at = browser.ask("return document.activeElement?.outerHTML");
        panic!("the keyboard does not reach {what}, it is at {at}");
    }

    /// Ticks a box, or takes the tick away.
    pub(super) fn tick(&self, browser: &Browser, id: &str, wanted: bool) {
        if browser.property(id, "checked") == json!(wanted) {
            return;
        }
        if self.by == By::Keyboard {
            self.reach(browser, id);
            browser.press(SPACE);
        } else {
            browser.tap_on(id);
        }
    }

    /// Chooses one of several.
    pub(super) fn pick(&self, browser: &Browser, id: &str) {
        if self.by != By::Keyboard {
            return browser.tap_on(id);
        }
        self.reach(browser, id);
        let is = "function () { return this === document.activeElement }";
        for _ in 0..40 {
            if browser.ask_of(id, is, &Value::Null) == json!(true) {
                if browser.property(id, "checked") == json!(false) {
                    browser.press(SPACE);
                }
                return;
            }
            browser.press(ARROW_DOWN);
        }
        panic!("the arrows do not reach {}", browser.property(id, "value"));
    }

    /// Chooses from a list that unfolds: the keys that every such list knows, in any hands.
    pub(super) fn select(&self, browser: &Browser, list: &str, value: &str) -> Result<(), String> {
        let place =
            "function (value) { return [...this.options].findIndex(one => one.value === value) }";
        let place = browser.ask_of(list, place, &json!(value)).as_i64();
        let place = place
            .filter(|place| *place >= 0)
            .ok_or_else(|| format!("cannot be {value}"))?;
        if self.by == By::Keyboard {
            self.reach(browser, list);
        } else {
            browser.ask_of(list, "function () { this.focus() }", &Value::Null);
        }
        let now = browser.property(list, "selectedIndex");
        let steps = place - now.as_i64().unwrap_or_default();
        let key = if steps < 0 { ARROW_UP } else { ARROW_DOWN };
        for _ in 0..steps.abs() {
            browser.press(key);
        }
        let chosen = browser.property(list, "value");
        if chosen == value {
            Ok(())
        } else {
            Err(format!("became {chosen}, not {value}"))
        }
    }

    /// Opens what is folded away above that.
    pub(super) fn unfold(&self, browser: &Browser, xpath: &str) {
        let folded = format!("({xpath})[1]/ancestor::details[not(@open)]/summary");
        for summary in browser.all("xpath", &folded) {
            self.use_it(browser, &summary);
        }
    }

    /// Writes into a field, in the place of what stands there.
    pub(super) fn write(&self, browser: &Browser, id: &str, text: &str) {
        if self.by == By::Keyboard {
            self.reach(browser, id);
            browser.write_over(id, text);
        } else {
            browser.write_into(id, text);
        }
    }
}
