//! A report reaches somebody whatever the contact sheet and the other projects look like.

use super::*;

impl Scene {
    /// Another project, with nobody on its sheet.
    async fn found_another(&self, slug: &str, prefix: &str) {
        let actor = Actor {
            who: Who::System,
            how: How::LocalSocket,
        };
        let names = (slug, slug, prefix);
        let found = founding::found(&self.desk, actor, names, "UTC", None);
        found.await.unwrap();
    }

    async fn revise(
        &self,
        slug: &str,
        change: impl FnOnce(&mut procedure::basis::Project, &mut Directory),
    ) {
        let row = self.desk.find_project(Some(slug.into())).await.unwrap();
        let state = self.desk.project(row.journal).await.unwrap();
        let (mut project, mut directory) = (state.project().unwrap(), state.directory.clone());
        change(&mut project, &mut directory);
        let revise = ProjectCommand::Revise {
            project: Box::new(project),
            directory: Box::new(directory),
            name: None,
        };
        let change = self
            .desk
            .change_project(row.journal, person("ann"), revise, None);
        change.await.unwrap();
    }
}

impl Scene {
    /// Revises a project as a version did that checked less: its journals are still read.
    async fn revised_long_ago(
        &self,
        slug: &str,
        change: impl FnOnce(&mut procedure::basis::Project, &mut Directory),
    ) {
        let row = self.desk.find_project(Some(slug.into())).await.unwrap();
        let state = self.desk.project(row.journal).await.unwrap();
        let (mut project, mut directory) = (state.project().unwrap(), state.directory.clone());
        change(&mut project, &mut directory);
        project.revision += 1;
        let revised = procedure::project::ProjectRevised {
            project,
            directory,
            name: None,
            warnings: Vec::new(),
        };
        let saying = super::journal::Saying {
            actor: serde_json::to_value(person("ann")).unwrap(),
            happened_at: serde_json::Value::Null,
            kind: "project_revised".to_owned(),
            body: serde_json::to_value(revised).unwrap(),
        };
        let (inner, id) = (Arc::clone(&self.desk.inner), row.journal);
        let append = move |tx: &mut dyn crate::store::Tx| {
            let key = super::journal::key(tx, &inner.root, id)?;
            let head = tx.head(id)?;
            let head = casefile::Head {
                seq: head.seq,
                hash: head.hash.into(),
            };
            let mut chain = casefile::chain::Chain::resume(id.0, head, inner.clock.now());
            let now = inner.clock.now();
            super::journal::append(tx, &key, &inner.ids, &mut chain, now, saying)
        };
        self.desk.inner.store.write_inline(append).unwrap();
    }
}

fn contact(name: &str) -> Contact {
    Contact {
        name: name.into(),
        mail: Some(Text::Plain(format!("{name}@example.org"))),
        phone: None,
        routes: Vec::new(),
    }
}

#[tokio::test]
async fn a_page_for_which_no_link_can_be_made_goes_out_without_it() {
    let scene = scene().await;
    let long = "d".repeat(65);
    let id = procedure::PersonId(long.clone());
    scene
        .revised_long_ago("farm", |project, directory| {
            project.second_chain = vec![id.clone()];
            directory.people.insert(id, contact("dan"));
        })
        .await;
    let report = json!({ "text": "Somebody reads our mail", "restricted": true });
    let open = OpenReport {
        mailed: None,
        actor: Actor {
            who: Who::Reporter,
            how: How::Open,
        },
        project: None,
        report: serde_json::from_value(report).unwrap(),
        happened_at: None,
        once: None,
    };
    scene.desk.open_report(open).await.unwrap();
    assert_eq!(scene.queued().await, [long]);
}

#[tokio::test]
async fn founding_a_project_takes_no_report_from_the_first() {
    let scene = scene().await;
    let minute = SignedDuration::from_mins(1);
    let start: Timestamp = START.parse().unwrap();
    scene.desk.clock().set(start + minute).unwrap();
    scene.found_another("aardvark", "AA").await;
    let empty = scene.report("The chickens are escaping").await;
    assert_eq!(empty.number, "HH-1");
    scene
        .revise("aardvark", |project, directory| {
            let member = json!({ "person": "eve", "roles": ["responder"], "has_mail": true });
            project.roster.push(serde_json::from_value(member).unwrap());
            directory.people.insert("eve".into(), contact("eve"));
        })
        .await;
    let staffed = scene.report("The fox is here").await;
    assert_eq!(
        staffed.number, "HH-2",
        "the oldest, whatever the others are called"
    );
    scene
        .revise("farm", |project, _| project.roster.clear())
        .await;
    let left = scene.report("Nobody is at the farm").await;
    assert_eq!(
        left.number, "AA-1",
        "never where nobody is, if somebody is elsewhere"
    );
}

