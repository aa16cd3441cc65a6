//! Hands on a browser: commands of a story given as people give them, each in a window of their own, and by
//! what its pages offer alone. By mouse, by keyboard alone, with scripts off, or by thumb on a phone.

#![expect(clippy::panic, reason = "a test may fail loudly")]

mod fill;
mod reach;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Map, Value, json};

use crate::browser::{Browser, ENTER, Setup};
use crate::story::Story;
use crate::story::server::Server;
use crate::story::ways::{Refused, Way};

const FIRST: &str = "four words make it";
const OWN: &str = "and five words keep it";
const REPORTER: &str = "reporter";
/// What the API takes where nothing is said, and a page asks: the act, its field, and what is taken.
const ASKED: [(&str, &str, &str); 5] = [
    ("approve_customer_notice", "approve", "true"),
    ("record_normal_again", "outcome", "\"tested\""),
    ("request_disruption", "project_impact", "true"),
    ("second_redaction", "declined", "false"),
    ("verify_step", "works", "true"),
];

/// By what means somebody uses the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A mouse in front of a screen.
    Mouse,
    /// Keys alone: nothing is ever tapped.
    Keyboard,
    /// A mouse, in a browser that runs no script.
    NoScript,
    /// A thumb on a phone.
    Thumb,
}

impl By {
    fn setup(self) -> Setup {
        Setup {
            size: match self {
                Self::Thumb => (360, 740),
                _ => (1280, 900),
            },
            scripts: self != Self::NoScript,
        }
    }
}

/// Everybody's hands on one browser.
pub struct Hands {
    by: By,
    /// The window of somebody without an account.
    stranger: Rc<Browser>,
    /// Everybody else's.
    windows: RefCell<BTreeMap<String, Rc<Browser>>>,
    story: String,
    shots: Cell<u32>,
}

impl Hands {
    /// A browser, and an account for everybody on the story's roster.
    pub fn new(server: &Server, story: &Story, by: By) -> Self {
        let lines = story.steps.iter().map(|(_, line)| line.as_str());
        let rosters = lines.filter_map(|line| line.strip_prefix("roster "));
        for person in rosters.flat_map(|line| line.split(',')) {
            let person = person.split('(').next().unwrap_or_default().trim();
            let account =
                json!({ "login": person, "name": person, "role": "member", "password": FIRST });
            let (status, answer) = server.call("POST", "/api/v1/accounts", Some(&account));
            assert!([200, 201, 409, 422].contains(&status), "{person}: {answer}");
        }
        let place = story.steps.first().map_or("", |(place, _)| place);
        let name = place.split('.').next().unwrap_or_default();
        let stranger = Browser::open(by.setup());
        let hands = Self {
            by,
            stranger: Rc::new(stranger),
            windows: RefCell::default(),
            story: format!("{name}-{by:?}"),
            shots: Cell::new(0),
        };
        hands.holds(&hands.stranger);
        hands
    }

    fn holds(&self, browser: &Browser) {
        if self.by == By::Thumb {
            browser.by_thumb();
        }
    }

    /// Somebody's window; the first time they sign in there.
    fn window(&self, server: &Server, who: &str) -> Rc<Browser> {
        if who == REPORTER {
            return Rc::clone(&self.stranger);
        }
        if let Some(window) = self.windows.borrow().get(who) {
            return Rc::clone(window);
        }
        let browser = self.stranger.beside(self.by.setup());
        self.holds(&browser);
        browser.go(&format!("{}/sign-in", server.url()));
        browser.fill("#login", who);
        browser.fill("#password", FIRST);
        browser.through(|| self.press_big(&browser));
        if !browser.all("css selector", "#new_password").is_empty() {
            browser.fill("#password", FIRST);
            browser.fill("#new_password", OWN);
            browser.through(|| self.press_big(&browser));
        }
        let source = browser.source();
        assert!(source.contains("Sign out"), "{who} is not in: {source}");
        let browser = Rc::new(browser);
        let mut windows = self.windows.borrow_mut();
        windows.insert(who.to_owned(), Rc::clone(&browser));
        browser
    }

