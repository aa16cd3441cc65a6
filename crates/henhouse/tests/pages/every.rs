//! Every page, in one list: who looks at it, where it is, and what it says first. The audit, the pictures, the
//! walk by keyboard and the check of narrow screens go by it; a page that is missing here fails a test.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use axum::http::{Method, StatusCode};
use henhouse::report::forms::CHAPTERS;
use henhouse::web::registry::{Face, Route, routes};
use henhouse::web::words::Words;
use serde_json::{Value, json};

use super::Server;
use super::served::on_the_spot;

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eyes {
    /// Somebody without an account.
    Stranger,
    /// Somebody whose password was right and who is asked for more.
    HalfIn,
    /// An admin and responder who has command of the case.
    Ann,
}
use Eyes::{Ann, HalfIn, Stranger};

/// To add a page: a line. What stands in braces is made anew in each run, see [`furnish`].
pub const PAGES: &[(Eyes, &str, &str)] = &[
    (Stranger, "/", "Something happened?"),
    (Stranger, "/report", "Report something"),
    (Stranger, "/report/main", "Report something to"),
    (
        Stranger,
        "/receipt/{receipt}",
        "Thank you. We have your report",
    ),
    (
        Stranger,
        "/receipt/{receipt}?more=1",
        "Thank you. We have your report",
    ),
    (Stranger, "/suspicious", "A suspicious mail"),
    (Stranger, "/suspicious/main", "A suspicious mail"),
    (Stranger, "/suspicious?done=none", "A suspicious mail"),
    (
        Stranger,
        "/answer/{answer}",
        "About the mail that you sent us",
    ),
    (
        Stranger,
        "/answer/{answer}?did=clicked",
        "About the mail that you sent us",
    ),
    (Stranger, "/ack/{ack}", "Please take it"),
    (Stranger, "/sign-in", "Sign in"),
    (Stranger, "/password/{password}", "Choose your password"),
    (Stranger, "/status/{status}", "Main: status"),
    (Stranger, "/public/main", "Main: status"),
    (Stranger, "/accessibility", "Accessibility"),
    (Stranger, "/no/such/page", "Not found"),
    (HalfIn, "/sign-in/code", "One more step"),
    (Ann, "/now", "What is asked of me"),
    (Ann, "/cases", "Cases"),
    (Ann, "/cases?state=open&severity=high", "Cases"),
    (Ann, "/cases/DR-1", "DR-1 Root on web1"),
    (Ann, "/cases/DR-2", "DR-2 The fence is open"),
    (Ann, "/cases/DR-1/timeline", "DR-1"),
    (Ann, "/cases/DR-1/timeline?only=roles", "DR-1"),
    (Ann, "/cases/DR-1/entries/1", "Entry 1 of "),
    (Ann, "/cases/DR-1/leads", "DR-1"),
    (Ann, "/cases/DR-1/steps", "DR-1"),
    (Ann, "/cases/DR-1/evidence", "DR-1"),
    (Ann, "/cases/DR-1/people", "DR-1"),
    (Ann, "/cases/DR-1/people?fill=yes&who=ann", "DR-1"),
    (Ann, "/cases/DR-1/files", "DR-1"),
    (Ann, "/cases/DR-1/acts", "What you can do"),
    (Ann, "/cases/DR-1/acts/set_severity", "Set the severity"),
    (Ann, "/cases/DR-1/acts/publish_sitrep", "Write a sitrep"),
    (
        Ann,
        "/cases/DR-1/acts/confirm",
        "Confirm: it is an incident",
    ),
    (Ann, "/cases/DR-1/acts/set_title", "Give it a short name"),
    (Ann, "/cases/DR-1/assess/real", "Did it really happen?"),
    (Ann, "/cases/DR-1/assess/harm", "What is harmed"),
    (
        Ann,
        "/cases/DR-1/assess/contingency",
        "The contingency plan is active",
    ),
    (Ann, "/cases/DR-1/assess/check", "Check the answers"),
    (Ann, "/cases/DR-1/sitrep", "Write a sitrep"),
    (Ann, "/cases/DR-1/sitrep/1", "Sitrep 1"),
    (Ann, "/cases/DR-1/disrupt", "Disrupt a service"),
    (Ann, "/cases/DR-1/disrupt/D-1", "D-1: The shop is cut off"),
    (Ann, "/cases/DR-1/handover", "Hand over command"),
    (Ann, "/cases/DR-3/handover", "bob hands command over to you"),
    (Ann, "/cases/DR-1/conformance", "Conformance report: DR-1"),
    (Ann, "/cases/DR-1/report", "Incident report"),
    (Ann, "/cases/DR-1/report?draft=1", "Incident report"),
    (Ann, "/cases/DR-1/retrospective", "Retrospective: DR-1"),
    (Ann, "/cases/DR-1/print/briefing", "Briefing: DR-1"),
    (Ann, "/cases/DR-1/print/log", "Activity log: DR-1"),
    (Ann, "/cases/DR-1/print/sitrep", "Sitrep: DR-1"),
    (Ann, "/cases/DR-1/status", "What outsiders read: DR-1"),
    (Ann, "/review", "Mail to look at"),
    (Ann, "/review/{queued}", "M-"),
    (Ann, "/review/{kept}/alike", "M-"),
    (Ann, "/cases/DR-2/alike", "DR-2: the same mail elsewhere"),
    (Ann, "/warn?of={kept}", "Warn colleagues"),
    (Ann, "/figures", "Figures: "),
    (Ann, "/styleguide", "Styleguide"),
    (Ann, "/me", "Your profile"),
    (Ann, "/me/sign-in", "How you sign in"),
    (Ann, "/me/notifications", "Notifications"),
    (Ann, "/me/sessions", "Where you are signed in"),
    (Ann, "/me/tokens", "Tokens"),
    (Ann, "/me/calendar", "Shifts in your calendar"),
    (Ann, "/projects", "Projects"),
    (Ann, "/projects/main", "Contact sheet: "),
    (Ann, "/projects/main/person", "Add somebody"),
    (Ann, "/projects/main/people/ann", "ann"),
    (Ann, "/projects/main/paste", "Paste a table"),
    (Ann, "/projects/main/card", "Card for the wallet"),
    (Ann, "/projects/main/poster", "Poster to put up"),
    (Ann, "/projects/main/settings", "Settings"),
    (Ann, "/projects/main/on-call", "On call: "),
    (Ann, "/projects/main/on-call/farm-hands", "Farm hands"),
    (Ann, "/projects/main/sources", "Alert sources: "),
    (Ann, "/projects/main/shadow", "Shadow: "),
    (Ann, "/projects/main/alert-rules", "Alert rules: "),
    (Ann, "/projects/main/alert-routes", "Alert routes: "),
    (Ann, "/projects/main/lists/assets", "Assets"),
    (
        Ann,
        "/projects/main/lists/stakeholders",
        "Stakeholders and customers",
    ),
    (Ann, "/projects/main/playbook", "Playbook"),
    (Ann, "/projects/main/playbook/editions/1", "Edition 1"),
    (Ann, "/projects/main/playbook/propose", "Propose edition 2"),
    (Ann, "/projects/main/playbook/compare", "From edition "),
    (Ann, "/admin", "Set it up"),
    (Ann, "/admin/accounts", "Accounts"),
    (Ann, "/admin/accounts/cat", "cat"),
    (Ann, "/admin/accounts/cat/sign-in", "How they sign in: "),
    (Ann, "/admin/health", "Is Henhouse well?"),
    (Ann, "/drill", "Practise"),
    (Ann, "/cases/DR-1/drill", "Drill: DR-1"),
];

