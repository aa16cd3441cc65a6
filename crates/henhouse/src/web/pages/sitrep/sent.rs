//! Where a sitrep went: each recipient with a tick or a reason, and what was held back.

use askama::Template;
use procedure::at::At;

use super::{around, preview};
use crate::desk::{Attempt, CaseView, OutboxRow, WITHHELD};
use crate::report::{self, Names};
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::words::Words;
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "sitrep_sent.html")]
struct SentPage {
    frame: Frame,
    number: String,
    case_title: String,
    nth: u32,
    at: String,
    said: Vec<String>,
    rows: Vec<Row>,
    /// Recipients whom no channel reaches.
    nowhere: String,
    withheld: Vec<(String, String)>,
    next: Option<String>,
}

/// One recipient by one route.
struct Row {
    who: String,
    route: String,
    /// It arrived, as far as the channel knows.
    done: bool,
    words: String,
}

/// Shows where it went.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let nth: u32 = call.param("sitrep").parse().unwrap_or_default();
    let all = &view.case.part.sitreps.sitreps;
    let sitrep = all.iter().find(|sitrep| sitrep.said.number == nth);
    let sitrep = sitrep.ok_or_else(|| Problem::not_found("sitrep"))?;
    if !view.may_read(sitrep.mark.seq) {
        return Err(Problem::not_found("sitrep"));
    }
    let now = call.app.desk.now();
    let at = At::new(&view.case, &view.basis, now);
    let times = call
        .words()
        .times(view.basis.project.calendar.rules().clone(), now);
    let title = call.words().with("sitrep-sent", "n", nth).to_string();
    let number = &view.row.number;
    let stream = format!("/api/v1/cases/{number}/events?after={}", view.case.seq);
    let frame = around(&call, &view, &title).following(stream);
    let (w, said) = (frame.w, &sitrep.said);
    let deliveries = call.app.desk.deliveries_with_attempts(&view).await?;
    let of_it = deliveries
        .iter()
        .filter(|(row, _)| row.seq == sitrep.mark.seq);
    let rows: Vec<Row> = of_it.map(|one| row(w, &view, one)).collect();
    let names = Names::new(&view.directory);
    let to = said.recipients.iter().map(|to| names.recipient(to));
    let nowhere: Vec<String> = to
        .filter(|who| !rows.iter().any(|row| row.who == *who))
        .collect();
    let parts = [&said.summary, &said.known, &said.doing, &said.need];
    let parts = parts.into_iter().flatten().filter_map(|text| text.plain());
    let page = SentPage {
        number: number.to_string(),
        case_title: report::title(&view.case).unwrap_or_default(),
        nth,
        at: w.both(&times, sitrep.mark.at),
        said: parts.map(str::to_owned).collect(),
        rows,
        nowhere: nowhere.join(", "),
        withheld: preview::withheld(at, &view, said, w),
        next: procedure::chapters::sitreps::due(at).map(|next| w.both(&times, next.due)),
        frame,
    };
    frame::page(200, &page)
}

fn row(w: Words, view: &CaseView, (row, attempts): &(OutboxRow, Vec<Attempt>)) -> Row {
    let names = Names::new(&view.directory);
    let to = row
        .recipient
        .as_deref()
        .and_then(|to| serde_json::from_str(to).ok());
    let who = match (&row.person, to) {
        (_, Some(to)) => names.recipient(&to),
        (Some(person), None) => names.person(&person.as_str().into()),
        (None, None) => w.say("sitrep-somebody").into_owned(),
    };
    let last = attempts.last().and_then(|last| last.receipt.clone());
    let withheld = last.as_deref() == Some(WITHHELD);
    let reason = last.filter(|_| !withheld).unwrap_or_default();
    let state = row.state.word();
    let words = match state {
        _ if withheld => w.say("sitrep-drill").into_owned(),
        "done" => w.say("sitrep-arrived").into_owned(),
        "dropped" => w.say("sitrep-dropped").into_owned(),
        "failed" => w.with("sitrep-failed", "why", reason).into(),
        _ if reason.is_empty() => w.say("sitrep-waits").into_owned(),
        _ => w.with("sitrep-waits-because", "why", reason).into(),
    };
    Row {
        who,
        route: row.route.clone(),
        done: state == "done" && !withheld,
        words,
    }
}
