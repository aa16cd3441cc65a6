//! `/projects/{slug}/alert-rules`: what becomes of the project's alerts, what was held back, and what would become of one.

use askama::Template;
use procedure::project::{AlertIs, AlertRule, AlertTest, AlertThen};

use super::{Opened, Tabs, alert_list};
use crate::report::time::dated_utc;
use crate::web::api::alert_rules::{self as api, HeldAnswer, Tried, WouldCallLine};
use crate::web::fields::Fields;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::words::{Words, key};
use crate::web::{Call, Problem};

/// What may become of one: the word, and the name of its text.
const THENS: [(&str, AlertThen, &str); 3] = [
    ("joins", AlertThen::Joins, key("project-rule-joins")),
    ("opens", AlertThen::Opens, key("project-rule-opens")),
    ("counts", AlertThen::Counts, key("project-rule-counts")),
];
/// How words are compared.
pub(super) const IS: [(&str, AlertIs, &str); 12] = [
    ("equals", AlertIs::Equals, key("project-rule-equals")),
    ("contains", AlertIs::Contains, key("project-rule-contains")),
    ("starts", AlertIs::Starts, key("project-rule-starts")),
    ("ends", AlertIs::Ends, key("project-rule-ends")),
    (
        "equals_but_blanks",
        AlertIs::EqualsButBlanks,
        key("project-rule-blanks"),
    ),
    ("lists", AlertIs::Lists, key("project-rule-lists")),
    ("above", AlertIs::Above, key("project-rule-above")),
    ("below", AlertIs::Below, key("project-rule-below")),
    ("empty", AlertIs::Empty, key("project-rule-empty")),
    ("there", AlertIs::There, key("project-rule-there")),
    ("matches", AlertIs::Matches, key("project-rule-matches")),
    (
        "one_matches",
        AlertIs::OneMatches,
        key("project-rule-one-matches"),
    ),
];

#[derive(Template)]
#[template(path = "alert_rules.html")]
struct RulesPage {
    frame: Frame,
    slug: String,
    tabs: Tabs,
    rules: Vec<Row>,
    held: Vec<HeldAnswer>,
    sources: Vec<String>,
    thens: Vec<(&'static str, &'static str)>,
    ways: Vec<(&'static str, &'static str)>,
    typed: Typed,
    tried: Option<Said>,
}

/// A rule, in words.
struct Row {
    name: String,
    said: String,
    first: bool,
    /// How many it held back.
    held: i64,
}

/// What was typed.
#[derive(Default)]
struct Typed {
    name: String,
    source: String,
    field: String,
    value: String,
    minutes: String,
    body: String,
}

/// What would become of the alert that was tried.
struct Said {
    words: String,
    rule: String,
    /// Whom it would call, and when.
    calls: Vec<String>,
    fields: Vec<(String, String)>,
}

/// Shows them.
pub(super) async fn show(call: Call) -> Answer {
    let opened = Opened::of(&call).await?;
    page(&call, 200, opened, frame_none, Typed::default(), None)
}

fn frame_none(frame: Frame) -> Frame {
    frame
}

/// Adds a rule, takes one off, moves one up, or tries an alert.
pub(super) async fn change(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let opened = Opened::of(&call).await?;
    let typed = typed(&fields);
    if fields.get("act") == Some("try") {
        let tried = api::tried(&call, opened.id, &typed.source, &typed.body).await;
        return match tried {
            Ok(tried) => {
                let said = said(call.words(), &tried);
                page(&call, 200, opened, frame_none, typed, Some(said))
            }
            Err(problem) if problem.status < 500 => wrong(&call, opened, "body", problem, typed),
            Err(problem) => Err(problem),
        };
    }
    let rules = &opened.state.alert_rules;
    let rules = match alert_list::moved(rules, &fields, |rule| rule.name.as_str()) {
        Some(rules) => rules,
        None if !typed.minutes.is_empty() && typed.minutes.parse::<u32>().is_err() => {
            let words = call.words().say("project-source-minutes-wrong");
            let problem = Problem::field("minutes", words.into_owned());
            return wrong(&call, opened, "minutes", problem, typed);
        }
        None => {
            let added = rule(&fields, &typed);
            rules.iter().cloned().chain([added]).collect()
        }
    };
    match api::put(&call, opened.id, rules).await {
        Ok(_) => Ok(frame::lead_to(&format!(
            "/projects/{}/alert-rules",
            opened.slug()
        ))),
        Err(problem) if problem.status < 500 => wrong(&call, opened, "name", problem, typed),
        Err(problem) => Err(problem),
    }
}

