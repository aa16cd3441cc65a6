//! Escalation chains of Grafana OnCall: steps one after another, some of which wait.

use serde_json::{Value, json};

use super::super::import::plan::{Fate, Plan, list, policy, text};
use super::convert::Ids;

/// A chain is gone through so many times more where one of its steps repeats it.
const REPEATS: u64 = 5;

pub(super) fn chain(one: &Value, objects: &Value, plan: &mut Plan, ids: &Ids) {
    let (name, id) = (text(one, "name"), text(one, "id"));
    let object = format!("escalation chain {name}");
    let mut all: Vec<&Value> = list(objects, "escalation_policies")
        .filter(|step| text(step, "escalation_chain_id") == id)
        .collect();
    all.sort_by_key(|step| step["position"].as_i64().unwrap_or(0));
    let mut walk = Walk {
        ids,
        seconds: 0,
        steps: Vec::new(),
        why: Vec::new(),
    };
    let mut again = None;
    for (place, step) in all.iter().enumerate() {
        if text(step, "type") == "repeat_escalation" {
            again = Some(REPEATS);
            if place + 1 < all.len() {
                walk.why
                    .push("its steps after the one that repeats it are left out".to_owned());
            }
            break;
        }
        walk.step(step);
    }
    let last = walk
        .steps
        .iter()
        .rev()
        .find(|(_, to)| !to.is_empty())
        .map_or(0, |(at, _)| *at);
    let wait = walk.minutes().saturating_sub(last);
    let Walk { steps, mut why, .. } = walk;
    let made = policy(steps, again.map(|times| (wait, times)), &mut why);
    why.dedup();
    let Some(made) = made else {
        why.push("it calls nobody who is known here".to_owned());
        plan.fates.push(Fate::new(object, false, why));
        return;
    };
    let id = ids.chains.get(id).cloned().unwrap_or_default();
    let mut fate = Fate::new(object, true, why);
    fate.said
        .push(format!("put it in force: henhouse on-call use {id}"));
    plan.policies.insert(id, (name.to_owned(), made));
    plan.fates.push(fate);
}

/// A chain as it is gone through.
struct Walk<'a> {
    ids: &'a Ids,
    /// Waited for so far.
    seconds: u64,
    steps: Vec<(u64, Vec<Value>)>,
    why: Vec<String>,
}

impl Walk<'_> {
    fn minutes(&self) -> u64 {
        self.seconds.div_ceil(60)
    }

    fn step(&mut self, step: &Value) {
        let kind = text(step, "type");
        let to = match kind {
            "wait" => {
                let seconds = step["duration"].as_u64().unwrap_or(0);
                self.seconds = self.seconds.saturating_add(seconds);
                return;
            }
            "notify_persons" => self.people(step, "persons_to_notify"),
            "notify_person_next_each_time" => {
                self.lost("a step that calls one after another, each time the next, calls all of them here");
                self.people(step, "persons_to_notify_next_each_time")
            }
            "notify_on_call_from_schedule" => {
                let schedule = self
                    .ids
                    .schedules
                    .get(text(step, "notify_on_call_from_schedule"));
                let made = schedule.map(|schedule| json!({ "schedule": schedule }));
                self.known(
                    made,
                    "the schedule of a step is not here: the step is left out",
                )
            }
            "notify_team_members" => {
                let team = self.ids.teams.get(text(step, "team_to_notify"));
                let made = team.map(|team| json!({ "team": team }));
                self.known(made, "the team of a step is not here: the step is left out")
            }
            other => {
                let why = said_of(other);
                self.why.push(why);
                return;
            }
        };
        let minutes = self.minutes();
        if step["important"] == true {
            self.lost("an important step is like any other: say in the routes of each person by what it is paged");
        }
        self.steps.push((minutes, to));
    }

    fn people(&mut self, step: &Value, field: &str) -> Vec<Value> {
        let mut people = Vec::new();
        for id in list(step, field).filter_map(Value::as_str) {
            match self.ids.users.get(id) {
                Some(person) => people.push(json!({ "person": person })),
                None => self.lost("somebody who is not called here is left out of a step"),
            }
        }
        people
    }

    fn known(&mut self, made: Option<Value>, why: &str) -> Vec<Value> {
        if made.is_none() {
            self.lost(why);
        }
        made.into_iter().collect()
    }

    fn lost(&mut self, why: &str) {
        if self.why.iter().all(|one| one != why) {
            self.why.push(why.to_owned());
        }
    }
}

/// What is lost with a step that has no place here.
fn said_of(kind: &str) -> String {
    match kind {
        "notify_if_time_from_to" => {
            "it goes on at every hour here, and not between two times alone".to_owned()
        }
        "notify_if_num_alerts_in_window" => {
            "it goes on with the first alert here, and not after so many alone".to_owned()
        }
        "resolve" => "nothing is closed here but by people".to_owned(),
        "trigger_webhook" => {
            "a webhook of it is left out: see the webhooks of the project".to_owned()
        }
        "declare_incident" => "a report is a case here from its beginning".to_owned(),
        "notify_user_group" | "notify_whole_channel" => {
            "a step to a group or channel of Slack is left out: name people or a team".to_owned()
        }
        other => format!("a step of the type {other:?} is left out: it is not known here"),
    }
}
