//! When pages were there. Looked at for reports of somebody who is signed in, each of which is called for at once.

use std::time::Duration;

use super::load::{Acknowledged, Answered};
use crate::bench::sink::{Sink, Taken};

/// How long after this moment, by the clock of the mails, the first page was there for a report that the database took after
/// it; nothing if none was.
pub fn first_after(moment: Duration, load: &Answered, mail: &Sink) -> Option<Duration> {
    let pages = mail.since(0);
    let after = load
        .acknowledged
        .iter()
        .filter(|report| report.is_known() && report.at >= moment);
    let first = after.filter_map(|report| page(report, &pages)).min()?;
    Some(first.saturating_sub(moment))
}

/// How long after this moment the database took the first report of somebody who is signed in.
pub fn first_taken(moment: Duration, load: &Answered) -> Option<Duration> {
    let known = load.acknowledged.iter().filter(|report| report.is_known());
    let after = known.filter_map(|report| report.at.checked_sub(moment));
    after.min()
}

/// How late the latest first page was behind the answer to its report.
pub fn latest(load: &Answered, mail: &Sink) -> Duration {
    let pages = mail.since(0);
    let known = load.acknowledged.iter().filter(|report| report.is_known());
    let late = known.filter_map(|report| Some(page(report, &pages)?.saturating_sub(report.at)));
    late.max().unwrap_or_default()
}

/// When the first page for it was there.
fn page(report: &Acknowledged, pages: &[Taken]) -> Option<Duration> {
    let its =
        |mail: &&Taken| mail.subject.contains("take it by") && mail.subject.ends_with(&report.text);
    pages.iter().find(its).map(|mail| mail.at)
}
