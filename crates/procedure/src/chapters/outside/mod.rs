//! What customers and other outsiders are told (R17). IC and product owner decide together:
//! nothing goes to a customer without the product owner's approval.

mod decide;
mod judge;

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Who;
use crate::agenda::{Obligation, Owner, Permit};
use crate::at::{At, after, minutes};
use crate::basis::{Marking, Role};
use crate::case::{Case, Status};
use crate::entry::{Body, Entry};
use crate::id::{PersonId, StakeholderId};
use crate::notice::{Notice, Recipient};
use crate::pulse::Due;
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

pub(crate) use decide::decide;
pub(crate) use judge::judge;

/// Decide whether affected customers are told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideCustomerNotice {
    /// Whether they are told.
    pub notify: bool,
    /// Why.
    pub reason: Text,
}

/// Draft what customers are told. The product owner is asked to approve it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DraftCustomerNotice {
    /// The words, as they would go out.
    pub text: Text,
    /// Who gets it by mail. Where nobody does, it stands on the status page alone.
    pub to: BTreeSet<StakeholderId>,
    /// How far these words may travel, once the product owner has approved them; as far as
    /// the case's own, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marking: Option<Marking>,
    /// When they hear more, as the status page says it with these words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub next: Option<Timestamp>,
}

/// Approve a drafted notice, as product owner, or turn it down with a reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ApproveCustomerNotice {
    /// Which, such as `N-1`.
    pub notice: String,
    /// False turns it down: these words do not go out.
    #[serde(default = "yes")]
    pub approve: bool,
    /// What should change; required to turn it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

fn yes() -> bool {
    true
}

/// Send an approved notice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SendCustomerNotice {
    /// Which, such as `N-1`.
    pub notice: String,
    /// The second person, who responds or reviews (M16), if the product owner has been out of reach for an hour (M12)
    /// and has turned nothing down in this case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<PersonId>,
    /// Why it cannot wait for the product owner; required then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// Entry: whether customers are told was decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerNoticeDecided {
    /// Whether they are told.
    pub notify: bool,
    /// Why.
    pub reason: Text,
}

/// Entry: a notice was drafted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerNoticeDrafted {
    /// Its name within the case.
    pub notice: String,
    /// The words.
    pub text: Text,
    /// To whom.
    pub to: BTreeSet<StakeholderId>,
    /// How far these words may travel; as far as the case's own, if nothing was said.
    #[serde(default)]
    pub marking: Option<Marking>,
    /// When they hear more, if that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Timestamp>,
}

/// Entry: the product owner approved a notice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerNoticeApproved {
    /// Which.
    pub notice: String,
}

/// Entry: the product owner turned a notice down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerNoticeDeclined {
    /// Which.
    pub notice: String,
    /// What should change.
    pub reason: Text,
}

/// Entry: a notice was sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerNoticeSent {
    /// Which.
    pub notice: String,
    /// The second person, where the product owner was out of reach.
    #[serde(default)]
    pub second: Option<PersonId>,
}

/// A decision whether customers are told.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Who,
    /// Whether they are told.
    pub notify: bool,
}

/// A notice to customers.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Its name within the case.
    pub name: String,
    /// When it was drafted.
    pub at: Timestamp,
    /// The words.
    pub text: Text,
    /// To whom.
    pub to: BTreeSet<StakeholderId>,
    /// How far these words may travel, if that was said.
    pub marking: Option<Marking>,
    /// What the product owner said last: approved or turned down.
    pub approved: Option<bool>,
    /// Sent, with the entry.
    pub sent: Option<u64>,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// Who sent it.
    pub sent_by: Option<Who>,
    /// When they hear more, if that was said with it.
    pub next: Option<Timestamp>,
}

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Decisions; the last one counts.
    pub decisions: Vec<Decided>,
    /// Notices in order.
    pub drafts: Vec<Draft>,
}

impl Draft {
    /// How far its words may travel: as was said, else as the case's own.
    #[must_use]
    pub fn marking(&self, case: &Case) -> Marking {
        self.marking.unwrap_or(case.marking())
    }
}

impl State {
    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        match &entry.body {
            Body::CustomerNoticeDecided(decided) => self.decisions.push(Decided {
                seq: entry.seq,
                at: entry.recorded_at,
                by: entry.actor.who.clone(),
                notify: decided.notify,
            }),
            Body::CustomerNoticeDrafted(drafted) => self.drafts.push(Draft {
                name: drafted.notice.clone(),
                at: entry.recorded_at,
                text: drafted.text.clone(),
                to: drafted.to.clone(),
                marking: drafted.marking,
                approved: None,
                sent: None,
                sent_at: None,
                sent_by: None,
                next: drafted.next,
            }),
            Body::CustomerNoticeApproved(approved) => {
                if let Some(draft) = self.named(&approved.notice) {
                    draft.approved = Some(true);
                }
            }
            Body::CustomerNoticeDeclined(declined) => {
                if let Some(draft) = self.named(&declined.notice) {
                    draft.approved = Some(false);
                }
            }
            Body::CustomerNoticeSent(sent) => {
                if let Some(draft) = self.named(&sent.notice) {
                    draft.sent = Some(entry.seq);
                    draft.sent_at = Some(entry.recorded_at);
                    draft.sent_by = Some(entry.actor.who.clone());
                }
            }
            _ => {}
        }
    }

    fn named(&mut self, name: &str) -> Option<&mut Draft> {
        self.drafts.iter_mut().find(|draft| draft.name == name)
    }

    /// The product owner turned words of this case down, and did not take that back.
    #[must_use]
    pub fn is_turned_down(&self) -> bool {
        self.drafts.iter().any(|draft| draft.approved == Some(false))
    }

    /// The name that the next notice gets.
    #[must_use]
    pub fn next_name(&self) -> String {
        alloc::format!("N-{}", self.drafts.len() + 1)
    }

    /// There are words for customers that nobody turned down.
    #[must_use]
    pub fn is_drafted(&self) -> bool {
        self.drafts.iter().any(|draft| draft.approved != Some(false))
    }

    /// Customers are to be told and nothing has gone out.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        let told = self.drafts.iter().any(|draft| draft.sent.is_some());
        self.decisions.last().is_some_and(|decided| decided.notify) && !told
    }
}

