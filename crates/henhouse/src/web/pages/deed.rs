//! One command given from a page that is made for it: tried, submitted, and what came of it in words.

use procedure::{Command, Order, Permission, Refusal, RefusalKind, may};

use super::frame::{self, Frame};
use crate::desk::{CaseView, DeskError};
use crate::report::Names;
use crate::web::fields::Fields;
use crate::web::{Call, Problem};

/// Why a command was not carried out.
pub(super) enum No {
    /// A rule says no, people by their names.
    Refused(Box<Refusal>),
    /// Something else.
    Other(Problem),
}

impl No {
    /// The status of the page that says so.
    pub(super) fn status(&self) -> u16 {
        match self {
            Self::Refused(refusal) => match refusal.kind {
                RefusalKind::Forbidden => 403,
                RefusalKind::Invalid => 422,
                RefusalKind::Rule | RefusalKind::Conflict => 409,
            },
            Self::Other(problem) => problem.status,
        }
    }

    /// What stands in the way, and what would make it a yes.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Refused(refusal) => {
                let rule = refusal.rule.map(|rule| format!("{rule}: "));
                let rule = rule.unwrap_or_default();
                format!("{rule}{} {}", refusal.sentence, refusal.yes_when)
            }
            Self::Other(problem) => problem.detail.clone(),
        }
    }

    /// Said at a field of the page, or at its head.
    pub(super) fn at(&self, frame: Frame, field: &'static str) -> Frame {
        frame.wrong(field, self.words())
    }
}

/// Gives a command. `nth` tells several commands of one form apart, so that each counts once.
///
/// # Errors
/// Refused, or what else kept it from being carried out.
pub(super) async fn give(
    call: &Call,
    view: &CaseView,
    command: impl Into<Command>,
    (fields, nth): (&Fields, u8),
) -> Result<(), No> {
    let order = Order::from(command.into());
    let actor = view.onlooker.actor.clone();
    let named = |refusal: Refusal| {
        let refusal = Names::new(&view.directory).refusal(refusal);
        No::Refused(Box::new(refusal))
    };
    let name = order.command.name();
    if let Permission::No(refusal) = may(&view.case, &view.basis, &actor, name) {
        return Err(named(refusal));
    }
    let once = frame::once(fields).map(|key| match nth {
        0 => key,
        nth => format!("{key}.{nth}"),
    });
    let once = once.map(|key| call.one_use(key));
    let given = call.app.desk.submit(view.row.journal, actor, order, once);
    match given.await {
        Ok(_) => Ok(()),
        Err(DeskError::Refused(refusal)) => Err(named(*refusal)),
        Err(error) => Err(No::Other(error.into())),
    }
}
