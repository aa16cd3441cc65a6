//! What a thing costs: the taps and keys that people need for it, counted, beside what they may need at most (the
//! budgets of the screens). Text that is written does not count, but the tap into its field does. A budget counts
//! from the screen that it belongs to; what it takes from the page of the case is counted too.

use std::cell::RefCell;

use serde_json::{Value, json};

use super::browser::{Browser, ENTER, Setup, Used};
use super::live::until;
use super::{HOLE, PHONE, Server, wait_for};

/// What takes more than its budget: so many, and why.
const OVER: &[(&str, u32, &str)] = &[];

/// What was counted of one thing.
struct Counted {
    what: &'static str,
    /// At most so many, on its own screen; taps and keys count alike, nobody uses both.
    budget: u32,
    used: u32,
    /// The same from the page of the case, where that is another one.
    from_case: Option<u32>,
    unit: char,
}

/// Somebody in front of a screen, and what everything took so far.
struct Counter<'b> {
    browser: &'b Browser,
    table: &'b RefCell<Vec<Counted>>,
}

impl Counter<'_> {
    fn begin(&self) {
        self.browser.used();
    }

    fn ends(&self, what: &'static str, budget: u32, before: u32) {
        let Used { taps, keys } = self.browser.used();
        let used = taps + keys;
        self.table.borrow_mut().push(Counted {
            what,
            budget,
            used,
            from_case: (before > 0).then_some(before + used),
            unit: if keys > 0 { 'K' } else { 'T' },
        });
    }

    /// Taps where the words stand, and waits for what that leads to.
    fn tap(&self, css: &str) {
        self.browser.through(|| {
            let first = self.browser.one(css);
            self.browser.tap_on(&first);
        });
    }

    /// Taps into a field and writes.
    fn write(&self, css: &str, text: &str) {
        let field = self.browser.one(css);
        self.browser.write_into(&field, text);
    }
}

#[test]
fn nothing_takes_more_taps_or_keys_than_its_budget() {
    let server = Server::start();
    server.furnish_project();
    let table = RefCell::default();
    let ann = server.boss();
    reports_and_answers(&server, &ann, &table);
    let by = Counter {
        browser: &ann,
        table: &table,
    };
    keys_of_a_case(&server, &by);
    assesses(&server, &by);
    tells_how_it_stands(&server, &by);
    decides(&server, &by);
    keeps_and_plans(&server, &by);
    let table = table.into_inner();
    println!("{:44} most   took  from the case", "");
    for one in &table {
        let from_case = one.from_case.map_or_else(String::new, |n| n.to_string());
        println!(
            "{:44} {:3} {} {:4}   {from_case}",
            one.what, one.budget, one.unit, one.used
        );
    }
    for one in &table {
        let over = OVER.iter().find(|(what, ..)| *what == one.what);
        let most = over.map_or(one.budget, |(_, most, _)| *most);
        assert!(one.used <= most, "{} takes {}", one.what, one.used);
        let still = over.is_none() || one.used > one.budget;
        assert!(still, "{} keeps its budget: take it off the list", one.what);
    }
}

/// Somebody who has never seen it reports by thumb; whoever is called answers by thumb.
fn reports_and_answers(server: &Server, beside: &Browser, table: &RefCell<Vec<Counted>>) {
    let stranger = beside.beside(Setup {
        size: PHONE,
        scripts: true,
    });
    stranger.by_thumb();
    let by = Counter {
        browser: &stranger,
        table,
    };
    stranger.go(&server.at("/report"));
    by.begin();
    by.write(
        "#text",
        "The fence is open and the chickens are in the road",
    );
    by.tap("button.big");
    by.ends("report, for the first time", 2, 0);
    wait_for(&stranger, "DR-1", |browser| browser.text(".number"));
    stranger.go(&server.at(&server.ack_link()));
    by.begin();
    by.tap("button.big");
    by.ends("take it, by the link in a mail", 1, 0);
    wait_for(&stranger, "You have it", Browser::source);
}

fn case(server: &Server) -> Value {
    server.call("GET", "/api/v1/cases/DR-1", None)
}

fn journal(server: &Server) -> String {
    let log = server.call("GET", "/api/v1/cases/DR-1/journal?limit=1000", None);
    log.to_string()
}

fn keys_of_a_case(server: &Server, by: &Counter<'_>) {
    let ann = by.browser;
    // The key that a budget names, and the one that ends the line.
    for (key, text, what, most) in [
        ("n", "two goats are out as well", "note", 2),
        (
            "l",
            "who left the gate open @bob",
            "new lead with its owner",
            3,
        ),
        ("s", "close the gate @bob", "new step with its owner", 3),
    ] {
        ann.go(&server.at("/cases/DR-1"));
        by.begin();
        ann.press(key);
        ann.write(text);
        ann.press(ENTER);
        by.ends(what, most, 0);
        let words = text.split('@').next().unwrap_or_default().trim();
        until(
            ann,
            &format!("document.getElementById('live-timeline')?.innerText.includes('{words}')"),
        );
    }
    let log = journal(server);
    assert!(log.matches("\"bob\"").count() >= 2, "Bob has both: {log}");
    ann.go(&server.at("/cases/DR-1"));
    by.begin();
    ann.through(|| {
        ann.press("v");
        ann.press("h");
    });
    by.ends("another severity", 2, 0);
    assert_eq!(case(server)["severity"], "high");
}

