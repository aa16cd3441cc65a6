//! Alert rules: what an alert opens, what it joins, and what of it is only counted. The first rule that fits decides; where
//! none fits, an alert joins the event that its source opened last, or opens one. What is held back is kept and counted,
//! never thrown away, and what still goes on when planned work is over is an alert again (R24).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::check::{bad_name, short_name};
use super::{ProjectBody, ProjectState, Routed};
use crate::basis::Maintenance;
use crate::chapters::intake::Gravity;
use crate::decide::Refusal;
use crate::id::{AssetId, WindowId};
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// A project has at most so many rules.
const MOST_RULES: usize = 100;
/// A rule has at most so many tests, and gathers by at most so many fields.
const MOST_TESTS: usize = 10;
/// All rules of a project together, or all routes, have at most so many patterns: each is asked of each alert.
const MOST_PATTERNS: usize = 100;
/// The longest pattern, in characters.
pub const LONGEST_PATTERN: usize = 1_000;
/// The longest word of a test, in characters.
const LONGEST_WORD: usize = 200;
/// So many alerts are held back in a day. Whoever holds back more hides a flood, which somebody should see.
pub const MOST_HELD: u32 = 1_000;
/// So many that were held back are shown.
const SHOWN: usize = 50;

/// What becomes of an alert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AlertThen {
    /// It joins the event that others of its kind opened a while ago, or opens one.
    #[default]
    Joins,
    /// It opens an event of its own.
    Opens,
    /// It is kept and counted, and opens nothing.
    Counts,
}

/// How a word is compared; capitals do not matter, and numbers and priorities are compared by how high they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AlertIs {
    /// It is the word.
    Equals,
    /// The word stands in it.
    Contains,
    /// It begins with the word.
    Starts,
    /// It ends with the word.
    Ends,
    /// It is the word, whatever blanks stand in either.
    EqualsButBlanks,
    /// One of what stands in it between commas is the word.
    Lists,
    /// It is higher than the word: a number, or a priority from `P5` to `P1`.
    Above,
    /// It is lower than the word.
    Below,
    /// There is nothing in it, or no such field.
    Empty,
    /// There is such a field.
    There,
    /// The whole of it fits a pattern (a regular expression). Capitals matter.
    Matches,
    /// One of what stands in it between commas fits a pattern.
    OneMatches,
}

impl AlertIs {
    /// Whether it is compared with a word.
    #[must_use]
    pub fn takes_word(self) -> bool {
        !matches!(self, Self::Empty | Self::There)
    }

    /// Whether its word is a pattern.
    #[must_use]
    pub fn is_pattern(self) -> bool {
        matches!(self, Self::Matches | Self::OneMatches)
    }
}

/// One thing that has to be so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AlertTest {
    /// Of which field: `title`, `words`, `alias`, `gravity`, or a label, tag or detail of its sender's.
    pub field: String,
    /// It has to be otherwise.
    #[serde(default, skip_serializing_if = "is_false")]
    pub not: bool,
    /// How it is compared.
    pub is: AlertIs,
    /// With which word.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
}

/// One rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AlertRule {
    /// Its short name: small letters, digits and hyphens.
    pub name: String,
    /// It is for alerts of these sources, by name; of each, if none is named.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub sources: BTreeSet<String>,
    /// All of this has to be so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<AlertTest>,
    /// What becomes of the alert.
    #[serde(default)]
    pub then: AlertThen,
    /// So many minutes after the event was opened others join it, in place of the source's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gather_minutes: Option<u32>,
    /// Only alerts with the same words in these fields join one event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub together_by: Vec<String>,
    /// What its alerts are about; anything, if nothing is named.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub assets: BTreeSet<AssetId>,
    /// It is held back while planned work goes on there, until that is over.
    #[serde(default, skip_serializing_if = "is_false")]
    pub waits_for_maintenance: bool,
}

fn is_false(yes: &bool) -> bool {
    !yes
}

/// What a rule may look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertFacts {
    /// The name of its source.
    pub source: String,
    /// Its fields.
    pub fields: BTreeMap<String, String>,
    /// Of the tests by patterns those whose pattern fits. The engine works out no pattern: whoever states the facts does.
    pub fitting: Vec<AlertTest>,
}

