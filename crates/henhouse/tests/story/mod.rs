//! Stories: whole cases from the report to the close, in the scenario language of the engine,
//! played from outside on a drill's clock, with real mail.

#![allow(dead_code, reason = "each test program uses its part of the stage")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

#[path = "../../../procedure/tests/stage/fields.rs"]
mod fields;
mod project;
pub mod seen;
pub mod server;
pub mod ways;

use std::path::Path;

use serde_json::Value;

use fields::{fields_of, is_rule, json_of};
use seen::Seen;
use server::{Ground, Server};
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

/// Plays one story against a server of its own, and says which rules it has shown.
pub fn play(story: &Story, ground: Ground, way: impl Fn(&Server) -> Box<dyn Way>) -> Seen {
    let begins = story
        .steps
        .iter()
        .find_map(|(_, line)| line.strip_prefix("at "));
    let server = Server::start(begins.unwrap_or("2026-03-02T03:00:00Z"), ground);
    if !story
        .steps
        .iter()
        .any(|(_, line)| line == "reviewed by nobody")
    {
        server.review_playbook(1);
    }
    let way = way(&server);
    let mut player = Player {
        server,
        way,
        number: String::new(),
        refused: None,
        project: None,
        seen: Seen::default(),
    };
    for (n, (place, line)) in story.steps.iter().enumerate() {
        match n % 40 {
            15 => player.server.lose_a_node(),
            25 => player.server.find_it_again(),
            _ => {}
        }
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
    player.seen.read(&player.findings());
    player.server.check_mail();
    player.server.stop_and_verify();
    player.seen
}

struct Player {
    server: Server,
    way: Box<dyn Way>,
    number: String,
    refused: Option<Refused>,
    project: Option<(Value, Value)>,
    seen: Seen,
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
            "roster" => self.change(|project, directory| project::roster(rest, project, directory)),
            "on" => {
                let now = self.server.now();
                self.change(|project, _| project::on_call(rest, &now, project))
            }
            "project" => {
                let (field, value) = rest.split_once('=').ok_or("project field = json")?;
                let value = json_of(value.trim());
                self.change(|project, directory| {
                    project::field(field.trim(), value, project, directory);
                })
            }
            "zone" => self.change(|project, _| project["calendar"] = project::calendar(rest)),
            "ticks" => self.tick_all(rest),
            "playbook" => {
                let (path, value) = rest.split_once('=').ok_or("playbook path = value")?;
                self.server
                    .change_playbook(path.trim(), json_of(value.trim()))
            }
            "reviewed" => Ok(()),
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
        if who == "system" {
            // What the program itself notices, it notices here without being told.
            return Ok(());
        }
        let (name, fields) = rest.split_once(' ').unwrap_or((rest, ""));
        let fields = fields_of(fields, |kind| self.server.last_entry(&self.number, kind))?;
        self.server.mark();
        if name == "report" {
            self.number = self.way.report(&self.server, who.trim(), fields)?;
            return Ok(());
        }
        let given = self
            .way
            .command(&self.server, &self.number, who.trim(), name, fields, at);
        self.refused = given.err();
        if name == "acknowledge" && self.refused.is_none() {
            self.server.reads_as(who.trim());
        }
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
            ["broken", rules @ ..] => same(&self.broken().join(" "), &rules.join(" ")),
            ["mail", person] => self.server.expect_mail(person),
            [rule, outcome, rest @ ..] if is_rule(rule) => self.outcome(rule, outcome, rest),
            // What only the engine shows is played by the engine's own tests.
            _ => Ok(()),
        }
    }

    /// What the conformance report says, rule by rule.
    fn findings(&self) -> Vec<Value> {
        let report = self.server.conformance(&self.number);
        report["rules"].as_array().cloned().unwrap_or_default()
    }

    /// The rules that are late, waived or missing, in the order of the report.
    fn broken(&self) -> Vec<String> {
        let broken =
            |f: &&Value| matches!(f["outcome"].as_str(), Some("late" | "waived" | "missing"));
        let findings = self.findings();
        let broken = findings.iter().filter(broken);
        broken
            .filter_map(|f| f["rule"].as_str().map(str::to_owned))
            .collect()
    }

    /// Every rule was kept, or does not apply.
    fn clean(&self) -> Played {
        let rules = self.findings();
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

    fn outcome(&mut self, rule: &str, expected: &str, rest: &[&str]) -> Played {
        let rules = self.findings();
        let finding = rules.iter().find(|f| f["rule"] == rule);
        let finding = finding.ok_or_else(|| format!("{rule} is not in the report"))?;
        let outcome = match finding["outcome"].as_str().unwrap_or_default() {
            "not_applicable" => "n/a",
            outcome => outcome,
        };
        if outcome != expected {
            return Err(format!("it is {finding}"));
        }
        self.seen.see(rule, outcome);
        match rest {
            [minutes] => same(&format!("{}m", finding["minutes"]), minutes),
            _ => Ok(()),
        }
    }
}

fn same(found: &str, expected: &str) -> Played {
    if found == expected {
        Ok(())
    } else {
        Err(format!("it is {found}"))
    }
}
