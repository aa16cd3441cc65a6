//! Which severity the facts suggest (M8). A human chooses.
//!
//! Yes to a criterion, or an example that fits, beats everything else. Then come the size
//! of the harm, an "unknown" about sensitive data, all criteria answered no, systems that
//! serve nobody, and last, to break ties, what the project holds. Otherwise: unknown.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::impact::Harm;
use super::payload::Question;
use crate::at::At;
use crate::basis::Environment;
use crate::playbook::{Answer, Criterion, Pick, Property, Severity, Sign};
use crate::rule::Rule;
use crate::switch::on;

/// A severity that is suggested, and what speaks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The severity; unknown if nothing speaks for any.
    pub severity: Severity,
    /// What speaks for it, each with its rule.
    pub because: Vec<Because>,
}

/// One thing that speaks for a severity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because {
    /// The rule that says so.
    pub rule: Rule,
    /// What it found, in a sentence.
    pub sentence: String,
}

/// The severity that is suggested now; unknown if nothing speaks for any.
#[must_use]
pub fn suggested(at: At) -> Severity {
    suggestion(at).severity
}

/// The severity that is suggested now, with the rules that say so.
#[must_use]
pub fn suggestion(at: At) -> Suggestion {
    if !on(Rule::R39) {
        return Suggestion { severity: Severity::Unknown, because: Vec::new() };
    }
    let grave = speaking(at);
    if let Some(severity) = grave.iter().map(|(severity, _)| *severity).max() {
        let most = grave.into_iter().filter(|(one, _)| *one == severity);
        return Suggestion { severity, because: most.map(|(_, because)| because).collect() };
    }
    let playbook = &at.playbook().assessment;
    let (answers, all) = (answers(at), &playbook.criteria);
    let no_to_all = all.iter().all(|c| answers.get(c.id.as_str()) == Some(&Answer::No));
    let (severity, because) = if no_to_all && on(Rule::R100) {
        (Severity::Low, because(Rule::R100, "Every criterion is answered no."))
    } else if serves_nobody(at) && on(Rule::R123) {
        (Severity::Low, because(Rule::R123, "Only systems outside production are touched."))
    } else if holds_nothing_sensitive(at) && on(Rule::R89) {
        let sentence = "The project holds no sensitive data and no high-value assets.";
        (playbook.expected_without_sensitive_data, because(Rule::R89, sentence))
    } else {
        return Suggestion { severity: Severity::Unknown, because: Vec::new() };
    };
    Suggestion { severity, because: vec![because] }
}

fn because(rule: Rule, sentence: impl Into<String>) -> Because {
    Because { rule, sentence: sentence.into() }
}

/// Everything that speaks for a severity by itself.
fn speaking(at: At) -> Vec<(Severity, Because)> {
    let answers = answers(at);
    let yes = |criterion: &&Criterion| answers.get(criterion.id.as_str()) == Some(&Answer::Yes);
    let criteria = at.playbook().assessment.criteria.iter().filter(counts).filter(yes);
    let by_criteria = criteria.map(|c| {
        let rule = rule_of(&c.rule).unwrap_or(Rule::R39);
        let sentence = match only_involved(at, c) {
            true => INVOLVED.into(),
            false => format!("Yes: {}", c.question),
        };
        (c.yes_suggests, because(rule, sentence))
    });
    let by_picks = fitting(at).map(|pick| {
        let rule = rule_of(&pick.rule).unwrap_or(Rule::R39);
        (pick.suggests, because(rule, format!("It is like this example: {}.", pick.label)))
    });
    let by_doubt = by_doubt(at, &answers).map(|severity| {
        let sentence = "Whether sensitive personal data is involved is not known.";
        (severity, because(Rule::R95, sentence))
    });
    by_criteria.chain(by_picks).chain(by_size(at)).chain(by_doubt).collect()
}

/// What was said where nobody has answered what became of the data.
const INVOLVED: &str = "Sensitive personal data is involved. Whether somebody read, took or changed it has not been \
    answered: until then it counts as if.";

/// Whether a yes to this stands on nothing but that sensitive data is involved.
fn only_involved(at: At, criterion: &Criterion) -> bool {
    let assess = &at.case.part.assess;
    criterion.sensitive_data
        && !assess.criteria.contains_key(&criterion.id)
        && !fitting(at).any(|pick| pick.answers.get(&criterion.id) == Some(&Answer::Yes))
}

/// Sensitive data is involved, since by the criteria somebody read, took or changed it.
#[must_use]
pub fn data_was_touched(at: At) -> bool {
    let answers = answers(at);
    let mut criteria = at.playbook().assessment.criteria.iter().filter(|c| c.sensitive_data);
    criteria.any(|criterion| answers.get(criterion.id.as_str()) == Some(&Answer::Yes))
}

/// Whether sensitive data is involved, as far as anybody has said: in answer to the question, or by the criteria where
/// that answer leaves it open.
#[must_use]
pub fn data_is_involved(at: At) -> Option<Answer> {
    let answered = at.case.part.assess.answer(Question::SensitiveData).map(|said| said.answer);
    match answered {
        None | Some(Answer::Unknown) if data_was_touched(at) => Some(Answer::Yes),
        answered => answered,
    }
}

fn counts(criterion: &&Criterion) -> bool {
    is_on(&criterion.rule)
}

/// Whether the rule behind a criterion or an example is in force.
fn is_on(id: &str) -> bool {
    rule_of(id).is_none_or(on)
}

