//! Between the outbox and the desk: delivery asks through here, and what it finds goes back
//! as a command. Neither knows the other.

use jiff::Timestamp;
use procedure::Recipient;
use procedure::chapters::calling::NoteUndelivered;
use procedure::playbook::Channel;

use crate::delivery::origin::{Fate, Happened, Origin};
use crate::delivery::push::{Devices, Done};
use crate::desk::{Desk, MAIL};
use crate::devices::Device;
use crate::store::OutboxRow;

/// The desk, as delivery sees it.
#[derive(Clone)]
pub struct Post {
    desk: Desk,
}

impl Post {
    /// Speaks for this desk.
    #[must_use]
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }
}

impl Post {
    /// The procedure hears that somebody cannot be reached. Under the notice's id it counts once,
    /// however often it is told.
    async fn unreachable(&self, happened: &Happened) {
        let Some(to) = recipient(happened) else {
            return;
        };
        let note = NoteUndelivered {
            to,
            route: (happened.route == MAIL).then_some(Channel::Mail),
            more_routes: happened.another_route,
        };
        let (journal, notice) = (happened.journal, happened.notice.to_string());
        let told = self.desk.channel_says(journal, note.into(), notice).await;
        if let Err(error) = told {
            tracing::debug!(%error, "the procedure did not take it");
        }
    }
}

fn recipient(happened: &Happened) -> Option<Recipient> {
    let named = happened.recipient.as_deref();
    let named = named.and_then(|to| serde_json::from_str(to).ok());
    named.or_else(|| {
        happened
            .person
            .as_deref()
            .map(|person| Recipient::Person(person.into()))
    })
}

impl Devices for Post {
    fn of<'a>(&'a self, person: &'a str) -> Done<'a, Vec<Device>> {
        Box::pin(async move {
            let devices = self.desk.devices(person.to_owned()).await;
            devices.unwrap_or_else(|error| {
                tracing::error!(%error, "the devices of somebody cannot be read: nothing is pushed to them");
                Vec::new()
            })
        })
    }

    fn shown_at(&self, notice: &str) -> Option<String> {
        Some(self.desk.shown_at(notice.parse().ok()?))
    }

    fn came<'a>(
        &'a self,
        person: &'a str,
        took: Vec<String>,
        gone: Vec<String>,
        now: Timestamp,
    ) -> Done<'a, ()> {
        Box::pin(async move {
            let came = self.desk.devices_came(person.to_owned(), took, gone, now);
            if let Err(error) = came.await {
                tracing::error!(%error, "what became of a push was not noted");
            }
        })
    }
}

impl Origin for Post {
    async fn still_wanted(&self, row: &OutboxRow) -> bool {
        self.desk.still_wanted(row).await
    }

    async fn unseal(&self, row: &OutboxRow, cipher: &[u8]) -> Option<Vec<u8>> {
        self.desk.open_message(row, cipher).await
    }

