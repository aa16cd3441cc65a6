//! `/cases/{number}/print/…`: what is handed over on paper. The briefing in the order of an incident
//! briefing (ICS 201), the activity log (ICS 214), a sitrep. Black on white says it all; each page names
//! its marking and counts, the last lines name the time zone, the journal's hash and the address.

use askama::Template;
use procedure::{Entry, PersonId};

use super::acts;
use super::frame::{self, Frame};
use crate::desk::CaseView;
use crate::report::timeline::Log;
use crate::report::{self, Names, Sheet, Times, briefing, marking, sitrep};
use crate::web::registry::Answer;
use crate::web::words::{Words, key};
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "print.html")]
struct PrintPage {
    frame: Frame,
    /// The name of the text that says what sheet it is.
    sheet: &'static str,
    number: String,
    title: String,
    marking: &'static str,
    /// What the marking asks of whoever reads it.
    meaning: &'static str,
    /// Names the page's head for print: `amber`.
    colour: &'static str,
    restricted: bool,
    /// Facts at the top: what, and what it is.
    facts: Vec<(&'static str, String)>,
    parts: Vec<Part>,
    /// The activity log.
    log: Option<Activity>,
    /// Other sheets of this sort: their address and their name.
    others: Vec<(String, String)>,
    printed: String,
    zone: String,
    seq: u64,
    head: String,
    link: String,
}

/// A part with its lines.
struct Part {
    title: String,
    lines: Vec<String>,
    empty: &'static str,
    /// It is prose, not a list.
    prose: bool,
}

/// What happened, line by line.
struct Activity {
    rows: Vec<Row>,
    /// Whose log can be printed alone, and whose it is.
    people: Vec<(String, String, bool)>,
}

struct Row {
    seq: u64,
    at: String,
    words: String,
}

/// The briefing.
pub(super) async fn briefing(call: Call) -> Answer {
    let view = call.case().await?;
    let entries = readable(&call, &view).await?;
    let (number, head) = (view.row.number.to_string(), view.head());
    let sheet = sheet(&call, &view, &number, &head);
    let mut page = page(&call, &view, key("print-briefing"), "briefing");
    page.parts = briefing::parts(&sheet, &entries).map(of_briefing).into();
    page.facts = prepared(&call, &view)?;
    frame::page(200, &page)
}

fn of_briefing(part: briefing::Part) -> Part {
    Part {
        title: part.title.to_owned(),
        lines: part.lines,
        empty: part.empty,
        prose: false,
    }
}

/// The activity log, of everybody or of one person.
pub(super) async fn log(call: Call) -> Answer {
    let view = call.case().await?;
    let names = Names::new(&view.directory);
    let whose = call.page_query().get("of").map(PersonId::from);
    let entries = readable(&call, &view).await?;
    let mut page = page(&call, &view, key("print-log"), "log");
    let now = call.app.desk.now();
    let log = Log::new(&view.case, &view.basis, &view.directory, now);
    let times = times(&call, &view);
    let is_theirs = |entry: &&Entry| {
        let person = entry.actor.as_person();
        whose.as_ref().is_none_or(|whose| person == Some(whose))
    };
    let row = |entry: &Entry| Row {
        seq: entry.seq,
        at: times.stamp(entry.recorded_at),
        words: log.with_claim(entry),
    };
    let theirs = entries.iter().filter(is_theirs);
    let (silent, told): (Vec<&Entry>, Vec<&Entry>) =
        theirs.partition(|entry| Log::goes_without_saying(entry));
    let rows: Vec<Row> = told.into_iter().map(row).collect();
    let people = acts::who_there_is(&view, names).into_iter();
    let people = people.map(|(id, name)| {
        let on = whose.as_ref().is_some_and(|whose| whose.0 == id);
        (id, name, on)
    });
    page.facts = prepared(&call, &view)?;
    let (first, last) = (rows.first(), rows.last());
    if let (Some(first), Some(last)) = (first, last) {
        page.facts
            .push((key("print-period"), format!("{} - {}", first.at, last.at)));
    }
    if let Some(whose) = &whose {
        page.facts.push((key("print-whose"), names.person(whose)));
    }
    if !silent.is_empty() {
        let words = page.frame.w.with("print-silent-told", "n", silent.len());
        let words = words.to_string();
        page.facts.push((key("print-silent"), words));
    }
    let team = names.people(view.case.part.commander.responders.keys());
    page.facts.push((key("print-team"), team));
    page.log = Some(Activity {
        rows,
        people: people.collect(),
    });
    frame::page(200, &page)
}

/// The newest sitrep, or with `?n=2` that one.
pub(super) async fn sitrep(call: Call) -> Answer {
    let view = call.case().await?;
    let wanted: Option<u32> = call.page_query().parsed("n", "").ok().flatten();
    let all = view.case.part.sitreps.sitreps.iter();
    let mut readable = all.filter(|one| view.may_read(one.mark.seq));
    let found = match wanted {
        Some(n) => readable.find(|one| one.said.number == n),
        None => readable.next_back(),
    };
    if found.is_none() && wanted.is_some() {
        return Err(Problem::not_found("sitrep"));
    }
    let mut page = page(&call, &view, key("print-sitrep"), "sitrep");
    page.others = other_sitreps(&view, page.frame.w);
    let Some(found) = found else {
        let (title, empty) = (String::new(), "No sitrep has gone out yet.");
        let (lines, prose) = (Vec::new(), false);
        page.parts = vec![Part {
            title,
            lines,
            empty,
            prose,
        }];
        return frame::page(200, &page);
    };
    let names = Names::new(&view.directory);
    let times = times(&call, &view);
    page.marking = marking::word(found.said.marking);
    page.meaning = marking::meaning(found.said.marking);
    page.colour = colour(found.said.marking);
    page.facts = sitrep::facts(names, &times, found)
        .into_iter()
        .map(|(fact, said)| (fact_key(fact), said))
        .collect();
    let parts = sitrep::parts(&found.said).into_iter();
    page.parts = parts
        .map(|(title, words)| Part {
            title: title.to_owned(),
            lines: vec![words],
            empty: "",
            prose: true,
        })
        .collect();
    if page.parts.is_empty() {
        page.facts.push((
            key("print-news"),
            page.frame.w.say("print-no-change").into(),
        ));
    }
    frame::page(200, &page)
}

fn fact_key(fact: sitrep::Fact) -> &'static str {
    use sitrep::Fact;
    match fact {
        Fact::Number => key("print-sitrep-number"),
        Fact::At => key("print-at"),
        Fact::Severity => key("print-severity"),
        Fact::Ic => key("print-ic"),
        Fact::Responders => key("print-responders"),
        Fact::Next => key("print-next"),
    }
}

