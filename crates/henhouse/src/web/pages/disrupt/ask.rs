//! Asking for a disruption; where nobody has to be asked it begins with the same tap.

use std::collections::BTreeSet;

use askama::Template;
use procedure::at::At;
use procedure::chapters::disruption::payload::{RequestDisruption, Scope, StartDisruption};
use procedure::chapters::disruption::{self, Disruption, consent};
use procedure::id::AssetId;

use super::{Policy, around, kept};
use crate::desk::CaseView;
use crate::report::{self, Names, actions};
use crate::web::Call;
use crate::web::fields::{Fields, escaped};
use crate::web::pages::deed::{self, No};
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;

#[derive(Template)]
#[template(path = "disrupt_ask.html")]
struct AskPage {
    frame: Frame,
    number: String,
    case_title: String,
    policy: Policy,
    text: String,
    minutes: String,
    acting: String,
    waiting: String,
    complete: bool,
    unnoticed: bool,
    /// What causes it: id, words, ticked.
    steps: Vec<(String, String, bool)>,
    assets: Vec<(String, String, bool)>,
    /// Where it begins at once: what is under a hold or not captured yet, and why it begins all the same.
    kept: Vec<String>,
    reason: String,
    /// Disruptions that wait or go on: id and words.
    others: Vec<(String, String)>,
}

/// Shows the form, with the rule beside its button.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let frame = around(&call, &view, &call.words().say("disrupt-ask"));
    page(&call, 200, frame, &view, &call.page_query())
}

/// Asks for it, and begins it where nobody has to be asked.
pub(in crate::web::pages) async fn request(mut call: Call) -> Answer {
    let fields = call.form().await?;
    let view = call.case().await?;
    match asked(&call, &view, &fields).await {
        Ok((id, begun)) => {
            let (number, did) = (&view.row.number, "request_disruption");
            let path = format!("/cases/{number}/disrupt/{id}?did={did}");
            let reason = frame::typed(&fields, "reason");
            Ok(frame::lead_to(&match begun || reason.is_empty() {
                true => path,
                // It is still to be begun there.
                false => format!("{path}&reason={}", escaped(&reason)),
            }))
        }
        Err(no) => {
            let view = call.case().await?;
            let frame = around(&call, &view, &call.words().say("disrupt-ask"));
            let field = field_of(&no, &fields);
            page(&call, no.status(), no.at(frame, field), &view, &fields)
        }
    }
}

fn field_of(no: &No, fields: &Fields) -> &'static str {
    match no {
        No::Other(problem)
            if problem
                .wrong_fields()
                .iter()
                .any(|one| one.field == "/text") =>
        {
            "text"
        }
        No::Other(problem) if !problem.wrong_fields().is_empty() => "minutes",
        No::Refused(_) if fields.get("minutes").is_none() => "minutes",
        No::Refused(_) if fields.get("acting").is_none() => "acting",
        No::Refused(_) if fields.get("waiting").is_none() => "waiting",
        _ => "",
    }
}

/// Which it is, and whether it was begun.
async fn asked(call: &Call, view: &CaseView, fields: &Fields) -> Result<(String, bool), No> {
    let w = call.words();
    let wrong = |field: &str, words: &str| No::Other(crate::web::Problem::field(field, words));
    let text = frame::text(&frame::typed(fields, "text"));
    let text = text.ok_or_else(|| wrong("/text", &w.say("disrupt-text-first")))?;
    let minutes = frame::typed(fields, "minutes");
    let expected_minutes = match minutes.is_empty() {
        true => None,
        false => Some(
            minutes
                .parse()
                .map_err(|_| wrong("/minutes", &w.say("disrupt-number")))?,
        ),
    };
    let scope = match fields.get("scope") {
        Some("complete") => Scope::Complete,
        _ => Scope::Partial,
    };
    let assets: BTreeSet<AssetId> = fields
        .all("assets")
        .iter()
        .map(|id| AssetId(id.clone()))
        .collect();
    let request = RequestDisruption {
        text,
        scope,
        expected_minutes,
        risk_of_acting: frame::text(&frame::typed(fields, "acting")),
        risk_of_waiting: frame::text(&frame::typed(fields, "waiting")),
        project_impact: fields.get("unnoticed").is_none(),
        assets,
        steps: fields.all("steps").into_iter().collect(),
    };
    let before = view.case.part.disruption.disruptions.len();
    deed::give(call, view, request, (fields, 0)).await?;
    let view = call.case().await.map_err(No::Other)?;
    let all = &view.case.part.disruption.disruptions;
    let found = all.get(before).or(all.last());
    let Some(found) = found else {
        return Ok((String::new(), false));
    };
    let id = found.id.clone();
    let at = At::new(&view.case, &view.basis, call.app.desk.now());
    let free = consent(at, found, at.severity(), at.now);
    // Its steps begin it where it has any, after what they ask for first.
    let begins = free.go && found.is_waiting() && found.steps.is_empty();
    let begins = begins && fields.get("act") == Some("now");
    if begins {
        let start = StartDisruption {
            disruption: id.clone(),
            reason: frame::text(&frame::typed(fields, "reason")),
        };
        deed::give(call, &view, start, (fields, 1)).await?;
    }
    Ok((id, begins))
}

fn page(call: &Call, status: u16, frame: Frame, view: &CaseView, said: &Fields) -> Answer {
    let at = At::new(&view.case, &view.basis, call.app.desk.now());
    let names = Names::new(&view.directory);
    let (steps, assets) = (said.all("steps"), said.all("assets"));
    let open = view
        .case
        .part
        .work
        .steps
        .iter()
        .filter(|step| !step.is_settled());
    let open = open.filter(|step| view.may_read(step.seq));
    let step = |step: &procedure::chapters::work::Step| {
        let words = step.text.plain().unwrap_or_default();
        let words: String = words.chars().take(80).collect();
        (
            step.id.clone(),
            format!("{} {words}", step.id),
            steps.contains(&step.id),
        )
    };
    let all = view.case.part.disruption.disruptions.iter();
    let lines = actions::disruptions(&view.case);
    let stand = |(found, line): (&Disruption, actions::Action)| {
        let open = found.withdrawn.is_none() && found.ended.is_none() && view.may_read(found.seq);
        open.then(|| (found.id.clone(), line.line()))
    };
    let known = view.basis.project.assets.iter();
    let policy = Policy::of(frame.w, at, disruption::asks_whom(at, Scope::Partial));
    let page = AskPage {
        number: view.row.number.to_string(),
        case_title: report::title(&view.case).unwrap_or_default(),
        kept: match policy.free {
            true => kept::anywhere(frame.w, at, view),
            false => Vec::new(),
        },
        policy,
        reason: frame::typed(said, "reason"),
        text: frame::typed(said, "text"),
        minutes: frame::typed(said, "minutes"),
        acting: frame::typed(said, "acting"),
        waiting: frame::typed(said, "waiting"),
        complete: said.get("scope") == Some("complete"),
        unnoticed: said.get("unnoticed").is_some(),
        steps: open.map(step).collect(),
        assets: known
            .map(|asset| {
                (
                    asset.id.to_string(),
                    names.asset(&asset.id),
                    assets.contains(&asset.id.0),
                )
            })
            .collect(),
        others: all.zip(lines).filter_map(stand).collect(),
        frame,
    };
    frame::page(status, &page)
}