/// What is made of an alert, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertVerdict {
    /// The rule that fits first.
    pub rule: Option<AlertRule>,
    /// The planned work that holds it back.
    pub window: Option<WindowId>,
    /// What becomes of it.
    pub then: AlertThen,
    /// What those that join one event have in common beside the rule.
    pub group: String,
    /// The routes that are for it, whatever the hour.
    pub routes: Vec<String>,
    /// The one of them that decides whom its event calls.
    pub routed: Option<Routed>,
    /// It is told in any event of its kind, whomever that calls.
    pub anywhere: bool,
}

/// Makes a verdict over an alert.
#[must_use]
pub fn judge_alert(
    rules: &[AlertRule],
    windows: &[Maintenance],
    facts: &AlertFacts,
    now: Timestamp,
) -> AlertVerdict {
    let Some(rule) = rules.iter().find(|rule| fits(rule, facts)) else {
        return AlertVerdict::default();
    };
    let window = waits_for(rule, windows, now);
    let word = |field: &String| {
        let said = facts.fields.get(field).map_or("", String::as_str);
        format!("{field}={said}")
    };
    AlertVerdict {
        window: window.map(|window| window.id.clone()),
        then: if window.is_some() {
            AlertThen::Counts
        } else {
            rule.then
        },
        group: rule
            .together_by
            .iter()
            .map(word)
            .collect::<Vec<_>>()
            .join(", "),
        rule: Some(rule.clone()),
        ..AlertVerdict::default()
    }
}

/// The planned work that goes on and holds back what this rule is for. What only counts needs none.
fn waits_for<'a>(
    rule: &AlertRule,
    windows: &'a [Maintenance],
    now: Timestamp,
) -> Option<&'a Maintenance> {
    let runs = |window: &&Maintenance| {
        let anything = window.assets.is_empty() || rule.assets.is_empty();
        let touches = anything || !window.assets.is_disjoint(&rule.assets);
        window.from <= now && now < window.until && touches
    };
    let holds = rule.waits_for_maintenance && rule.then != AlertThen::Counts && on(Rule::R24);
    windows.iter().filter(|_| holds).find(runs)
}

fn fits(rule: &AlertRule, facts: &AlertFacts) -> bool {
    let of_source = rule.sources.is_empty() || rule.sources.contains(&facts.source);
    of_source && rule.all.iter().all(|test| test.holds(facts))
}

impl AlertTest {
    /// Whether it is so.
    #[must_use]
    pub fn holds(&self, facts: &AlertFacts) -> bool {
        let field = facts.fields.get(&self.field);
        let said = field.map(|said| said.to_lowercase()).unwrap_or_default();
        let word = self.value.to_lowercase();
        let is = match self.is {
            AlertIs::Equals => said == word,
            AlertIs::Contains => said.contains(&word),
            AlertIs::Starts => said.starts_with(&word),
            AlertIs::Ends => said.ends_with(&word),
            AlertIs::EqualsButBlanks => dense(&said).eq(dense(&word)),
            AlertIs::Lists => said.split(',').any(|one| one.trim() == word.trim()),
            AlertIs::Above => higher(&said, &word),
            AlertIs::Below => higher(&word, &said),
            AlertIs::Empty => said.trim().is_empty(),
            AlertIs::There => field.is_some(),
            AlertIs::Matches | AlertIs::OneMatches => {
                let same = |fits: &AlertTest| {
                    (&fits.field, fits.is, &fits.value) == (&self.field, self.is, &self.value)
                };
                facts.fitting.iter().any(same)
            }
        };
        is != self.not
    }
}

fn dense(word: &str) -> impl Iterator<Item = char> + '_ {
    word.chars().filter(|c| !c.is_whitespace())
}

/// Whether one is higher than the other, where both are numbers or both are priorities.
fn higher(one: &str, other: &str) -> bool {
    let priority = |word: &str| {
        let n = word.trim().strip_prefix('p')?.parse::<u8>().ok()?;
        (1..=5).contains(&n).then(|| 6 - n)
    };
    if let (Some(one), Some(other)) = (priority(one), priority(other)) {
        return one > other;
    }
    let number = |word: &str| word.trim().parse::<f64>().ok();
    number(one)
        .zip(number(other))
        .is_some_and(|(one, other)| one > other)
}

/// Entry: the alert rules, as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertRulesSet {
    /// In the order in which they are asked.
    pub rules: Vec<AlertRule>,
}

/// What became of an alert that is held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldStep {
    /// It is held back from now on.
    Held,
    /// Its sender says that it is over.
    Over,
    /// Nothing holds it back any more, and it is an alert like others.
    Let,
}

