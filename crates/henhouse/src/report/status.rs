//! What outsiders read about a case: only words that were approved for them and went out, how far they may
//! travel, how it stands in the plainest words, since when, and when they hear more.

use jiff::Timestamp;
use procedure::basis::Marking;
use procedure::case::{Case, Stand, Status as CaseStatus};
use procedure::chapters::milestones::Milestone;
use procedure::chapters::outside::Draft;

/// How it stands, as somebody outside needs to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody knows yet whether it is real.
    LookingInto,
    /// It is real, and people work on it.
    WorkingOn,
    /// It does not spread any more.
    Contained,
    /// What was broken works again.
    Fixed,
    /// The response is over.
    Over,
    /// It was none.
    NoIncident,
}

/// Words that went out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// Their name within the case, such as `N-1`.
    pub name: String,
    /// When they went out.
    pub at: Timestamp,
    /// The words, as they were approved.
    pub text: String,
}

/// What outsiders read about a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// How it stands.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// What went out, the newest first; never empty.
    pub updates: Vec<Update>,
    /// When they hear more, as was said with the newest words.
    pub next: Option<Timestamp>,
}

/// The line that tells people outside where the status page is; it opens without a sign-in.
#[must_use]
pub fn followed_at(link: &str) -> String {
    format!("How it stands at any time:\n{link}")
}

/// What may be read about a case by those who may read words marked so strictly at most; nothing where no
/// such words went out, and never anything of a restricted case (R21) or of one that became part of another.
#[must_use]
pub fn status(case: &Case, most: Marking) -> Option<Status> {
    if case.part.secrecy.restricted || case.is_merged() {
        return None;
    }
    let sent = case.part.outside.drafts.iter();
    let mut sent: Vec<(&Draft, Update)> = sent
        .filter(|draft| draft.marking(case) <= most)
        .filter_map(|draft| Some((draft, update(draft)?)))
        .collect();
    sent.sort_by_key(|(_, update)| std::cmp::Reverse(update.at));
    let (newest, _) = sent.first()?;
    let (state, since) = state(case);
    let over = matches!(state, State::Over | State::NoIncident);
    Some(Status {
        state,
        since,
        next: newest.next.filter(|_| !over),
        updates: sent.into_iter().map(|(_, update)| update).collect(),
    })
}

/// The words, if they went out and were not erased.
fn update(draft: &Draft) -> Option<Update> {
    Some(Update {
        name: draft.name.clone(),
        at: draft.sent_at?,
        text: draft.text.plain()?.trim().to_owned(),
    })
}

/// How a case stands, and since when.
pub(super) fn state(case: &Case) -> (State, Timestamp) {
    let became = case
        .history
        .iter()
        .rfind(|turn| matches!(turn.what, Stand::Status(_)));
    let became = became.map_or(case.opened_at, |turn| turn.at);
    let at = |which| case.part.milestones.when(which).map(|when| when.at);
    match case.status() {
        CaseStatus::Investigating => (State::LookingInto, became),
        CaseStatus::FalseAlarm => (State::NoIncident, became),
        CaseStatus::ReadyForQa | CaseStatus::Closed => (State::Over, became),
        CaseStatus::Confirmed => match (at(Milestone::Resolved), at(Milestone::Contained)) {
            (Some(resolved), _) => (State::Fixed, resolved),
            (None, Some(contained)) => (State::Contained, contained),
            (None, None) => (State::WorkingOn, became),
        },
    }
}
