//! It takes long: business hours or around the clock? Asked in one place, with its two answers, as soon as the
//! engine asks for it (R67, R68).

use procedure::at::At;

use super::work::ToldAs;
use crate::desk::CaseView;
use crate::report::Names;
use crate::web::pages::acts;
use crate::web::pages::frame::Due;

/// The question of a long remediation.
pub(super) struct Long {
    /// What the engine asks, in its words.
    pub asked: String,
    pub due: Option<Due>,
    pub overdue: bool,
    /// Who is to answer.
    pub who: String,
    /// It is the reader.
    pub mine: bool,
    /// Who could command next.
    pub next: Vec<(String, String)>,
}

/// The act that answers.
const ACT: &str = "plan_long_remediation";

impl Long {
    /// The question, while it is open.
    pub(super) fn of(
        view: &CaseView,
        at: At,
        (names, times): ToldAs,
        may_act: bool,
    ) -> Option<Self> {
        let agenda = view.agenda(at.now);
        let mut owed = agenda.obligations.iter();
        let owed = owed.find(|owed| owed.settle_with == Some(ACT))?;
        let me = view.onlooker.actor.as_person();
        let ic = at.case.ic();
        Some(Self {
            asked: names.in_words(&owed.what),
            due: owed.due.map(|due| Due::of(times, due)),
            overdue: owed.overdue,
            who: names.owner(&owed.owner),
            mine: may_act && me.is_some() && ic == me,
            next: next(view, names, ic.map(|ic| ic.0.as_str())),
        })
    }
}

fn next(view: &CaseView, names: Names, ic: Option<&str>) -> Vec<(String, String)> {
    let people = acts::who_there_is(view, names).into_iter();
    people.filter(|(id, _)| Some(id.as_str()) != ic).collect()
}