/// A page that only a button leads to.
pub struct Behind {
    /// The page with the button.
    pub from: &'static str,
    /// What is written there, into which field.
    pub written: Option<(&'static str, &'static str)>,
    /// The button.
    pub button: &'static str,
    /// What it leads to says this first.
    pub first: &'static str,
}

pub const BEHIND: [Behind; 3] = [
    Behind {
        from: "/cases/DR-1/sitrep",
        written: None,
        button: "button[value=preview]",
        first: "Before it leaves",
    },
    Behind {
        from: "/cases/DR-1/acts/publish_sitrep",
        written: Some(("#summary", "The way in is closed.")),
        button: "form:has(#summary) button.big",
        first: "Before it leaves",
    },
    Behind {
        from: "/cases/DR-1/status",
        written: Some(("#text", "Orders are not possible just now.")),
        button: "form:has(#text) button:not([name])",
        first: "What outsiders read: DR-1",
    },
];

/// Pages that are not in the list, each with its reason.
const NOT_LISTED: &[(&str, &str)] = &[(
    "/set-up/{token}",
    "it is there once, before anybody is: the audit looks at it on its way in",
)];

/// A page that is looked at.
pub struct Page {
    pub eyes: Eyes,
    pub path: String,
    /// What it says first.
    pub first: String,
    /// It is one of many of the same make, of which others are looked at from every side.
    pub alike: bool,
}