/// Entry: an alert is held back by a rule, or not any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertHeld {
    /// Which source sent it.
    pub source: String,
    /// Which alert.
    pub alert: String,
    /// What became of it.
    pub step: HeldStep,
    /// By which rule.
    pub rule: String,
    /// By which route, where one calls nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// The routes that are for it, whatever the hour.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<String>,
    /// The planned work during which it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<WindowId>,
    /// How often it had been sent by then.
    pub times: u64,
    /// How grave its sender calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gravity: Option<Gravity>,
    /// The key by which its sender means it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<Text>,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// What it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Text>,
    /// What it has in common with others of its rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Text>,
}

/// What is held back, folded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeldAlerts {
    /// How many were held back, by rule.
    pub by_rule: BTreeMap<String, u64>,
    /// How many were held back, by route.
    pub by_route: BTreeMap<String, u64>,
    /// The last ones, newest last, each with when it came.
    pub last: Vec<(Timestamp, AlertHeld)>,
    /// Those that wait for the end of planned work, by id.
    pub waiting: BTreeMap<String, AlertHeld>,
    /// The day that is counted, in days since 1970 (UTC), and how many came in it.
    day: (i64, u32),
}

impl HeldAlerts {
    /// Whether one more may be held back.
    #[must_use]
    pub fn has_room(&self, now: Timestamp) -> bool {
        self.day.0 != day_of(now) || self.day.1 < MOST_HELD
    }

    fn apply(&mut self, held: &AlertHeld, at: Timestamp) {
        if held.step != HeldStep::Held {
            self.waiting.remove(&held.alert);
            return;
        }
        if let Some(before) = self.waiting.get_mut(&held.alert) {
            // It became graver while it waits: it is the same one.
            before.clone_from(held);
            let shown = self.last.iter_mut().map(|(_, shown)| shown);
            for shown in shown.filter(|shown| shown.alert == held.alert) {
                shown.clone_from(held);
            }
            return;
        }
        match &held.route {
            Some(route) => *self.by_route.entry(route.clone()).or_default() += 1,
            None => *self.by_rule.entry(held.rule.clone()).or_default() += 1,
        }
        let day = day_of(at);
        self.day = (day, if self.day.0 == day { self.day.1 + 1 } else { 1 });
        if held.window.is_some() {
            self.waiting.insert(held.alert.clone(), held.clone());
        }
        self.last.push((at, held.clone()));
        if self.last.len() > SHOWN {
            self.last.remove(0);
        }
    }
}

fn day_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(24 * 60 * 60)
}

pub(super) fn set(state: &ProjectState, rules: &[AlertRule]) -> Result<Vec<ProjectBody>, Refusal> {
    if rules.len() > MOST_RULES {
        let what = format!("A project has at most {MOST_RULES} alert rules.");
        return Err(Refusal::invalid(what, "Say several things with one rule."));
    }
    few_patterns("rules", rules.iter().flat_map(|rule| &rule.all))?;
    let mut names = BTreeSet::new();
    for rule in rules {
        sound(state, rule)?;
        if !names.insert(&rule.name) {
            let what = format!("Two alert rules are called {}.", rule.name);
            return Err(Refusal::invalid(what, "Give one of them another name."));
        }
    }
    Ok(alloc::vec![ProjectBody::AlertRulesSet(AlertRulesSet {
        rules: rules.to_vec()
    })])
}

fn sound(state: &ProjectState, rule: &AlertRule) -> Result<(), Refusal> {
    let in_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !short_name(&rule.name, 40, in_name) || rule.name.starts_with('-') {
        let allowed = "Use small letters, digits and hyphens, at most 40.";
        return Err(bad_name("The name of an alert rule", &rule.name, allowed));
    }
    let no = |what: String, fix: &'static str| Err(Refusal::invalid(what, fix));
    let name = &rule.name;
    let known = |wanted: &String| state.live_sources().any(|source| &source.name == wanted);
    if let Some(unknown) = rule.sources.iter().find(|wanted| !known(wanted)) {
        let what = format!("The rule {name} names an alert source {unknown}, which is not there.");
        return no(
            what,
            "Name one of the project's sources, or none for all of them.",
        );
    }
    let assets = state
        .project()
        .map(|project| project.assets)
        .unwrap_or_default();
    if let Some(unknown) = rule
        .assets
        .iter()
        .find(|id| !assets.iter().any(|asset| asset.id == **id))
    {
        let what = format!("The rule {name} names an asset {unknown}, which is not there.");
        return no(what, "Add the asset to the project first.");
    }
    let too_many = rule.all.len() > MOST_TESTS || rule.together_by.len() > MOST_TESTS;
    if too_many {
        return no(
            format!("The rule {name} has more than {MOST_TESTS} tests or fields."),
            "Make two rules of it.",
        );
    }
    let of = format!("rule {name}");
    sound_tests(&of, &rule.all)?;
    for field in &rule.together_by {
        sound_word(&of, field)?;
    }
    if rule.gather_minutes.is_some_and(|minutes| minutes > 24 * 60) {
        return no(
            format!("The rule {name} gathers for more than a day."),
            "Give at most 1440 minutes.",
        );
    }
    Ok(())
}

