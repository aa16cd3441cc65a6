//! What a snapshot is to become here, and what is said of each of its objects.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Weekday;
use procedure::project::ORDER_OF_ROUTES;
use serde_json::{Map, Value, json};

/// What becomes of one object.
pub(in crate::cli) struct Fate {
    /// What it is, with its name.
    pub object: String,
    /// It is taken over, with what is lost in `why`; else it is refused because of `why`.
    pub taken: bool,
    pub why: Vec<String>,
    /// What is worth knowing and loses nothing.
    pub said: Vec<String>,
}

impl Fate {
    pub(in crate::cli) fn new(object: String, taken: bool, why: Vec<String>) -> Self {
        Self {
            object,
            taken,
            why,
            said: Vec::new(),
        }
    }

    pub(in crate::cli) fn refused(object: String, why: impl Into<String>) -> Self {
        Self::new(object, false, vec![why.into()])
    }

    pub(in crate::cli) fn word(&self) -> &'static str {
        match (self.taken, self.why.is_empty()) {
            (true, true) => "ok",
            (true, false) => "partly",
            (false, _) => "refused",
        }
    }
}

/// What is to be there.
#[derive(Default)]
pub(in crate::cli) struct Plan {
    pub fates: Vec<Fate>,
    /// Person by id: contact.
    pub people: BTreeMap<String, Value>,
    /// By id: title and people.
    pub teams: BTreeMap<String, (String, Vec<String>)>,
    /// By id: title and schedule.
    pub schedules: BTreeMap<String, (String, Value)>,
    /// By id: title and policy.
    pub policies: BTreeMap<String, (String, Value)>,
    /// The alert routes, in order; nothing where they were not read, or are not known there.
    pub routes: Option<Vec<Value>>,
    /// Who was to be on call by the other pager, for the schedules that it told of.
    pub expected: Vec<Expected>,
}

impl Plan {
    /// Whether a team, a schedule or a policy of it has this title, or a route this name.
    pub(super) fn has(&self, title: &str) -> bool {
        let mut routes = self.routes.iter().flatten();
        if routes.any(|route| route["name"] == title) {
            return true;
        }
        if title == ORDER_OF_ROUTES {
            return self.routes.is_some();
        }
        let teams = self.teams.values().map(|(title, _)| title);
        let schedules = self.schedules.values().map(|(title, _)| title);
        let policies = self.policies.values().map(|(title, _)| title);
        let mut all = teams.chain(schedules).chain(policies);
        all.any(|one| one == title)
    }
}

/// Who is on call in a schedule for a while, as the other pager says.
pub(in crate::cli) struct Expected {
    /// The schedule's id here.
    pub schedule: String,
    pub from: Timestamp,
    pub until: Timestamp,
    /// From, until and the person's id here; nothing where they are not known here.
    pub shifts: Vec<(Timestamp, Timestamp, Option<String>)>,
}

/// Ids of people: whoever is here by the same mail address is the same.
pub(in crate::cli) struct People {
    there: Map<String, Value>,
    taken: BTreeSet<String>,
}

impl People {
    pub(in crate::cli) fn of(known: &Value) -> Self {
        let there = known["directory"]["people"].as_object();
        let there = there.cloned().unwrap_or_default();
        let taken = there.keys().cloned().collect();
        Self { there, taken }
    }

    pub(in crate::cli) fn id(&mut self, name: &str, mail: &str) -> String {
        let same = |contact: &Value| {
            !mail.is_empty() && plain(&contact["mail"]).eq_ignore_ascii_case(mail)
        };
        let same = self.there.iter().find(|(_, contact)| same(contact));
        let id = match same {
            Some((id, _)) => id.clone(),
            None => free(&slug(name, "person"), &self.taken),
        };
        self.taken.insert(id.clone());
        id
    }
}

/// A contact; without a mail address where there is none.
pub(in crate::cli) fn contact(name: &str, mail: &str) -> Value {
    match mail {
        "" => json!({ "name": name }),
        mail => json!({ "name": name, "mail": mail }),
    }
}

/// The ids here of all objects of a kind, by their ids there. What is here under another title keeps its id: it is
/// something else.
pub(in crate::cli) fn name_all(
    objects: &Value,
    kind: &str,
    there: &Value,
) -> BTreeMap<String, String> {
    let titles: BTreeSet<&str> = list(objects, kind).map(|one| text(one, "name")).collect();
    let there = there.as_object().into_iter().flatten();
    let others = there.filter(|(_, title)| !titles.contains(plain(title)));
    let mut taken: BTreeSet<String> = others.map(|(id, _)| id.clone()).collect();
    let mut names = BTreeMap::new();
    for one in list(objects, kind) {
        let id = free(&slug(text(one, "name"), "unnamed"), &taken);
        taken.insert(id.clone());
        names.insert(text(one, "id").to_owned(), id);
    }
    names
}

