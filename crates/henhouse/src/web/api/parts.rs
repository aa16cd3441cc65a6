//! What stands in a case beside its head: leads, steps, exhibits, holds, disruptions, sitreps and
//! milestones, each with the number under which commands name it. An entry of the restricted annex
//! is left out for those who do not take part.

use procedure::Text;
use procedure::basis::Marking;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::desk::CaseView;

/// What stands in a case.
#[derive(Serialize, JsonSchema)]
pub struct Parts {
    /// Lines of enquiry.
    pub leads: Vec<LeadPart>,
    /// Remediation steps.
    pub steps: Vec<StepPart>,
    /// Pieces of evidence.
    pub exhibits: Vec<ExhibitPart>,
    /// What people were asked to leave alone.
    pub holds: Vec<HoldPart>,
    /// Disruptions that were asked for.
    pub disruptions: Vec<DisruptionPart>,
    /// Situation reports, the first one first.
    pub sitreps: Vec<SitrepPart>,
    /// Each milestone as it was recorded last.
    pub milestones: Vec<MilestonePart>,
}

/// A line of enquiry.
#[derive(Serialize, JsonSchema)]
pub struct LeadPart {
    /// Its number, such as L-1.
    pub id: String,
    /// What it is.
    pub text: Option<String>,
    /// Where it stands.
    pub state: Value,
    /// Who follows it.
    pub owner: Option<String>,
    /// What came of it.
    pub finding: Option<String>,
}

/// A remediation step.
#[derive(Serialize, JsonSchema)]
pub struct StepPart {
    /// Its number, such as S-1.
    pub id: String,
    /// What is to be done.
    pub text: Option<String>,
    /// immediate or deferred.
    pub class: Value,
    /// What kind of act.
    pub kind: Value,
    /// What it is done to.
    pub asset: Option<String>,
    /// Who does it.
    pub owner: Option<String>,
    /// By when, if somebody said (RFC 3339).
    pub due: Option<String>,
    /// Where it stands.
    pub state: Value,
    /// Somebody else found that it works.
    pub verified: bool,
}

/// A piece of evidence.
#[derive(Serialize, JsonSchema)]
pub struct ExhibitPart {
    /// Its number, such as E-1.
    pub id: String,
    /// What it shows.
    pub label: Option<String>,
    /// What sort of evidence.
    pub kind: Value,
    /// Of what it was taken.
    pub asset: Option<String>,
    /// The bytes, or where they are.
    pub what: Value,
    /// When it was taken (RFC 3339).
    pub at: String,
    /// Its bytes were erased by two people; its hash remains.
    pub erased: bool,
}

/// What people were asked to leave alone.
#[derive(Serialize, JsonSchema)]
pub struct HoldPart {
    /// Its number, such as H-1.
    pub id: String,
    /// What they were asked.
    pub text: Option<String>,
    /// What is to be left alone.
    pub assets: Vec<String>,
    /// Who was asked.
    pub people: Vec<String>,
    /// Who said that they heard it.
    pub heard: Vec<String>,
    /// It was released.
    pub released: bool,
}

/// A disruption that was asked for.
#[derive(Serialize, JsonSchema)]
pub struct DisruptionPart {
    /// Its number, such as D-1.
    pub id: String,
    /// What it is.
    pub text: Option<String>,
    /// When it was asked for (RFC 3339).
    pub requested_at: String,
    /// Who agreed, and who did not.
    pub votes: Vec<VotePart>,
    /// When it began.
    pub began_at: Option<String>,
    /// When it ended.
    pub ended_at: Option<String>,
    /// It was withdrawn.
    pub withdrawn: bool,
}

/// What a decider said.
#[derive(Serialize, JsonSchema)]
pub struct VotePart {
    /// Who.
    pub person: String,
    /// For it.
    pub agree: bool,
}

/// A situation report.
#[derive(Serialize, JsonSchema)]
pub struct SitrepPart {
    /// Its number in the case.
    pub number: u32,
    /// The entry.
    pub seq: u64,
    /// When it was published (RFC 3339).
    pub at: String,
    /// In short.
    pub summary: Option<String>,
    /// What people outside read of it; null where they read no words of the case.
    pub outside: Option<String>,
    /// Nothing had changed.
    pub no_change: bool,
    /// The number of the one that it corrects.
    pub correction_of: Option<u32>,
    /// How far it may travel.
    pub marking: Marking,
    /// When the next one was promised.
    pub next: Option<String>,
}

/// A milestone.
#[derive(Serialize, JsonSchema)]
pub struct MilestonePart {
    /// Which.
    pub milestone: Value,
    /// When it was reached; null where nobody knows.
    pub when: Option<procedure::When>,
    /// When that was written down (RFC 3339).
    pub recorded_at: String,
}