/// Refuses tests that say nothing, or too much. `of` is what they are of.
pub(super) fn sound_tests<'a>(
    of: &str,
    tests: impl IntoIterator<Item = &'a AlertTest>,
) -> Result<(), Refusal> {
    for test in tests {
        sound_word(of, &test.field)?;
        if test.is.is_pattern() {
            sound_pattern(of, &test.value)?;
        } else if test.is.takes_word() {
            sound_word(of, &test.value)?;
        } else if !test.value.is_empty() {
            return Err(Refusal::invalid(
                format!("The {of} compares a field with a word where there is none to compare."),
                "Leave the word out, or compare in another way.",
            ));
        }
    }
    Ok(())
}

/// Refuses more patterns than each alert may be asked.
pub(super) fn few_patterns<'a>(
    of: &str,
    tests: impl Iterator<Item = &'a AlertTest>,
) -> Result<(), Refusal> {
    if tests.filter(|test| test.is.is_pattern()).count() > MOST_PATTERNS {
        return Err(Refusal::invalid(
            format!("The alert {of} of a project have at most {MOST_PATTERNS} patterns."),
            "Compare with words where words do, or say several things with one pattern: a|b.",
        ));
    }
    Ok(())
}

fn sound_pattern(of: &str, pattern: &str) -> Result<(), Refusal> {
    if pattern.is_empty() || pattern.chars().count() > LONGEST_PATTERN || pattern.contains('\0') {
        return Err(Refusal::invalid(
            format!("The {of} has a pattern that is empty or longer than {LONGEST_PATTERN}."),
            "Say which pattern the whole field has to fit, such as .*(Critical|Error).*",
        ));
    }
    Ok(())
}

fn sound_word(of: &str, word: &str) -> Result<(), Refusal> {
    if word.trim().is_empty() || word.chars().count() > LONGEST_WORD || word.contains('\0') {
        return Err(Refusal::invalid(
            format!("The {of} has a field or a word that is empty or longer than {LONGEST_WORD}."),
            "Say which field, and which word.",
        ));
    }
    Ok(())
}

impl ProjectState {
    pub(super) fn hold_alert(&mut self, held: &AlertHeld, at: Timestamp) {
        self.held.apply(held, at);
    }

    /// When the first planned work is over that these alerts wait for.
    #[must_use]
    pub fn held_until(&self, which: impl Fn(&AlertHeld) -> bool) -> Option<Timestamp> {
        if self.held.waiting.is_empty() {
            return None;
        }
        let windows = self
            .project()
            .map(|project| project.maintenance)
            .unwrap_or_default();
        let until = |held: &AlertHeld| {
            let window = windows
                .iter()
                .find(|window| Some(&window.id) == held.window.as_ref());
            window.map_or(Timestamp::MIN, |window| window.until)
        };
        let waiting = self.held.waiting.values();
        waiting.filter(|held| which(held)).map(until).min()
    }

    /// Those that wait for nothing any more: the planned work is over, or its window or the rule is gone.
    #[must_use]
    pub fn let_go_at(&self, now: Timestamp) -> Vec<AlertHeld> {
        if self.held.waiting.is_empty() {
            return Vec::new();
        }
        let windows = self
            .project()
            .map(|project| project.maintenance)
            .unwrap_or_default();
        let over = |held: &&AlertHeld| {
            let mine = windows
                .iter()
                .find(|window| Some(&window.id) == held.window.as_ref());
            mine.is_none_or(|window| now >= window.until)
        };
        self.held.waiting.values().filter(over).cloned().collect()
    }
}

