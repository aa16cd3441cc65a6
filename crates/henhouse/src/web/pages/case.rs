//! `/cases/{number}`: where a case stands, what is owed, what happened. Plain, and enough to read it.

use askama::Template;
use procedure::at::At;
use procedure::chapters::commander::Acknowledge;
use procedure::chapters::evidence::exhibit::{Exhibit, What};
use procedure::chapters::record::{AddNote, checklist::checklist};
use procedure::chapters::sitreps;
use procedure::{Command, Obligation, Order, Permission, Phase, agenda, may};

use super::frame::{self, Frame, Mark};
use crate::desk::CaseView;
use crate::report::timeline::Log;
use crate::report::{self, Names, Times, marking};
use crate::web::registry::Answer;
use crate::web::{Call, Problem, form};

/// So many entries on one page, the newest.
const ENTRIES: u32 = 200;

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage {
    frame: Frame,
    number: String,
    title: String,
    noun: &'static str,
    phase: &'static str,
    severity: Mark,
    marking: &'static str,
    restricted: bool,
    ic: String,
    sitrep: Option<String>,
    opened: String,
    as_of: String,
    take: bool,
    checklist: Vec<Line>,
    owed: Vec<Owed>,
    exhibits: Vec<Shown>,
    older: Option<u64>,
    log: Vec<Told>,
    write: bool,
    text: String,
}

struct Line {
    text: String,
    by: Option<String>,
}

struct Owed {
    what: String,
    who: String,
    due: Option<String>,
    overdue: bool,
}

struct Shown {
    id: String,
    kept: bool,
    label: String,
    more: String,
}

struct Told {
    seq: u64,
    at: String,
    words: String,
}

/// Shows a case.
pub(super) async fn show(call: Call) -> Answer {
    let after = call
        .query(&["after"])?
        .parsed("after", "Give an entry's number.")?;
    let view = call.case().await?;
    let frame = frame(&call, &view);
    answer(&call, 200, frame, &view, after, String::new()).await
}

/// Adds a note, or takes command.
pub(super) async fn act(mut call: Call) -> Answer {
    let fields = call.form().await?;
    let view = call.case().await?;
    let typed = frame::typed(&fields, "text");
    let command = match (fields.get("act"), frame::text(&typed)) {
        (Some("take"), _) => Command::from(Acknowledge { only_command: true }),
        (_, Some(text)) if frame::too_long(&typed).is_none() => AddNote {
            text,
            restricted: false,
        }
        .into(),
        _ => {
            let words = frame::too_long(&typed);
            let words = words.unwrap_or_else(|| "Write the note first.".to_owned());
            let frame = frame(&call, &view).wrong("text", words);
            return answer(&call, 422, frame, &view, None, typed).await;
        }
    };
    let key = fields.get(form::ONCE_FIELD).filter(|key| key.len() <= 255);
    let once = key.map(|key| call.one_use(key.to_owned()));
    match give(&call, &view, command, once).await {
        Ok(()) => Ok(frame::lead_to(&format!("/cases/{}", view.row.number))),
        Err(problem) => {
            let view = call.case().await?;
            let frame = frame(&call, &view).wrong("", problem.detail);
            answer(&call, problem.status, frame, &view, None, typed).await
        }
    }
}

async fn give(
    call: &Call,
    view: &CaseView,
    command: Command,
    once: Option<crate::desk::OneUse>,
) -> Result<(), Problem> {
    let actor = call.onlooker()?.actor;
    if let Permission::No(refusal) = may(&view.case, &view.basis, &actor, command.name()) {
        return Err(refusal.into());
    }
    let order = Order::from(command);
    call.app
        .desk
        .submit(view.row.journal, actor, order, once)
        .await?;
    Ok(())
}

fn frame(call: &Call, view: &CaseView) -> Frame {
    let title = report::title(&view.case).unwrap_or_default();
    let mut frame = Frame::new(call, format!("{} {title}", view.row.number)).counting_once(call);
    frame.wide = true;
    frame
}