fn rule_of(id: &str) -> Option<Rule> {
    Rule::ALL.iter().find(|rule| rule.id() == id).copied()
}

/// The criteria as they stand: answered in words, else by an example that fits.
fn answers<'a>(at: At<'a>) -> BTreeMap<&'a str, Answer> {
    let assess = &at.case.part.assess;
    let mut answers: BTreeMap<&'a str, Answer> = BTreeMap::new();
    for (id, answer) in fitting(at).flat_map(|pick| &pick.answers) {
        let slot = answers.entry(id.as_str()).or_insert(*answer);
        *slot = grave(*slot, *answer);
    }
    if let Some(answered) = assess.answer(Question::SensitiveData) {
        let criteria = at.playbook().assessment.criteria.iter().filter(|c| c.sensitive_data);
        answers.extend(criteria.map(|criterion| (criterion.id.as_str(), answered.answer)));
    }
    let said = assess.criteria.iter().map(|(id, (answer, _))| (id.as_str(), *answer));
    answers.extend(said);
    answers
}

/// Of two answers the one that worries more.
fn grave(a: Answer, b: Answer) -> Answer {
    match (a, b) {
        (Answer::Yes, _) | (_, Answer::Yes) => Answer::Yes,
        (Answer::Unknown, _) | (_, Answer::Unknown) => Answer::Unknown,
        (Answer::No, Answer::No) => Answer::No,
    }
}

/// The examples picked that no answer in words contradicts.
fn fitting<'a>(at: At<'a>) -> impl Iterator<Item = &'a Pick> {
    let assess = &at.case.part.assess;
    let agrees = |(id, answer): (&String, &Answer)| {
        assess.criteria.get(id).is_none_or(|(said, _)| said == answer)
    };
    let picks = at.playbook().assessment.picks.iter();
    picks
        .filter(|pick| assess.picks.contains_key(&pick.id) && is_on(&pick.rule))
        .filter(move |pick| pick.answers.iter().all(agrees))
}

/// "Large", "significant" and "limited" in numbers (M8).
fn by_size(at: At) -> Option<(Severity, Because)> {
    let impact = at.case.part.assess.impact()?;
    let limits = &at.playbook().assessment.thresholds;
    let (share, loss) = (impact.customers_percent.unwrap_or(0), impact.loss_amount.unwrap_or(0));
    let large = share >= limits.large_customers_percent || loss >= limits.significant_loss_amount;
    let limited = share >= limits.limited_customers_percent || loss >= limits.limited_loss_amount;
    match (large && on(Rule::R90), limited && on(Rule::R95)) {
        (true, _) => {
            let sentence = "So many customers or so much money is a large loss by the playbook.";
            Some((Severity::High, because(Rule::R90, sentence)))
        }
        (false, true) => {
            let sentence = "So many customers or so much money is a limited loss by the playbook.";
            Some((Severity::Medium, because(Rule::R95, sentence)))
        }
        (false, false) => None,
    }
}

/// Unknown about sensitive data suggests Medium, unless the project holds none or nothing
/// at all is known (M8).
fn by_doubt(at: At, answers: &BTreeMap<&str, Answer>) -> Option<Severity> {
    let playbook = &at.playbook().assessment;
    let unknown = |c: &Criterion| answers.get(c.id.as_str()) == Some(&Answer::Unknown);
    let doubted = playbook.criteria.iter().any(|c| c.sensitive_data && unknown(c));
    let nothing_known = playbook.criteria.iter().all(unknown);
    let holds_none = at.project().profile.sensitive_pii == Some(false);
    let medium = doubted && !nothing_known && !holds_none && on(Rule::R95);
    medium.then_some(playbook.when_sensitive_data_unknown)
}

/// Everything affected is outside production, and only its running is touched (R123).
pub(super) fn serves_nobody(at: At) -> bool {
    let reports = &at.case.part.intake.reports;
    let impact = at.case.part.assess.impact();
    let reported = reports.iter().flat_map(|received| &received.report.assets);
    let mut assets = reported.chain(impact.iter().flat_map(|impact| &impact.assets)).peekable();
    let production = |id| {
        let asset = at.project().asset(id);
        asset.is_none_or(|asset| asset.environment == Environment::Production)
    };
    let only_running = signs(at).all(|sign| sign.production_only);
    let harmless = impact.is_none_or(|impact| {
        let others = [impact.confidentiality, impact.integrity, impact.privacy];
        others.into_iter().all(|harm| harm.is_none_or(|harm| harm == Harm::None))
    });
    assets.peek().is_some() && !assets.any(production) && only_running && harmless
}

fn holds_nothing_sensitive(at: At) -> bool {
    let profile = &at.project().profile;
    profile.sensitive_pii == Some(false) && profile.high_value_assets == Some(false)
}

/// What the reporters' signs touch: a first guess at what is harmed, for whoever assesses it (R122, R123).
#[must_use]
pub fn touched(at: At) -> BTreeSet<Property> {
    signs(at).map(|sign| sign.property).collect()
}

/// The signs that reporters picked.
fn signs<'a>(at: At<'a>) -> impl Iterator<Item = &'a Sign> {
    let known = &at.playbook().intake.signs;
    at.case.part.intake.reports.iter().flat_map(move |received| {
        known
            .iter()
            .filter(|sign| received.report.signs.contains(&sign.id))
    })
}
