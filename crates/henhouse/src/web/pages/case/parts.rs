//! The parts of a case's page, as its reader may see them.

use procedure::at::At;
use procedure::chapters::evidence::exhibit::{Exhibit, What};
use procedure::chapters::intake::Phish;
use procedure::chapters::record::checklist::{ChecklistLine, checklist};
use procedure::{Obligation, PersonId, Phase, Text};

use crate::desk::CaseView;
use crate::report::by_hand::ByHand;
use crate::report::translated::{Told, told};
use crate::report::{Names, Times};
use crate::web::pages::acts::{self, Verb};
use crate::web::pages::frame::Due;
use crate::web::words::{Words, key};

/// A line of the checklist.
pub(super) struct Line {
    pub id: String,
    pub text: Told,
    pub by: Option<String>,
}

/// Something owed.
pub(super) struct Owed {
    pub what: String,
    pub who: String,
    pub due: Option<Due>,
    pub overdue: bool,
    /// It falls to the reader.
    mine: bool,
    act: Option<ByHand>,
    /// What settles it, where that is the reader's to do.
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

/// The name of a phase's text.
pub(super) fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Initiate => key("case-phase-initiate"),
        Phase::Assess => key("case-phase-assess"),
        Phase::Remediate => key("case-phase-remediate"),
        Phase::Retrospective => key("case-phase-retrospective"),
        Phase::Done => key("case-phase-done"),
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

/// The checklist of the present phase, in the reader's language where the playbook has it.
pub(super) fn lines(at: At, names: Names, times: &Times, w: Words) -> Vec<Line> {
    let current = checklist(at).into_iter().find(|phase| phase.current);
    let items = current.map(|phase| phase.items).unwrap_or_default();
    let line = |item: ChecklistLine| Line {
        by: item
            .tick
            .map(|tick| format!("{}, {}", names.who(&tick.by), times.at(tick.at))),
        id: item.id,
        text: told(at.playbook(), w.lang(), &item.text),
    };
    items.into_iter().map(line).collect()
}

/// What somebody reported.
pub(super) struct Reported {
    /// Its entry.
    pub(super) seq: u64,
    pub(super) text: String,
    /// There is more, in the timeline.
    pub(super) more: bool,
    /// What they did with a suspicious mail.
    pub(super) phish: Phish,
    /// How to reach whoever reported; for the team only (R116).
    pub(super) reach: Option<String>,
}

/// So much of a report stands above everything else, in characters, and of so many reports.
const REPORTED: usize = 600;
const REPORTS: usize = 3;

/// What was reported, the first report first.
pub(super) fn reported(view: &CaseView) -> Vec<Reported> {
    let tell = |text: &Text| text.plain().unwrap_or("(erased)").to_owned();
    let reports = view.case.part.intake.reports.iter();
    let reports = reports.filter(|told| view.may_read(told.seq)).take(REPORTS);
    let reports = reports.map(|told| {
        let report = &told.report;
        let ways = [&report.name, &report.contact, &report.phone];
        let ways: Vec<String> = ways.into_iter().flatten().map(tell).collect();
        let text = tell(&report.text);
        let shown: String = text.chars().take(REPORTED).collect();
        Reported {
            seq: told.seq,
            more: shown.len() < text.len(),
            text: shown,
            phish: report.phish,
            reach: (view.is_on_team() && !ways.is_empty()).then(|| ways.join(", ")),
        }
    });
    reports.collect()
}

/// What is owed: what falls to the reader and said so, then what falls to others; each soonest first.
pub(super) fn owed(
    at: At,
    view: &CaseView,
    may_act: bool,
    (names, times): (Names, &Times),
) -> (Vec<Owed>, Vec<Owed>) {
    let me = view.onlooker.actor.as_person();
    let row = |owed: &Obligation| {
        let mine = me.is_some_and(|me| at.asked(owed).contains(me));
        let who = names.owner(&owed.owner);
        let act = ByHand::settling(at.case, at.basis, owed);
        let row = Owed {
            mine,
            act: act.filter(|_| may_act),
            verb: None,
            who: if mine { format!("you, {who}") } else { who },
            due: owed.due.map(|due| Due::of(times, due)),
            overdue: owed.overdue,
            what: names.in_words(&owed.what),
        };
        (mine, row)
    };
    let agenda = view.agenda(at.now);
    let (mine, others): (Vec<_>, Vec<_>) = agenda
        .as_taken_up(at)
        .into_iter()
        .map(row)
        .partition(|(mine, _)| *mine);
    let rows = |rows: Vec<(bool, Owed)>| rows.into_iter().map(|(_, row)| row).collect();
    (rows(mine), rows(others))
}

/// The buttons of what is shown. What falls to others has one only where the reader may do it for them; the row says
/// whose it is.
pub(super) fn give_verbs<'r>(
    view: &CaseView,
    at: At,
    rows: impl IntoIterator<Item = &'r mut Owed>,
) {
    for row in rows {
        let act = row.act.as_ref();
        let theirs = act.filter(|act| row.mine || acts::is_theirs(view, at, act).is_ok());
        row.verb = theirs.and_then(|act| Verb::here(view, act));
    }
}

/// The exhibits that the reader may read.
pub(super) fn exhibits(view: &CaseView, names: Names, times: &Times, w: Words) -> Vec<Shown> {
    let all = view.case.part.evidence.exhibits.iter();
    let readable = all.filter(|exhibit| view.may_read(exhibit.seq));
    let shown = |exhibit: &Exhibit| {
        let erased = view.bytes_are_erased(exhibit.seq);
        let (kept, bytes) = match &exhibit.what {
            What::Upload { sha256, .. } if erased => {
                let erased = w.say("case-exhibit-gone");
                (false, format!("{erased}, sha256 {sha256}"))
            }
            What::Upload { sha256, size, .. } => (true, format!("{size} bytes, sha256 {sha256}")),
            What::Reference { .. } => (false, w.say("case-exhibit-elsewhere").into_owned()),
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
