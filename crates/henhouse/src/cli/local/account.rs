//! Accounts, as the owner of a data directory looks after them. Nobody types another's password: its person is asked to
//! choose one, by mail or by a link that is handed over.

use clap::Args;
use serde_json::{Map, Value, json};

use super::super::client::Client;
use super::super::failure::{Failure, Outcome};
use super::super::out;
use super::super::report::words;
use super::{Data, on_the_spot};
use crate::report::nearest::did_you_mean;
use crate::report::time::count;

/// What installations know of roles.
const ROLES: [&str; 3] = ["admin", "member", "observer"];

/// Let somebody sign in on the pages: they are asked to choose a password, by mail or by a link to hand over. If they
/// had a password, it ends now, with its sessions and their tokens.
#[derive(Debug, Args)]
pub struct Account {
    #[command(flatten)]
    data: Data,
    /// Their id on the contact sheet, and the name to sign in with.
    person: String,
    /// The name shown; the id, if nothing is said and they are new.
    #[arg(long)]
    name: Option<String>,
    /// What they are to the installation; somebody new is a member if nothing is said.
    #[arg(long, value_parser = ROLES)]
    role: Option<String>,
    /// Show the link, to be handed over, even if it could be mailed.
    #[arg(long)]
    show: bool,
    /// Read a password from stdin instead of making a link: it lets them in once, to choose their own.
    #[arg(long, conflicts_with = "show")]
    password_stdin: bool,
}

impl Account {
    pub(super) async fn run(self, json: bool) -> Outcome {
        let password = match self.password_stdin {
            true => Some(password()?),
            false => None,
        };
        let set_up = async |client: &Client| self.set_up(client, password.as_deref()).await;
        let answer = on_the_spot(&self.data, set_up).await?;
        match json {
            true => out(format_args!("{answer:#}")),
            false => out(self.told(&answer)),
        }
        Ok(())
    }

    /// Makes the account, or finds it, and asks for the password.
    async fn set_up(&self, client: &Client, password: Option<&str>) -> Outcome<Value> {
        let all = client.get("/api/v1/accounts").await?;
        let known = all["accounts"]
            .as_array()
            .is_some_and(|all| all.iter().any(|account| account["person"] == self.person));
        let at = format!("/api/v1/accounts/{}", self.person);
        let mut answer = Value::Null;
        if known {
            let said = [
                ("name", self.name.as_deref()),
                ("role", self.role.as_deref()),
                ("password", password),
            ];
            let said = said
                .into_iter()
                .filter_map(|(field, value)| Some((field.to_owned(), value?.into())));
            let change: Map<String, Value> = said.collect();
            if !change.is_empty() {
                let change = change.into();
                answer = client
                    .call(reqwest::Method::PATCH, &at, Some(&change), None)
                    .await?;
            }
        } else {
            let person = self.person.as_str();
            let body = json!({
                "login": person, "person": person, "name": self.name.as_deref().unwrap_or(person),
                "role": self.role.as_deref().unwrap_or("member"), "password": password,
            });
            answer = client.post("/api/v1/accounts", &body).await?;
        }
        let answer = match password {
            Some(_) => answer,
            None => {
                let show = json!({ "show": self.show });
                client.post(&format!("{at}/password-link"), &show).await?
            }
        };
        let all = client.get("/api/v1/accounts").await?;
        let mut all = all["accounts"].as_array().into_iter().flatten();
        if !all.any(|account| account["person"] == self.person && account["role"] == "admin") {
            warn_if_on_no_sheet(client, &self.person).await;
        }
        Ok(answer)
    }

    fn told(&self, answer: &Value) -> String {
        let person = &self.person;
        let mut said = match (answer["confirmation"].as_str(), answer["link"].as_str()) {
            (Some("mailed"), _) => {
                format!("{person} was sent a link to choose a password of their own.")
            }
            (_, Some(_)) => format!(
                "{person} chooses a password with this link. It works once, for a week, while the server runs: give it \
                 to nobody else.\n{}",
                words(&answer["link"])
            ),
            (Some(_), None) => {
                format!("{person} can sign in now, and is asked there for a password of their own.")
            }
            (None, None) => format!("{person} can sign in now."),
        };
        let ended = answer["ended_tokens"].as_i64().unwrap_or(0);
        if ended > 0 {
            said.push_str(&format!(
                "\nTheir password until now works no more, and with it ended {}: they make new ones.",
                count(ended, "token")
            ));
        }
        said
    }
}

/// Says so where somebody is let in who is on no contact sheet: perhaps the id was mistyped.
pub(super) async fn warn_if_on_no_sheet(client: &Client, person: &str) {
    let mut known = Vec::new();
    let projects = client.get("/api/v1/projects").await.unwrap_or(Value::Null);
    for project in projects["projects"].as_array().into_iter().flatten() {
        let at = format!("/api/v1/projects/{}", words(&project["slug"]));
        let Ok(project) = client.get(&at).await else {
            return;
        };
        let roster = project["project"]["roster"].as_array().cloned();
        let ids = roster.into_iter().flatten();
        known.extend(ids.map(|member| words(&member["person"])));
    }
    if known.iter().any(|id| id == person) {
        return;
    }
    let meant = did_you_mean(person, known.iter().map(String::as_str));
    eprintln!(
        "{person} is on no contact sheet, so nobody calls them and they see no case.{meant} To put them on it: \
         henhouse roster add {person} --name \"…\" --mail …"
    );
}

/// One line from stdin, so that it stands in no list of processes and no history.
fn password() -> Outcome<String> {
    eprintln!("A password of at least 12 characters, then Enter:");
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(Failure::failed)?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}