#[tokio::test]
async fn after_a_false_alarm_that_one_person_alone_saw_it_stands_on_anothers_board() {
    let scene = scene().await;
    let report = json!({ "text": "Somebody copies files at night", "restricted": true });
    let open = OpenReport {
        mailed: None,
        actor: Actor {
            who: Who::Reporter,
            how: How::Open,
        },
        project: None,
        report: serde_json::from_value(report).unwrap(),
        happened_at: None,
        once: None,
    };
    let opened = scene.desk.open_report(open).await.unwrap();
    let number = opened.number.parse().unwrap();
    let ann = scene.desk.case(&onlooker("ann"), &number).await.unwrap();
    let unseen = scene.desk.case(&onlooker("bob"), &number).await;
    assert!(matches!(unseen, Err(DeskError::NotFound("case"))));
    let id = ann.row.journal;
    let alarm = json!({ "command": "false_alarm", "reason": "a backup" });
    for order in [json!({ "command": "acknowledge" }), alarm] {
        let command: procedure::Command = serde_json::from_value(order).unwrap();
        let done = scene
            .desk
            .submit(id, person("ann"), Order::from(command), None);
        done.await.unwrap();
    }
    let board = scene.desk.now_of(&onlooker("bob")).await.unwrap();
    assert_eq!(board.asked.len(), 1, "{:?}", board.cases.len());
    assert_eq!(board.asked[0].obligation.rule, procedure::rule::Rule::R106);
    assert!(scene.queued_any().await.contains(&"bob".to_owned()));
    let anns = scene.desk.now_of(&onlooker("ann")).await.unwrap();
    assert!(anns.asked.is_empty() && anns.cases.is_empty(), "not hers");
}

#[tokio::test]
async fn two_cases_ring_for_one_person_no_oftener_than_one() {
    let scene = scene().await;
    let mut ids = Vec::new();
    for text in ["The chickens are escaping", "The fox is in"] {
        let number = scene.report(text).await.number.parse().unwrap();
        let case = scene.desk.case(&onlooker("ann"), &number).await.unwrap();
        ids.push(case.row.journal);
        for order in [
            json!({ "command": "acknowledge" }),
            json!({
                "command": "confirm", "severity": "high", "reason": "we saw it",
                "impact": { "confidentiality": "none", "integrity": "none", "availability": "actual" },
            }),
        ] {
            let command: procedure::Command = serde_json::from_value(order).unwrap();
            let order = Order::from(command);
            let done = scene
                .desk
                .submit(case.row.journal, person("ann"), order, None);
            done.await.unwrap();
        }
    }
    let start: Timestamp = START.parse().unwrap();
    let end = start + SignedDuration::from_hours(4);
    while let Some(wake) = scene.desk.next_wake().await.unwrap().filter(|at| *at < end) {
        scene.desk.clock().set(wake.max(scene.desk.now())).unwrap();
        crate::waker::step(&scene.desk).await.unwrap();
    }
    let rung = scene.desk.inner.store.read(move |view| {
        let mut rung = Vec::new();
        for id in ids {
            for row in view.deliveries_of(id)? {
                let cause = view.entries(id, row.seq - 1, 1)?.remove(0);
                let ann = row.person.as_deref() == Some("ann");
                if ann && row.lane == Lane::Urgent && cause.kind == "prompted" {
                    rung.push((row.next_try, id, row.bundle));
                }
            }
        }
        Ok::<_, StoreError>(rung)
    });
    let mut rung = rung.await.unwrap();
    rung.sort();
    let cases: std::collections::BTreeSet<_> = rung.iter().map(|(_, id, _)| id).collect();
    assert_eq!(cases.len(), 2, "both ring: {rung:?}");
    for two in rung.windows(2) {
        let apart = two[1].0.duration_since(two[0].0);
        let together = two[0].0 == two[1].0 && two[0].2.is_some() && two[0].2 == two[1].2;
        assert!(
            together || apart >= SignedDuration::from_mins(15),
            "{two:?}"
        );
    }
}

#[tokio::test]
async fn a_link_does_not_outlive_its_persons_place_on_the_contact_sheet() {
    let scene = scene().await;
    scene.report("The chickens are escaping").await;
    let link = scene.desk.page_link("ann").await.unwrap();
    scene.desk.called(&link).await.unwrap();
    let leave = |project: &mut procedure::basis::Project, _: &mut Directory| {
        project.roster.retain(|member| member.person.0 != "ann");
    };
    scene.revise("farm", leave).await;
    let gone = scene.desk.called(&link).await;
    assert!(matches!(gone, Err(DeskError::NotFound("link"))), "{gone:?}");
    let pressed = scene.desk.press(&link, Press::Take).await;
    assert!(matches!(pressed, Err(DeskError::NotFound("link"))));
}