fn other_sitreps(view: &CaseView, words: Words) -> Vec<(String, String)> {
    let all = view.case.part.sitreps.sitreps.iter();
    let readable = all.filter(|one| view.may_read(one.mark.seq));
    let link = |one: &procedure::chapters::sitreps::Sitrep| {
        let n = one.said.number;
        (
            format!("?n={n}"),
            words.with("print-sitrep-n", "n", n).into(),
        )
    };
    readable.map(link).collect()
}

/// By whom it is printed, and who commands.
fn prepared(call: &Call, view: &CaseView) -> Result<Vec<(&'static str, String)>, Problem> {
    let names = Names::new(&view.directory);
    let ic = view
        .case
        .ic()
        .map_or_else(|| "nobody".to_owned(), |ic| names.person(ic));
    Ok(vec![
        (key("print-ic"), ic),
        (key("print-by"), call.known()?.name.clone()),
    ])
}

/// The entries that whoever looks may read.
async fn readable(call: &Call, view: &CaseView) -> Result<Vec<Entry>, Problem> {
    let all = u32::try_from(view.case.seq).unwrap_or(u32::MAX);
    let entries = call.app.desk.entries(view, 0, all).await?;
    let readable = entries.iter().filter(|entry| view.may_read(entry.seq));
    Ok(readable.map(|entry| (**entry).clone()).collect())
}

fn times(call: &Call, view: &CaseView) -> Times {
    let zone = view.basis.project.calendar.rules().clone();
    call.words().times(zone, call.app.desk.now())
}

fn sheet<'a>(call: &Call, view: &'a CaseView, number: &'a str, head: &'a str) -> Sheet<'a> {
    Sheet {
        number,
        drill: call.app.desk.site().drill,
        case: &view.case,
        basis: &view.basis,
        directory: &view.directory,
        now: call.app.desk.now(),
        link: "",
        head,
    }
}