fn wrong(
    call: &Call,
    opened: Opened,
    field: &'static str,
    problem: Problem,
    typed: Typed,
) -> Answer {
    let with = |frame: Frame| frame.wrong(field, problem.detail);
    page(call, 422, opened, with, typed, None)
}

fn typed(fields: &Fields) -> Typed {
    let typed = |name| frame::typed(fields, name);
    Typed {
        name: typed("name"),
        source: typed("source"),
        field: typed("field"),
        value: typed("value"),
        minutes: typed("minutes"),
        body: fields.get("body").unwrap_or_default().to_owned(),
    }
}

/// The test that a form says, if it says one.
pub(super) fn test(field: &str, not: bool, is: &str, value: &str) -> Option<AlertTest> {
    let is = IS.iter().find(|(word, ..)| *word == is);
    let test = AlertTest {
        field: field.to_owned(),
        not,
        is: is.map_or(AlertIs::Equals, |(_, is, _)| *is),
        value: value.to_owned(),
    };
    (!field.is_empty() || !value.is_empty()).then_some(test)
}

/// The rule that the form says.
fn rule(fields: &Fields, typed: &Typed) -> AlertRule {
    let chosen = |name| fields.get(name).unwrap_or_default();
    let then = THENS.iter().find(|(word, ..)| *word == chosen("then"));
    let not = fields.get("not").is_some();
    let test = test(&typed.field, not, chosen("is"), &typed.value);
    AlertRule {
        name: typed.name.clone(),
        sources: alert_list::named(&typed.source),
        all: test.into_iter().collect(),
        then: then.map_or(AlertThen::Joins, |(_, then, _)| *then),
        gather_minutes: typed.minutes.parse().ok(),
        waits_for_maintenance: fields.get("waits").is_some(),
        ..AlertRule::default()
    }
}

fn page(
    call: &Call,
    status: u16,
    opened: Opened,
    with: impl FnOnce(Frame) -> Frame,
    typed: Typed,
    tried: Option<Said>,
) -> Answer {
    let w = call.words();
    let told = api::told(&opened.state);
    let row = |(n, rule): (usize, &AlertRule)| Row {
        name: rule.name.clone(),
        said: in_words(w, rule),
        first: n == 0,
        held: alert_list::held(told.held.get(&rule.name)),
    };
    let rules = told.rules.iter().enumerate().map(row).collect();
    let sources = alert_list::sources(&opened.state);
    let mut held = told.last;
    for one in &mut held {
        one.at = one.at.parse().map(dated_utc).unwrap_or_default();
    }
    let page = RulesPage {
        slug: opened.slug().to_owned(),
        tabs: opened.tabs(w, "/alert-rules"),
        rules,
        held,
        sources,
        thens: THENS
            .iter()
            .map(|(word, _, label)| (*word, *label))
            .collect(),
        ways: IS.iter().map(|(word, _, label)| (*word, *label)).collect(),
        typed,
        tried,
        frame: with(opened.frame(call, "project-alert-rules", "project")),
    };
    frame::page(status, &page)
}