    /// From the case to the form of an act, by what is offered there.
    fn find_form(
        &self,
        browser: &Browser,
        server: &Server,
        number: &str,
        name: &str,
    ) -> Result<(), String> {
        let case = format!("{}/cases/{number}", server.url());
        let place = format!("/cases/{number}/acts");
        browser.go(&case);
        let list = browser.all("css selector", &format!("main a[href='{place}']"));
        let list = list
            .first()
            .ok_or("the case does not lead to what one may do")?;
        browser.through(|| self.follow(browser, list));
        let form = format!("{place}/{name}");
        let here = format!("//main//a[@href='{form}' or starts-with(@href,'{form}?')]");
        self.unfold(browser, &here);
        let links = browser.all("xpath", &here);
        let link = links
            .first()
            .ok_or_else(|| format!("nothing leads to {name}"))?;
        browser.through(|| self.follow(browser, link));
        self.keep_picture(browser, name);
        Ok(())
    }

    /// The one button for it, where the case shows one: taking it, and each line of the checklist.
    fn at_once(
        &self,
        browser: &Browser,
        server: &Server,
        number: &str,
        name: &str,
        fields: &Map<String, Value>,
    ) -> bool {
        let css = match (name, fields.get("item").and_then(Value::as_str)) {
            ("tick_item", Some(item)) if fields.len() == 1 => {
                format!("main button[name=tick][value='{item}']")
            }
            ("acknowledge", _) if fields.is_empty() => "main button[value=take]".to_owned(),
            _ => return false,
        };
        let here = format!("{}/cases/{number}", server.url());
        if browser.url().split(['?', '#']).next() != Some(&here) {
            browser.go(&here);
        }
        let Some(button) = browser.all("css selector", &css).into_iter().next() else {
            return false;
        };
        browser.through(|| self.use_it(browser, &button));
        browser.all("css selector", ".errors").is_empty()
    }

    /// Sends the form, and says the rule that refused it.
    fn send(&self, browser: &Browser, number: &str) -> Result<(), Refused> {
        if !is_shut(browser) {
            browser.through(|| {
                self.press_big(browser);
                self.hurry(browser);
            });
        }
        // A sitrep is looked at before it leaves.
        let leaves = "main form button.big[name=act][value=send]";
        if !browser.all("css selector", leaves).is_empty() {
            browser.through(|| {
                self.press_big(browser);
                self.hurry(browser);
            });
        }
        let url = browser.url();
        if url.contains(&format!("/cases/{number}")) && url.contains("did=") {
            return Ok(());
        }
        let source = browser.source();
        let said = |from: &str, to: &str| {
            let rest = source.split_once(from).map(|(_, rest)| rest);
            rest.and_then(|rest| rest.split_once(to))
                .map(|(said, _)| said.to_owned())
        };
        let panel = said("id=\"refused\"", "</div>").unwrap_or_default();
        let rule = panel
            .split("<p class=\"soft\">")
            .nth(1)
            .and_then(|rest| rest.split(':').next());
        let rule = rule.unwrap_or_default().to_owned();
        let errors = said("class=\"errors\"", "</div>").unwrap_or(source);
        self.keep_picture(browser, "refused");
        Err(Refused {
            rule,
            said: format!("{url}: {panel} {errors}"),
        })
    }

    fn press_big(&self, browser: &Browser) {
        let buttons = browser.all("css selector", "main form button.big");
        let button = buttons
            .first()
            .unwrap_or_else(|| panic!("no button at {}: {}", browser.url(), browser.source()));
        self.use_it(browser, button);
    }

    /// What leaves waits a moment, to be taken back; here it is sent at once.
    fn hurry(&self, browser: &Browser) {
        let waits = "#toast:not([hidden]) button:not([hidden])";
        // Another page may be on its way, and what was found here is gone with this one.
        let shown = browser.ask(&format!(
            "return document.querySelector('{waits}') !== null"
        ));
        if shown == json!(true) {
            self.use_it(browser, &browser.one(waits));
        }
    }