/// What of the case whoever looks may read.
pub(super) fn of(view: &CaseView) -> Parts {
    let part = &view.case.part;
    let leads = part
        .work
        .leads
        .iter()
        .filter(|lead| view.may_read(lead.seq));
    let exhibits = part
        .evidence
        .exhibits
        .iter()
        .filter(|exhibit| view.may_read(exhibit.seq));
    let holds = part
        .evidence
        .holds
        .iter()
        .filter(|hold| view.may_read(hold.seq));
    let milestones = part.milestones.noted.iter();
    Parts {
        leads: leads.map(lead).collect(),
        steps: part
            .work
            .steps
            .iter()
            .filter(|step| view.may_read(step.seq))
            .map(step)
            .collect(),
        exhibits: exhibits.map(|one| exhibit(view, one)).collect(),
        holds: holds.map(hold).collect(),
        disruptions: part
            .disruption
            .disruptions
            .iter()
            .filter(|one| view.may_read(one.seq))
            .map(disruption)
            .collect(),
        sitreps: part
            .sitreps
            .sitreps
            .iter()
            .filter(|one| view.may_read(one.mark.seq))
            .map(sitrep)
            .collect(),
        milestones: milestones
            .filter_map(|(milestone, noted)| Some((milestone, noted.last()?)))
            .map(|(milestone, noted)| MilestonePart {
                milestone: word(milestone),
                when: noted.when,
                recorded_at: noted.recorded_at.to_string(),
            })
            .collect(),
    }
}

fn lead(lead: &procedure::chapters::work::lead::Lead) -> LeadPart {
    LeadPart {
        id: lead.id.clone(),
        text: words(&lead.text),
        state: word(&lead.state),
        owner: lead.owner.as_ref().map(ToString::to_string),
        finding: lead.finding.as_ref().and_then(words),
    }
}

fn step(step: &procedure::chapters::work::step::Step) -> StepPart {
    StepPart {
        id: step.id.clone(),
        text: words(&step.text),
        class: word(&step.class),
        kind: word(&step.kind),
        asset: step.asset.as_ref().map(ToString::to_string),
        owner: step.owner.as_ref().map(ToString::to_string),
        due: step.due.map(|due| due.to_string()),
        state: word(&step.state),
        verified: step.verified.is_some(),
    }
}

fn exhibit(view: &CaseView, exhibit: &procedure::chapters::evidence::Exhibit) -> ExhibitPart {
    let record = &view.case.part.record;
    ExhibitPart {
        id: exhibit.id.clone(),
        label: words(&exhibit.label),
        kind: word(&exhibit.kind),
        asset: exhibit.asset.as_ref().map(ToString::to_string),
        what: word(&exhibit.what),
        at: exhibit.at.to_string(),
        erased: record.is_redacted(exhibit.seq, "bytes"),
    }
}

fn hold(hold: &procedure::chapters::evidence::hold::Hold) -> HoldPart {
    HoldPart {
        id: hold.id.clone(),
        text: words(&hold.text),
        assets: hold.assets.iter().map(ToString::to_string).collect(),
        people: hold.people.iter().map(ToString::to_string).collect(),
        heard: hold.heard.keys().map(ToString::to_string).collect(),
        released: hold.released.is_some(),
    }
}

fn disruption(one: &procedure::chapters::disruption::Disruption) -> DisruptionPart {
    let votes = one.votes.iter();
    DisruptionPart {
        id: one.id.clone(),
        text: words(&one.text),
        requested_at: one.requested_at.to_string(),
        votes: votes
            .map(|vote| VotePart {
                person: vote.person.to_string(),
                agree: vote.agree,
            })
            .collect(),
        began_at: one.began.as_ref().map(|began| began.at.to_string()),
        ended_at: one.ended.as_ref().map(|ended| ended.0.to_string()),
        withdrawn: one.withdrawn.is_some(),
    }
}

fn sitrep(one: &procedure::chapters::sitreps::Sitrep) -> SitrepPart {
    let said = &one.said;
    SitrepPart {
        number: said.number,
        seq: one.mark.seq,
        at: one.mark.at.to_string(),
        summary: said.summary.as_ref().and_then(words),
        outside: said.outside.as_ref().and_then(words),
        no_change: said.no_change,
        correction_of: said.correction_of,
        marking: said.marking,
        next: said.next.map(|next| next.to_string()),
    }
}

fn words(text: &Text) -> Option<String> {
    text.plain().map(str::to_owned)
}

fn word(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::web::stage::Stage;

    #[tokio::test]
    async fn a_lead_and_a_step_are_shown_under_their_numbers() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        for body in [
            json!({ "command": "acknowledge" }),
            json!({ "command": "add_lead", "text": "A fox was seen", "source": "unknown" }),
            json!({ "command": "add_step", "text": "Fix the fence", "class": "immediate", "kind": "organise" }),
        ] {
            stage.command("HH-1", &ann, body).await;
        }
        let case = stage.get("/api/v1/cases/HH-1", Some(&ann)).await.json();
        assert_eq!(case["leads"][0]["id"], "L-1", "{case}");
        assert_eq!(case["leads"][0]["text"], "A fox was seen");
        assert_eq!(case["steps"][0]["id"], "S-1");
        let milestones = case["milestones"].as_array().map(Vec::len);
        assert_eq!(milestones, Some(3), "aware, reported, acknowledged: {case}");
    }
}