/// How long after an event was opened others join it.
#[must_use]
pub fn gathers_for(verdict: &AlertVerdict, of_source: u32) -> SignedDuration {
    let minutes = match (&verdict.rule, verdict.then) {
        (_, AlertThen::Opens) => 0,
        (Some(rule), _) => rule.gather_minutes.unwrap_or(of_source),
        (None, _) => of_source,
    };
    SignedDuration::from_mins(i64::from(minutes))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use alloc::string::ToString;
    use alloc::vec;

    use super::*;

    fn facts(fields: &[(&str, &str)]) -> AlertFacts {
        let fields = fields
            .iter()
            .map(|(name, word)| (name.to_string(), word.to_string()));
        AlertFacts {
            source: "prom".into(),
            fields: fields.collect(),
            fitting: vec![],
        }
    }

    fn test(field: &str, is: AlertIs, value: &str) -> AlertTest {
        AlertTest {
            field: field.into(),
            not: false,
            is,
            value: value.into(),
        }
    }

    #[test]
    fn the_first_rule_that_fits_decides_and_without_one_an_alert_joins() {
        let now = Timestamp::UNIX_EPOCH;
        let named = |name: &str, all, then| AlertRule {
            name: name.into(),
            all,
            then,
            ..AlertRule::default()
        };
        let rules = vec![
            named(
                "chatter",
                vec![test("gravity", AlertIs::Equals, "info")],
                AlertThen::Counts,
            ),
            named(
                "north",
                vec![test("coop", AlertIs::Starts, "NOR")],
                AlertThen::Opens,
            ),
            AlertRule {
                sources: ["other".to_string()].into(),
                ..named("rest", vec![], AlertThen::Counts)
            },
        ];
        for (said, rule, then) in [
            (
                &[("gravity", "info"), ("coop", "north")][..],
                Some("chatter"),
                AlertThen::Counts,
            ),
            (&[("coop", "North 2")], Some("north"), AlertThen::Opens),
            (&[("coop", "south")], None, AlertThen::Joins),
        ] {
            let verdict = judge_alert(&rules, &[], &facts(said), now);
            let name = verdict.rule.map(|rule| rule.name);
            assert_eq!((name.as_deref(), verdict.then), (rule, then), "{said:?}");
        }
        let mut not = test("coop", AlertIs::Ends, "th");
        not.not = true;
        assert!(not.holds(&facts(&[])) && !not.holds(&facts(&[("coop", "north")])));
    }

    #[test]
    fn a_pattern_holds_where_it_was_found_to_fit_and_is_never_worked_out_here() {
        let of = |field: &str, is, value: &str| test(field, is, value);
        let db = of("title", AlertIs::Matches, "db-.*");
        let mut facts = facts(&[("title", "db-1"), ("alias", "db-1")]);
        assert!(!db.holds(&facts), "nobody said so");
        facts.fitting.push(db.clone());
        let not = AlertTest {
            not: true,
            ..db.clone()
        };
        assert!(db.holds(&facts) && !not.holds(&facts));
        for other in [
            of("alias", AlertIs::Matches, "db-.*"),
            of("title", AlertIs::OneMatches, "db-.*"),
            of("title", AlertIs::Matches, "db-.+"),
        ] {
            assert!(!other.holds(&facts), "{other:?}");
        }
        let many = vec![db; MOST_PATTERNS + 1];
        assert!(few_patterns("rules", many.iter()).is_err());
        assert!(few_patterns("rules", many[1..].iter()).is_ok());
        let long = of("title", AlertIs::Matches, &"a".repeat(LONGEST_PATTERN + 1));
        assert!(sound_tests("rule", [&long]).is_err());
    }

    #[test]
    fn planned_work_holds_back_what_waits_for_it_from_its_beginning_to_before_its_end() {
        let at = |hour: i64| Timestamp::from_second(hour * 3600).unwrap();
        let window = |asset: &str| Maintenance {
            id: "w".into(),
            from: at(1),
            until: at(2),
            assets: [AssetId::from(asset)].into(),
        };
        let rule = AlertRule {
            name: "coop".into(),
            assets: [AssetId::from("coop")].into(),
            waits_for_maintenance: true,
            ..AlertRule::default()
        };
        let then = |asset, now| {
            judge_alert(
                core::slice::from_ref(&rule),
                &[window(asset)],
                &facts(&[]),
                now,
            )
            .then
        };
        let early = at(1) - SignedDuration::from_nanos(1);
        for (now, held) in [(early, false), (at(1), true), (at(2), false)] {
            assert_eq!(then("coop", now) == AlertThen::Counts, held, "{now}");
            assert_eq!(then("barn", now), AlertThen::Joins);
        }
    }
}
