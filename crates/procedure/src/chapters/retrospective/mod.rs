//! What was learned: the retrospective, its analysis and its report.
//!
//! The report is not a document of its own: it shows the journal up to the entry that
//! published it, with what the team curated and wrote.

mod causes;
mod judge;
mod owes;
mod payload;
mod report;
mod sections;
mod state;

use alloc::vec::Vec;

use crate::agenda::{Owner, Permit};
use crate::at::At;
use crate::case::{Case, Status};
use crate::command::Command;
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::notice::{Notice, Recipient};
use crate::pulse::Due;
use crate::rule::Rule;
use crate::switch::on;

pub(crate) use judge::judge;
pub(crate) use owes::owes;
pub use payload::{
    AddCause, AddFollowUp, AddLesson, AddOutcome, AddTimelineLine, AppointLeader, CauseKind,
    CauseRecorded, ChooseMethod, DiscoveryMethodSet, DoneFollowUp, FollowUpAdded, FollowUpDone,
    LeaderAppointed, LessonAdded, MethodChosen, OutcomeAdded, PublishReport, RemoveTimelineLine,
    ReportPublished, RetrospectiveSkipped, SectionWritten, SetDiscoveryMethod, SetThreatActions,
    SkipRetrospective, ThreatActionsSet, TimelineLineAdded, TimelineLineRemoved,
    WriteReportSection,
};
pub use report::{in_the_way, left_for_the_close, not_held, takes_short_form};
pub use state::{Cause, Chosen, FollowUp, Lesson, Line, OutcomeItem, Published, State, Threats};

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    let decided = match command {
        Command::AppointLeader(appoint) => sections::appoint(d, appoint),
        Command::AddTimelineLine(line) => sections::add_line(d, line),
        Command::RemoveTimelineLine(line) => sections::remove_line(d, line),
        Command::WriteReportSection(section) => sections::write(d, section),
        Command::AddCause(cause) => causes::add(d, cause),
        Command::ChooseMethod(method) => causes::choose_method(d, method),
        Command::AddOutcome(outcome) => causes::add_outcome(d, outcome),
        Command::AddLesson(lesson) => sections::add_lesson(d, lesson),
        Command::AddFollowUp(follow_up) => sections::add_follow_up(d, follow_up),
        Command::DoneFollowUp(done) => sections::done_follow_up(d, done),
        Command::SetDiscoveryMethod(method) => sections::discovery(d, method),
        Command::SetThreatActions(actions) => sections::threats(d, actions),
        Command::SkipRetrospective(skip) => report::skip(d, skip),
        Command::PublishReport(publish) => report::publish(d, publish),
        _ => return None,
    };
    Some(decided)
}

/// Commands of somebody appointed to lead who is not on the response team (R79).
const OF_THE_LEADER: &[&str] = &[
    "appoint_leader",
    "add_timeline_line",
    "remove_timeline_line",
    "write_report_section",
    "add_cause",
    "choose_method",
    "add_outcome",
    "add_lesson",
    "add_follow_up",
    "done_follow_up",
    "set_discovery_method",
    "set_threat_actions",
    "publish_report",
    "record_milestone",
    "close",
];

/// Whether somebody outside the response may give this command: the appointed leader in
/// the retrospective, the owner of a follow-up about it, the named reviewer in the review.
pub(crate) fn allows(case: &Case, person: &PersonId, command: &str) -> bool {
    let retrospective = &case.part.retrospective;
    let leads = retrospective.leader.as_ref() == Some(person);
    let owns = retrospective.follow_ups.iter().any(|follow_up| &follow_up.owner == person);
    let reviewer = case.part.closeout.ready.as_ref().and_then(|ready| ready.reviewer.as_ref());
    (leads && OF_THE_LEADER.contains(&command))
        || (owns && command == "done_follow_up")
        || (reviewer == Some(person) && matches!(command, "accept_qa" | "send_back_qa"))
}

/// Whether this person leads: any IC of the case, or whoever was appointed (R79).
pub(crate) fn leads(case: &Case, person: &PersonId) -> bool {
    led_at(case, person, u64::MAX)
}

/// Whether this person led when that entry was written.
pub(crate) fn led_at(case: &Case, person: &PersonId, seq: u64) -> bool {
    let mut ics = case.part.commander.intervals.iter();
    let appointed = case.part.retrospective.leaders.iter().rfind(|(since, _)| *since < seq);
    appointed.is_some_and(|(_, leader)| leader == person)
        || ics.any(|interval| interval.seq < seq && &interval.ic == person)
}

/// Demands that somebody acts who leads the retrospective (R79).
pub(crate) fn only_leaders(d: &Decision) -> Result<(), Refusal> {
    let person = d.person()?;
    if leads(d.case(), person) || !on(Rule::R79) {
        return Ok(());
    }
    Err(Refusal::forbidden(
        Some(Rule::R79),
        "Only an IC of this case, or whoever was appointed, leads the retrospective.",
        "Ask one of them to appoint you, or hand them your part.",
    ))
}

/// Who leads: the one appointed, else the IC.
#[must_use]
pub fn leader(at: At) -> Owner {
    let appointed = at.case.part.retrospective.leader.clone().map(Owner::Person);
    let last = at.case.part.commander.intervals.last().map(|i| Owner::Person(i.ic.clone()));
    appointed.or(last).unwrap_or(Owner::Ic)
}

pub(crate) fn dues(_: At, _: &mut Vec<Due>) {}

/// What stands between the retrospective and its report.
pub(crate) fn permits(at: At, out: &mut Vec<Permit>) {
    if at.case.status() == Status::ReadyForQa {
        out.push(report::permit(at));
    }
}

/// Whoever gets a part hears it; the team hears that the report is out (R88's order).
pub(crate) fn tell(at: At, entry: &Entry, out: &mut Vec<Notice>) {
    let own = |person: &&PersonId| entry.actor.as_person() != Some(*person);
    let to = |person: &PersonId| Notice::entry(Recipient::Person(person.clone()));
    match &entry.body {
        Body::LeaderAppointed(appointed) => {
            out.extend(Some(&appointed.person).filter(own).map(to));
        }
        Body::FollowUpAdded(added) => out.extend(Some(&added.owner).filter(own).map(to)),
        Body::ReportPublished(_) => {
            let team = at.case.part.commander.responders.keys();
            out.extend(team.filter(own).map(to));
        }
        _ => {}
    }
}
