//! The actions of Opsgenie's email integrations as rules for `[mail_in.alerts]`. Addresses stand in the settings, which no snapshot
//! changes: the lines are shown, to be put there.

use serde_json::Value;

use super::super::import::plan::{Fate, list, slug, text};
use super::convert::named;
use super::routing::compared;
use crate::inbound::mail_alerts::MailAlertSettings;

/// The kinds of its actions, in the order in which its API lists them, and what each is here.
const KINDS: [(&str, &str); 5] = [
    ("ignore", "ignore"),
    ("create", "create"),
    ("close", "close"),
    ("acknowledge", "acknowledge"),
    ("addNote", "note"),
];
/// What its fields of a mail are called, in small letters and without what joins words, and what they are here.
const FIELDS: [(&str, &str); 12] = [
    ("fromaddress", "from"),
    ("from", "from"),
    ("fromname", "from_name"),
    ("to", "to"),
    ("toaddress", "to"),
    ("recipient", "to"),
    ("recipients", "to"),
    ("subject", "subject"),
    ("conversationsubject", "plain_subject"),
    ("message", "body"),
    ("body", "body"),
    ("content", "body"),
];
/// The longest name of a rule, in characters.
const LONGEST_NAME: usize = 60;

/// What becomes of the actions of one integration.
#[derive(Default)]
pub(super) struct Rules {
    /// So many there are.
    many: usize,
    /// Each that comes over, as lines of TOML without their heading.
    rules: Vec<String>,
    /// What does not come over, each with its reason.
    lost: Vec<String>,
}

/// Whether mails come in by it.
pub(super) fn is_mail(integration: &Value) -> bool {
    text(integration, "type").ends_with("Email")
}

/// What becomes of it.
pub(super) fn fate(integration: &Value, was_read: bool) -> Fate {
    let object = format!("integration {}", named(integration));
    if !was_read {
        return Fate::refused(
            object,
            "its rules were not read: write them by hand into [mail_in.alerts] (docs/operate/alerts-in.md)",
        );
    }
    let Rules { many, rules, lost } = of(integration);
    let first = match rules.len() {
        0 => "a mail to an address of [mail_in.alerts] is an alert without any rule".to_owned(),
        over => format!(
            "{over} of its {many} rules can be put into [mail_in.alerts]: henhouse opsgenie mail-rules shows them"
        ),
    };
    let why = std::iter::once(first).chain(lost).collect();
    Fate::new(object, false, why)
}

/// The lines for the settings, for every integration by which mails come in.
pub(super) fn settings(objects: &Value, project: &str, source: &str) -> String {
    let mut whole = String::new();
    for one in list(objects, "integrations").filter(|one| is_mail(one)) {
        let Rules { rules, lost, .. } = of(one);
        let at = quote(&format!("{}@hen.example.org", slug(named(one), "alerts")));
        let name = quote(named(one));
        let (project, source) = (quote(project), quote(source));
        whole.push_str(&format!(
            "# Opsgenie's integration {name}; write the address to which your monitoring sends\n\
             [mail_in.alerts.{at}]\nproject = {project}\nsource = {source}\n"
        ));
        for lost in lost {
            whole.push_str(&format!("# left out: {}\n", quote(&lost)));
        }
        for rule in rules {
            whole.push_str(&format!("[[mail_in.alerts.{at}.rules]]\n{rule}"));
        }
        whole.push('\n');
    }
    whole
}

fn of(integration: &Value) -> Rules {
    let mut all = Rules::default();
    let actions = list(integration, "actions").next().unwrap_or(&Value::Null);
    for (kind, then) in KINDS {
        let mut actions: Vec<&Value> = list(actions, kind).collect();
        actions.sort_by_key(|action| action["order"].as_u64());
        all.many += actions.len();
        for action in actions {
            match rule(action, then).and_then(|rule| sound(&rule).map(|()| rule)) {
                Ok(rule) => all.rules.push(rule),
                Err(why) => all.lost.push(format!("its rule {}: {why}", named(action))),
            }
            let responders = ["responders", "recipients"].iter();
            if responders
                .clone()
                .any(|name| list(action, name).next().is_some())
            {
                all.lost.push(format!(
                    "the responders of its rule {}: say in the alert routes whom it calls",
                    named(action)
                ));
            }
        }
    }
    all
}

/// Whether the settings take it.
fn sound(rule: &str) -> Result<(), String> {
    let whole = format!("project = \"x\"\nsource = \"x\"\n[[rules]]\n{rule}");
    let read = ::toml::from_str::<MailAlertSettings>(&whole);
    let read = read.map_err(|error| error.message().to_owned())?;
    let made = read.at("a@hen.example.org").map(drop);
    made.map_err(|error| {
        let said = error.to_string();
        said.rsplit_once("\": ")
            .map_or(said.clone(), |(_, why)| why.to_owned())
    })
}

