//! The ways in which a story is told: by API, and by command line.

use std::process::Command;

use serde_json::{Map, Value};

use super::server::Server;
use crate::served::HENHOUSE;

/// A refusal as it reached the outside.
#[derive(Debug)]
pub struct Refused {
    /// The rule's id, or empty.
    pub rule: String,
    /// Everything that was said.
    #[expect(dead_code, reason = "shown when a test fails")]
    pub said: String,
}

/// A way to report and to give commands.
pub trait Way {
    /// Reports; answers the number.
    fn report(
        &self,
        server: &Server,
        who: &str,
        fields: Map<String, Value>,
    ) -> Result<String, String>;

    /// Gives a command.
    fn command(
        &self,
        server: &Server,
        number: &str,
        who: &str,
        name: &str,
        fields: Map<String, Value>,
        at: Option<String>,
    ) -> Result<(), Refused>;
}

/// By HTTP.
pub struct Api;

impl Way for Api {
    fn report(
        &self,
        server: &Server,
        who: &str,
        mut fields: Map<String, Value>,
    ) -> Result<String, String> {
        if let Some(form) = form_of(who, &fields) {
            return server.report_by_page(&form);
        }
        let path = "/api/v1/reports";
        let (status, answer) = if who == "reporter" {
            server.call_unknown(path, &Value::Object(fields))
        } else {
            fields.insert("as".into(), who.into());
            server.call("POST", path, Some(&Value::Object(fields)))
        };
        match answer["number"].as_str() {
            Some(number) if status == 201 => Ok(number.to_owned()),
            _ => Err(format!("{status} {answer}")),
        }
    }

    fn command(
        &self,
        server: &Server,
        number: &str,
        who: &str,
        name: &str,
        mut fields: Map<String, Value>,
        at: Option<String>,
    ) -> Result<(), Refused> {
        fields.insert("command".into(), name.into());
        if who != "service" {
            fields.insert("as".into(), who.into());
        }
        if let Some(at) = at {
            fields.insert("happened_at".into(), at.into());
        }
        let path = format!("/api/v1/cases/{number}/commands");
        let (status, answer) = server.call("POST", &path, Some(&Value::Object(fields)));
        if status == 200 {
            return Ok(());
        }
        let rule = answer["rule"].as_str().unwrap_or_default().to_owned();
        Err(Refused {
            rule,
            said: format!("{status} {answer}"),
        })
    }
}

/// The fields of the report page, where somebody without an account uses it.
fn form_of(who: &str, fields: &Map<String, Value>) -> Option<Vec<(String, String)>> {
    if who != "reporter" || fields.get("route")? != "form" {
        return None;
    }
    let given = fields.iter().filter(|(name, _)| *name != "route");
    let text = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
    given.map(text).collect()
}

/// By command line, with the exit codes that the help text promises.
pub struct Cli;

impl Cli {
    fn run(server: &Server, who: &str, words: &[String]) -> (i32, Value, String) {
        let mut command = Command::new(HENHOUSE);
        command.args(["--json", "--url", server.url()]);
        command.env("XDG_STATE_HOME", server.data());
        if who != "reporter" {
            command.env("HENHOUSE_TOKEN", &server.token);
        }
        if !["reporter", "service"].contains(&who) {
            command.args(["--as", who]);
        }
        let run = command.args(words).output().expect("the program runs");
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        let answer = serde_json::from_slice(&run.stdout).unwrap_or(Value::Null);
        (run.status.code().unwrap_or(-1), answer, said)
    }
}

impl Way for Cli {
    fn report(
        &self,
        server: &Server,
        who: &str,
        mut fields: Map<String, Value>,
    ) -> Result<String, String> {
        // What goes by command line says so by itself.
        fields.remove("route");
        let text = fields.remove("text").unwrap_or_default();
        let mut words = vec![
            "report".to_owned(),
            text.as_str().unwrap_or_default().to_owned(),
        ];
        for word in words_of(fields) {
            words.extend(["--set".to_owned(), word]);
        }
        let (code, answer, said) = Self::run(server, who, &words);
        match answer["number"].as_str() {
            Some(number) if code == 0 => Ok(number.to_owned()),
            _ => Err(format!("exit {code}: {said} {answer}")),
        }
    }

    fn command(
        &self,
        server: &Server,
        number: &str,
        who: &str,
        name: &str,
        mut fields: Map<String, Value>,
        at: Option<String>,
    ) -> Result<(), Refused> {
        let mut words: Vec<String> = ["case", "do", number, name].map(str::to_owned).to_vec();
        let waive = fields.remove("waive").unwrap_or_default();
        for waiver in waive.as_array().into_iter().flatten() {
            let [rule, reason] =
                ["rule", "reason"].map(|name| waiver[name].as_str().unwrap_or_default());
            words.extend(["--waive".to_owned(), format!("{rule}={reason}")]);
        }
        if let Some(at) = at {
            words.extend(["--at".to_owned(), at]);
        }
        words.extend(words_of(fields));
        let (code, _, said) = Self::run(server, who, &words);
        if code == 0 {
            return Ok(());
        }
        let rule = said
            .split("(rule ")
            .nth(1)
            .and_then(|rest| rest.split(',').next());
        let rule = rule.unwrap_or_default().to_owned();
        assert!([2, 5].contains(&code), "exit {code}: {said}");
        Err(Refused { rule, said })
    }
}

fn words_of(fields: Map<String, Value>) -> Vec<String> {
    let word = |(name, value): (String, Value)| match value {
        Value::String(text) => format!("{name}:={text}"),
        other => format!("{name}={other}"),
    };
    fields.into_iter().map(word).collect()
}
