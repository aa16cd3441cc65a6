//! Where a walk goes next: lines of the scenario language, guessed against the case.

use procedure::{Command, Owner, Rule};
use serde_json::Value;

use super::chance::Chance;
use super::commands;
use super::guess::Guess;
use crate::stage::{Stage, script};

/// From one seed's scenario to the next one's; a prime, so that no scenario is left out.
const STRIDE: u64 = 7_919;

/// Somebody who wanders.
pub struct Wanderer<'a> {
    chance: Chance,
    wild: usize,
    seed: u64,
    scenarios: &'a [script::Scenario],
}

impl<'a> Wanderer<'a> {
    /// The wanderer of this seed.
    pub fn of(seed: u64, scenarios: &'a [script::Scenario]) -> Self {
        let mut chance = Chance::of(seed);
        let wild = *chance.pick(&[2, 5, 20]);
        Self {
            chance,
            wild,
            seed,
            scenarios,
        }
    }

    /// How the walk begins: a project of its own, or a scenario, whole or in part.
    pub fn beginning(&mut self) -> Vec<String> {
        if !self.scenarios.is_empty() && self.chance.percent(70) {
            // In turn and far apart, so that few seeds see all chapters.
            let turn = self.seed.wrapping_mul(STRIDE) % self.scenarios.len() as u64;
            let lines = acts(&self.scenarios[turn as usize]);
            let whole = self.chance.percent(75);
            let kept = if whole {
                lines.len()
            } else {
                self.chance.below(lines.len() + 1)
            };
            return lines.into_iter().take(kept).collect();
        }
        let mut lines = vec![format!("roster {}", self.roster())];
        let hour = *self.chance.pick(&[
            "2026-03-02T03:00Z",
            "2026-03-06T16:30Z",
            "2026-03-28T23:00Z",
        ]);
        lines.push(format!("at {hour}"));
        if self.chance.percent(40) {
            lines.push(format!(
                "zone {}",
                self.chance.pick(&["Europe/Berlin", "America/New_York"])
            ));
        }
        if self.chance.percent(30) {
            lines.push("holiday 2026-03-09, 2026-03-30".into());
        }
        if self.chance.percent(60) {
            lines.push("on call ann".into());
        }
        if self.chance.percent(30) {
            lines.push("project pager = false".into());
        }
        lines.push(format!("project assets = {ASSETS}"));
        lines.push(format!("project stakeholders = {STAKEHOLDERS}"));
        lines.push("project dependencies = [\"mail_host\"]".into());
        lines
    }

    fn roster(&mut self) -> String {
        const PEOPLE: &[&str] = &[
            "ann",
            "bob(responder decider)",
            "cat",
            "dan(responder security -phone)",
            "pat(product_owner)",
            "max(project_manager decider)",
            "rex(reviewer)",
            "obi(observer)",
        ];
        let n = *self.chance.pick(&[1, 2, 3, 5, 8]);
        PEOPLE[..n].join(", ")
    }

    /// The next line. `said` are the bodies of the entries so far.
    pub fn next(&mut self, stage: &Stage, said: &[Value]) -> String {
        if !stage.case.exists() {
            return self
                .command("report", stage, said)
                .unwrap_or_else(|| "+1m".into());
        }
        match self.chance.below(100) {
            0..25 => self.tick(),
            25..28 => format!("sleep {}", self.chance.pick(&["10m", "3h", "26h", "200h"])),
            28..30 => self.revision(),
            30..55 => self.owed(stage, said),
            55..65 => self.permitted(stage, said),
            65..75 => self.onwards(stage, said),
            _ => {
                let name = *self.chance.pick(Command::NAMES);
                self.command(name, stage, said)
            }
            .unwrap_or_else(|| "+1m".into()),
        }
    }

    fn tick(&mut self) -> String {
        let spans = [
            "1s", "59s", "4m", "5m", "10m", "15m", "31m", "1h", "2h", "6h", "20h",
        ];
        format!("+{}", self.chance.pick(&spans))
    }

    /// The project changes while the case runs.
    fn revision(&mut self) -> String {
        match self.chance.below(4) {
            0 => format!("roster {}", self.roster()),
            1 => "on call bob".into(),
            2 => "project pager = false".into(),
            _ => "holiday 2026-03-03".into(),
        }
    }

