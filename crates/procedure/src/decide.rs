//! Commands become entries, or a refusal that names its rule.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::access::{self, Permission};
use crate::actor::Actor;
use crate::at::At;
use crate::basis::Basis;
use crate::case::Case;
use crate::chapters;
use crate::chapters::intake::Mailed;
use crate::chapters::record::Waived;
use crate::command::{Command, Order, Waive};
use crate::entry::{Body, Draft};
use crate::id::PersonId;
use crate::project::Routed;
use crate::rule::Rule;
use crate::switch::on;

/// Why a command was not carried out. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Refusal {
    /// What sort of no it is.
    pub kind: RefusalKind,
    /// The rule that says no, where one does.
    pub rule: Option<Rule>,
    /// One sentence: what stands in the way.
    pub sentence: String,
    /// One sentence: what would make it a yes.
    pub yes_when: String,
    /// The rule may be waived by naming it with a reason (`waive`).
    pub waivable: bool,
    /// Raising the severity to High would let it happen now (M7).
    pub high_would_allow: bool,
    /// Each field that is wrong, where it is fields that are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<WrongField>,
    /// Everything that is missing at once, each with the command that settles it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
}

/// One of the things that stand in the way, and the command that settles it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Missing {
    /// The rule that asks for it; it may be waived where the refusal is waivable.
    pub rule: Option<Rule>,
    /// What is missing, in a sentence.
    pub sentence: String,
    /// What would do.
    pub yes_when: String,
    /// The command that settles it.
    pub settle_with: String,
    /// What the command is about, where it could be about several things: `S-2`, `contained`.
    pub about: Option<String>,
}

/// A field of a request that says something impossible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WrongField {
    /// The field, as a JSON pointer.
    pub field: String,
    /// What is wrong with it, and what would do.
    pub detail: String,
}

/// The sorts of refusal, told apart because each asks for another next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// A rule of the procedure says no.
    Rule,
    /// This actor may not do this.
    Forbidden,
    /// It names something that does not exist, or says something impossible.
    Invalid,
    /// It was true a moment ago: somebody else was faster.
    Conflict,
}

/// How firmly a gate stands (M7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Before an act of containment or remediation on an asset: at High, or while the
    /// severity is unknown, it opens by itself and leaves a waiver; else by a named one.
    Act,
    /// Before an act on an asset that somebody else decides about: at High, or while the severity
    /// is unknown, it opens by itself and leaves a waiver; no other waiver stands in for their
    /// decision.
    Decided,
    /// Before a closing step: yields only to a named waiver.
    Closing,
    /// Authority, two-person acts, bookkeeping of facts: never yields.
    Firm,
}

