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

fn contact(name: &str) -> Contact {
    Contact {
        name: name.into(),
        mail: Some(Text::Plain(format!("{name}@example.org"))),
        phone: None,
    }
}

#[tokio::test]
async fn a_page_for_which_no_link_can_be_made_goes_out_without_it() {
    let scene = scene().await;
    let unfit = String::new();
    let id = procedure::PersonId(unfit.clone());
    scene
        .revise("farm", |project, directory| {
            project.second_chain = vec![id.clone()];
            directory.people.insert(id, contact("dan"));
        })
        .await;
    let report = json!({ "text": "Somebody reads our mail", "restricted": true });
    let open = OpenReport {
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
    assert_eq!(scene.queued().await, [unfit]);
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
