//! `/cases/{number}`: where a case stands, what is owed, what happened. Plain, and enough to read it,
//! to take it, to tick the checklist and to write down what one sees.

mod act;
mod exhibit;
mod parts;

use askama::Template;
use procedure::at::At;
use procedure::chapters::sitreps;
use procedure::{Permission, may};

pub(super) use self::act::act;
use self::exhibit::Typed;
use self::parts::{Day, Line, Owed, Reported, Row, Shown};
use super::acts;
use super::frame::{self, Due, Frame, Mark};
use crate::desk::{CaseView, NEWEST};
use crate::report::{self, Names, Times, forms, marking};
use crate::web::Call;
use crate::web::registry::Answer;

/// What a tap can make it, the highest first.
const SEVERITIES: [(&str, &str); 3] = [("high", "High"), ("medium", "Medium"), ("low", "Low")];
/// So many entries on one page, the newest.
const ENTRIES: u64 = NEWEST as u64;

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage<'a> {
    frame: Frame,
    number: String,
    title: String,
    noun: &'static str,
    phase: &'static str,
    severity: Mark,
    marking: &'static str,
    restricted: bool,
    ic: String,
    sitrep: Option<Due>,
    sitrep_overdue: bool,
    opened: String,
    as_of: String,
    take: bool,
    /// Whether they are still on it is asked of the reader.
    still: bool,
    /// Who waits for the reader to say whether they come.
    called_in: Option<String>,
    /// What came of the act before.
    said: Option<String>,
    /// What was reported, the first report first.
    reported: Vec<Reported>,
    checklist: Vec<Line>,
    ticked: usize,
    tick: bool,
    owed: Vec<Owed>,
    /// The reader may act at all.
    acts: bool,
    /// What a case can be: the word as it is sent, and as it is read.
    severities: [(&'static str, &'static str); 3],
    leads: Vec<Row>,
    steps: Vec<Row>,
    exhibits: Vec<Shown>,
    /// The newest published edition of the report.
    edition: Option<u32>,
    /// The entries on this page: the first and the last, and how many there are in all.
    shown: (u64, u64, u64),
    newest: bool,
    log: Vec<Day<'a>>,
    write: bool,
    /// The sorts of evidence that a file can be.
    kinds: [(&'static str, &'static str); 8],
    /// The machines and systems that it can be of: their ids, and what they are called.
    assets: Vec<(String, String)>,
    /// The reader may add a file.
    add: bool,
    text: String,
    file: Typed,
}

/// What was typed and could not be kept: a note, and what was said of a file.
type Unsent = (String, Typed);

/// Shows a case.
pub(super) async fn show(call: Call) -> Answer {
    let before = call.page_query().parsed("before", "").ok().flatten();
    let view = call.case().await?;
    let frame = frame(&call, &view);
    answer(&call, 200, frame, &view, before, Unsent::default()).await
}

/// What the act before has led to, if anything is to be said of it.
fn said(call: &Call, exhibits: &[Shown]) -> Option<String> {
    let query = call.page_query();
    let words = match query.get("said") {
        Some("here") => Some("Noted: you are on it."),
        Some("come") => Some("Noted: you come. Whoever asked you is told."),
        Some("cannot_come") => Some("Noted: you cannot come. Whoever asked you is told."),
        _ => None,
    };
    if let Some(done) = query.get("did").and_then(forms::find) {
        return Some(format!("Done: {}.", acts::title(done.command)));
    }
    if let Some(words) = words {
        return Some(words.to_owned());
    }
    let kept = query.get("kept")?;
    let exhibit = exhibits.iter().find(|exhibit| exhibit.id == kept)?;
    let others = match query.get("others") {
        Some(_) => " Another file that came with it was not taken: add them one at a time.",
        None => "",
    };
    Some(format!(
        "{kept} is kept: {}, {}.{others}",
        exhibit.label, exhibit.bytes
    ))
}

fn frame(call: &Call, view: &CaseView) -> Frame {
    let title = report::title(&view.case).unwrap_or_default();
    let mut frame = Frame::new(call, format!("{} {title}", view.row.number)).counting_once(call);
    let (number, seq) = (&view.row.number, view.case.seq);
    frame.follows = Some(format!("/api/v1/cases/{number}/events?after={seq}"));
    frame.wide = true;
    frame.lines = report::people::public_lines(&view.directory, &view.basis.playbook);
    frame
}

