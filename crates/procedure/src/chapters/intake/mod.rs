//! Reports: what was noticed, by whom, when, and how to reach them.
//!
//! A report is never refused for what it says (R23): only a description is required.

pub mod alert;
pub mod burst;
mod decide;
mod judge;
pub mod mail;
mod merge;
mod phish;
mod payload;
mod reporters;
pub mod shadow;
mod state;
pub mod template;
mod warning;
mod wider;

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::agenda::{Obligation, Owner, Permit};
use crate::at::At;
use crate::chapters::closeout::second_look;
use crate::chapters::milestones::Milestone;
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::notice::{Notice, Recipient, Telling};
use crate::pulse::Due;
use crate::rule::Rule;
use crate::switch::on;

pub use alert::{Alert, AlertNoted, AlertStep, Alerts, Gravity, Joining};
pub use burst::Arrival;
pub use decide::commands;
pub use mail::{Mailed, Waited, Warned};
pub use payload::{
    AddDetails, AddReport, DetailsAdded, Disagree, Disagreed, Follows, Kind, KindSet, MergeCase, MergedFrom,
    MergedInto, MergedReport, Phish, Pinned, ReceiveMerged, Report, ReportAdded, Reported, Route,
    SetKind, SetTags, SetTitle, TagsSet, TitleSet,
};
pub use reporters::{ReporterCard, reporters};
pub use state::{Received, State};
pub use warning::{ColleaguesWarned, SkipWarning, WarnColleagues, colleagues};

pub(crate) use decide::decide;
pub(crate) use judge::judge;

/// Security or a disruption without, and when it began: the IC says it before the case ends
/// (R1, R22).
pub(crate) fn owes(at: At, out: &mut Vec<Obligation>) {
    wider::owes(at, out);
    let taken = at.case.part.commander.intervals.first();
    let Some(taken) = taken.filter(|_| !at.case.is_over()) else { return };
    let mut ask = |rule: Rule, key: &str, what: &str, with: &'static str| {
        if on(rule) {
            let owed = Obligation::owed(rule, key, Owner::Ic, taken.from, what);
            out.push(owed.settled_by(with));
        }
    };
    if at.case.part.intake.kind == Kind::Unknown {
        let what = "Say what sort of thing it is: security, or a disruption without.";
        ask(Rule::R1, "kind", what, "set_kind");
    }
    if at.case.part.milestones.last(Milestone::Started).is_none() {
        let what = "Say when it began, or that nobody knows.";
        ask(Rule::R22, "started", what, "record_milestone");
    }
    warning::owes(at, taken.from, out);
    mail::owes(at, taken.from, out);
}

pub(crate) fn dues(_: At, _: &mut Vec<Due>) {}

pub(crate) fn permits(_: At, _: &mut Vec<Permit>) {}

/// The reporter hears that it was received; that somebody took it is told by the chapter
/// on calling (X36).
pub(crate) fn tell(at: At, entry: &Entry, out: &mut Vec<Notice>) {
    let intake = &at.case.part.intake;
    let count = u32::try_from(intake.reports.len()).unwrap_or(u32::MAX);
    let say = Notice::say;
    match &entry.body {
        Body::Reported(_) => out.push(say(Recipient::Reporter(1), Telling::Received)),
        Body::ReportAdded(_) => {
            // One word is enough: where somebody has it, that says that it was received, too.
            let heard = match at.case.ic() {
                Some(_) => Telling::Taken,
                None => Telling::Received,
            };
            out.push(say(Recipient::Reporter(count), heard));
            out.extend(to_ic(at, entry));
        }
        Body::MergedFrom(merged) => {
            let moved = u32::try_from(merged.reports.len()).unwrap_or(u32::MAX);
            let theirs = (count.saturating_sub(moved) + 1..=count).map(Recipient::Reporter);
            out.extend(to_ic(at, entry));
            if at.case.ic().is_some() {
                out.extend(theirs.map(|to| say(to, Telling::Taken)));
            }
        }
        Body::DetailsAdded(_) | Body::Disagreed(_) => out.extend(to_ic(at, entry)),
        Body::MergedInto(_) => out.extend(merge::stand_down(at, entry)),
        Body::AlertNoted(_) => out.extend(alert::tell(at, entry)),
        Body::ColleaguesWarned(warned) => out.extend(warning::tell(warned)),
        _ => {}
    }
}

/// The IC hears of what others add; while there is none, the last IC, or whoever was paged. After
/// a false alarm somebody else hears it too: whoever called it does not judge alone whether it
/// was one (R106).
fn to_ic(at: At, entry: &Entry) -> Vec<Notice> {
    let last = at.case.part.commander.intervals.last().map(|interval| interval.ic.clone());
    let people: BTreeSet<PersonId> = last.into_iter().chain(second_look::reader(at)).collect();
    let others = people.into_iter().filter(|person| entry.actor.as_person() != Some(person));
    others.map(|person| Notice::entry(Recipient::Person(person))).collect()
}
