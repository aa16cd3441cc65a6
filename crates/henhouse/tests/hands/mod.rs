//! Hands on a browser: commands of a story given as people give them, each with cookies of their own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod fill;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::browser::{Browser, Setup};
use crate::story::Story;
use crate::story::server::Server;
use crate::story::ways::{Api, Refused, Way};

const FIRST: &str = "four words make it";
const OWN: &str = "and five words keep it";
const DESK: (u32, u32) = (1280, 900);

/// Everybody's hands on one browser.
pub struct Hands {
    browser: Browser,
    /// Who sits there.
    now: RefCell<String>,
    /// Everybody's cookies.
    cookies: RefCell<BTreeMap<String, Value>>,
    shots: Cell<u32>,
}

impl Hands {
    /// A browser, and an account for everybody on the story's roster.
    pub fn new(server: &Server, story: &Story) -> Self {
        let lines = story.steps.iter().map(|(_, line)| line.as_str());
        let rosters = lines.filter_map(|line| line.strip_prefix("roster "));
        for person in rosters.flat_map(|line| line.split(',')) {
            let person = person.split('(').next().unwrap_or_default().trim();
            let account =
                json!({ "login": person, "name": person, "role": "member", "password": FIRST });
            let (status, answer) = server.call("POST", "/api/v1/accounts", Some(&account));
            assert!([200, 201, 409, 422].contains(&status), "{person}: {answer}");
        }
        let setup = Setup {
            size: DESK,
            scripts: false,
        };
        Self {
            browser: Browser::open(setup),
            now: RefCell::default(),
            cookies: RefCell::default(),
            shots: Cell::new(0),
        }
    }

    /// Somebody sits down: signs in the first time, and comes back to their own browser afterwards.
    fn be(&self, server: &Server, who: &str) {
        if *self.now.borrow() == who {
            return;
        }
        let browser = &self.browser;
        if !self.now.borrow().is_empty() {
            let left = self.now.borrow().clone();
            self.cookies.borrow_mut().insert(left, browser.cookies());
        }
        browser.go(&format!("{}/report", server.url()));
        let known = self.cookies.borrow().get(who).cloned();
        browser.exchange_cookies(&known.clone().unwrap_or_default());
        who.clone_into(&mut self.now.borrow_mut());
        if known.is_some() || who == "reporter" {
            return;
        }
        browser.go(&format!("{}/sign-in", server.url()));
        browser.fill("#login", who);
        browser.fill("#password", FIRST);
        self.follow(&browser.all("css selector", "main form button")[0]);
        if !browser.all("css selector", "#new_password").is_empty() {
            browser.fill("#password", FIRST);
            browser.fill("#new_password", OWN);
            self.follow(&browser.all("css selector", "main form button")[0]);
        }
        let source = browser.source();
        assert!(source.contains("Sign out"), "{who} is not in: {source}");
    }

    /// From the case to the form of an act, by links alone.
    fn find_form(&self, server: &Server, number: &str, name: &str) -> Result<(), String> {
        let browser = &self.browser;
        browser.go(&format!("{}/cases/{number}", server.url()));
        let place = format!("/cases/{number}/acts");
        let list = browser.all("css selector", &format!("main a[href='{place}']"));
        let list = list
            .first()
            .ok_or("the case does not lead to what one may do")?;
        self.follow(list);
        let form = format!("{place}/{name}");
        let here = format!("//main//a[@href='{form}' or starts-with(@href,'{form}?')]");
        self.unfold(&here);
        let links = browser.all("xpath", &here);
        let link = links
            .first()
            .ok_or_else(|| format!("nothing leads to {name}"))?;
        self.follow(link);
        self.keep_picture(name);
        Ok(())
    }