/// A test in words.
pub(super) fn test_in_words(w: Words, test: &AlertTest) -> String {
    let is = IS
        .iter()
        .find(|(_, is, _)| *is == test.is)
        .map_or("", |(_, _, label)| label);
    let not = if test.not {
        w.say("project-rule-not").into_owned()
    } else {
        String::new()
    };
    let value = match test.is.takes_word() {
        true => format!("\u{201c}{}\u{201d}", test.value),
        false => String::new(),
    };
    let words = [test.field.as_str(), &not, &w.say(is), &value];
    let words = words.into_iter().filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// A rule in one line.
fn in_words(w: Words, rule: &AlertRule) -> String {
    let mut all = Vec::new();
    if !rule.sources.is_empty() {
        let names: Vec<&str> = rule.sources.iter().map(String::as_str).collect();
        let names = names.join(", ");
        all.push(
            w.with("project-rule-of", "sources", names.as_str())
                .to_string(),
        );
    }
    all.extend(rule.all.iter().map(|test| test_in_words(w, test)));
    if all.is_empty() {
        all.push(w.say("project-rule-each").into_owned());
    }
    let then = THENS
        .iter()
        .find(|(_, then, _)| *then == rule.then)
        .map_or("", |(_, _, label)| label);
    let mut said = format!("{}: {}.", all.join(", "), w.say(then));
    if let Some(minutes) = rule.gather_minutes {
        let words = w.with("project-source-gathers", "n", i64::from(minutes));
        said.push_str(&format!(" {words}"));
    }
    if !rule.together_by.is_empty() {
        let by = rule.together_by.join(", ");
        said.push_str(&format!(
            " {}",
            w.with("project-rule-together", "fields", by.as_str())
        ));
    }
    if rule.waits_for_maintenance {
        said.push_str(&format!(" {}", w.say("project-rule-waits-said")));
    }
    said
}

/// Whom it would call when, in a line.
fn calls(w: Words, call: &WouldCallLine) -> String {
    let person = call.name.clone().or_else(|| call.person.clone());
    let who = person.unwrap_or_else(|| w.say("project-shadow-pager").into_owned());
    let [step, round] = [call.step, call.round].map(|n| i64::from(n.unwrap_or_default()));
    let because = match call.because.as_str() {
        "policy" => w
            .with("project-shadow-policy", "step", step)
            .and("round", round)
            .to_string(),
        "sheet" => w
            .with("project-shadow-sheet", "place", step)
            .and("round", round)
            .to_string(),
        _ => w.say("project-shadow-at-once").into_owned(),
    };
    w.with("project-try-call", "n", call.after_minutes)
        .and("who", who)
        .and("because", because)
        .to_string()
}

fn said(w: Words, tried: &Tried) -> Said {
    let case = tried.case.as_deref().unwrap_or_default();
    let sent = i64::try_from(tried.sent.unwrap_or(0)).unwrap_or(i64::MAX);
    let words = match tried.would.as_str() {
        "repeats" => w.with("project-try-repeats", "n", sent).to_string(),
        "held" if tried.waits_for.is_some() => w.say("project-try-waits").into_owned(),
        "held" => w.say("project-try-held").into_owned(),
        "joins" => w.with("project-try-joins", "case", case).to_string(),
        _ => match &tried.shadow_until {
            Some(until) => {
                let until = until.parse().map(dated_utc).unwrap_or_default();
                w.with("project-try-shadow", "until", until).to_string()
            }
            None => w.say("project-try-opens").into_owned(),
        },
    };
    let rule = match &tried.rule {
        Some(rule) => w
            .with("project-try-rule", "rule", rule.as_str())
            .to_string(),
        None => w.say("project-try-no-rule").into_owned(),
    };
    let route = tried.route.as_ref().map(|route| {
        w.with("project-try-route", "route", route.as_str())
            .to_string()
    });
    let mut fields = vec![
        ("title".to_owned(), tried.title.clone()),
        ("alias".to_owned(), tried.alias.clone()),
        (
            "gravity".to_owned(),
            tried.gravity.clone().unwrap_or_default(),
        ),
    ];
    fields.extend(tried.fields.clone());
    Said {
        words,
        rule: [Some(rule), route]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
        calls: tried.would_call.iter().map(|call| calls(w, call)).collect(),
        fields,
    }
}