impl Page {
    /// The page that a button of this one leads to.
    pub fn next(&self, first: &str) -> Self {
        Self {
            eyes: self.eyes,
            path: format!("{}/next", self.path),
            first: first.to_owned(),
            alike: false,
        }
    }
}

/// Every page: those of the list, and every act of the engine as a form.
pub fn pages() -> Vec<Page> {
    let listed = PAGES.iter().map(|(eyes, path, first)| Page {
        eyes: *eyes,
        path: (*path).to_owned(),
        first: (*first).to_owned(),
        alike: false,
    });
    let mut pages: Vec<Page> = listed.collect();
    for form in CHAPTERS.iter().flat_map(|chapter| chapter.forms) {
        let path = format!("/cases/DR-1/acts/{}", form.command);
        if pages.iter().all(|page| page.path != path) {
            let first = Words::default().say(&format!("acts-{}", form.command));
            pages.push(Page {
                eyes: Ann,
                path,
                first: first.into_owned(),
                alike: true,
            });
        }
    }
    pages
}

/// What stands in the braces of the list.
pub type Made = BTreeMap<&'static str, String>;

/// A path of the list with what was made in the place of its braces.
pub fn path(of: &str, made: &Made) -> String {
    let fill =
        |path: String, (name, value): (&&str, &String)| path.replace(&format!("{{{name}}}"), value);
    made.iter().fold(of.to_owned(), fill)
}

/// The route that answers a path of the list: the one with the most words in common, as the router has it.
fn route_of<'r>(path: &str, all: &'r [Route]) -> Option<&'r Route> {
    let path = path.split('?').next().unwrap_or_default();
    let words: Vec<&str> = path.split('/').collect();
    let fits = |route: &&Route| {
        let own: Vec<&str> = route.path.split('/').collect();
        let same = |(own, word): (&&str, &&str)| own.starts_with('{') || own == word;
        own.len() == words.len() && own.iter().zip(&words).all(same)
    };
    let said = |route: &&Route| {
        route
            .path
            .split('/')
            .filter(|w| !w.starts_with('{'))
            .count()
    };
    all.iter().filter(fits).max_by_key(said)
}