async fn answer(
    call: &Call,
    status: u16,
    frame: Frame,
    view: &CaseView,
    after: Option<u64>,
    text: String,
) -> Answer {
    let CaseView { case, basis, .. } = view;
    let now = call.app.desk.now();
    let at = At { case, basis, now };
    let names = Names::new(&view.directory);
    let times = Times::new(basis.project.calendar.rules().clone(), now);
    let after = after.unwrap_or_else(|| case.seq.saturating_sub(u64::from(ENTRIES)));
    let entries = call.app.desk.entries(view, after, ENTRIES).await?;
    let log = Log::new(case, basis, &view.directory, now);
    let told = entries.iter().map(|entry| Told {
        seq: entry.seq,
        at: times.stamp(entry.recorded_at),
        words: if view.may_read(entry.seq) {
            log.sentence(entry)
        } else {
            "(for those who take part)".to_owned()
        },
    });
    let known = call.known()?;
    let can = |command| {
        !matches!(
            may(case, basis, &view.onlooker.actor, command),
            Permission::No(_)
        )
    };
    let owed = agenda(case, basis, now).obligations;
    let page = CasePage {
        number: view.row.number.to_string(),
        title: report::title(case).unwrap_or_default(),
        noun: case.noun(),
        phase: phase(case.phase()),
        severity: Mark::of(at.severity()),
        marking: marking::word(case.marking()),
        restricted: case.part.secrecy.restricted,
        ic: case
            .ic()
            .map_or_else(|| "nobody yet".to_owned(), |ic| names.person(ic)),
        sitrep: sitreps::due(at).map(|next| times.both(next.due)),
        opened: times.both(case.opened_at),
        as_of: times.at(now),
        take: known.person.is_some()
            && known.may_write()
            && case.ic().is_none()
            && !case.is_over()
            && can("acknowledge"),
        checklist: lines(at, names, &times),
        owed: owed
            .into_iter()
            .map(|owed| row(owed, names, &times))
            .collect(),
        exhibits: exhibits(view, names, &times),
        older: (after > 0).then(|| after.saturating_sub(u64::from(ENTRIES))),
        log: told.collect(),
        write: known.may_write() && can("add_note"),
        frame,
        text,
    };
    frame::page(status, &page)
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Initiate => "Initiate",
        Phase::Assess => "Assess",
        Phase::Remediate => "Remediate",
        Phase::Retrospective => "Retrospective",
        Phase::Done => "Done",
    }
}

fn lines(at: At, names: Names, times: &Times) -> Vec<Line> {
    let current = checklist(at).into_iter().find(|phase| phase.current);
    let items = current.map(|phase| phase.items).unwrap_or_default();
    let line = |item: procedure::chapters::record::checklist::ChecklistLine| Line {
        by: item
            .tick
            .map(|tick| format!("{}, {}", names.who(&tick.by), times.at(tick.at))),
        text: item.text,
    };
    items.into_iter().map(line).collect()
}

fn row(owed: Obligation, names: Names, times: &Times) -> Owed {
    Owed {
        who: names.owner(&owed.owner),
        due: owed.due.map(|due| times.both(due)),
        overdue: owed.overdue,
        what: owed.what,
    }
}

fn exhibits(view: &CaseView, names: Names, times: &Times) -> Vec<Shown> {
    let all = view.case.part.evidence.exhibits.iter();
    let readable = all.filter(|exhibit| view.may_read(exhibit.seq));
    let shown = |exhibit: &Exhibit| {
        let (kept, what) = match &exhibit.what {
            What::Upload { sha256, size, .. } => (true, format!("{size} bytes, sha256 {sha256}")),
            What::Reference { .. } => (false, "kept elsewhere".to_owned()),
        };
        Shown {
            id: exhibit.id.clone(),
            kept,
            label: exhibit
                .label
                .plain()
                .unwrap_or("(text withheld)")
                .to_owned(),
            more: format!(
                "{}, {}, {what}",
                names.who(&exhibit.by),
                times.at(exhibit.at)
            ),
        }
    };
    readable.map(shown).collect()
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
            "IC: nobody yet",
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
            "/cases/HH-1"
        );
        let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
        assert!(
            html.contains("IC: The ann") && html.contains("the goat"),
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
