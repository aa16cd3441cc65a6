//! The parts of a case's page, as its reader may see them.

use procedure::at::At;
use procedure::chapters::disruption::Disruption;
use procedure::chapters::evidence::exhibit::{Exhibit, What};
use procedure::chapters::record::checklist::{ChecklistLine, checklist};
use procedure::chapters::work::{Lead, LeadState, Step, StepState};
use procedure::{Obligation, PersonId, Phase, Text};

use crate::desk::CaseView;
use crate::report::actions::{self, Action};
use crate::report::by_hand::ByHand;
use crate::report::time::span;
use crate::report::timeline::Told;
use crate::report::{Names, Times};
use crate::web::pages::acts::Verb;

/// A line of the checklist.
pub(super) struct Line {
    pub id: String,
    pub text: String,
    pub by: Option<String>,
}

/// Something owed.
pub(super) struct Owed {
    pub what: String,
    pub who: String,
    pub due: Option<String>,
    pub overdue: bool,
    /// What settles it.
    pub verb: Option<Verb>,
}

/// An exhibit.
pub(super) struct Shown {
    pub id: String,
    pub kept: bool,
    pub label: String,
    /// How large it is, and its hash.
    pub bytes: String,
    pub more: String,
}

/// What happened on one day, the newest first.
pub(super) struct Day<'a> {
    pub name: String,
    pub told: Vec<Said<'a>>,
}

/// One entry.
pub(super) struct Said<'a> {
    pub seq: u64,
    pub at: &'a str,
    pub words: &'a str,
}

pub(super) fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Initiate => "Initiate",
        Phase::Assess => "Assess",
        Phase::Remediate => "Remediate",
        Phase::Retrospective => "Retrospective",
        Phase::Done => "Done",
    }
}

/// Who commands, and for how long.
pub(super) fn ic(at: At, names: Names) -> String {
    let began = at.case.part.commander.intervals.last();
    match at.case.ic().zip(began) {
        Some((ic, began)) => {
            let long = span(at.now.duration_since(began.from));
            format!("{} for {long}", names.person(ic))
        }
        None => "nobody yet".to_owned(),
    }
}

/// Whether the reader commands and is waited for: something rang for them, or they went silent.
pub(super) fn is_asked_for_a_sign(view: &CaseView) -> bool {
    let me = view.onlooker.actor.as_person();
    let commander = &view.case.part.commander;
    me.is_some() && commander.ic() == me && commander.is_waited_for() && !view.case.is_over()
}

/// Who asked the reader to come and help, and has no answer yet (R7).
pub(super) fn called_in_by(view: &CaseView) -> Option<&PersonId> {
    let me = view.onlooker.actor.as_person()?;
    let open = view.case.part.calling.invitations.iter();
    let mut open = open.filter(|asked| &asked.person == me && asked.answer.is_none());
    open.next()
        .filter(|_| view.case.is_active())
        .map(|asked| &asked.by)
}

/// Whether the reader's answer to the last who asked them to come was this.
pub(super) fn has_said(view: &CaseView, comes: bool) -> bool {
    let me = view.onlooker.actor.as_person();
    let mut asked = view.case.part.calling.invitations.iter().rev();
    let last = asked.find(|asked| Some(&asked.person) == me);
    last.is_some_and(|asked| matches!(asked.answer, Some((_, _, said)) if said == comes))
}

/// The checklist of the present phase.
pub(super) fn lines(at: At, names: Names, times: &Times) -> Vec<Line> {
    let current = checklist(at).into_iter().find(|phase| phase.current);
    let items = current.map(|phase| phase.items).unwrap_or_default();
    let line = |item: ChecklistLine| Line {
        by: item
            .tick
            .map(|tick| format!("{}, {}", names.who(&tick.by), times.at(tick.at))),
        id: item.id,
        text: item.text,
    };
    items.into_iter().map(line).collect()
}

/// What somebody reported.
pub(super) struct Reported {
    pub(super) text: String,
    /// There is more, in the timeline.
    pub(super) more: bool,
    /// How to reach whoever reported; for the team only (R116).
    pub(super) reach: Option<String>,
}

/// So much of a report stands above everything else.
const REPORTED: usize = 600;

/// What was reported, the first report first.
pub(super) fn reported(view: &CaseView) -> Vec<Reported> {
    let tell = |text: &Text| text.plain().unwrap_or("(erased)").to_owned();
    let reports = view.case.part.intake.reports.iter();
    let reports = reports.filter(|told| view.may_read(told.seq));
    let reports = reports.map(|told| {
        let report = &told.report;
        let ways = [&report.name, &report.contact, &report.phone];
        let ways: Vec<String> = ways.into_iter().flatten().map(tell).collect();
        let text = tell(&report.text);
        let shown: String = text.chars().take(REPORTED).collect();
        Reported {
            more: shown.len() < text.len(),
            text: shown,
            reach: (view.is_on_team() && !ways.is_empty()).then(|| ways.join(", ")),
        }
    });
    reports.collect()
}