    fn keep_picture(&self, browser: &Browser, name: &str) {
        if std::env::var_os("HENHOUSE_SHOTS").is_some() {
            let n = self.shots.get() + 1;
            self.shots.set(n);
            browser.keep_picture(&format!("{}-{n:03}-{name}", self.story));
        }
    }

    fn give(&self, browser: &Browser, name: &str, fields: &Map<String, Value>, at: Option<&str>) {
        let mut flat = Vec::new();
        for (name, value) in fields {
            fill::flatten(name, value, &mut flat);
        }
        if let Some(at) = at {
            flat.push(("happened_at".to_owned(), vec![at.to_owned()]));
        }
        for (field, values) in &flat {
            self.set(browser, field, values)
                .unwrap_or_else(|why| panic!("{name}: {why}\n{}", browser.source()));
        }
    }

    /// Ticks what may be waived, and says why.
    fn waive(&self, browser: &Browser, rule: &str, reason: &str) -> bool {
        let tick = format!("[name='waive'][value='{rule}']");
        let found = browser.all("css selector", &tick);
        let Some(tick) = found.first() else {
            return false;
        };
        self.tick(browser, tick, true);
        self.set(browser, "waive_reason", &[reason.to_owned()])
            .is_ok()
    }
}

impl Way for Hands {
    fn report(
        &self,
        server: &Server,
        who: &str,
        fields: Map<String, Value>,
    ) -> Result<String, String> {
        let browser = self.window(server, who);
        browser.go(&format!("{}/report", server.url()));
        let mut flat = Vec::new();
        for (name, value) in &fields {
            fill::flatten(name, value, &mut flat);
        }
        for (name, values) in &flat {
            match name.split_once('.').unwrap_or((name, "")) {
                ("route", _) => {}
                // Strangers are not told what a project has; their words say what is affected.
                ("assets", _) if who == REPORTER => {}
                ("phish", tick) => self.set(&browser, tick, &["yes".to_owned()])?,
                _ => self.set(&browser, name, values)?,
            }
        }
        self.keep_picture(&browser, "report");
        browser.through(|| self.press_big(&browser));
        self.keep_picture(&browser, "receipt");
        let number = browser.ask("return document.querySelector('.number').textContent");
        Ok(number.as_str().unwrap_or_default().trim().to_owned())
    }

    fn command(
        &self,
        server: &Server,
        number: &str,
        who: &str,
        name: &str,
        mut fields: Map<String, Value>,
        at: Option<String>,
    ) -> Result<(), Refused> {
        let browser = self.window(server, who);
        if at.is_none() && self.at_once(&browser, server, number, name, &fields) {
            return Ok(());
        }
        if let Err(why) = self.find_form(&browser, server, number, name) {
            panic!("{who}: {why}\n{}", browser.source());
        }
        let waive = fields.remove("waive").unwrap_or_default();
        for (_, field, usual) in ASKED.iter().filter(|(act, ..)| *act == name) {
            let usual = serde_json::from_str(usual).unwrap_or_default();
            fields.entry(*field).or_insert(usual);
        }
        if !is_shut(&browser) {
            self.give(&browser, name, &fields, at.as_deref());
        }
        let mut waive: Vec<(String, String)> = waive
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| {
                let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
                (text("rule"), text("reason"))
            })
            .collect();
        loop {
            let refused = match self.send(&browser, number) {
                Ok(()) => return Ok(()),
                Err(refused) => refused,
            };
            let before = waive.len();
            waive.retain(|(rule, reason)| !self.waive(&browser, rule, reason));
            if waive.len() == before {
                return Err(refused);
            }
        }
    }
}

/// What cannot be done now says so before anybody presses, and offers neither a button nor anything to fill in.
fn is_shut(browser: &Browser) -> bool {
    let none = |css: &str| browser.all("css selector", css).is_empty();
    !none("#refused") && none("main form button.big")
}

/// Presses the key that presses what has the focus.
fn enter(browser: &Browser) {
    browser.press(ENTER);
}