impl Refusal {
    /// A rule says no.
    #[must_use]
    pub fn rule(rule: Rule, sentence: impl Into<String>, yes_when: impl Into<String>) -> Self {
        Self {
            kind: RefusalKind::Rule,
            rule: Some(rule),
            sentence: sentence.into(),
            yes_when: yes_when.into(),
            waivable: false,
            high_would_allow: false,
            fields: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// The command names something unknown or says something impossible.
    #[must_use]
    pub fn invalid(sentence: impl Into<String>, yes_when: impl Into<String>) -> Self {
        Self {
            kind: RefusalKind::Invalid,
            rule: None,
            ..Self::blank(sentence, yes_when)
        }
    }

    /// Fields say something impossible.
    #[must_use]
    pub fn wrong(fields: Vec<WrongField>) -> Self {
        let said = fields
            .first()
            .map_or_else(String::new, |first| first.detail.clone());
        Self {
            fields,
            ..Self::invalid(said, "")
        }
    }

    /// It says a word that is none of those that may be said here.
    #[must_use]
    pub fn not_among<'a>(
        sentence: impl Into<String>,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        let yes_when = match known.is_empty() {
            true => "There is none to choose from here.".into(),
            false => format!("Use one of: {}.", known.join(", ")),
        };
        Self::invalid(sentence, yes_when)
    }

    /// Names the command that settles what stands in the way, and what it is about.
    #[must_use]
    pub fn settled_by(mut self, command: &str, about: Option<&str>) -> Self {
        self.missing.push(Missing {
            rule: self.rule,
            sentence: self.sentence.clone(),
            yes_when: self.yes_when.clone(),
            settle_with: command.into(),
            about: about.map(Into::into),
        });
        self
    }

    /// Everything that stands in the way, as one no: the rule of the first, the sentences of all.
    #[must_use]
    pub fn together(all: Vec<Self>) -> Option<Self> {
        let mut all = all.into_iter();
        let mut whole = all.next()?;
        for other in all {
            whole.sentence = format!("{} {}", whole.sentence, other.sentence);
            whole.yes_when = format!("{} {}", whole.yes_when, other.yes_when);
            whole.missing.extend(other.missing);
        }
        Some(whole)
    }

    /// Somebody else was faster, or it is already so.
    #[must_use]
    pub fn conflict(sentence: impl Into<String>, yes_when: impl Into<String>) -> Self {
        Self {
            kind: RefusalKind::Conflict,
            rule: None,
            ..Self::blank(sentence, yes_when)
        }
    }

    /// This actor may not.
    #[must_use]
    pub fn forbidden(
        rule: Option<Rule>,
        sentence: impl Into<String>,
        yes_when: impl Into<String>,
    ) -> Self {
        Self {
            kind: RefusalKind::Forbidden,
            rule,
            ..Self::blank(sentence, yes_when)
        }
    }

    fn blank(sentence: impl Into<String>, yes_when: impl Into<String>) -> Self {
        Self {
            kind: RefusalKind::Rule,
            rule: None,
            sentence: sentence.into(),
            yes_when: yes_when.into(),
            waivable: false,
            high_would_allow: false,
            fields: Vec::new(),
            missing: Vec::new(),
        }
    }
}

/// What can still be said to a case that became part of another (R29).
const AFTER_MERGING: &[&str] = &[
    "add_note",
    "correct_note",
    "add_details",
    "disagree",
    "close_call",
    "propose_redaction",
    "second_redaction",
    "restrict",
    "unrestrict",
    "restrict_entry",
    "set_marking",
    "add_member",
    "remove_member",
    "change_basis",
    // What was begun here is brought to its end here.
    "acknowledge_hold",
    "release_hold",
    "end_disruption",
    "assign_lead",
    "finish_lead",
    "drop_lead",
    "assign_step",
    "finish_step",
    "verify_step",
    "drop_step",
];

/// Turns a command into the entries to append, or refuses and leaves the record unchanged.
///
/// # Errors
/// A [`Refusal`], with the rule and what would make it a yes.
pub fn decide(
    case: &Case,
    basis: &Basis,
    now: Timestamp,
    actor: &Actor,
    order: &Order,
) -> Result<Vec<Draft>, Refusal> {
    let opens = matches!(order.command, Command::Report(_));
    if opens == case.exists() {
        return Err(if opens {
            Refusal::invalid(
                "This case is open already.",
                "Add to it, or report a new one.",
            )
        } else {
            Refusal::invalid("There is no such case.", "Report it first.")
        });
    }
    if let Some((_, other)) = &case.part.intake.merged_into
        && !AFTER_MERGING.contains(&order.command.name())
    {
        return Err(Refusal::conflict(
            format!("This case is part of {other} now."),
            "Go on there.",
        ));
    }
    if order.happened_at.is_some_and(|when| when.at > now) {
        return Err(Refusal::invalid(
            "The time given lies in the future.",
            "Give the time when it happened, or leave it out.",
        ));
    }
    if let Permission::No(refusal) = access::may(case, basis, actor, order.command.name()) {
        return Err(refusal);
    }
    let mut decision = Decision {
        at: At::new(case, basis, now),
        actor,
        order,
        drafts: Vec::new(),
    };
    chapters::decide(&mut decision, &order.command)?;
    Ok(decision.drafts)
}

/// A decision in the making: gates are asked, entries collected.
pub struct Decision<'a> {
    /// The case, its basis and the time.
    pub at: At<'a>,
    /// Who asks.
    pub actor: &'a Actor,
    order: &'a Order,
    drafts: Vec<Draft>,
}