    /// Taps what leads to another page, and waits until that is there.
    fn follow(&self, id: &str) {
        let page = || self.browser.all("css selector", "html");
        let before = page();
        self.browser.tap_on(id);
        for _ in 0..500 {
            let now = page();
            if !now.is_empty() && now != before {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("nothing came after {}", self.browser.url());
    }

    /// Opens what is folded away above that.
    fn unfold(&self, xpath: &str) {
        let folded = format!("({xpath})[1]/ancestor::details[not(@open)]/summary");
        for summary in self.browser.all("xpath", &folded) {
            self.browser.tap_on(&summary);
        }
    }

    /// Sends the form, and says the rule that refused it.
    fn press(&self, number: &str) -> Result<(), Refused> {
        self.follow(&self.browser.all("css selector", "main form button.big")[0]);
        let url = self.browser.url();
        if url.contains(&format!("/cases/{number}?did=")) {
            return Ok(());
        }
        let source = self.browser.source();
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
        self.keep_picture("refused");
        Err(Refused {
            rule,
            said: format!("{url}: {panel} {errors}"),
        })
    }

    fn keep_picture(&self, name: &str) {
        let Ok(folder) = std::env::var("HENHOUSE_SHOTS") else {
            return;
        };
        let n = self.shots.get() + 1;
        self.shots.set(n);
        let bytes = fill::from_base64(&self.browser.picture());
        let path = std::path::Path::new(&folder).join(format!("{n:03}-{name}.png"));
        std::fs::write(path, bytes).unwrap();
    }

    fn give(&self, name: &str, fields: &Map<String, Value>, at: Option<&str>) {
        let mut flat = Vec::new();
        for (name, value) in fields {
            fill::flatten(name, value, &mut flat);
        }
        for (field, values) in &flat {
            self.set(field, values)
                .unwrap_or_else(|why| panic!("{name}: {why}\n{}", self.browser.source()));
        }
        if let Some(at) = at {
            self.set("happened_at", &[at.to_owned()])
                .unwrap_or_else(|why| panic!("{name}: {why}"));
        }
    }

    /// Ticks what may be waived, and says why.
    fn waive(&self, rule: &str, reason: &str) -> bool {
        let tick = format!("[name='waive'][value='{rule}']");
        let found = self.browser.all("css selector", &tick);
        let Some(tick) = found.first() else {
            return false;
        };
        if self.browser.property(tick, "checked") == json!(false) {
            self.browser.tap_on(tick);
        }
        self.set("waive_reason", &[reason.to_owned()]).is_ok()
    }
}

impl Way for Hands {
    fn report(
        &self,
        server: &Server,
        who: &str,
        fields: Map<String, Value>,
    ) -> Result<String, String> {
        let on_the_page = ["text", "contact", "phone", "route", "title"];
        if who != "reporter"
            || fields
                .keys()
                .any(|name| !on_the_page.contains(&name.as_str()))
        {
            return Api.report(server, who, fields);
        }
        self.be(server, "reporter");
        self.browser.go(&format!("{}/report", server.url()));
        for (name, value) in fields.iter().filter(|(name, _)| *name != "route") {
            self.set(name, &[value.as_str().unwrap_or_default().to_owned()])?;
        }
        self.keep_picture("report");
        self.follow(&self.browser.all("css selector", "main form button.big")[0]);
        self.keep_picture("receipt");
        let source = self.browser.source();
        let number = source
            .split("HH-")
            .chain(source.split("DR-").skip(1))
            .nth(1);
        let digits: String = number
            .unwrap_or_default()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        let prefix = if source.contains("DR-") { "DR" } else { "HH" };
        Ok(format!("{prefix}-{digits}"))
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
        self.be(server, who);
        if let Err(why) = self.find_form(server, number, name) {
            panic!("{who}: {why}\n{}", self.browser.source());
        }
        let waive = fields.remove("waive").unwrap_or_default();
        self.give(name, &fields, at.as_deref());
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
            let refused = match self.press(number) {
                Ok(()) => return Ok(()),
                Err(refused) => refused,
            };
            let before = waive.len();
            waive.retain(|(rule, reason)| !self.waive(rule, reason));
            if waive.len() == before {
                return Err(refused);
            }
        }
    }
}
