//! `/cases/{number}/assess`: the assessment in five questions, one a page, then one page that says all answers again
//! with the severity that they suggest and the rules behind it. Each answer is the engine's own command, so it counts at
//! once, others see it, and whoever is called away goes on where they were.

mod ask;
mod check;
mod harm;

use procedure::at::At;
use procedure::chapters::assess::{Answered, Impact, Question, data_is_involved};
use procedure::chapters::contingency::Track;
use procedure::{Body, Entry};

pub(super) use self::ask::{answer, show};
pub(super) use self::check::{decide, show as check};
use super::frame::Frame;
use crate::desk::CaseView;
use crate::report::people;
use crate::web::registry::Answer;
use crate::web::words::{Words, key};
use crate::web::{Call, Problem};

/// A question of the assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Real,
    Harm,
    Data,
    Dependency,
    Contingency,
}

impl Step {
    const ALL: [Self; 5] = [
        Self::Real,
        Self::Harm,
        Self::Data,
        Self::Dependency,
        Self::Contingency,
    ];

    fn slug(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Harm => "harm",
            Self::Data => "data",
            Self::Dependency => "dependency",
            Self::Contingency => "contingency",
        }
    }

    fn of(slug: &str) -> Result<Self, Problem> {
        let mut all = Self::ALL.into_iter();
        all.find(|step| step.slug() == slug)
            .ok_or_else(|| Problem::not_found("page"))
    }

    fn question(self, w: Words) -> String {
        let id = match self {
            Self::Real => key("assess-real"),
            Self::Harm => key("assess-harm"),
            Self::Data => key("assess-data"),
            Self::Dependency => key("assess-dependency"),
            Self::Contingency => key("assess-contingency"),
        };
        w.say(id).into_owned()
    }

    fn short(self, w: Words) -> String {
        let id = match self {
            Self::Real => key("assess-real-short"),
            Self::Harm => key("assess-harm-short"),
            Self::Data => key("assess-data-short"),
            Self::Dependency => key("assess-dependency-short"),
            Self::Contingency => key("assess-contingency-short"),
        };
        w.say(id).into_owned()
    }

    /// Somebody has answered it in this case.
    fn is_answered(self, at: At, view: &CaseView) -> bool {
        let assess = &view.case.part.assess;
        match self {
            Self::Real => {
                assess.answer(Question::Happened).is_some() || !assess.verdicts.is_empty()
            }
            Self::Harm => assess.impact().is_some_and(Impact::is_whole),
            Self::Data => data_is_involved(at).is_some(),
            Self::Dependency => assess.answer(Question::Dependency).is_some(),
            Self::Contingency => plan_is_active(view).is_some(),
        }
    }

    fn path(self, view: &CaseView) -> String {
        format!("/cases/{}/assess/{}", view.row.number, self.slug())
    }
}

/// A question in the row of all of them.
struct Place {
    href: String,
    words: String,
    done: bool,
    here: bool,
}

fn places(w: Words, at: At, view: &CaseView, here: Option<Step>) -> Vec<Place> {
    let place = |step: Step| Place {
        href: step.path(view),
        words: step.short(w),
        done: step.is_answered(at, view),
        here: here == Some(step),
    };
    Step::ALL.into_iter().map(place).collect()
}

/// Where whoever comes back goes on: at the first question without an answer; nowhere when all have one.
fn next(at: At, view: &CaseView) -> Option<Step> {
    Step::ALL
        .into_iter()
        .find(|step| !step.is_answered(at, view))
}

/// Shows where one goes on.
pub(super) async fn begin(call: Call) -> Answer {
    let view = call.case().await?;
    let at = At::new(&view.case, &view.basis, call.app.desk.now());
    match next(at, &view) {
        Some(step) => ask::begin(&call, &view, step).await,
        None => check::show(call).await,
    }
}

/// The contingency plan, once it is active.
fn active(view: &CaseView) -> Option<&Track> {
    view.case.part.contingency.track.as_ref()
}

/// Whether the contingency plan is active, as far as anybody has decided.
fn plan_is_active(view: &CaseView) -> Option<bool> {
    let decided = view.case.part.assess.plan.last();
    let tracked = active(view).map(|_| true);
    tracked.or_else(|| decided.map(|decided| decided.activate))
}

/// What was said with an answer.
async fn said_with(
    call: &Call,
    view: &CaseView,
    answered: Option<&Answered>,
) -> Result<String, Problem> {
    words_of(call, view, answered.map(|answered| answered.mark.seq)).await
}

/// The words of an answer's entry, as far as the reader may read it.
async fn words_of(call: &Call, view: &CaseView, seq: Option<u64>) -> Result<String, Problem> {
    let Some(seq) = seq.filter(|seq| view.may_read(*seq)) else {
        return Ok(String::new());
    };
    let entries = call.app.desk.entries(view, seq - 1, 1).await?;
    let words = |entry: &Entry| match &entry.body {
        Body::QuestionAnswered(answered) => answered.note.as_ref()?.plain().map(str::to_owned),
        Body::ContingencyDecided(decided) => decided.reason.plain().map(str::to_owned),
        Body::ContingencyActivated(activated) => activated.reason.plain().map(str::to_owned),
        _ => None,
    };
    let words = entries.first().and_then(|entry| words(entry));
    Ok(words.unwrap_or_default())
}

fn around(call: &Call, view: &CaseView, title: &str) -> Frame {
    let title = format!("{}: {title}", view.row.number);
    let mut frame = Frame::new(call, title).counting_once(call).worded("assess");
    frame.lines = people::public_lines(&view.directory, &view.basis.playbook);
    frame.mark_exercise(&view.case);
    frame
}

#[cfg(test)]
mod tests;