#[test]
fn every_route_that_answers_with_a_page_is_in_the_list() {
    let shows = |route: &Route| {
        let page = route.face == Face::Page && route.method == Method::GET;
        let (status, kind, _) = route.gives;
        page && status == StatusCode::OK && kind.starts_with("text/html")
    };
    let all: Vec<Route> = routes(true).into_iter().filter(shows).collect();
    let listed = PAGES.iter().map(|(_, path, _)| *path);
    let there = |path: &&str| route_of(path, &all).map(|route| route.path);
    let seen: Vec<&str> = listed.clone().filter_map(|path| there(&path)).collect();
    let mut wrong: Vec<String> = listed
        .filter(|path| there(path).is_none() && !path.starts_with("/no/"))
        .map(|path| format!("{path} is in the list, and no route answers it"))
        .collect();
    for route in &all {
        let left_out = NOT_LISTED.iter().any(|(path, _)| *path == route.path);
        let in_list = seen.contains(&route.path);
        if in_list == left_out {
            let why = ["is in neither list", "is in both lists"][usize::from(in_list)];
            wrong.push(format!("{} {why}", route.path));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

impl Server {
    /// One command of somebody.
    pub fn said(&self, number: &str, who: &str, mut order: Value) -> Value {
        order["as"] = who.into();
        self.call(
            "POST",
            &format!("/api/v1/cases/{number}/commands"),
            Some(&order),
        )
    }

    /// A farm with everything that a project has; Ann is everything in it.
    pub fn furnish_project(&self) {
        let mut whole = self.call("GET", "/api/v1/projects/main", None);
        let roles = ["responder", "decider", "product_owner"];
        let roster = [
            ("ann", json!(roles)),
            ("bob", json!(["responder"])),
            ("dee", json!(["decider"])),
            ("meg", json!(["project_manager"])),
            ("rose", json!(["reviewer"])),
        ];
        let (project, directory) = ("project", "directory");
        let member = |(who, roles): &(&str, Value)| json!({ "person": who, "roles": roles, "has_mail": true, "has_phone": true });
        whole[project]["roster"] = roster.iter().map(member).collect();
        for (who, _) in &roster {
            let mail = format!("{who}@farm.example");
            let contact = json!({ "name": who, "mail": mail, "phone": "+1 555 0100" });
            whole[directory]["people"][*who] = contact;
        }
        whole[project]["assets"] = json!([
            { "id": "web1", "class": "aws_instance", "environment": "production" },
            { "id": "db1", "class": "database", "environment": "production" },
        ]);
        whole[directory]["assets"] = json!({ "web1": "The web server", "db1": "The database" });
        whole[project]["dependencies"] = json!(["mail_relay"]);
        whole[directory]["dependencies"] = json!({ "mail_relay": { "name": "The mail relay" } });
        whole[project]["stakeholders"] =
            json!([{ "id": "client", "outside": true, "ceiling": "amber" }]);
        let client = json!({ "name": "The client", "mail": "client@client.example" });
        whole[directory]["stakeholders"] = json!({ "client": client });
        whole[project]["public_status"] = json!(true);
        self.put_project(&whole);
    }

    /// Puts the project back as it was changed.
    pub fn put_project(&self, whole: &Value) {
        let mut body = json!({ "project": whole["project"], "directory": whole["directory"] });
        if whole["name"].is_string() {
            body["name"] = whole["name"].clone();
        }
        self.call("PUT", "/api/v1/projects/main", Some(&body));
    }
}

/// Fills a server with what pages show: a grave case in full swing with something of everything, one that
/// nobody has taken, one whose command is offered to Ann, an account whose password is to be chosen.
pub fn furnish(server: &Server) -> Made {
    server.furnish_project();
    // Where there is but one project, the list of them leads to it.
    let mill = json!({ "slug": "mill", "name": "Mill", "prefix": "ML" });
    server.call("POST", "/api/v1/projects", Some(&mill));
    let report = json!({ "text": "Somebody I do not know is root on web1", "title": "Root on web1",
        "signs": ["unknown_privileged_user"], "assets": ["web1"], "kind": "security" });
    let said = server.call("POST", "/api/v1/reports", Some(&report));
    let receipt = said["receipt"].as_str().unwrap_or_default();
    let receipt = receipt.rsplit('/').next().unwrap_or_default().to_owned();
    for (who, order) in swing() {
        server.said("DR-1", who, order);
    }
    let report = json!({ "text": "The fence is open" });
    server.call("POST", "/api/v1/reports", Some(&report));
    let ack = server.link("/ack/", "DR-2");
    let report = json!({ "text": "The gate does not close", "title": "Gate 4 stays open" });
    server.call("POST", "/api/v1/reports", Some(&report));
    server.said("DR-3", "bob", json!({ "command": "acknowledge" }));
    let briefing = json!({ "situation": "Gate 4 stays open, no animal is out.", "done": "A rope holds it.",
        "open": "The hinge is broken.", "next": "The smith comes at six." });
    let offer = json!({ "command": "offer_handover", "to": "ann", "briefing": briefing });
    server.said("DR-3", "bob", offer);
    let queued = brings(server);
    // A mail with a link in it, in base64.
    let mail = "RnJvbTogcGF5QGV2aWwuZXhhbXBsZQ0KU3ViamVjdDogV2FnZXMNCg0KU2VlIGh0dHA6Ly9sb2dpbi5ldmlsLmV4YW1wbGUvd2FnZXMNCg==";
    let odd = json!({ "phish": { "none": true }, "mail": mail });
    let said = server.call("POST", "/api/v1/suspicious", Some(&odd));
    let answer = said["answers"]
        .as_str()
        .and_then(|link| link.rsplit('/').next());
    let answer = answer.expect("there is a link").to_owned();
    on_call(server);
    alerts(server);
    let data = server.folder.path().join("data");
    let asked = on_the_spot(&data, &["admin", "account", "cat", "--show"]);
    let asked = String::from_utf8_lossy(&asked.stdout).into_owned();
    let password = asked.split_once("/password/").map(|(_, rest)| rest);
    let password = password.and_then(|rest| rest.split_whitespace().next());
    let password = password.expect("the link is shown").to_owned();
    let made = [
        ("receipt", receipt),
        ("ack", ack),
        ("password", password),
        ("queued", queued),
        ("answer", answer),
        ("kept", said["mail"].as_str().unwrap_or_default().to_owned()),
    ];
    made.into()
}

/// A program sends alerts, and those that do not matter wake nobody at night.
fn alerts(server: &Server) {
    let source = json!({ "name": "coops", "sender": "alertmanager" });
    server.call("POST", "/api/v1/projects/main/sources", Some(&source));
    let night = json!({ "zone": "Europe/Berlin",
        "windows": [{ "each": "day", "from": "22:00:00", "to": "06:00:00" }] });
    let test = json!({ "field": "priority", "is": "below", "value": "P3" });
    let chatter = json!({ "name": "chatter", "to": "nobody", "all": [test], "hours": night });
    let routes =
        json!({ "routes": [chatter, { "name": "barn", "to": { "schedule": "farm-hands" } }] });
    server.call("PUT", "/api/v1/projects/main/alert-routes", Some(&routes));
}

/// Ann and Bob take turns by day; nobody has the nights, and Dee stands in for one of them.
fn on_call(server: &Server) {
    let hours = json!([{ "each": "day", "from": "06:00", "to": "22:00" }]);
    let days = json!({ "unit": "day", "length": 1, "start": "2026-01-05T09:00:00", "hours": hours,
        "seats": [{ "person": "ann" }, { "person": "bob" }] });
    let nights = json!({ "unit": "week", "length": 1, "start": "2026-01-05T22:00:00", "layer": 1,
        "hours": [{ "each": "week", "from_day": "friday", "from": "22:00", "to_day": "monday", "to": "06:00" }],
        "seats": [{ "person": "dee" }, "nobody"] });
    let schedule = json!({ "title": "Farm hands", "schedule": { "zone": "Europe/Berlin",
        "rotations": { "days": days, "weekends": nights } } });
    let at = "/api/v1/projects/main/schedules/farm-hands";
    server.call("PUT", at, Some(&schedule));
    let now = server.call("GET", "/api/v1/projects/main/on-call", None);
    let now: jiff::Timestamp = now["as_of"].as_str().unwrap().parse().unwrap();
    let day = |n: i64| now + jiff::SignedDuration::from_hours(24 * n);
    let cover = json!({ "seat": { "person": "dee" }, "from": day(1), "until": day(2) });
    server.call("POST", &format!("{at}/covers"), Some(&cover));
}

/// Brings a mail that does not say that it is a report; answers its number in the review queue.
fn brings(server: &Server) -> String {
    let mut line = TcpStream::connect(server.served.takes_mail_at()).unwrap();
    let mail = "From: Meg <meg@farm.example>\r\nSubject: Odd mail from the bank\r\n\r\nCan somebody look at it?";
    let said = format!(
        "HELO farm.example\r\nMAIL FROM:<meg@farm.example>\r\nRCPT TO:<security@farm.example>\r\nDATA\r\n{mail}\r\n.\r\nQUIT\r\n"
    );
    line.write_all(said.as_bytes()).unwrap();
    let mut answers = String::new();
    line.read_to_string(&mut answers).unwrap();
    let number = answers
        .split("for review as ")
        .nth(1)
        .unwrap_or_else(|| panic!("{answers}"));
    number
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// What happens in the first case.
fn swing() -> Vec<(&'static str, Value)> {
    let criteria = json!({ "sensitive_data_compromised": "yes", "many_customers_down": "no",
        "significant_loss": "no", "production_control_lost": "yes" });
    let impact = json!({ "confidentiality": "actual", "integrity": "potential", "availability": "none",
        "privacy": "actual", "whose": ["ours", { "client": "client" }], "assets": ["web1", "db1"] });
    let reference = json!({ "reference": { "system": "Sign-on", "id": "2026-03-02" } });
    vec![
        ("ann", json!({ "command": "acknowledge" })),
        ("bob", json!({ "command": "join" })),
        (
            "ann",
            json!({ "command": "record_fact", "kind": "observation", "text": "A session of root that is none of ours" }),
        ),
        (
            "ann",
            json!({ "command": "add_note", "text": "Bob looks at the logs" }),
        ),
        (
            "ann",
            json!({ "command": "assign_role", "person": "bob", "role": "deputy" }),
        ),
        (
            "ann",
            json!({ "command": "answer_question", "question": "happened", "answer": "yes", "note": "Bob sees it too" }),
        ),
        (
            "ann",
            json!({ "command": "answer_question", "question": "dependency", "answer": "no" }),
        ),
        (
            "ann",
            json!({ "command": "answer_question", "question": "system_failure", "answer": "no", "note": "The logs show an upload" }),
        ),
        (
            "ann",
            json!({ "command": "answer_criteria", "picks": ["production_root"], "answers": criteria }),
        ),
        (
            "ann",
            json!({ "command": "place_hold", "people": ["bob"], "assets": ["web1"], "text": "Stop nothing, delete nothing" }),
        ),
        (
            "ann",
            json!({ "command": "confirm", "severity": "high", "reason": "Root is theirs", "impact": impact }),
        ),
        (
            "ann",
            json!({ "command": "decide_contingency", "activate": true, "reason": "web1 is built anew" }),
        ),
        (
            "ann",
            json!({ "command": "add_stakeholder", "stakeholder": "client", "reason": "Their customers' data" }),
        ),
        (
            "ann",
            json!({ "command": "publish_sitrep", "summary": "Somebody is root on web1. We cut it off now and leave it running." }),
        ),
        (
            "ann",
            json!({ "command": "add_step", "text": "Cut web1 off and leave it running", "kind": "isolate", "asset": "web1", "owner": "bob", "template": "isolate_aws" }),
        ),
        (
            "ann",
            json!({ "command": "add_step", "text": "Tell the clients of the shop", "kind": "organise", "owner": "ann" }),
        ),
        (
            "bob",
            json!({ "command": "request_disruption", "text": "The shop is cut off with web1", "scope": "complete", "expected_minutes": 600,
            "risk_of_acting": "Nobody can order", "risk_of_waiting": "The rest is read", "steps": ["S-1"], "assets": ["web1"] }),
        ),
        (
            "ann",
            json!({ "command": "add_lead", "text": "They came in by the old upload form", "source": "The logs", "owner": "bob" }),
        ),
        (
            "ann",
            json!({ "command": "add_lead", "text": "The token was used again", "source": "The sign-in log" }),
        ),
        (
            "ann",
            json!({ "command": "assign_capture", "class": "aws_instance", "owner": "bob" }),
        ),
        (
            "bob",
            json!({ "command": "add_exhibit", "kind": "log", "asset": "web1", "label": "Sign-in log", "what": reference }),
        ),
        (
            "ann",
            json!({ "command": "open_call", "link": "https://talk.example/1" }),
        ),
        (
            "ann",
            json!({ "command": "record_forecast", "minutes": 300 }),
        ),
        (
            "ann",
            json!({ "command": "plan_long_remediation", "mode": "around_the_clock", "breach_ongoing": true, "next_ic": "bob" }),
        ),
        (
            "ann",
            json!({ "command": "add_lesson", "text": "Nobody looked at the old form" }),
        ),
        (
            "ann",
            json!({ "command": "add_cause", "text": "The old form was still there" }),
        ),
    ]
}

/// The account for when everything else is away: its login, and both halves, which are its password.
pub fn break_glass(server: &Server) -> (String, String) {
    let run = on_the_spot(
        &server.folder.path().join("data"),
        &["admin", "break-glass"],
    );
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    let after = |words: &str| {
        let rest = said.split_once(words).map(|(_, rest)| rest.trim_start());
        rest.and_then(|rest| rest.lines().next())
            .unwrap_or_else(|| panic!("no {words}: {said}"))
            .trim()
            .to_owned()
    };
    (
        after("Login "),
        format!("{}{}", after("Half A "), after("Half B ")),
    )
}