/// A name with small letters, digits and hyphens.
pub(in crate::cli) fn slug(name: &str, without: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut slug = words.collect::<Vec<_>>().join("-");
    slug.truncate(40);
    let slug = slug.trim_end_matches('-').to_owned();
    if slug.is_empty() {
        without.to_owned()
    } else {
        slug
    }
}

/// The name, or the name with the next number behind it. It is found by halving: a file may have thousands of one name.
pub(in crate::cli) fn free(name: &str, taken: &BTreeSet<String>) -> String {
    if !taken.contains(name) {
        return name.to_owned();
    }
    let is_taken = |n: u64| taken.contains(&format!("{name}-{n}"));
    let (mut below, mut free) = (1, 2);
    while is_taken(free) {
        (below, free) = (free, free * 2);
    }
    while free - below > 1 {
        let middle = below + (free - below) / 2;
        match is_taken(middle) {
            true => below = middle,
            false => free = middle,
        }
    }
    format!("{name}-{free}")
}

pub(in crate::cli) fn list<'a>(of: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    of[name].as_array().into_iter().flatten()
}

pub(in crate::cli) fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_default()
}

/// A text of a directory, as the API tells it.
fn plain(text: &Value) -> &str {
    text.as_str()
        .or_else(|| text["$text"].as_str())
        .unwrap_or_default()
}

/// A name of at most sixty bytes.
pub(in crate::cli) fn short(name: &str) -> &str {
    let mut end = name.len().min(60);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.get(..end).unwrap_or_default()
}

/// A day of the week, as hours are told.
pub(in crate::cli) fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    }
}

/// The time that a text says.
pub(in crate::cli) fn instant(of: &Value, name: &str) -> Option<Timestamp> {
    text(of, name).parse().ok()
}

/// A policy within the bounds of ours, of steps by their minutes after the report; nothing where nobody is called. What
/// does not fit within a day is said: the contact sheet is called behind it.
pub(in crate::cli) fn policy(
    steps: Vec<(u64, Vec<Value>)>,
    again: Option<(u64, u64)>,
    why: &mut Vec<String>,
) -> Option<Value> {
    let mut all: Vec<(u64, Vec<Value>)> = Vec::new();
    for (minutes, to) in steps.into_iter().filter(|(_, to)| !to.is_empty()) {
        match all.last_mut() {
            Some(last) if last.0 == minutes => last.1.extend(to),
            _ => all.push((minutes, to)),
        }
    }
    let whole = all.len();
    if let Some(first) = all.first_mut()
        && first.0 > FIRST
    {
        why.push("its first step comes after an hour here, and not later".to_owned());
        first.0 = FIRST;
    }
    all.retain(|(minutes, _)| *minutes <= DAY);
    all.truncate(STEPS);
    if all.len() < whole {
        why.push("its steps after a day are left out: the contact sheet is called then".to_owned());
    }
    let last = all.last()?.0;
    let list: Vec<Value> = all
        .into_iter()
        .map(|(minutes, to)| json!({ "after_minutes": minutes, "to": to }))
        .collect();
    let mut policy = json!({ "steps": list });
    if let Some((wait, times)) = again.filter(|(_, times)| *times > 0) {
        let wait = wait.max(1);
        let fit = (DAY - last) / (last + wait);
        if times > fit.min(50) {
            why.push(format!(
                "it is gone through again {} times and not {times}: a policy ends within a day here",
                fit.min(50)
            ));
        }
        let times = times.min(fit).min(50);
        if times > 0 {
            policy["again"] = json!({ "after_minutes": wait, "times": times });
        }
    }
    Some(policy)
}

/// Minutes after which the first step comes at the latest, those in a day, and the most steps.
const FIRST: u64 = 60;
const DAY: u64 = 24 * 60;
const STEPS: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_of_one_name_get_a_name_each_in_order() {
        let mut taken = BTreeSet::new();
        for n in 1..50_000 {
            let name = free("barn", &taken);
            let expected = if n == 1 {
                "barn".to_owned()
            } else {
                format!("barn-{n}")
            };
            assert_eq!(name, expected);
            taken.insert(name);
        }
    }
}