async fn answer(
    call: &Call,
    status: u16,
    frame: Frame,
    view: &CaseView,
    before: Option<u64>,
    (text, file): Unsent,
) -> Answer {
    let CaseView { case, basis, .. } = view;
    let now = call.app.desk.now();
    let at = At::new(case, basis, now);
    let names = Names::new(&view.directory);
    let times = Times::new(basis.project.calendar.rules().clone(), now);
    let last = before.unwrap_or(u64::MAX).min(case.seq + 1).max(2) - 1;
    let first = last.saturating_sub(ENTRIES) + 1;
    let limit = u32::try_from(last + 1 - first).unwrap_or_default();
    let timeline = call.app.desk.timeline(view, first - 1, limit, now);
    let timeline = timeline.await?;
    let known = call.known()?;
    let can = |command| {
        let may = may(case, basis, &view.onlooker.actor, command);
        known.may_write() && !matches!(may, Permission::No(_))
    };
    let acts = known.may_write() && known.person.is_some();
    let checklist = parts::lines(at, names, &times);
    let (leads, steps) = parts::work(view, acts, (names, &times));
    let exhibits = parts::exhibits(view, names, &times);
    let sitrep = sitreps::due(at);
    let page = CasePage {
        number: view.row.number.to_string(),
        title: report::title(case).unwrap_or_default(),
        noun: case.noun(),
        phase: parts::phase(case.phase()),
        severity: Mark::of(at.severity()),
        marking: marking::word(case.marking()),
        restricted: case.part.secrecy.restricted,
        ic: parts::ic(at, names),
        sitrep_overdue: sitrep.as_ref().is_some_and(|next| next.due <= now),
        sitrep: sitrep.map(|next| Due::of(&times, next.due)),
        opened: times.both(case.opened_at),
        as_of: times.at(now),
        take: known.person.is_some()
            && case.ic().is_none()
            && !case.is_over()
            && can("acknowledge"),
        still: parts::is_asked_for_a_sign(view) && can("still_here"),
        called_in: parts::called_in_by(view)
            .filter(|_| can("answer_call_in"))
            .map(|by| names.person(by)),
        said: said(call, &exhibits),
        reported: parts::reported(view),
        ticked: checklist.iter().filter(|line| line.by.is_some()).count(),
        tick: known.person.is_some() && can("tick_item"),
        checklist,
        owed: parts::owed(at, view, acts, (names, &times)),
        acts,
        severities: SEVERITIES,
        leads,
        steps,
        exhibits,
        edition: case
            .part
            .retrospective
            .reports
            .last()
            .map(|one| one.edition),
        kinds: exhibit::KINDS,
        assets: exhibit::assets(view),
        add: can("add_exhibit"),
        shown: (first, last, case.seq),
        newest: last == case.seq,
        log: parts::days(&timeline, view, &times),
        write: can("add_note"),
        frame,
        text,
        file,
    };
    frame::page(status, &page)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::{Stage, bytes};

    #[tokio::test]
    async fn a_case_is_read_taken_and_noted() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
        for must in [
            "HH-1 The chickens are escaping",
            "event",
            "Initiate",
            "Not assessed",
            "IC <strong>nobody yet",
            "I have it",
            "Timeline",
            "Nothing captured.",
            "Add a note",
        ] {
            assert!(html.contains(must), "{must}: {html}");
        }
        let bearer = format!("Bearer {ann}");
        let send = async |body: &str| {
            let asking = bytes("/cases/HH-1", body.as_bytes()).with("authorization", &bearer);
            stage.send(asking).await
        };
        assert_eq!(send("act=take").await.status, 303);
        assert_eq!(
            send("act=note&text=the+goat+%3Cb%3E+too")
                .await
                .header("location"),
            "/cases/HH-1#timeline"
        );
        let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
        assert!(
            html.contains("IC <strong>The ann") && html.contains("the goat"),
            "{html}"
        );
        assert!(
            !html.contains("<b>") && !html.contains("I have it"),
            "{html}"
        );
        let empty = send("act=note&text=+").await;
        assert_eq!(empty.status, 422);
        assert!(
            empty.text().contains("Write the note first."),
            "{}",
            empty.text()
        );
        let again = send("act=take&text=kept").await;
        assert!(
            again.status == 303 || again.text().contains("kept"),
            "{}",
            again.text()
        );
    }

    #[tokio::test]
    async fn the_checklist_is_ticked_and_a_second_tap_changes_nothing() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let watcher = stage.token("oz", "observer").await;
        let send = async |who: &str, body: &str| {
            let asking = bytes("/cases/HH-1", body.as_bytes());
            let asking = asking.with("authorization", &format!("Bearer {who}"));
            stage.send(asking).await
        };
        let take = json!({ "command": "acknowledge" });
        stage.command("HH-1", &ann, take).await;
        let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
        let open = html.matches("aria-pressed=\"false\"").count();
        let id = html
            .split("name=\"tick\" value=\"")
            .nth(1)
            .unwrap_or_default();
        let id = id.split('"').next().unwrap_or_default().to_owned();
        for _ in 0..2 {
            let said = send(&ann, &format!("tick={id}")).await;
            let there = said.header("location");
            assert_eq!((said.status, there), (303, "/cases/HH-1#checklist"));
        }
        let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
        assert!(html.contains("Done: The ann"), "{html}");
        assert_eq!(html.matches("aria-pressed=\"false\"").count(), open - 1);
        assert_eq!(html.matches("on the checklist").count(), 1, "{html}");
        assert_eq!(send(&watcher, &format!("untick={id}")).await.status, 403);
        assert_eq!(send(&ann, &format!("untick={id}")).await.status, 303);
        let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
        assert_eq!(html.matches("aria-pressed=\"false\"").count(), open);
        assert_eq!(send(&ann, "tick=nonsense").await.status, 422);
    }

    #[tokio::test]
    async fn what_the_reader_owes_comes_before_what_others_owe_and_before_the_checklist() {
        let stage = Stage::new().await;
        stage.report().await;
        let (ann, bob) = (
            stage.token("ann", "member").await,
            stage.token("bob", "member").await,
        );
        for (who, command) in [(&ann, "acknowledge"), (&bob, "join")] {
            let command = json!({ "command": command });
            stage.command("HH-1", who, command).await;
        }
        let hold = json!({ "command": "add_step", "text": "Shut the gate", "owner": "bob" });
        stage.command("HH-1", &ann, hold).await;
        for who in [&ann, &bob] {
            let html = stage.get("/cases/HH-1", Some(who)).await.text();
            let place = |words: &str| {
                html.find(words)
                    .unwrap_or_else(|| panic!("{words}: {html}"))
            };
            let owed = &html[place("id=\"owed\"")..place("id=\"checklist\"")];
            assert!(place("id=\"owed\"") < place("id=\"checklist\""));
            let rows: Vec<bool> = owed
                .split("<li>")
                .skip(1)
                .map(|row| row.contains("(you, "))
                .collect();
            let own = rows.iter().filter(|own| **own).count();
            assert!(0 < own && own < rows.len(), "{owed}");
            assert!(rows.iter().take(own).all(|own| *own), "{owed}");
        }
    }

    #[tokio::test]
    async fn an_ic_who_was_not_heard_of_says_in_one_tap_that_they_are_there() {
        let stage = Stage::new().await;
        stage.report().await;
        let (ann, bob) = (
            stage.token("ann", "member").await,
            stage.token("bob", "member").await,
        );
        let take = json!({ "command": "acknowledge" });
        stage.command("HH-1", &ann, take).await;
        let button = "value=\"still_here\"";
        let shows =
            async |path: &str, who: &str| stage.get(path, Some(who)).await.text().contains(button);
        assert!(
            !shows("/now", &ann).await && !shows("/cases/HH-1", &ann).await,
            "nothing rang yet"
        );
        let later = stage.app.desk.now() + jiff::SignedDuration::from_secs(601);
        let moved = stage.app.desk.advance(later, || async {}).await;
        assert!(moved.is_ok(), "{moved:?}");
        assert!(
            shows("/now", &ann).await && shows("/cases/HH-1", &ann).await,
            "it rang"
        );
        assert!(
            !shows("/now", &bob).await && !shows("/cases/HH-1", &bob).await,
            "not for Bob"
        );
        let tap = async |who: &str| {
            let asking = bytes("/cases/HH-1", b"act=still_here");
            stage
                .send(asking.with("authorization", &format!("Bearer {who}")))
                .await
        };
        assert_eq!(tap(&bob).await.status, 409);
        let said = tap(&ann).await;
        assert_eq!(
            (said.status, said.header("location")),
            (303, "/cases/HH-1?said=here")
        );
        let html = stage.get("/cases/HH-1?said=here", Some(&ann)).await.text();
        assert!(
            html.contains("Noted: you are on it.") && !html.contains(button),
            "{html}"
        );
        assert!(!shows("/now", &ann).await, "it is settled");
    }

    #[tokio::test]
    async fn every_entry_is_reached_and_none_is_shown_twice() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        for n in 0..120 {
            let note = json!({ "command": "add_note", "text": format!("sheep number {n}.") });
            stage.command("HH-1", &ann, note).await;
        }
        let case = stage.get("/api/v1/cases/HH-1", Some(&ann)).await.json();
        let last = case["seq"].as_u64().unwrap_or(0);
        let (mut at, mut shown) = ("/cases/HH-1".to_owned(), Vec::new());
        loop {
            let html = stage.get(&at, Some(&ann)).await.text();
            let on_it = html.split("<li id=\"entry-").skip(1);
            let on_it = on_it.filter_map(|line| line.split('"').next()?.parse::<u64>().ok());
            let on_it: Vec<u64> = on_it.collect();
            let said = format!(
                "Entries {} to {} of {last}",
                on_it.last().copied().unwrap_or(0),
                on_it.first().copied().unwrap_or(0)
            );
            assert!(html.contains(&said), "{said}: {html}");
            shown.extend(on_it);
            let older = html.split("href=\"?before=").nth(1);
            match older.and_then(|rest| rest.split('#').next()) {
                Some(before) => at = format!("/cases/HH-1?before={before}"),
                None => break,
            }
        }
        // The third entry names the project that the case begins with, and goes without saying.
        let told = (1..=last).rev().filter(|seq| *seq != 3);
        assert_eq!(shown, told.collect::<Vec<_>>());
        for odd in ["0", "1", "99999999999999999999", "18446744073709551615"] {
            let said = stage
                .get(&format!("/cases/HH-1?before={odd}"), Some(&ann))
                .await;
            assert_eq!(said.status, 200, "{odd}");
        }
    }

    #[tokio::test]
    async fn what_a_scanner_adds_to_a_link_breaks_nothing() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let case = stage.get("/cases/HH-1?utm_source=%ff&before=x", Some(&ann));
        assert_eq!(case.await.status, 200);
        let receipt = stage
            .receipt()
            .await
            .replace("/api/v1/receipts/", "/receipt/");
        let link = stage.ack_link("ann").await;
        let ack = link.replace("/api/v1/links/", "/ack/");
        for at in [receipt, ack, "/report".to_owned(), "/sign-in".to_owned()] {
            let said = stage
                .get(&format!("{at}?utm_source=mail&x=%ff"), None)
                .await;
            assert_eq!(said.status, 200, "{at}");
        }
        let strict = stage.get("/api/v1/cases?utm_source=mail", Some(&ann)).await;
        assert_eq!(strict.status, 422, "programs are told");
    }

    #[tokio::test]
    async fn who_may_not_see_it_is_told_that_there_is_none() {
        let stage = Stage::new().await;
        stage.report().await;
        let secret = json!({ "text": "zebra", "project": "farm", "restricted": true });
        stage.report_as(secret).await;
        let (eve, boss) = (
            stage.token("eve", "member").await,
            stage.token("boss", "admin").await,
        );
        for (number, asker) in [("HH-1", &eve), ("HH-2", &eve), ("HH-2", &boss)] {
            let nothing = stage.get("/cases/HH-99", Some(asker)).await;
            let said = stage.get(&format!("/cases/{number}"), Some(asker)).await;
            assert_eq!((said.status, said.text()), (404, nothing.text()));
            let note = bytes(&format!("/cases/{number}"), b"act=note&text=a");
            let said = stage
                .send(note.with("authorization", &format!("Bearer {asker}")))
                .await;
            assert_eq!(said.status, 404);
        }
        assert_eq!(stage.get("/cases/HH-1", None).await.status, 303);
        let watcher = stage.token("oz", "observer").await;
        let html = stage.get("/cases/HH-1", Some(&watcher)).await.text();
        assert!(
            !html.contains("Add a note") && !html.contains("I have it"),
            "{html}"
        );
    }
}
