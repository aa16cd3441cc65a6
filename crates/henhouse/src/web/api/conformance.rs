//! `GET /api/v1/cases/{number}/conformance`.

use procedure::Finding;
use schemars::JsonSchema;
use serde::Serialize;

use crate::report::{Names, Times, conformance};
use crate::web::registry::Answer;
use crate::web::{Call, json};

/// The conformance report.
#[derive(Serialize, JsonSchema)]
pub struct Conformance {
    /// Every rule with its outcome, in the order of the procedure.
    pub rules: Vec<Judged>,
}

/// How the case stands to one rule.
#[derive(Serialize, JsonSchema)]
pub struct Judged {
    /// The rule and the outcome.
    #[serde(flatten)]
    pub finding: Finding,
    /// The outcome in a sentence, with the time as the project says times.
    pub said: String,
}

/// Shows how the case stands to every rule.
pub(super) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let now = call.app.desk.now();
    let names = Names::new(&view.directory);
    let times = Times::new(view.basis.project.calendar.rules().clone(), now);
    let rules = procedure::conformance(&view.case, &view.basis, now);
    let rules = rules.into_iter().map(|finding| Judged {
        said: conformance::outcome(names, &times, &finding.outcome),
        finding,
    });
    json::ok(&Conformance {
        rules: rules.collect(),
    })
}

#[cfg(test)]
mod tests {
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn every_rule_has_its_line() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let body = stage
            .get("/api/v1/cases/HH-1/conformance", Some(&ann))
            .await
            .json();
        let rules = body["rules"].as_array().map(Vec::len);
        assert_eq!(rules, Some(procedure::Rule::ALL.len()));
        assert_eq!(body["rules"][0]["rule"], "R1");
    }
}
