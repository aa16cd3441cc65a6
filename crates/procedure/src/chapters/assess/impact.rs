//! What is harmed, whose it is, and how many people it reaches (R37, R121, X13).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::at::At;
use crate::decide::{Decision, Refusal};
use crate::id::{AssetId, StakeholderId};
use crate::playbook::Property;
use crate::rule::Rule;
use crate::switch::on;

/// Say what is harmed. What is said last counts as a whole; earlier words remain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Impact {
    /// Secrets stay secret. Left out: nobody has looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidentiality: Option<Harm>,
    /// Things are as they should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integrity: Option<Harm>,
    /// Things run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<Harm>,
    /// People's data is used as they may expect (X13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub privacy: Option<Harm>,
    /// Whose it is.
    #[serde(default)]
    pub whose: BTreeSet<Whose>,
    /// What is affected.
    #[serde(default)]
    pub assets: BTreeSet<AssetId>,
    /// What kinds of data are affected.
    #[serde(default)]
    pub data: BTreeSet<DataKind>,
    /// How many people are affected, as far as anybody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<u32>,
    /// The share of customers who notice, in percent (M8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customers_percent: Option<u8>,
    /// What it costs, in whole units of the playbook's currency (M8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss_amount: Option<u32>,
}

/// How far a property is harmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Harm {
    /// Not at all.
    None,
    /// It might be.
    Potential,
    /// It is.
    Actual,
}

/// Whose loss it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Our own.
    Ours,
    /// A client's.
    Client(StakeholderId),
}

/// A kind of data (R122).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DataKind {
    /// Data about people.
    Personal,
    /// Sensitive data about people (SPII).
    SensitivePersonal,
    /// Passwords, keys, tokens.
    Credentials,
    /// Documents that are not public.
    Internal,
    /// Documents held under contract or copyright.
    Contractual,
    /// Logs and backups.
    Logs,
    /// Something else.
    Other,
}

/// Entry: what is harmed was assessed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImpactAssessed {
    /// As it was said.
    pub impact: Impact,
}

/// One harmed property, as lists are filtered by it (R121).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Tag {
    /// What is harmed.
    pub property: Property,
    /// It is, or it might be.
    pub harm: Harm,
    /// Whose it is; nobody has said yet where there is none.
    pub whose: Option<Whose>,
}

impl Impact {
    /// Confidentiality, integrity and availability were looked at, each (R37).
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.confidentiality.is_some() && self.integrity.is_some() && self.availability.is_some()
    }

    /// What is harmed, or may be, one tag for each owner (R121). Privacy is one of them (X13).
    #[must_use]
    pub fn tags(&self) -> Vec<Tag> {
        let mut tags = Vec::new();
        for (property, harm) in self.harms() {
            let mut tag = |whose: Option<Whose>| tags.push(Tag { property, harm, whose });
            if self.whose.is_empty() || !on(Rule::R121) {
                tag(None);
            } else {
                self.whose.iter().cloned().for_each(|whose| tag(Some(whose)));
            }
        }
        tags
    }

    /// The properties that are harmed or may be.
    fn harms(&self) -> impl Iterator<Item = (Property, Harm)> {
        let privacy = self.privacy.filter(|_| on(Rule::X13));
        let all = [
            (Property::Confidentiality, self.confidentiality),
            (Property::Integrity, self.integrity),
            (Property::Availability, self.availability),
            (Property::Privacy, privacy),
        ];
        all.into_iter().filter_map(|(property, harm)| {
            harm.filter(|harm| *harm != Harm::None).map(|harm| (property, harm))
        })
    }

    /// Something is or may be harmed.
    #[must_use]
    pub fn harms_something(&self) -> bool {
        self.harms().next().is_some()
    }
}

/// Facts are taken as they are; only names must exist.
pub(super) fn assess(d: &mut Decision, impact: &Impact) -> Result<(), Refusal> {
    d.person()?;
    known(d.at, impact)?;
    d.record(ImpactAssessed { impact: impact.clone() });
    Ok(())
}

/// Refuses names that the project does not know.
pub(super) fn known(at: At, impact: &Impact) -> Result<(), Refusal> {
    let project = at.project();
    if impact.assets.iter().any(|asset| project.asset(asset).is_none()) {
        return Err(Refusal::invalid(
            "The project has no such asset.",
            "Add it to the project, or leave it out for now.",
        ));
    }
    let client = |whose: &Whose| match whose {
        Whose::Ours => true,
        Whose::Client(id) => project.stakeholders.iter().any(|known| &known.id == id),
    };
    if !impact.whose.iter().all(client) {
        return Err(Refusal::invalid(
            "The project has no such client.",
            "Add the client to the project's stakeholders, or leave it out for now.",
        ));
    }
    if impact.customers_percent.is_some_and(|percent| percent > 100) {
        return Err(Refusal::invalid(
            "There are no more than 100 percent of customers.",
            "Give a share from 0 to 100.",
        ));
    }
    Ok(())
}