    /// Does something that is owed.
    fn owed(&mut self, stage: &Stage, said: &[Value]) -> String {
        let agenda = stage.agenda();
        let settled: Vec<(&'static str, Owner)> = agenda
            .obligations
            .iter()
            .filter_map(|o| Some((o.settle_with?, o.owner.clone())))
            .collect();
        let Some((name, owner)) = self.chance.pick_any(&settled) else {
            return self.onwards(stage, said);
        };
        let who = self
            .chance
            .pick_any(&stage.at().people(&owner))
            .map(|person| person.0);
        self.by(who, name, stage, said)
            .unwrap_or_else(|| "+1m".into())
    }

    /// Does something that the agenda permits.
    fn permitted(&mut self, stage: &Stage, said: &[Value]) -> String {
        let names: Vec<&str> = stage
            .agenda()
            .permits
            .iter()
            .map(|permit| permit.command)
            .collect();
        let line = self
            .chance
            .pick_any(&names)
            .and_then(|name| self.command(name, stage, said));
        line.unwrap_or_else(|| self.onwards(stage, said))
    }

    /// Does what brings a case to its end, in about that order.
    fn onwards(&mut self, stage: &Stage, said: &[Value]) -> String {
        const ON: &[&str] = &[
            "acknowledge",
            "join",
            "assess_impact",
            "confirm",
            "publish_sitrep",
            "record_milestone",
            "add_step",
            "decide_destruction",
            "start_step",
            "verify_step",
            "finish_step",
            "ready_for_qa",
            "accept_qa",
            "appoint_leader",
            "write_report_section",
            "publish_report",
            "close",
            "reopen",
            "offer_handover",
            "accept_handover",
            "take_over",
            "confirm_take_over",
            "request_disruption",
            "record_contact",
            "answer_disruption",
            "start_disruption",
        ];
        let known: Vec<&str> = ON
            .iter()
            .copied()
            .filter(|name| Command::NAMES.contains(name))
            .collect();
        let name = *self.chance.pick(&known);
        self.command(name, stage, said)
            .unwrap_or_else(|| "+1m".into())
    }

    fn command(&mut self, name: &str, stage: &Stage, said: &[Value]) -> Option<String> {
        self.by(None, name, stage, said)
    }

    /// A line for a command, if its fields can be read at all.
    fn by(
        &mut self,
        who: Option<String>,
        name: &str,
        stage: &Stage,
        said: &[Value],
    ) -> Option<String> {
        let who = who.unwrap_or_else(|| self.somebody(stage));
        let wild = self.wild;
        let mut guess = Guess {
            stage,
            said,
            chance: &mut self.chance,
            wild,
        };
        let mut fields = commands::fields(name, &mut guess)?.0;
        let mut whole = fields.clone();
        whole.insert("command".into(), name.into());
        serde_json::from_value::<Command>(Value::Object(whole)).ok()?;
        if self.chance.percent(12) {
            let waive: Vec<Value> = Rule::ALL
                .iter()
                .filter(|rule| WAIVED.contains(&rule.id()))
                .filter(|_| self.chance.percent(50))
                .map(|rule| serde_json::json!({ "rule": rule, "reason": "It must be." }))
                .collect();
            fields.insert("waive".into(), Value::Array(waive));
        }
        let when = if self.chance.percent(8) { " @-20m" } else { "" };
        let fields: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        Some(
            format!("{who}{when}: {name} {}", fields.join(" "))
                .trim_end()
                .to_string(),
        )
    }

    fn somebody(&mut self, stage: &Stage) -> String {
        let ic = stage.case.ic().map(|ic| ic.0.clone());
        let responders: Vec<String> = stage
            .case
            .part
            .commander
            .responders
            .keys()
            .map(|p| p.0.clone())
            .collect();
        let roster: Vec<String> = stage
            .basis
            .project
            .roster
            .iter()
            .map(|m| m.person.0.clone())
            .collect();
        let nobody = || "eve".to_string();
        match self.chance.below(100) {
            0..40 if ic.is_some() => ic.unwrap_or_else(nobody),
            40..65 => self
                .chance
                .pick_any(&responders)
                .or(ic)
                .unwrap_or_else(nobody),
            65..69 => "reporter".into(),
            69..71 => "service".into(),
            71..74 => "system".into(),
            74..76 => nobody(),
            _ => self.chance.pick_any(&roster).unwrap_or_else(nobody),
        }
    }
}

/// What is done in a scenario, without what is expected.
pub fn acts(scenario: &script::Scenario) -> Vec<String> {
    let steps = scenario.steps.iter().map(|(_, step)| step);
    steps
        .filter(|step| !step.starts_with("expect"))
        .cloned()
        .collect()
}

/// Rules whose gates people may pass by name.
const WAIVED: &[&str] = &[
    "R13", "R37", "R54", "R56", "R71", "R74", "R82", "R88", "R94", "X38",
];

const ASSETS: &str = r#"[{"id":"fence","class":"host","environment":"production","volatile":true},{"id":"barn","class":"database","environment":"production"},{"id":"hut","class":"web_application","environment":"test"}]"#;
const STAKEHOLDERS: &str = r#"[{"id":"boss","outside":false,"standing":true,"ceiling":"red"},{"id":"client","outside":true,"ceiling":"amber"},{"id":"press","outside":true,"standing":true,"ceiling":"clear"}]"#;
