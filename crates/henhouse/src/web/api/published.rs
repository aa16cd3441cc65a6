//! `GET /api/v1/cases/{number}/report`: the incident report as it was published.

use procedure::chapters::retrospective::Published;
use schemars::JsonSchema;
use serde::Serialize;

use crate::desk::{CaseView, DeskError};
use crate::report::retrospective::{as_published, issued, parts};
use crate::report::{self, Names, Sheet, Times, marking};
use crate::web::registry::Answer;
use crate::web::{Call, json};

/// The incident report.
#[derive(Serialize, JsonSchema)]
pub struct IncidentReport {
    /// The number that people say, such as `HH-142`.
    pub number: String,
    /// What the case is called.
    pub title: String,
    /// A drill: nothing of it is real.
    pub drill: bool,
    /// To whom it may go, by the Traffic Light Protocol.
    pub marking: &'static str,
    /// The time zone of its times, by its name.
    pub zone: String,
    /// The newest edition; null while none is published.
    pub newest: Option<Edition>,
    /// The editions before it, newest first, each in a sentence.
    pub earlier: Vec<String>,
}

/// An edition of the report: it shows the case as it stood when it was published.
#[derive(Serialize, JsonSchema)]
pub struct Edition {
    /// Which, from 1.
    pub edition: u32,
    /// The short form.
    pub short: bool,
    /// When it was published (RFC 3339).
    pub published_at: String,
    /// Who published it and when, in a sentence.
    pub said: String,
    /// The entry that published it.
    pub entry: u64,
    /// Its sections, in reading order.
    pub sections: Vec<Section>,
}

/// A section of the report.
#[derive(Serialize, JsonSchema)]
pub struct Section {
    /// Its id in the playbook.
    pub section: String,
    /// Its heading.
    pub label: String,
    /// What the record says, line by line.
    pub lines: Vec<String>,
    /// What the team wrote; null where nobody did.
    pub words: Option<String>,
}

/// Shows the report.
pub(super) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    json::ok(&read(&call, &view).await?)
}

/// The report as whoever looks may read it.
///
/// # Errors
/// Damaged; the store's.
pub(in crate::web) async fn read(
    call: &Call,
    view: &CaseView,
) -> Result<IncidentReport, DeskError> {
    let (case, project) = (&view.case, &view.basis.project);
    let times = Times::new(project.calendar.rules().clone(), call.app.desk.now());
    let reports = &case.part.retrospective.reports;
    let newest = match reports.last() {
        Some(report) => Some(edition(call, view, &times, report).await?),
        None => None,
    };
    let names = Names::new(&view.directory);
    let earlier = reports.iter().rev().skip(1);
    Ok(IncidentReport {
        number: view.row.number.to_string(),
        title: report::title(case).unwrap_or_default(),
        drill: call.app.desk.site().drill,
        marking: marking::word(case.marking()),
        zone: project.calendar.zone().to_owned(),
        newest,
        earlier: earlier.map(|one| issued(names, &times, one)).collect(),
    })
}

async fn edition(
    call: &Call,
    view: &CaseView,
    times: &Times,
    report: &Published,
) -> Result<Edition, DeskError> {
    let until = (report.mark.seq, report.mark.at);
    let sections = sections(call, view, until, Some(&report.progress)).await?;
    Ok(Edition {
        edition: report.edition,
        short: report.short,
        published_at: report.mark.at.to_string(),
        said: issued(Names::new(&view.directory), times, report),
        entry: report.mark.seq,
        sections,
    })
}

/// The sections of the next edition as the record fills them now, without anything being typed.
///
/// # Errors
/// Damaged; the store's.
pub(in crate::web) async fn draft(call: &Call, view: &CaseView) -> Result<Vec<Section>, DeskError> {
    let until = (view.case.seq, call.app.desk.now());
    sections(call, view, until, None).await
}

/// What the report shows of the journal up to an entry; the history is the edition's own, else that of
/// the case.
async fn sections(
    call: &Call,
    view: &CaseView,
    (last, now): (u64, jiff::Timestamp),
    history: Option<&[procedure::case::Turn]>,
) -> Result<Vec<Section>, DeskError> {
    let last = u32::try_from(last).unwrap_or(u32::MAX);
    let entries = call.app.desk.entries(view, 0, last).await?;
    let mut entries: Vec<procedure::Entry> = entries.iter().map(|one| (**one).clone()).collect();
    let case = as_published(&entries, |seq| view.may_read(seq));
    entries.retain(|entry| view.may_read(entry.seq));
    let number = view.row.number.to_string();
    let sheet = Sheet {
        number: &number,
        drill: call.app.desk.site().drill,
        case: &case,
        basis: &view.basis,
        directory: &view.directory,
        now,
        link: "",
        head: "",
    };
    let parts = parts(&sheet, &entries, history.unwrap_or(&case.history));
    let section = |part: report::retrospective::Part| Section {
        section: part.value,
        label: part.label,
        lines: part.lines,
        words: part.words,
    };
    Ok(parts.into_iter().map(section).collect())
}
