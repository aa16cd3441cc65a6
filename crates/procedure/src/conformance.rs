//! The conformance report: was each rule of this case kept?

use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::Serialize;

use crate::actor::Who;
use crate::at::At;
use crate::basis::Basis;
use crate::case::Case;
use crate::chapters;
use crate::rule::Rule;
use crate::text::Text;

/// How a case stands to one rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// Kept.
    Done {
        /// When.
        #[cfg_attr(feature = "schema", schemars(with = "String"))]
        at: Timestamp,
        /// By whom.
        by: Who,
    },
    /// Kept, or still not kept, after its time.
    Late {
        /// When it was done at last, if it was.
        #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
        at: Option<Timestamp>,
        /// Minutes past its time, rounded up.
        minutes: u64,
    },
    /// Passed over on purpose, or by the severity.
    Waived {
        /// When.
        #[cfg_attr(feature = "schema", schemars(with = "String"))]
        at: Timestamp,
        /// By whom.
        by: Who,
        /// By the severity, not by a person (M7).
        automatic: bool,
        /// Why; an automatic one is asked about in the retrospective.
        reason: Option<Text>,
    },
    /// Does not apply to this case.
    NotApplicable {
        /// The fact that makes it so.
        because: String,
    },
    /// Not yet due.
    Open {
        /// Until when, if there is a time.
        #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
        until: Option<Timestamp>,
    },
    /// Not kept.
    Missing {
        /// What is missing, or what was done against it.
        because: String,
    },
}

/// A rule with its outcome and the entries that show it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// The rule's id.
    pub rule: Rule,
    /// Its name.
    pub name: &'static str,
    /// Its section of the procedure.
    pub section: &'static str,
    /// What it says.
    pub sentence: &'static str,
    /// How the case stands to it.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Entries that show it, by seq.
    pub entries: Vec<u64>,
}

/// What a judge says of one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// How the case stands to the rule.
    pub outcome: Outcome,
    /// Entries that show it.
    pub entries: Vec<u64>,
}

impl Judged {
    /// Kept at a time by somebody, as that entry shows.
    #[must_use]
    pub fn done(at: Timestamp, by: &Who, seq: u64) -> Self {
        Self {
            outcome: Outcome::Done { at, by: by.clone() },
            entries: alloc::vec![seq],
        }
    }

    /// Kept by Henhouse itself, by how it is built.
    #[must_use]
    pub fn by_design(at: At) -> Self {
        Self {
            outcome: Outcome::Done {
                at: at.case.opened_at,
                by: Who::System,
            },
            entries: Vec::new(),
        }
    }

    /// Done at `done`, or not yet; its time was `due`.
    #[must_use]
    pub fn against(due: Timestamp, done: Option<(Timestamp, &Who, u64)>, now: Timestamp) -> Self {
        let late = |until: Timestamp| {
            let seconds = until.duration_since(due).as_secs().max(0);
            u64::try_from((seconds + 59) / 60).unwrap_or(0)
        };
        match done {
            Some((at, by, seq)) if at <= due => Self::done(at, by, seq),
            Some((at, _, seq)) => Self {
                outcome: Outcome::Late {
                    at: Some(at),
                    minutes: late(at),
                },
                entries: alloc::vec![seq],
            },
            None if now < due => Self::open(Some(due)),
            None => Outcome::Late {
                at: None,
                minutes: late(now),
            }
            .into(),
        }
    }

    /// Not yet due.
    #[must_use]
    pub fn open(until: Option<Timestamp>) -> Self {
        Outcome::Open { until }.into()
    }

    /// Not kept.
    #[must_use]
    pub fn missing(because: impl Into<String>) -> Self {
        Outcome::Missing {
            because: because.into(),
        }
        .into()
    }

    /// Does not apply, because of a fact.
    #[must_use]
    pub fn not_applicable(because: impl Into<String>) -> Self {
        Outcome::NotApplicable {
            because: because.into(),
        }
        .into()
    }

    /// Adds an entry that shows it.
    #[must_use]
    pub fn shown_by(mut self, seq: u64) -> Self {
        self.entries.push(seq);
        self
    }
}

impl From<Outcome> for Judged {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            entries: Vec::new(),
        }
    }
}

/// Judges every rule over the case, in the order of the specification. A waiver excuses the act
/// that it was given for: not lateness, and not what went against the rule besides; in a case that
/// became part of another nothing stays open (R29).
#[must_use]
pub fn conformance(case: &Case, basis: &Basis, now: Timestamp) -> Vec<Finding> {
    let at = At::new(case, basis, now);
    Rule::ALL.iter().map(|&rule| finding(at, rule)).collect()
}

fn finding(at: At, rule: Rule) -> Finding {
    let judged = chapters::judge(rule, at)
        .unwrap_or_else(|| Judged::missing("No judge: this is a fault in Henhouse."));
    let judged = match judged.outcome {
        Outcome::Open { .. } if at.case.is_merged() => {
            Judged::not_applicable("It became part of another case.")
        }
        _ => judged,
    };
    let waivers = at.case.waivers.iter().filter(|waiver| waiver.rule == rule);
    let Judged { outcome, entries } = match at.case.waiver(rule) {
        Some(_) if stands_beside_a_waiver(at.case, rule, &judged) => {
            waivers.fold(judged, |judged, waiver| {
                let shown = judged.entries.contains(&waiver.seq);
                if shown {
                    judged
                } else {
                    judged.shown_by(waiver.seq)
                }
            })
        }
        Some(waiver) => Judged {
            outcome: Outcome::Waived {
                at: waiver.at,
                by: waiver.by.clone(),
                automatic: waiver.automatic,
                reason: waiver.reason.clone(),
            },
            entries: waivers.map(|waiver| waiver.seq).collect(),
        },
        None => judged,
    };
    Finding {
        rule,
        name: rule.name(),
        section: rule.section(),
        sentence: rule.sentence(),
        outcome,
        entries,
    }
}

/// What a waiver of the rule does not change.
fn stands_beside_a_waiver(case: &Case, rule: Rule, judged: &Judged) -> bool {
    match judged.outcome {
        Outcome::Done { .. } => kept_all_the_same(rule),
        Outcome::Late { .. } => true,
        // Leaving early is all that is waived of X4: its judge looks at the hand-overs.
        Outcome::Missing { .. } => rule == Rule::X4 || case.part.record.deviation(rule).is_some(),
        _ => false,
    }
}

/// What was waived at a closing gate can still be brought: the step is verified, the time is
/// told, the part of the report is written. What was done without asking stays done without
/// asking, however well the next act was prepared.
fn kept_all_the_same(rule: Rule) -> bool {
    use Rule::*;
    let asks_for_a_thing = [
        R18, R37, R40, R54, R71, R78, R80, R82, R84, R85, R86, R87, R110, X11, X16, X38, X40,
    ];
    asks_for_a_thing.contains(&rule)
}
