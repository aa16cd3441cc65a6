//! `POST /api/v1/cases/{number}/sitrep/preview`: what each audience would read, before anything leaves.

use procedure::chapters::sitreps::Audience;
use procedure::{Command, Permission, may};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::commands::{self, acting};
use crate::report::Names;
use crate::web::readings::{self, Reading};
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const EXAMPLE: &str =
    r#"{"command": "publish_sitrep", "summary": "One hen is still out"}"#;

/// A sitrep as it would leave.
#[derive(Serialize, JsonSchema)]
pub struct SitrepPreview {
    /// The number that it would have.
    pub number: u32,
    /// Each audience, with what it would read.
    pub audiences: Vec<AudienceReads>,
    /// Who would get it and may not, by name.
    pub withheld: Vec<String>,
}

/// What one audience would read.
#[derive(Serialize, JsonSchema)]
pub struct AudienceReads {
    /// Which.
    pub audience: Audience,
    /// Who gets it, by name. Where nobody does, there are no words.
    pub to: Vec<String>,
    /// The subject of the mail.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// Shows it, and records nothing.
pub(super) async fn preview(mut call: Call) -> Answer {
    let number = call.number()?;
    let mut object = call.object().await?;
    let onlooker = call
        .acting(acting(&mut object))?
        .ok_or_else(Problem::sign_in)?;
    let fix = "Send what you would send as the command publish_sitrep.";
    let named = object.get("command").and_then(Value::as_str);
    if named != Some("publish_sitrep") {
        return Err(Problem::field("/command", fix));
    }
    let order = commands::order(object)?;
    let Command::PublishSitrep(_) = &order.command else {
        return Err(Problem::field("/command", fix));
    };
    let desk = &call.app.desk;
    let view = desk.case(&onlooker, &number).await?;
    if let Permission::No(refusal) = may(
        &view.case,
        &view.basis,
        &onlooker.actor,
        order.command.name(),
    ) {
        return Err(refusal.into());
    }
    let found = readings::of(desk.site(), &view, &onlooker.actor, &order, desk.now())?;
    let found = found.ok_or_else(|| Problem::field("/command", fix))?;
    let names = Names::new(&view.directory);
    let reads = |reading: Reading| AudienceReads {
        audience: reading.audience,
        to: reading.to,
        subject: reading.subject,
        text: reading.text,
    };
    json::ok(&SitrepPreview {
        number: found.said.number,
        withheld: found
            .said
            .withheld
            .iter()
            .map(|to| names.recipient(to))
            .collect(),
        audiences: found.all.into_iter().map(reads).collect(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::Stage;

    const AT: &str = "/api/v1/cases/HH-1/sitrep/preview";

    #[tokio::test]
    async fn what_each_would_read_is_shown_and_nothing_leaves() {
        let stage = Stage::new().await;
        stage.client("farm", "acme").await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        for body in [
            json!({ "command": "acknowledge" }),
            json!({ "command": "add_stakeholder", "stakeholder": "acme", "reason": "Their hens" }),
        ] {
            stage.command("HH-1", &ann, body).await;
        }
        let sitrep = json!({ "command": "publish_sitrep", "summary": "Ten hens are out" });
        let said = stage.post(AT, Some(&ann), sitrep).await;
        assert_eq!(said.status, 200, "{}", said.text());
        let said = said.json();
        let of = |word: &str| {
            let mut all = said["audiences"].as_array().into_iter().flatten();
            let found = all.rfind(|one| one["audience"] == word);
            found.cloned().unwrap_or_default()
        };
        let (team, outside) = (of("team"), of("outside"));
        assert!(
            team["text"].to_string().contains("Ten hens are out"),
            "{team}"
        );
        assert_eq!(outside["to"], json!(["acme"]), "{outside}");
        assert_eq!(outside["subject"], "[sitrep] HH-1", "{outside}");
        let words = outside["text"].to_string();
        for (there, what) in [
            (true, "We are looking into it"),
            (true, "You hear more by"),
            (false, "hens"),
            (false, "chickens"),
        ] {
            assert_eq!(words.contains(what), there, "{what}: {words}");
        }
        let case = stage.get("/api/v1/cases/HH-1", Some(&ann)).await.json();
        assert!(
            case["sitreps"].as_array().is_none_or(Vec::is_empty),
            "{case}"
        );
        let said = stage
            .post(AT, Some(&ann), json!({ "command": "acknowledge" }))
            .await;
        assert_eq!(said.status, 422, "{}", said.text());
        let eve = stage.token("eve", "member").await;
        let sitrep = json!({ "command": "publish_sitrep", "summary": "x" });
        assert_eq!(stage.post(AT, Some(&eve), sitrep).await.status, 404);
    }
}