impl<'a> Decision<'a> {
    /// The case as it stands before this command.
    #[must_use]
    pub fn case(&self) -> &'a Case {
        self.at.case
    }

    /// Reports of the same sort that came before this one, as the desk counted them (M24).
    #[must_use]
    pub fn beside(&self) -> u32 {
        self.order.beside
    }

    /// Whether its source is in shadow, as the desk said.
    #[must_use]
    pub fn in_shadow(&self) -> bool {
        self.order.shadow
    }

    /// The route of the alert that a report is of.
    pub fn routed(&self) -> Option<&Routed> {
        self.order.routed.as_ref()
    }

    /// What stands for the mail that a report came by.
    pub fn mailed(&self) -> Option<&Mailed> {
        self.order.mailed.as_ref()
    }

    /// The person who acts.
    ///
    /// # Errors
    /// Refused for services, reporters without account and the clock.
    pub fn person(&self) -> Result<&'a PersonId, Refusal> {
        self.actor.as_person().ok_or_else(|| {
            Refusal::forbidden(
                None,
                "This needs a person.",
                "Sign in, or use a personal token.",
            )
        })
    }

    /// Whether the IC of record acts.
    #[must_use]
    pub fn by_ic(&self) -> bool {
        self.actor.as_person().is_some() && self.actor.as_person() == self.case().ic()
    }

    /// Demands that the IC acts.
    ///
    /// # Errors
    /// Refused for everybody else, naming the rule that reserves the act.
    pub fn only_ic(&self, rule: Rule) -> Result<(), Refusal> {
        if self.by_ic() || !on(rule) {
            return Ok(());
        }
        let nobody = self.case().ic().is_none() && self.case().is_active();
        let no = |yes_when: &str| {
            let sentence = "Only the Incident Commander can do this.";
            Refusal::forbidden(Some(rule), sentence, yes_when)
        };
        Err(match nobody {
            true => no("Nobody has it yet: take it, and you are the IC.")
                .settled_by("acknowledge", None),
            false => no("Ask the IC, or take command first."),
        })
    }

    /// When it happened: the claimed time, else now.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.order.happened_at.map_or(self.at.now, |when| when.at)
    }

    /// Adds an entry by the actor.
    pub fn record(&mut self, body: impl Into<Body>) {
        self.drafts.push(Draft {
            happened_at: self.order.happened_at,
            actor: self.actor.clone(),
            body: body.into(),
        });
    }

    /// What this command has added so far.
    pub fn drafted(&self) -> impl Iterator<Item = &Body> {
        self.drafts.iter().map(|draft| &draft.body)
    }

    /// Asks a gate: passes if `kept`, else opens by itself, yields to a named waiver, or refuses.
    /// Passing without what the rule asks for leaves a waiver in the journal.
    ///
    /// # Errors
    /// The refusal given, if the gate stays shut.
    pub fn gate(
        &mut self,
        gate: Gate,
        kept: bool,
        refusal: impl FnOnce() -> Refusal,
    ) -> Result<(), Refusal> {
        if kept {
            return Ok(());
        }
        let mut refusal = refusal();
        let rule = refusal.rule.expect("a gate's refusal names its rule");
        if !on(rule) {
            return Ok(());
        }
        let act = matches!(gate, Gate::Act | Gate::Decided);
        if act && self.case().part.assess.acts_freely() {
            self.record(Waived {
                rule,
                automatic: true,
                reason: None,
            });
            return Ok(());
        }
        let waivable = matches!(gate, Gate::Act | Gate::Closing);
        if waivable && let Some(waive) = self.waive_of(rule) {
            let reason = Some(waive.reason.clone());
            self.record(Waived {
                rule,
                automatic: false,
                reason,
            });
            return Ok(());
        }
        refusal.waivable = waivable;
        refusal.high_would_allow = act;
        Err(refusal)
    }

    /// Asks a gate about everything that stands in the way, so that all of it is told at once.
    ///
    /// # Errors
    /// One refusal for everything that is not waived.
    pub fn gates(&mut self, gate: Gate, in_the_way: Vec<Refusal>) -> Result<(), Refusal> {
        let mut left = Vec::new();
        for refusal in in_the_way {
            left.extend(self.gate(gate, false, || refusal).err());
        }
        Refusal::together(left).map_or(Ok(()), Err)
    }

    /// What was said to waive a rule, if anything was.
    pub(crate) fn waive_of(&self, rule: Rule) -> Option<&'a Waive> {
        self.order.waive.iter().find(|waive| waive.rule == rule)
    }
}