    async fn happened(&self, happened: &Happened) {
        match &happened.fate {
            Fate::Delivered(_) | Fate::Dropped => {}
            Fate::Unreachable(_) => {
                // The reason stands with the delivery: a mail server may repeat the address in it.
                tracing::warn!(
                    journal = %happened.journal,
                    seq = happened.seq,
                    notice = %happened.notice,
                    "a notice cannot be delivered"
                );
                self.unreachable(happened).await;
            }
            Fate::Struggling => {
                // It goes on being tried; the walk does not wait for it (P6, M17).
                tracing::warn!(journal = %happened.journal, seq = happened.seq, "a page has failed twice and goes on being tried");
                self.unreachable(happened).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use std::collections::BTreeMap;
    use std::sync::Arc;
    use std::time::Duration;

    use procedure::basis::{Marking, Project};
    use procedure::project::Directory;
    use serde_json::json;

    use super::*;
    use crate::delivery::channel::{Capabilities, Channel as Way, Sender};
    use crate::delivery::message::MailMessage;
    use crate::delivery::outbox::{Limits, Outbox};
    use crate::delivery::scripted::Scripted;
    use crate::delivery::step::step;
    use crate::web::stage::Stage;

    /// A farm whose mail goes to a scripted peer.
    struct Farm {
        stage: Stage,
        peer: Scripted,
        /// What a phone would ring with.
        phone: Scripted,
        /// What a browser would show.
        device: Scripted,
        outbox: Arc<Outbox<Post>>,
    }

    impl Farm {
        async fn new() -> Self {
            let (stage, peer) = (Stage::new().await, Scripted::default());
            let way = Way::new(
                Sender::Scripted(peer.clone()),
                Capabilities::MAIL,
                Marking::Amber,
            );
            let (store, clock) = stage.app.desk.store_and_clock();
            let post = Post::new(stage.app.desk.clone());
            let phone = Scripted::default();
            let push = Way::new(Sender::Scripted(phone.clone()), Capabilities::PUSH, None);
            let device = Scripted::default();
            let shows = Way::new(Sender::Scripted(device.clone()), Capabilities::DEVICE, None);
            let ways = [("mail", way), ("ntfy", push), ("push", shows)];
            let ways = BTreeMap::from(ways.map(|(name, way)| (name.to_owned(), way)));
            let outbox = Outbox::new(store, clock, post, ways, Limits::default());
            Self {
                stage,
                peer,
                phone,
                device,
                outbox,
            }
        }

        /// Lets so many seconds pass, one by one, with everything that they bring.
        async fn pass(&self, seconds: u64) {
            for _ in 0..seconds {
                self.stage
                    .app
                    .desk
                    .clock()
                    .advance(Duration::from_secs(1))
                    .unwrap();
                self.stage.app.desk.pulse().await.unwrap();
                self.send().await;
            }
        }

        async fn send(&self) {
            while step(&self.outbox).await.unwrap().leased > 0 {}
        }

        async fn report(&self, n: u32, fields: serde_json::Value) -> String {
            let mut report = json!({ "text": format!("fire {n}"), "project": "farm" });
            report
                .as_object_mut()
                .unwrap()
                .extend(fields.as_object().unwrap().clone());
            self.stage.report_as(report).await
        }

        fn to(&self, who: &str) -> Vec<MailMessage> {
            let address = format!("{who}@example.org");
            let sent = self.peer.sent().into_iter();
            sent.filter(|mail| mail.to.address == address).collect()
        }
    }

    #[tokio::test]
    async fn a_burst_is_bundled_and_each_report_is_named_to_everybody_who_is_called() {
        let farm = Farm::new().await;
        let mut numbers = Vec::new();
        for n in 1..=60 {
            numbers.push(farm.report(n, json!({})).await);
        }
        farm.send().await;
        assert_eq!(farm.to("ann").len(), 3, "the first pages go at once");
        let pressing = farm
            .report(61, json!({ "phish": { "clicked": true } }))
            .await;
        farm.send().await;
        assert!(
            farm.to("ann")[3].subject.contains(&pressing),
            "a flood does not drown what presses"
        );
        farm.pass(60).await;
        assert_eq!(farm.to("ann").len(), 5, "and one page for the rest");
        assert_eq!(
            farm.to("ann")[4].subject,
            "HH-4 and 56 more: please read them"
        );
        // Nobody answers: the walk reaches Bob for each of them, in few mails.
        farm.pass(60 * 12).await;
        let bob = farm.to("bob");
        assert!(bob.len() <= 4 + 4, "{}", bob.len());
        for who in ["ann", "bob"] {
            let all: String = farm
                .to(who)
                .iter()
                .map(|m| [&*m.subject, &*m.text].concat())
                .collect();
            let named = |number: &str| all.contains(number) || in_a_range(&all, number);
            let missing: Vec<_> = numbers.iter().filter(|number| !named(number)).collect();
            assert!(missing.is_empty(), "{who} never heard of {missing:?}");
        }
    }

    #[tokio::test]
    async fn a_link_in_what_a_stranger_wrote_is_dead_where_many_are_told_at_once() {
        let farm = Farm::new().await;
        for n in 1..=6 {
            let text = json!({ "text": "see https://evil.example/login" });
            farm.report(n, text).await;
        }
        farm.pass(60).await;
        let all = farm.to("ann");
        let page = all.iter().find(|mail| mail.subject.contains(" more: "));
        let text = &page.unwrap().text;
        assert!(
            text.contains("hxxps://evil[.]example") && !text.contains("https://evil"),
            "{text}"
        );
    }

    /// `HH-44 to HH-60` names what lies between.
    fn in_a_range(text: &str, number: &str) -> bool {
        let count = |number: &str| {
            number
                .trim_start_matches("HH-")
                .trim_end_matches(['.', ','])
                .parse::<u32>()
                .ok()
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        words.windows(3).any(|three| {
            let ends = (count(three[0]), three[1], count(three[2]));
            matches!((ends, count(number)), ((Some(from), "to", Some(to)), Some(n)) if from <= n && n <= to)
        })
    }

    #[tokio::test]
    async fn staff_are_never_bundled_and_an_answer_ends_the_calls_for_its_case_alone() {
        let farm = Farm::new().await;
        for n in 1..=9 {
            farm.report(n, json!({})).await;
        }
        farm.send().await;
        let oz = farm.stage.token("oz", "member").await;
        let body = json!({ "text": "this one is real", "project": "farm" });
        let said = farm.stage.post("/api/v1/reports", Some(&oz), body).await;
        assert_eq!(said.json()["number"], "HH-10");
        farm.send().await;
        assert!(
            farm.to("ann")[3].text.contains("this one is real"),
            "at once, alone"
        );
        let bob = farm.stage.token("bob", "member").await;
        farm.stage
            .command("HH-5", &bob, json!({ "command": "acknowledge" }))
            .await;
        farm.pass(60).await;
        let to_ann = farm.to("ann");
        let bundled = to_ann.iter().find(|mail| mail.subject.contains(" more: "));
        let page = bundled.unwrap();
        assert_eq!(page.subject, "HH-4 and 4 more: please read them");
        assert!(!page.text.contains("HH-5"), "{}", page.text);
    }

    #[tokio::test]
    async fn whoever_has_no_address_is_seen_and_the_next_is_called_at_once() {
        let farm = Farm::new().await;
        farm.stage
            .without_mail("farm", &[("ann", "responder"), ("zoe", "responder")], "ann")
            .await;
        let number = farm.report(1, json!({})).await;
        farm.send().await;
        assert_eq!(
            farm.to("zoe").len(),
            1,
            "at the report, not after a step of the walk"
        );
        let zoe = farm.stage.token("zoe", "member").await;
        let at = format!("/api/v1/cases/{number}/deliveries");
        let said = farm.stage.get(&at, Some(&zoe)).await.json();
        let all = said["deliveries"].as_array().unwrap();
        let failed: Vec<_> = all.iter().filter(|row| row["state"] == "failed").collect();
        assert_eq!(failed.len(), 1, "{said}");
        assert_eq!(failed[0]["person"], "ann");
        assert_eq!(failed[0]["log"][0]["receipt"], "no mail address is on file");
        let case = farm
            .stage
            .get(&format!("/api/v1/cases/{number}"), Some(&zoe))
            .await
            .json();
        assert_eq!(
            case["unreached"][0]["to"],
            json!({ "person": "ann" }),
            "{case}"
        );
    }

    #[tokio::test]
    async fn a_page_that_fails_twice_calls_the_next_and_goes_on_being_tried() {
        let farm = Farm::new().await;
        let away = crate::delivery::outcome::Outcome::Temporary {
            fault: crate::delivery::outcome::Fault::Recipient,
            reason: "451 mailbox busy".to_owned(),
        };
        for _ in 0..3 {
            farm.peer.answer("ann@example.org", away.clone());
        }
        let number = farm.report(1, json!({})).await;
        farm.pass(4).await;
        assert!(farm.to("bob").is_empty(), "one failure is none yet");
        farm.pass(3).await;
        assert_eq!(farm.to("bob").len(), 1, "not after a step of the walk");
        let bob = farm.stage.token("bob", "member").await;
        let at = format!("/api/v1/cases/{number}");
        let case = async || farm.stage.get(&at, Some(&bob)).await.json()["unreached"].clone();
        assert_eq!(case().await[0]["to"], json!({ "person": "ann" }));
        farm.pass(60).await;
        assert!(farm.to("ann").len() > 3, "tried until it was taken");
        let ann = farm.stage.token("ann", "member").await;
        farm.stage
            .command(&number, &ann, json!({ "command": "acknowledge" }))
            .await;
        assert_eq!(case().await, json!([]), "she was reached after all");
    }

    /// Pages to Ann go by ntfy first, then by mail.
    async fn ann_has_a_phone(farm: &Farm) {
        let routes = crate::report::routes::from_words("ntfy ann-x7").unwrap();
        let change = |_: &mut procedure::basis::Project, directory: &mut Directory| {
            directory.people.get_mut(&"ann".into()).unwrap().routes = routes;
        };
        farm.stage.change("farm", change).await;
    }

    async fn kinds(farm: &Farm, number: &str) -> Vec<serde_json::Value> {
        let boss = farm.stage.token("ann", "member").await;
        let at = format!("/api/v1/cases/{number}/journal");
        let journal = farm.stage.get(&at, Some(&boss)).await.json();
        let entries = journal["entries"].as_array().unwrap().clone();
        entries
            .into_iter()
            .filter(|entry| entry["kind"] == "undelivered")
            .collect()
    }

    #[tokio::test]
    async fn a_page_goes_to_the_phone_neutrally_and_by_mail_at_once_when_that_fails_twice() {
        let farm = Farm::new().await;
        ann_has_a_phone(&farm).await;
        let away = || crate::delivery::outcome::Outcome::Temporary {
            fault: crate::delivery::outcome::Fault::Channel,
            reason: "the ntfy server answered 500".to_owned(),
        };
        farm.phone.answer("ann-x7", away());
        farm.phone.answer("ann-x7", away());
        let number = farm.report(1, json!({})).await;
        farm.send().await;
        assert_eq!((farm.phone.count(), farm.to("ann").len()), (1, 0));
        farm.pass(4).await;
        assert_eq!((farm.phone.count(), farm.to("ann").len()), (1, 0));
        farm.pass(1).await;
        assert_eq!(
            (farm.phone.count(), farm.to("ann").len()),
            (2, 1),
            "at once"
        );
        let sent = farm.phone.sent();
        assert_eq!(sent[0], sent[1], "a retry sends the same");
        let push = &sent[0];
        assert!(
            push.subject.chars().count() <= crate::report::GLANCE_LIMIT,
            "{push:?}"
        );
        assert!(
            push.subject
                .starts_with(&format!("{number} not assessed: needs you by ")),
            "{push:?}"
        );
        assert!(!format!("{push:?}").contains("fire"), "neutral: {push:?}");
        let mail = &farm.to("ann")[0];
        assert!(mail.subject.contains("fire 1"), "{mail:?}");
        let link = push.link.as_ref().unwrap();
        assert!(
            link.contains("/ack/") && mail.text.contains(link),
            "one link on every route"
        );
        farm.pass(120).await;
        assert_eq!(
            farm.phone.count(),
            2,
            "the mail arrived, so the phone rings no more"
        );
        let told = kinds(&farm, &number).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0]["body"]["more_routes"], true, "{told:?}");
        assert!(farm.to("bob").is_empty(), "nobody else is called for it");
        // Bob takes it: Ann hears where she was reached.
        let bob = farm.stage.token("bob", "member").await;
        let take = json!({ "command": "acknowledge" });
        farm.stage.command(&number, &bob, take).await;
        farm.pass(1).await;
        assert!(
            farm.to("ann")
                .last()
                .unwrap()
                .subject
                .contains("stand down")
        );
        assert_eq!(farm.phone.count(), 2);
    }

    #[tokio::test]
    async fn who_is_reached_on_the_phone_gets_no_mail_and_may_rest_by_phone() {
        let farm = Farm::new().await;
        ann_has_a_phone(&farm).await;
        let number = farm.report(1, json!({})).await;
        farm.pass(90).await;
        assert_eq!((farm.phone.count(), farm.to("ann").len()), (1, 0));
        let bob = farm.stage.token("bob", "member").await;
        let take = json!({ "command": "acknowledge" });
        farm.stage.command(&number, &bob, take).await;
        farm.pass(1).await;
        assert_eq!((farm.phone.count(), farm.to("ann").len()), (2, 0));
        let rest = farm.phone.sent().pop().unwrap();
        assert!(rest.subject.contains("stand down"), "{rest:?}");
        let ann = farm.stage.token("ann", "member").await;
        let at = format!("/api/v1/cases/{number}/deliveries");
        let said = farm.stage.get(&at, Some(&ann)).await;
        let all = said.json()["deliveries"].as_array().unwrap().clone();
        let hers = all
            .iter()
            .filter(|one| one["person"] == "ann" && one["page"] == true);
        let hers: Vec<_> = hers
            .map(|one| (one["route"].clone(), one["state"].clone()))
            .collect();
        assert!(hers.contains(&(json!("ntfy"), json!("done"))), "{hers:?}");
        assert!(
            hers.contains(&(json!("mail"), json!("dropped"))),
            "{hers:?}"
        );
        assert!(
            !said.text().contains("ann-x7"),
            "a topic is as good as a password"
        );
        let checked = farm.stage.app.desk.verify(None).await.unwrap();
        assert_eq!(
            checked.verdict,
            crate::desk::Verified::Valid,
            "{:?}",
            checked.findings
        );
    }

    #[tokio::test]
    async fn an_acknowledgement_ends_every_route() {
        let farm = Farm::new().await;
        ann_has_a_phone(&farm).await;
        let away = crate::delivery::outcome::Outcome::Uncertain {
            reason: "the ntfy server did not answer in time".to_owned(),
        };
        farm.phone.answer("ann-x7", away);
        let number = farm.report(1, json!({})).await;
        farm.send().await;
        let bob = farm.stage.token("bob", "member").await;
        let take = json!({ "command": "acknowledge" });
        farm.stage.command(&number, &bob, take).await;
        farm.pass(200).await;
        let pages = farm.phone.sent().into_iter().chain(farm.to("ann"));
        let pages = pages
            .filter(|page| page.subject.contains("needs you") || page.subject.contains("take it"));
        assert_eq!(pages.count(), 1, "only the one that had left");
    }

    #[tokio::test]
    async fn a_test_goes_by_each_route_and_what_came_of_each_is_known() {
        let farm = Farm::new().await;
        ann_has_a_phone(&farm).await;
        let desk = &farm.stage.app.desk;
        desk.mail_leaves();
        desk.pages_by(["mail", "ntfy"].map(str::to_owned).into());
        let boss = farm.stage.token("boss", "admin").await;
        let ann = json!({ "login": "ann", "name": "Ann", "role": "member" });
        farm.stage.post("/api/v1/accounts", Some(&boss), ann).await;
        farm.send().await;
        let before = (farm.phone.count(), farm.to("ann").len());
        let refused = crate::delivery::outcome::Outcome::Rejected {
            receipt: "404".to_owned(),
        };
        farm.phone.answer("ann-x7", refused);
        let owner = crate::auth::Known::owner().actor();
        let sent = desk.test_message(owner, "ann".to_owned()).await.unwrap();
        assert_eq!(sent, 2);
        farm.send().await;
        assert_eq!(
            (farm.phone.count(), farm.to("ann").len()),
            (before.0 + 1, before.1 + 1)
        );
        let taken = desk.last_taken().await.unwrap();
        let by = |channel: &str| taken.contains_key(&("ann".to_owned(), channel.to_owned()));
        assert!(by("mail") && !by("ntfy"), "{taken:?}");
        let tested = desk.tested().await.unwrap();
        let ann = &tested["ann"];
        assert_eq!(ann.came, crate::desk::Came::Taken);
        assert_eq!(ann.routes["mail"], crate::desk::Came::Taken);
        assert_eq!(ann.routes["ntfy"], crate::desk::Came::Refused);
    }

    /// Ann has turned a device on, whose push service takes what comes.
    async fn ann_has_a_device(farm: &Farm) {
        let desk = &farm.stage.app.desk;
        desk.pushes_to(crate::devices::Hosts::default());
        farm.stage.account("ann", "member").await;
        let key = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        let said = [
            "https://fcm.googleapis.com/x",
            key,
            "BTBZMqHH6r4Tts7J_aSIgg",
        ];
        let (actor, said) = (procedure::Actor::system(), said.map(str::to_owned));
        let on = desk.turn_on(actor, "ann".to_owned(), "phone".to_owned(), said);
        on.await.unwrap();
        for _ in 0..4 {
            let taken = crate::delivery::outcome::Outcome::Handed {
                receipt: "201".to_owned(),
            };
            farm.device.answer("ann", taken);
        }
    }

    async fn named(farm: &Farm, routes: &str) {
        let routes = crate::report::routes::from_words(routes).unwrap();
        let change = |_: &mut procedure::basis::Project, directory: &mut Directory| {
            directory.people.get_mut(&"ann".into()).unwrap().routes = routes;
        };
        farm.stage.change("farm", change).await;
    }

    #[tokio::test]
    async fn a_device_that_is_on_rings_first_and_mail_follows_unless_it_was_shown() {
        let farm = Farm::new().await;
        ann_has_a_device(&farm).await;
        let number = farm.report(1, json!({})).await;
        farm.send().await;
        assert_eq!((farm.device.count(), farm.to("ann").len()), (1, 0));
        farm.pass(58).await;
        assert_eq!(farm.to("ann").len(), 0);
        farm.pass(3).await;
        assert_eq!(farm.to("ann").len(), 1, "nobody said that it was shown");
        assert!(farm.to("bob").is_empty(), "she is not out of reach");
        let bob = farm.stage.token("bob", "member").await;
        let acknowledge = json!({ "command": "acknowledge" });
        farm.stage.command(&number, &bob, acknowledge.clone()).await;
        farm.pass(360).await;
        let pages = |mails: &[MailMessage]| {
            mails
                .iter()
                .filter(|m| m.subject.contains("needs you by"))
                .count()
        };
        assert_eq!(pages(&farm.device.sent()), 1, "it rings no more");

        // Shown: nothing follows, and who took it is told there.
        let number = farm.report(2, json!({})).await;
        farm.send().await;
        let (before, mails) = (farm.device.sent(), farm.to("ann").len());
        let notice = before.last().unwrap().notice_id.parse().unwrap();
        let at = farm.stage.app.desk.shown_at(notice);
        let name = at.strip_prefix("/push/shown/").unwrap();
        assert_eq!(farm.stage.app.desk.shown(name).await.unwrap(), notice);
        let heard = crate::delivery::heard::Heard::Arrived;
        let notice = crate::store::NoticeId(notice);
        assert!(farm.outbox.heard(notice, heard, "shown").await.unwrap());
        farm.pass(120).await;
        assert_eq!(farm.to("ann").len(), mails, "no other route");
        farm.stage.command(&number, &bob, acknowledge).await;
        farm.pass(5).await;
        assert!(
            farm.device.count() > before.len(),
            "who may rest hears it there"
        );
        assert_eq!(farm.to("ann").len(), mails);
    }

    #[tokio::test]
    async fn routes_that_the_sheet_names_keep_their_order() {
        let farm = Farm::new().await;
        ann_has_a_device(&farm).await;
        named(&farm, "mail").await;
        farm.report(1, json!({})).await;
        farm.pass(70).await;
        assert_eq!((farm.device.count(), farm.to("ann").len()), (0, 1));
        // What left by another way arrives by nobody's word.
        let desk = &farm.stage.app.desk;
        let mailed = farm.to("ann")[0].notice_id.parse().unwrap();
        let at = desk.shown_at(mailed);
        let name = at.strip_prefix("/push/shown/").unwrap();
        assert!(desk.shown(name).await.is_err());
        named(&farm, "ntfy ann-x7, push").await;
        farm.phone.hold("ann-x7");
        farm.report(2, json!({})).await;
        farm.phone.release("ann-x7");
        farm.pass(2).await;
        assert_eq!(
            (farm.phone.count(), farm.device.count()),
            (1, 0),
            "ntfy took it"
        );
        // With no device on, the route is passed over.
        let id = desk.devices("ann".to_owned()).await.unwrap()[0].id();
        let off = desk.turn_off(procedure::Actor::system(), "ann".to_owned(), id);
        off.await.unwrap();
        named(&farm, "push, mail").await;
        farm.report(3, json!({})).await;
        farm.pass(2).await;
        assert_eq!((farm.device.count(), farm.to("ann").len()), (0, 2));
    }

    #[tokio::test]
    async fn a_sheet_without_any_address_does_not_run_wild() {
        let farm = Farm::new().await;
        farm.stage
            .without_mail("farm", &[("ann", "responder")], "ann")
            .await;
        let number = farm.report(1, json!({})).await;
        farm.pass(60 * 11).await;
        let ann = farm.stage.token("ann", "member").await;
        let at = format!("/api/v1/cases/{number}/journal");
        let journal = farm.stage.get(&at, Some(&ann)).await.json();
        let count = |kind| {
            let entries = journal["entries"].as_array().unwrap();
            entries.iter().filter(|entry| entry["kind"] == kind).count()
        };
        assert!((2..=6).contains(&count("round_ended")), "{journal}");
        assert_eq!(count("called"), count("undelivered"), "{journal}");
    }

    #[tokio::test]
    async fn a_reporter_who_cannot_be_written_to_is_told_to_the_ic() {
        let farm = Farm::new().await;
        let number = farm
            .report(1, json!({ "contact": "nobody@example.org" }))
            .await;
        let bob = farm.stage.token("bob", "member").await;
        farm.stage
            .command(&number, &bob, json!({ "command": "acknowledge" }))
            .await;
        let gone = crate::delivery::outcome::Outcome::Rejected {
            receipt: "550".to_owned(),
        };
        farm.peer.answer("nobody@example.org", gone.clone());
        farm.peer.answer("nobody@example.org", gone);
        farm.pass(2).await;
        let at = format!("/api/v1/cases/{number}");
        let case = farm.stage.get(&at, Some(&bob)).await.json();
        assert_eq!(
            case["unreached"][0]["to"],
            json!({ "reporter": 1 }),
            "{case}"
        );
        assert!(!farm.to("bob").is_empty(), "the IC hears of it");
    }

    #[tokio::test]
    async fn whose_address_is_changed_hears_of_it_where_they_were_reached_until_then() {
        let farm = Farm::new().await;
        farm.stage.app.desk.mail_leaves();
        farm.stage.account("ann", "member").await;
        let moved = async |to: &'static str| {
            let edit = |_: &mut Project, directory: &mut Directory| {
                let ann = directory.people.get_mut(&"ann".into()).unwrap();
                ann.mail = Some(to.into());
            };
            farm.stage.change("farm", edit).await;
            farm.send().await;
            let told = farm.to("ann").into_iter();
            told.filter(|mail| mail.subject == "Henhouse: your address was changed")
                .count()
        };
        assert_eq!(moved("mallory@example.org").await, 1);
        assert_eq!(farm.to("mallory").len(), 0);
        assert_eq!(moved("Mallory@example.org").await, 1);
        assert_eq!(farm.to("mallory").len(), 0, "the same mailbox");
        assert_eq!(moved("ann@example.org").await, 1);
        let checked = farm.stage.app.desk.verify(None).await.unwrap();
        assert_eq!(checked.findings, [""; 0]);
    }

    /// What somebody signs in with, as it is answered.
    async fn sign_in(farm: &Farm, login: &str, password: &str, new: Option<&str>) -> u16 {
        let body = json!({ "login": login, "password": password, "new_password": new });
        farm.stage.post("/api/v1/session", None, body).await.status
    }

    const MADE: &str = "made by somebody else";
    const OWN: &str = "mine and nobody else's";

    /// The address in the newest mail to somebody.
    fn link_to(farm: &Farm, who: &str) -> String {
        let mails = farm.to(who);
        let text = &mails.last().unwrap().text;
        let at = text.lines().find(|line| line.contains("/password/"));
        at.unwrap().rsplit_once("8400").unwrap().1.to_owned()
    }

    #[tokio::test]
    async fn a_password_that_an_admin_made_opens_nothing_until_its_person_chose_one() {
        let farm = Farm::new().await;
        farm.stage.app.desk.mail_leaves();
        let boss = farm.stage.token("boss", "admin").await;
        let ann = json!({
            "login": "ann", "name": "Ann", "role": "member", "password": MADE,
            "email": "boss@example.org",
        });
        let said = farm.stage.post("/api/v1/accounts", Some(&boss), ann).await;
        let said = said.json();
        assert_eq!(said["confirmation"], "mailed", "{said}");
        assert_eq!(said["has_password"], false);
        assert_eq!(sign_in(&farm, "ann", MADE, None).await, 401);
        assert_eq!(sign_in(&farm, "ann", MADE, Some(OWN)).await, 401);
        farm.send().await;
        assert!(
            !farm
                .to("boss")
                .iter()
                .any(|mail| mail.text.contains("/password/")),
            "the link goes where Ann's pages go, not where the admin says"
        );
        let page = link_to(&farm, "ann");
        let api = page.replace("/password/", "/api/v1/password/");
        for _ in 0..2 {
            assert_eq!(
                farm.stage.get(&page, None).await.status,
                200,
                "looking does nothing"
            );
        }
        let choose = async |at: &str, password: &str| {
            let body = json!({ "password": password });
            farm.stage.post(at, None, body).await.status
        };
        assert_eq!(choose(&api, "short").await, 422);
        assert_eq!(choose(&api, OWN).await, 200);
        assert_eq!(choose(&api, MADE).await, 404, "it works once");
        assert_eq!(farm.stage.get(&page, None).await.status, 404);
        assert_eq!(sign_in(&farm, "ann", OWN, None).await, 200);
        // A reset ends the old one at once, and again only Ann makes the new one; an older link is worth nothing.
        let mut links = Vec::new();
        for _ in 0..2 {
            let change = json!({ "password": MADE });
            let change =
                farm.stage
                    .request("PATCH", "/api/v1/accounts/ann", Some(&boss), Some(change));
            assert_eq!(farm.stage.send(change).await.status, 200);
            farm.send().await;
            let told = [farm.to("boss"), farm.to("ann")].concat();
            let link = told.iter().rev().find_map(|mail| {
                let line = mail.text.lines().find(|line| line.contains("/password/"))?;
                Some(line.rsplit_once("/password/")?.1.to_owned())
            });
            links.push(format!("/api/v1/password/{}", link.unwrap()));
        }
        for password in [MADE, OWN] {
            assert_eq!(sign_in(&farm, "ann", password, None).await, 401);
        }
        assert_eq!(choose(&links[0], OWN).await, 404);
        assert_eq!(choose(&links[1], OWN).await, 200);
        assert!(
            farm.to("ann")
                .last()
                .unwrap()
                .text
                .contains("act in your name")
        );
    }

    #[tokio::test]
    async fn a_link_to_choose_a_password_is_mailed_or_shown_to_the_owner_alone() {
        let farm = Farm::new().await;
        let (boss, desk) = (
            farm.stage.token("boss", "admin").await,
            &farm.stage.app.desk,
        );
        let anns = farm.stage.token("ann", "member").await;
        let at = "/api/v1/accounts/ann/password-link";
        let ask = async |show: bool| {
            let said = farm.stage.post(at, Some(&boss), json!({ "show": show }));
            said.await
        };
        let said = ask(false).await;
        assert_eq!(
            said.status,
            403,
            "no mail, so it would be shown: {}",
            said.text()
        );
        desk.mail_leaves();
        assert_eq!(ask(true).await.status, 403);
        let said = ask(false).await;
        let body = said.json();
        assert_eq!((said.status, &body["link"]), (201, &json!(null)), "{body}");
        assert_eq!(
            (&body["confirmation"], &body["ended_tokens"]),
            (&json!("mailed"), &json!(0))
        );
        farm.send().await;
        let api = link_to(&farm, "ann").replace("/password/", "/api/v1/password/");
        let choose = async |at: &str| {
            let said = farm.stage.post(at, None, json!({ "password": OWN }));
            said.await.status
        };
        assert_eq!(choose(&api).await, 200);
        let session = farm.stage.get("/api/v1/session", Some(&anns)).await;
        assert_eq!(session.status, 200, "a first password ends no token");
        // The owner may show it; Ann hears of it, and what she had ends.
        let owner = crate::auth::Known::owner().actor();
        let asking = desk.ask_for_password(owner, "ann".to_owned(), true).await;
        let asking = asking.unwrap();
        assert_eq!(asking.ended_tokens, 1);
        assert_eq!(
            farm.stage.get("/api/v1/session", Some(&anns)).await.status,
            401
        );
        assert_eq!(sign_in(&farm, "ann", OWN, None).await, 401);
        farm.send().await;
        let told = farm.to("ann").last().unwrap().text.clone();
        assert!(
            told.contains("looks after") && !told.contains("/password/"),
            "{told}"
        );
        let link = asking.link.unwrap();
        let api = format!("/api/v1/password/{}", link.rsplit_once('/').unwrap().1);
        assert_eq!(choose(&api).await, 200);
        assert_eq!(choose(&api).await, 404, "it works once");
        assert_eq!(desk.confirmation_of("ann".to_owned()).await.unwrap(), None);
        let checked = desk.verify(None).await.unwrap();
        assert_eq!(
            checked.verdict,
            crate::desk::Verified::Valid,
            "{:?}",
            checked.findings
        );
    }

    #[tokio::test]
    async fn an_address_that_stood_there_until_lately_hears_that_a_password_is_asked_for() {
        let farm = Farm::new().await;
        let boss = farm.stage.token("boss", "admin").await;
        farm.stage.account("ann", "member").await;
        farm.stage.app.desk.mail_leaves();
        let at = "/api/v1/accounts/ann/password-link";
        let ask = async || farm.stage.post(at, Some(&boss), json!({})).await;
        assert_eq!(ask().await.status, 201);
        farm.send().await;
        let untouched = farm.to("ann").len();
        let elsewhere = |_: &mut procedure::basis::Project,
                         directory: &mut procedure::project::Directory| {
            if let Some(contact) = directory.people.get_mut(&"ann".into()) {
                contact.mail = Some("mallory@example.org".into());
            }
        };
        farm.stage.change("farm", elsewhere).await;
        farm.send().await;
        let before = farm.to("ann").len();
        assert_eq!(ask().await.status, 201);
        farm.send().await;
        let told = farm.to("ann");
        assert_eq!(told.len(), before + 1, "{told:?}");
        let told = told.last().unwrap().text.clone();
        assert!(told.contains("stood on its contact sheet until"), "{told}");
        assert!(!told.contains("/password/"), "{told}");
        assert!(link_to(&farm, "mallory").contains("/password/"));
        assert!(
            untouched > 0,
            "where nothing was changed, only the link leaves"
        );
        // A month later it is an address of nobody's.
        let month = Duration::from_secs(31 * 24 * 3600);
        farm.stage.app.desk.clock().advance(month).unwrap();
        assert_eq!(ask().await.status, 201);
        farm.send().await;
        assert_eq!(farm.to("ann").len(), before + 1);
    }

    #[tokio::test]
    async fn without_mail_a_password_made_by_another_is_replaced_at_the_first_sign_in() {
        let farm = Farm::new().await;
        let boss = farm.stage.token("boss", "admin").await;
        let jo = json!({ "login": "jo", "name": "Jo", "role": "member", "password": MADE });
        let said = farm.stage.post("/api/v1/accounts", Some(&boss), jo).await;
        assert_eq!(said.json()["confirmation"], "first_sign_in");
        assert_eq!(sign_in(&farm, "jo", MADE, None).await, 422);
        assert_eq!(sign_in(&farm, "jo", MADE, Some(MADE)).await, 422);
        assert_eq!(sign_in(&farm, "jo", MADE, Some("short")).await, 422);
        assert_eq!(sign_in(&farm, "jo", "wrong", Some(OWN)).await, 401);
        assert_eq!(sign_in(&farm, "jo", MADE, Some(OWN)).await, 200);
        assert_eq!(sign_in(&farm, "jo", MADE, None).await, 401);
        assert_eq!(sign_in(&farm, "jo", OWN, None).await, 200);
        // Jo uses it now, and nobody can be asked: an admin takes it over no more.
        let change = json!({ "password": MADE });
        let change = farm
            .stage
            .request("PATCH", "/api/v1/accounts/jo", Some(&boss), Some(change));
        assert_eq!(farm.stage.send(change).await.status, 403);
        assert_eq!(sign_in(&farm, "jo", OWN, None).await, 200);
        let owner = crate::auth::Known::owner().actor();
        let set = farm.stage.app.gate.set_password(owner, "jo", MADE);
        set.await.unwrap();
        assert_eq!(sign_in(&farm, "jo", OWN, None).await, 401);
        assert_eq!(sign_in(&farm, "jo", MADE, None).await, 422, "asked again");
    }
}