fn assesses(server: &Server, by: &Counter<'_>) {
    let ann = by.browser;
    ann.go(&server.at("/cases/DR-1"));
    by.begin();
    by.tap("a[href$='/assess']");
    let before = ann.used().taps;
    // The cursor stands where it is asked for, and what is said there is the reason at the end (R8).
    assert_eq!(ann.focused("id").as_deref(), Some("note"));
    ann.write("Everybody sees the goats");
    by.tap("button[name=answer][value=yes]");
    let harmed = ann.one("input[name=harmed]");
    ann.tap_on(&harmed);
    by.tap("button[value=potential]");
    for _ in 0..3 {
        by.tap("button[name=answer]:last-child");
    }
    let reason = ann.property(&ann.one("#reason"), "value");
    assert_eq!(reason, json!("Everybody sees the goats"));
    by.tap("button[name=severity]");
    by.ends("assess and confirm", 7, before);
    assert_eq!(case(server)["status"], "confirmed", "{}", ann.source());
}

fn tells_how_it_stands(server: &Server, by: &Counter<'_>) {
    let ann = by.browser;
    let sitrep = json!({ "command": "publish_sitrep", "summary": "The gate is closed. We look for the goats." });
    server.said("DR-1", "ann", sitrep);
    let clock = json!({ "advance": "PT30M" });
    server.call("POST", "/api/v1/drill/clock", Some(&clock));
    ann.go(&server.at("/cases/DR-1"));
    by.begin();
    by.tap("a[data-key=w]");
    let before = ann.used().taps;
    by.tap("button[value=unchanged]");
    by.ends("sitrep: nothing has changed", 2, before);

    server.said(
        "DR-1",
        "ann",
        json!({ "command": "add_stakeholder", "stakeholder": "client", "reason": "Their goats" }),
    );
    ann.go(&server.at("/cases/DR-1"));
    by.begin();
    let before = match ann.all("css selector", "main a[href$='/status']").first() {
        Some(link) => {
            ann.through(|| ann.tap_on(link));
            ann.used().taps
        }
        None => {
            ann.go(&server.at("/cases/DR-1/status"));
            0
        }
    };
    by.write("#text", "Some animals are out. Please drive slowly.");
    by.tap("form:has(#text) button:not([name])");
    by.tap("button[value=publish]");
    by.ends("publish a status to outsiders", 3, before);
    wait_for(ann, "Please drive slowly", |browser| {
        browser.text("section[aria-labelledby=now]")
    });
}

fn decides(server: &Server, by: &Counter<'_>) {
    let ann = by.browser;
    let high = json!({ "command": "set_severity", "severity": "high" });
    server.said("DR-1", "ann", high);
    ann.go(&server.at("/cases/DR-1"));
    by.begin();
    by.tap("a[href$='/disrupt']");
    let before = ann.used().taps;
    by.write("#text", "Close the road");
    by.tap("button[value=now]");
    by.ends("disruption at High", 2, before);
    let begun = journal(server).contains("disruption_started");
    assert!(begun, "it has begun: {}", ann.source());
}

fn keeps_and_plans(server: &Server, by: &Counter<'_>) {
    let ann = by.browser;
    let hole = server.folder.path().join("hole.txt");
    std::fs::write(&hole, HOLE.0).unwrap();
    ann.go(&server.at("/cases/DR-1"));
    by.begin();
    let exhibits = "section[aria-labelledby=exhibits]";
    let fold = ann.one(&format!("{exhibits} summary"));
    ann.tap_on(&fold);
    // The field opens the system's own list of files, where one tap chooses: that is none of the page's.
    let field = ann.one("#file");
    ann.tap_on(&field);
    ann.fill("#file", &hole.display().to_string());
    let send = ann.one(&format!("{exhibits} form button"));
    ann.tap_on(&send);
    by.ends("add a file", 3, 0);
    until(
        ann,
        &format!(
            "document.querySelector('main')?.innerText.includes('{}')",
            &HOLE.1[..12]
        ),
    );

    ann.go(&server.at("/projects/main"));
    by.begin();
    by.tap("form[action$='/test'] button");
    by.ends("a test message to oneself", 1, 0);

    ann.go(&server.at("/cases/DR-1"));
    by.begin();
    by.tap("nav.parts a[href$='/people']");
    let before = ann.used().taps;
    let fold = ann.one("details:has(input[name=fill]) summary");
    ann.tap_on(&fold);
    for who in ["ann", "bob"] {
        let tick = ann.all("css selector", &format!("input[name=who][value={who}]"));
        if let Some(tick) = tick.first() {
            ann.tap_on(tick);
        }
    }
    by.tap("form:has(input[name=fill]) button");
    by.tap("form:has(input[name=shift]) button");
    by.ends("a roster of 24 hours", 8, before);
    let planned = journal(server).matches("shift_planned").count();
    assert!(planned >= 8, "a whole day is planned, not {planned} shifts");
}