/// From then on the product owner counts as out of reach (M12).
pub(super) fn unanswered_at(at: At, draft: &Draft) -> Timestamp {
    after(draft.at, minutes(at.when(draft.at).playbook().command.approver_limit_minutes))
}

/// The decision, then the sending, wait for the IC; the approval waits for the product owner.
pub(crate) fn owes(at: At, out: &mut Vec<Obligation>) {
    let outside = &at.case.part.outside;
    let asks = matches!(at.case.status(), Status::Confirmed | Status::ReadyForQa);
    if !asks || at.case.is_merged() || !on(Rule::R17) {
        return;
    }
    // Whoever drafts a notice has decided that they are told; the product owner is asked about the words.
    if outside.decisions.is_empty() && !outside.is_drafted() {
        let what = "Decide with the product owner whether affected customers are told, and why.";
        let owed = Obligation::owed(Rule::R17, "customers", Owner::Ic, at.case.opened_at, what);
        out.push(owed.settled_by("decide_customer_notice"));
        return;
    }
    let usable = outside.drafts.iter().filter(|draft| draft.approved != Some(false));
    if outside.is_waiting() && usable.count() == 0 {
        let since = outside.decisions.last().map_or(at.case.opened_at, |decided| decided.at);
        let what = "Draft what the customers are told.";
        let owed = Obligation::owed(Rule::R17, "customers:draft", Owner::Ic, since, what);
        out.push(owed.settled_by("draft_customer_notice"));
    }
    let unsent = outside.drafts.iter().filter(|draft| draft.sent.is_none());
    for draft in unsent.filter(|draft| draft.approved != Some(false)) {
        let (owner, what, command) = if draft.approved == Some(true) {
            (Owner::Ic, "Send the approved notice to the customers.", "send_customer_notice")
        } else {
            let owner = Owner::Role(Role::ProductOwner);
            (owner, "Approve what the customers are told, or say what to change.", "approve_customer_notice")
        };
        let key = alloc::format!("customers:{}:{command}", draft.name);
        let owed = Obligation::owed(Rule::R17, key, owner, draft.at, what);
        out.push(owed.settled_by(command).by(unanswered_at(at, draft)));
    }
}

pub(crate) fn dues(_: At, _: &mut Vec<Due>) {}

/// What may be sent now, and what waits for whom.
pub(crate) fn permits(at: At, out: &mut Vec<Permit>) {
    let waiting = at.case.part.outside.drafts.iter().filter(|draft| draft.sent.is_none());
    out.extend(waiting.map(|draft| Permit {
        command: "send_customer_notice",
        on: Some(draft.name.clone()),
        rule: Rule::R17,
        allowed: (draft.approved == Some(true)).then(|| "The product owner approved it.".to_string()),
        refused: (draft.approved != Some(true)).then(|| decide::not_approved(at, draft)),
    }));
}

/// Words that were approved for outsiders carry the marking that was approved with them.
fn notices<'a>(at: At<'a>, draft: &'a Draft) -> impl Iterator<Item = Notice> {
    let marking = draft.marking(at.case);
    draft.to.iter().map(move |id| Notice {
        marking,
        released: draft.marking.is_some(),
        ..Notice::entry(Recipient::Stakeholder(id.clone()))
    })
}

/// The product owner is asked; customers get what was approved.
pub(crate) fn tell(at: At, entry: &Entry, out: &mut Vec<Notice>) {
    match &entry.body {
        Body::CustomerNoticeDrafted(_) => {
            let people = at.people(&Owner::Role(Role::ProductOwner));
            out.extend(people.into_iter().map(|p| Notice::entry(Recipient::Person(p))));
        }
        Body::CustomerNoticeSent(sent) => {
            let drafts = &at.case.part.outside.drafts;
            let drafts = drafts.iter().filter(|draft| draft.name == sent.notice);
            out.extend(drafts.flat_map(|draft| notices(at, draft)));
            let owners = sent.second.iter().flat_map(|_| at.people(&Owner::Role(Role::ProductOwner)));
            let people = sent.second.iter().cloned().chain(owners);
            out.extend(people.map(|p| Notice::entry(Recipient::Person(p))));
        }
        Body::CustomerNoticeDeclined(_) => {
            let people = at.people(&Owner::Ic).into_iter();
            out.extend(people.map(|p| Notice::entry(Recipient::Person(p))));
        }
        _ => {}
    }
}