fn rule(action: &Value, then: &str) -> Result<String, String> {
    let name: String = named(action).chars().take(LONGEST_NAME).collect();
    let mut lines = format!("name = {}\nthen = \"{then}\"\n", quote(&name));
    let filter = &action["filter"];
    let conditions: Result<Vec<String>, String> = list(filter, "conditions").map(test).collect();
    let kind = match text(filter, "conditionMatchType") {
        "" | "match-all" => None,
        "match-all-conditions" => Some("all"),
        "match-any-condition" => Some("any"),
        other => return Err(format!("its filter {other:?} is not known here")),
    };
    if let Some(kind) = kind {
        lines.push_str(&format!("{kind} = [{}]\n", conditions?.join(", ")));
    }
    if then == "ignore" {
        return Ok(lines);
    }
    let mut find = Vec::new();
    let said: &[(&str, &str)] = match then {
        "create" => &[
            ("alias", "alias"),
            ("message", "message"),
            ("description", "description"),
        ],
        _ => &[("alias", "alias"), ("note", "note")],
    };
    for (theirs, ours) in said {
        let words = text(action, theirs);
        if !words.trim().is_empty() {
            let words = quote(&template(words, &mut find)?);
            lines.push_str(&format!("{ours} = {words}\n"));
        }
    }
    if then == "create" {
        let priority = text(action, "priority");
        if !priority.is_empty() {
            lines.push_str(&format!("priority = {}\n", quote(priority)));
        }
        let tags: Result<Vec<String>, String> = list(action, "tags")
            .filter_map(Value::as_str)
            .map(|tag| Ok(quote(&template(tag, &mut find)?)))
            .collect();
        let tags = tags?;
        if !tags.is_empty() {
            lines.push_str(&format!("tags = [{}]\n", tags.join(", ")));
        }
    }
    for (n, found) in find.iter().enumerate() {
        lines.push_str(&format!("find.found{} = {found}\n", n + 1));
    }
    Ok(lines)
}

/// One condition, as a test.
fn test(condition: &Value) -> Result<String, String> {
    let said = text(condition, "field");
    let field = field(said).ok_or_else(|| format!("its field {said:?} is not known here"))?;
    let is = match (field, compared(text(condition, "operation"))?) {
        ("to", "equals") => "lists",
        ("to", "matches") => "one_matches",
        (_, is) => is,
    };
    let word = text(condition, "expectedValue");
    let value = match is {
        "empty" => String::new(),
        _ => format!(", value = {}", quote(word)),
    };
    let not = match condition["not"] == true {
        true => ", not = true",
        false => "",
    };
    Ok(format!(
        "{{ field = \"{field}\", is = \"{is}\"{value}{not} }}"
    ))
}

fn field(said: &str) -> Option<&'static str> {
    let bare = said.chars().filter(char::is_ascii_alphabetic);
    let bare = bare.collect::<String>().to_ascii_lowercase();
    let found = FIELDS.iter().find(|(theirs, _)| *theirs == bare);
    found.map(|(_, ours)| *ours)
}

/// A text with its places, and what is to be found for them.
fn template(said: &str, find: &mut Vec<String>) -> Result<String, String> {
    let (mut whole, mut rest) = (String::new(), said);
    while let Some((before, behind)) = rest.split_once("{{") {
        let unknown = |place: &str| format!("what stands in {{{{{place}}}}} is not known here");
        let (place, more) = behind.split_once("}}").ok_or_else(|| unknown(behind))?;
        let place = place.trim();
        whole.push_str(before);
        match field(place).filter(|_| !place.contains('(')) {
            Some(field) => whole.push_str(&format!("{{{{{field}}}}}")),
            None => {
                let found = found(place).ok_or_else(|| unknown(place))?;
                let known = find.iter().position(|one| *one == found);
                let n = known.unwrap_or_else(|| {
                    find.push(found);
                    find.len() - 1
                });
                whole.push_str(&format!("{{{{found{}}}}}", n + 1));
            }
        }
        rest = more;
    }
    whole.push_str(rest);
    Ok(whole)
}

/// What one of Opsgenie's ways to cut something out of a field finds.
fn found(place: &str) -> Option<String> {
    let (of, call) = place.split_once('.')?;
    let field = field(of)?;
    let (name, words) = call.trim().strip_suffix(')')?.split_once('(')?;
    let words = words.trim();
    let how = match name.trim() {
        "extract" => {
            let pattern = words.strip_prefix('/')?.strip_suffix('/')?;
            let pattern = match pattern.contains('(') {
                true => pattern.to_owned(),
                false => format!("({pattern})"),
            };
            format!("pattern = {}", quote(&pattern))
        }
        "substringBefore" => format!("before = {}", quote(only(words)?)),
        // To the end of the whole there, to the end of the line here.
        "substringAfter" if field != "body" => format!("after = {}", quote(only(words)?)),
        "substringBetween" => {
            let (after, rest) = quoted(words)?;
            let before = only(rest.trim().strip_prefix(',')?.trim())?;
            format!("after = {}, before = {}", quote(after), quote(before))
        }
        _ => return None,
    };
    Some(format!("{{ field = \"{field}\", {how} }}"))
}

/// What stands in quotes, and what stands behind them. What has a backslash in it is not read.
fn quoted(words: &str) -> Option<(&str, &str)> {
    let quote = words.chars().next().filter(|c| "\"'".contains(*c))?;
    let (word, rest) = words.get(1..)?.split_once(quote)?;
    (!word.contains('\\') && !word.is_empty()).then_some((word, rest))
}

fn only(words: &str) -> Option<&str> {
    quoted(words)
        .filter(|(_, rest)| rest.trim().is_empty())
        .map(|(word, _)| word)
}

/// A string of TOML on one line: JSON writes it alike, but for one sign that nobody misses.
fn quote(words: &str) -> String {
    Value::from(words.replace('\u{7f}', "")).to_string()
}