/// The page before anything stands on it.
fn page(call: &Call, view: &CaseView, sheet: &'static str, place: &str) -> PrintPage {
    let number = view.row.number.to_string();
    let words = call.words();
    let mut frame = Frame::new(call, format!("{}: {number}", words.say(sheet))).worded("print");
    frame.lines = report::people::public_lines(&view.directory, &view.basis.playbook);
    frame.mark_exercise(&view.case);
    let base = call.app.desk.site().base_url.trim_end_matches('/');
    let marks = view.case.marking();
    PrintPage {
        frame,
        sheet,
        title: report::title(&view.case).unwrap_or_default(),
        marking: marking::word(marks),
        meaning: marking::meaning(marks),
        colour: colour(marks),
        restricted: view.case.part.secrecy.restricted,
        facts: Vec::new(),
        parts: Vec::new(),
        log: None,
        others: Vec::new(),
        printed: times(call, view).dated(call.app.desk.now()),
        zone: view.basis.project.calendar.zone().to_owned(),
        seq: view.case.seq,
        head: view.head(),
        link: format!("{base}/cases/{number}/print/{place}"),
        number,
    }
}

pub(super) fn colour(marking: procedure::basis::Marking) -> &'static str {
    use procedure::basis::Marking;
    match marking {
        Marking::Clear => "clear",
        Marking::Green => "green",
        Marking::Amber => "amber",
        Marking::AmberStrict => "strict",
        Marking::Red => "red",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::Stage;

    #[tokio::test]
    async fn the_briefing_the_log_and_a_sitrep_are_printed_with_what_a_stranger_needs() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        for body in [
            json!({ "command": "acknowledge" }),
            json!({ "command": "add_note", "text": "a <b>goat</b>" }),
            json!({ "command": "publish_sitrep", "summary": "Eleven hens are out." }),
            json!({ "command": "add_step", "text": "Shut the gate", "owner": "ann" }),
            json!({ "command": "start_step", "step": "S-1" }),
        ] {
            stage.command("HH-1", &ann, body).await;
        }
        let get = async |sheet: &str| {
            let at = format!("/cases/HH-1/print/{sheet}");
            stage.get(&at, Some(&ann)).await.text()
        };
        let briefing = get("briefing").await;
        let parts = [
            "Situation",
            "What is to be done next",
            "Actions",
            "Who",
            "Evidence, holds and places",
        ];
        let places = parts.map(|part| briefing.find(&format!("{part}</h2>")));
        assert!(
            places.iter().all(Option::is_some) && places.is_sorted(),
            "{places:?}: {briefing}"
        );
        for words in [
            "TLP:AMBER",
            "Shut the gate",
            "begun 03:00 UTC",
            "The ann",
            "Times in UTC",
            "http://localhost:8400/cases/HH-1/print/briefing",
        ] {
            assert!(briefing.contains(words), "{words}: {briefing}");
        }
        let log = get("log").await;
        assert!(
            log.contains("<table>") && log.contains("a &#60;b&#62;goat"),
            "{log}"
        );
        let anns = get("log?of=ann").await;
        assert!(
            anns.contains("goat") && !anns.contains("reported it"),
            "{anns}"
        );
        let sitrep = get("sitrep").await;
        assert!(
            sitrep.contains("Eleven hens are out.") && sitrep.contains("not assessed"),
            "{sitrep}"
        );
        assert_eq!(
            stage
                .get("/cases/HH-1/print/sitrep?n=7", Some(&ann))
                .await
                .status,
            404
        );
        let eve = stage.token("eve", "member").await;
        for sheet in ["briefing", "log", "sitrep"] {
            let at = format!("/cases/HH-1/print/{sheet}");
            assert_eq!(stage.get(&at, Some(&eve)).await.status, 404, "{sheet}");
        }
    }

    #[tokio::test]
    async fn what_is_in_the_annex_is_printed_for_those_who_take_part_alone() {
        let stage = Stage::new().await;
        stage.report().await;
        let (ann, oz) = (
            stage.token("ann", "member").await,
            stage.token("oz", "member").await,
        );
        for body in [
            json!({ "command": "acknowledge" }),
            json!({ "command": "add_lead", "text": "zebra lead", "source": "unknown" }),
            json!({ "command": "add_note", "text": "zebra note", "restricted": true }),
        ] {
            stage.command("HH-1", &ann, body).await;
        }
        let journal = stage
            .get("/api/v1/cases/HH-1/journal", Some(&ann))
            .await
            .json();
        let lead = journal["entries"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|entry| entry["kind"] == "lead_added");
        let lead = lead.map(|entry| entry["seq"].clone());
        stage
            .command(
                "HH-1",
                &ann,
                json!({ "command": "restrict_entry", "entry": lead }),
            )
            .await;
        for sheet in ["briefing", "log"] {
            let at = format!("/cases/HH-1/print/{sheet}");
            assert!(
                stage.get(&at, Some(&ann)).await.text().contains("zebra"),
                "{sheet}"
            );
            let said = stage.get(&at, Some(&oz)).await.text();
            assert!(!said.contains("zebra"), "{sheet}: {said}");
        }
    }
}
