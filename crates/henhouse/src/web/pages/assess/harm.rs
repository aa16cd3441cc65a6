//! What is harmed: ticked in one go, each alike, or one by one.

use std::collections::BTreeSet;

use procedure::at::At;
use procedure::chapters::assess::{Harm, Impact, Whose, touched};
use procedure::id::StakeholderId;
use procedure::playbook::Property;

use crate::desk::CaseView;
use crate::report::Names;
use crate::web::fields::Fields;
use crate::web::pages::deed::{self, No};
use crate::web::words::Words;
use crate::web::{Call, Problem};

/// Everything that can be harmed.
const PROPERTIES: [(Property, &str); 4] = [
    (Property::Confidentiality, "confidentiality"),
    (Property::Integrity, "integrity"),
    (Property::Availability, "availability"),
    (Property::Privacy, "privacy"),
];

/// How far: the word as it is sent.
const HARMS: [(Harm, &str); 3] = [
    (Harm::None, "none"),
    (Harm::Potential, "potential"),
    (Harm::Actual, "actual"),
];

/// What is ticked.
pub(super) struct Marks {
    /// Something was said before: it is kept or changed one by one, and never weakened all at once.
    pub said: bool,
    pub rows: Vec<Row>,
    /// Whose it is: value, words, ticked.
    pub whose: Vec<(String, String, bool)>,
}

/// One thing that can be harmed.
pub(super) struct Row {
    pub name: &'static str,
    pub words: String,
    pub on: bool,
    /// How far, to be said one by one: value, words, chosen.
    pub harms: Vec<(&'static str, String, bool)>,
}

impl Marks {
    /// As it was sent, else as it was said last, else as the reporters' signs have it.
    pub(super) fn of(at: At, view: &CaseView, fields: &Fields, w: Words) -> Self {
        let said = at.case.part.assess.impact();
        let (sent, reported) = (fields.all("harmed"), touched(at));
        let row = |(property, name): (Property, &'static str)| {
            let harm = said.and_then(|said| harm_of(said, property));
            let on = match (fields.get("act"), said) {
                (Some(_), _) => sent.iter().any(|one| one == name),
                (None, Some(_)) => harm.is_some_and(|harm| harm != Harm::None),
                (None, None) => reported.contains(&property),
            };
            let choice = |(value, word): (Harm, &'static str)| {
                (word, harm_words(w, value), harm == Some(value))
            };
            Row {
                name,
                words: property_words(w, property),
                on,
                harms: HARMS.into_iter().map(choice).collect(),
            }
        };
        Self {
            said: said.is_some_and(|said| {
                PROPERTIES
                    .iter()
                    .any(|(one, _)| harm_of(said, *one).is_some())
            }),
            rows: PROPERTIES.into_iter().map(row).collect(),
            whose: whose(said, view, w),
        }
    }
}

fn whose(said: Option<&Impact>, view: &CaseView, w: Words) -> Vec<(String, String, bool)> {
    let named = said.filter(|said| !said.whose.is_empty());
    // Ours until somebody says otherwise.
    let on = |one: &Whose| named.map_or(*one == Whose::Ours, |said| said.whose.contains(one));
    let ours = w.say("assess-ours").into_owned();
    let mut all = vec![("ours".to_owned(), ours, on(&Whose::Ours))];
    let names = Names::new(&view.directory);
    let clients = view.basis.project.stakeholders.iter();
    for client in clients.filter(|known| known.outside) {
        let whose = Whose::Client(client.id.clone());
        let words = names.stakeholder(&client.id);
        all.push((client.id.to_string(), words, on(&whose)));
    }
    all
}

/// Keeps what was ticked. What was said before of machines, data and numbers stays.
pub(super) async fn take(call: &Call, view: &CaseView, fields: &Fields) -> Result<(), No> {
    let ticked = fields.all("harmed");
    let act = fields.get("act").unwrap_or_default();
    let far = match act {
        "actual" => Harm::Actual,
        "potential" => Harm::Potential,
        _ => Harm::None,
    };
    let known = matches!(act, "actual" | "potential" | "none" | "each");
    if !known || (far != Harm::None && ticked.is_empty()) {
        let words = call.words().say("assess-tick-first").into_owned();
        return Err(No::Other(Problem::field("/harmed", words)));
    }
    let mut impact = view.case.part.assess.impact().cloned().unwrap_or_default();
    for (property, name) in PROPERTIES {
        let harm = if act == "each" {
            let mut all = HARMS.into_iter();
            let said = fields.get(name);
            let said = all.find(|(_, word)| said == Some(*word));
            said.map(|(harm, _)| harm)
        } else if ticked.iter().any(|one| one == name) {
            Some(far)
        } else {
            Some(Harm::None)
        };
        set(&mut impact, property, harm);
    }
    impact.whose = match impact.harms_something() {
        true => fields.all("whose").iter().map(|one| owner(one)).collect(),
        false => BTreeSet::new(),
    };
    deed::give(call, view, impact, (fields, 0)).await
}

fn owner(one: &str) -> Whose {
    match one {
        "ours" => Whose::Ours,
        client => Whose::Client(StakeholderId::from(client)),
    }
}

pub(super) fn harm_of(impact: &Impact, property: Property) -> Option<Harm> {
    match property {
        Property::Confidentiality => impact.confidentiality,
        Property::Integrity => impact.integrity,
        Property::Availability => impact.availability,
        Property::Privacy => impact.privacy,
    }
}

fn set(impact: &mut Impact, property: Property, harm: Option<Harm>) {
    match property {
        Property::Confidentiality => impact.confidentiality = harm,
        Property::Integrity => impact.integrity = harm,
        Property::Availability => impact.availability = harm,
        Property::Privacy => impact.privacy = harm,
    }
}

/// What is harmed, in a line.
pub(super) fn told(w: Words, impact: &Impact) -> String {
    let told = |(property, _): (Property, &str)| {
        let harm = harm_of(impact, property).filter(|harm| *harm != Harm::None)?;
        Some(format!(
            "{}: {}",
            property_words(w, property),
            harm_words(w, harm)
        ))
    };
    let all: Vec<String> = PROPERTIES.into_iter().filter_map(told).collect();
    match all.is_empty() {
        true => w.say("assess-harm-none").into_owned(),
        false => all.join("; "),
    }
}

fn property_words(w: Words, property: Property) -> String {
    let words = match property {
        Property::Confidentiality => w.say("assess-confidentiality"),
        Property::Integrity => w.say("assess-integrity"),
        Property::Availability => w.say("assess-availability"),
        Property::Privacy => w.say("assess-privacy"),
    };
    words.into_owned()
}

fn harm_words(w: Words, harm: Harm) -> String {
    let words = match harm {
        Harm::None => w.say("assess-none"),
        Harm::Potential => w.say("assess-potential"),
        Harm::Actual => w.say("assess-actual"),
    };
    words.into_owned()
}
