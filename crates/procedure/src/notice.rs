//! What is to be told to whom because of an entry. Wording and routes are not here.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::access;
use crate::agenda::Level;
use crate::at::At;
use crate::basis::{Basis, Marking};
use crate::case::Case;
use crate::chapters;
use crate::chapters::intake::burst;
use crate::entry::Entry;
use crate::id::{PersonId, StakeholderId};
use crate::rule::Rule;
use crate::switch::on;

/// Something to be told to one recipient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// To whom.
    pub to: Recipient,
    /// What.
    pub what: Telling,
    /// It wakes people: goes first, is retried fast, is never held back.
    pub page: bool,
    /// It leaves in one message with what is told of other cases of its burst (M24).
    pub bundle: bool,
    /// How far its content may travel; [`notices`] raises it to the case's own marking.
    pub marking: Marking,
    /// Its words were approved for outsiders with a marking of their own: the case's does not
    /// raise it, and they leave a restricted case too.
    #[serde(default)]
    pub released: bool,
}

/// Who is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// Somebody with a place on the roster or in the case.
    Person(PersonId),
    /// Somebody who only hears.
    Stakeholder(StakeholderId),
    /// Whoever reported, by the way they left; by report number, from 1.
    Reporter(u32),
    /// The project's own pager address (R5, route 2).
    Pager,
}

/// What is told. The chapters say which; `report/` says it in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Telling {
    /// Somebody is needed: take it, or pass it on.
    Page {
        /// How many were asked before in this round.
        position: u32,
        /// Which round of the sheet; 0 for the first routes.
        round: u32,
    },
    /// It is taken care of: stand down.
    StandDown,
    /// The report was received.
    Received,
    /// Somebody has it.
    Taken,
    /// A whole round went unanswered.
    RoundEnded {
        /// Which round.
        round: u32,
    },
    /// A prompt about something owed.
    Prompt {
        /// The rule that demands it.
        rule: Rule,
        /// What is owed, in a sentence.
        what: String,
        /// How pressing.
        level: Level,
    },
    /// Anything else, named by the entry it comes from: wording is chosen by kind.
    Entry,
}

impl Notice {
    /// A notice about the entry itself.
    #[must_use]
    pub fn entry(to: Recipient) -> Self {
        Self {
            to,
            what: Telling::Entry,
            page: false,
            bundle: false,
            marking: Marking::Clear,
            released: false,
        }
    }

    /// A call to somebody who is needed now.
    #[must_use]
    pub fn page(to: Recipient, position: u32, round: u32) -> Self {
        Self {
            to,
            what: Telling::Page { position, round },
            page: true,
            bundle: false,
            marking: Marking::Clear,
            released: false,
        }
    }

    /// Something said once, not a page.
    #[must_use]
    pub fn say(to: Recipient, what: Telling) -> Self {
        Self {
            to,
            what,
            page: false,
            bundle: false,
            marking: Marking::Clear,
            released: false,
        }
    }
}

/// What is to be told because of `entry`, which `case` has folded already. Whatever a
/// chapter wants to say, nobody hears of a case that they may not see.
/// The order is stable: a notice's id is (journal, seq, position in this list).
#[must_use]
pub fn notices(case: &Case, basis: &Basis, entry: &Entry) -> Vec<Notice> {
    let at = At::new(case, basis, entry.recorded_at);
    let mut notices = chapters::tell(at, entry);
    notices.retain(|notice| match &notice.to {
        Recipient::Person(person) => access::sees(case, basis, person),
        Recipient::Stakeholder(_) | Recipient::Reporter(_) | Recipient::Pager => true,
    });
    let over = paging_is_over(case);
    let annexed = case.part.secrecy.is_annexed(entry.seq) && on(Rule::R21);
    let marking = if annexed {
        Marking::Red
    } else {
        case.marking()
    };
    for notice in &mut notices {
        if !notice.released {
            notice.marking = notice.marking.max(marking);
        }
        notice.page &= !over;
        notice.bundle = burst::shares(case, &notice.what);
    }
    notices
}

/// After close-out nobody is paged: what is left goes on at business pace (R72).
#[must_use]
pub fn paging_is_over(case: &Case) -> bool {
    case.exists() && !case.is_active() && on(Rule::R72)
}