/// What is owed, what falls to the reader first and said so; each soonest first.
pub(super) fn owed(
    at: At,
    view: &CaseView,
    may_act: bool,
    (names, times): (Names, &Times),
) -> Vec<Owed> {
    let me = view.onlooker.actor.as_person();
    let number = view.row.number.to_string();
    let row = |owed: &Obligation| {
        let mine = me.is_some_and(|me| at.people(&owed.owner).contains(me));
        let who = names.owner(&owed.owner);
        let act = ByHand::settling(at.case, at.basis, owed);
        let row = Owed {
            who: if mine { format!("you, {who}") } else { who },
            due: owed.due.map(|due| times.both(due)),
            overdue: owed.overdue,
            what: names.in_words(&owed.what),
            verb: act
                .filter(|_| may_act)
                .and_then(|act| Verb::of(&number, &act)),
        };
        (mine, row)
    };
    let agenda = view.agenda(at.now);
    let (mine, others): (Vec<_>, Vec<_>) = agenda
        .obligations
        .iter()
        .map(row)
        .partition(|(mine, _)| *mine);
    mine.into_iter().chain(others).map(|(_, row)| row).collect()
}

/// Something that people work on, and what can be done about it.
pub(super) struct Row {
    pub action: Action,
    pub verbs: Vec<Verb>,
}

/// Leads, then steps and disruptions that the reader may read.
pub(super) fn work(
    view: &CaseView,
    may_act: bool,
    (names, times): (Names, &Times),
) -> (Vec<Row>, Vec<Row>) {
    let part = &view.case.part;
    let row = |(action, commands): (Action, Vec<&'static str>), field: &str| {
        let number = view.row.number.to_string();
        let commands = commands.into_iter().filter(|_| may_act);
        let acts = commands.map(|command| ByHand::about(command, &[(field, &action.id)]));
        let verbs = acts.filter_map(|act| Verb::of(&number, &act)).collect();
        view.may_read(action.seq).then_some(Row { action, verbs })
    };
    let leads = part.work.leads.iter().map(what_a_lead_asks);
    let leads = actions::leads(&view.case, names).into_iter().zip(leads);
    let steps = part.work.steps.iter().map(what_a_step_asks);
    let steps = actions::steps(&view.case, names, times)
        .into_iter()
        .zip(steps);
    let disruptions = part
        .disruption
        .disruptions
        .iter()
        .map(what_a_disruption_asks);
    let disruptions = actions::disruptions(&view.case)
        .into_iter()
        .zip(disruptions);
    let steps = steps.filter_map(|one| row(one, "step"));
    let disruptions = disruptions.filter_map(|one| row(one, "disruption"));
    (
        leads.filter_map(|one| row(one, "lead")).collect(),
        steps.chain(disruptions).collect(),
    )
}

fn what_a_lead_asks(lead: &Lead) -> Vec<&'static str> {
    match (lead.state, &lead.owner) {
        (LeadState::Open, None) => vec!["assign_lead"],
        (LeadState::Open, Some(_)) => vec!["start_lead"],
        (LeadState::InWork, _) => vec!["finish_lead"],
        _ => Vec::new(),
    }
}

fn what_a_step_asks(step: &Step) -> Vec<&'static str> {
    match (step.state, &step.owner) {
        (StepState::Planned, None) => vec!["assign_step"],
        (StepState::Planned, Some(_)) => vec!["start_step"],
        (StepState::InWork, _) => vec!["finish_step"],
        (StepState::Done, _) => vec!["verify_step"],
        _ => Vec::new(),
    }
}

fn what_a_disruption_asks(one: &Disruption) -> Vec<&'static str> {
    match (one.is_waiting(), one.goes_on()) {
        (true, _) => vec!["answer_disruption", "record_contact", "start_disruption"],
        (_, true) => vec!["send_disruption_notice", "end_disruption"],
        _ => Vec::new(),
    }
}

/// The exhibits that the reader may read.
pub(super) fn exhibits(view: &CaseView, names: Names, times: &Times) -> Vec<Shown> {
    let all = view.case.part.evidence.exhibits.iter();
    let readable = all.filter(|exhibit| view.may_read(exhibit.seq));
    let shown = |exhibit: &Exhibit| {
        let erased = view.bytes_are_erased(exhibit.seq);
        let (kept, bytes) = match &exhibit.what {
            What::Upload { sha256, .. } if erased => (false, format!("erased, sha256 {sha256}")),
            What::Upload { sha256, size, .. } => (true, format!("{size} bytes, sha256 {sha256}")),
            What::Reference { .. } => (false, "kept elsewhere".to_owned()),
        };
        let label = exhibit.label.plain();
        Shown {
            id: exhibit.id.clone(),
            kept,
            label: label.unwrap_or("(text withheld)").to_owned(),
            more: format!(
                "{}, {}, {bytes}",
                names.who(&exhibit.by),
                times.at(exhibit.at)
            ),
            bytes,
        }
    };
    readable.map(shown).collect()
}

/// Entries by day, the newest first.
pub(super) fn days<'a>(told: &'a [Told], view: &CaseView, times: &Times) -> Vec<Day<'a>> {
    let day = |day: &'a [Told]| {
        let said = |told: &'a Told| Said {
            seq: told.seq,
            at: &told.at,
            words: match view.may_read(told.seq) {
                true => &told.words,
                false => "(for those who take part)",
            },
        };
        Day {
            name: day
                .first()
                .map_or_else(String::new, |told| times.day(told.recorded_at)),
            told: day
                .iter()
                .rev()
                .filter(|told| !told.goes_without_saying)
                .map(said)
                .collect(),
        }
    };
    let days = told.chunk_by(|earlier, later| earlier.date == later.date);
    let days = days.rev().map(day);
    days.filter(|day| !day.told.is_empty()).collect()
}
