//! All answers again, the severity that they suggest with the rules behind it, and the decision: it is an incident, or
//! it is not, or its severity is another one.

use askama::Template;
use procedure::at::At;
use procedure::chapters::assess::{Confirm, Question, SetSeverity, suggestion};
use procedure::playbook::{Answer as Says, Severity};
use procedure::{Body, Entry, Status};

use super::{Step, around, harm, next};
use crate::desk::CaseView;
use crate::report::{self, Names};
use crate::web::Call;
use crate::web::fields::escaped;
use crate::web::pages::deed;
use crate::web::pages::frame::{self, Frame, Mark};
use crate::web::registry::Answer;
use crate::web::words::Words;

#[derive(Template)]
#[template(path = "assess_check.html")]
struct CheckPage {
    frame: Frame,
    number: String,
    case_title: String,
    rows: Vec<Row>,
    /// The first question without an answer.
    goes_on: Option<String>,
    /// The severity in force.
    stands: Mark,
    /// The one that is suggested, if any is.
    suggested: Option<Mark>,
    /// Why: the rule, what it says, what it found.
    because: Vec<(String, String, String)>,
    /// What can be chosen, the likeliest first.
    choices: Vec<Choice>,
    /// It is not confirmed yet: choosing a severity confirms it.
    confirms: bool,
    /// Where it is closed as a false alarm, if the answer is that it did not happen.
    false_alarm: Option<String>,
    /// It is over.
    over: bool,
    reason: String,
}

/// A question with its answer.
struct Row {
    question: String,
    /// Empty without one.
    answer: String,
    href: String,
}

/// A severity that can be chosen.
struct Choice {
    word: &'static str,
    mark: Mark,
    /// The big button.
    first: bool,
}

/// Shows all answers.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let frame = around(&call, &view, &call.words().say("assess-check"));
    page(&call, 200, frame, &view, None).await
}

/// Confirms it with a severity, or sets another one.
pub(in crate::web::pages) async fn decide(mut call: Call) -> Answer {
    let fields = call.form().await?;
    let view = call.case().await?;
    let typed = frame::typed(&fields, "reason");
    let reason = frame::text(&typed);
    let severity = match fields.get("severity") {
        Some("high") => Severity::High,
        Some("medium") => Severity::Medium,
        Some("low") => Severity::Low,
        _ => Severity::Unknown,
    };
    if severity == Severity::Unknown {
        let frame = around(&call, &view, &call.words().say("assess-check"));
        let frame = frame.wrong("", call.words().say("assess-choose-severity"));
        return page(&call, 422, frame, &view, Some(typed)).await;
    }
    let confirms = view.case.status() == Status::Investigating;
    let (did, given) = if confirms {
        let confirm = Confirm {
            severity,
            reason,
            ..Confirm::default()
        };
        let given = deed::give(&call, &view, confirm, (&fields, 0)).await;
        ("confirm", given)
    } else {
        let set = SetSeverity { severity, reason };
        let given = deed::give(&call, &view, set, (&fields, 0)).await;
        ("set_severity", given)
    };
    match given {
        Ok(()) => Ok(frame::lead_to(&format!(
            "/cases/{}?did={did}",
            view.row.number
        ))),
        Err(no) => {
            let view = call.case().await?;
            let frame = around(&call, &view, &call.words().say("assess-check"));
            let field = if typed.is_empty() { "reason" } else { "" };
            page(&call, no.status(), no.at(frame, field), &view, Some(typed)).await
        }
    }
}

async fn page(
    call: &Call,
    status: u16,
    frame: Frame,
    view: &CaseView,
    typed: Option<String>,
) -> Answer {
    let at = At::new(&view.case, &view.basis, call.app.desk.now());
    let (w, assess) = (frame.w, &view.case.part.assess);
    let confirms = view.case.status() == Status::Investigating;
    let suggested = suggestion(at);
    let known = suggested.severity != Severity::Unknown;
    let because = suggested.because.iter().map(|because| {
        let rule = because.rule;
        let found = Names::new(&view.directory).in_words(&because.sentence);
        (rule.id().to_owned(), rule.sentence().to_owned(), found)
    });
    let because = because.collect();
    let reason = match typed {
        Some(typed) => typed,
        None => what_shows_it(call, view).await?,
    };
    let real = assess.answer(Question::Happened);
    let not_real = real.is_some_and(|answered| answered.answer == Says::No);
    let page = CheckPage {
        number: view.row.number.to_string(),
        case_title: report::title(&view.case).unwrap_or_default(),
        rows: rows(w, view),
        goes_on: next(view).map(|step| step.path(view)),
        stands: Mark::of(assess.severity),
        suggested: known.then(|| Mark::of(suggested.severity)),
        because,
        choices: choices(suggested.severity, assess.severity, confirms),
        confirms,
        false_alarm: not_real.then(|| false_alarm(view, &reason)),
        over: view.case.is_over(),
        reason,
        frame,
    };
    frame::page(status, &page)
}

fn false_alarm(view: &CaseView, reason: &str) -> String {
    let number = &view.row.number;
    format!(
        "/cases/{number}/acts/false_alarm?reason={}",
        escaped(reason)
    )
}

/// The suggested one first; without a suggestion the higher ones first, since unsure means the higher one. Once it is
/// confirmed, what stands need not be chosen again.
fn choices(suggested: Severity, stands: Severity, confirms: bool) -> Vec<Choice> {
    let all = [
        (Severity::High, "high"),
        (Severity::Medium, "medium"),
        (Severity::Low, "low"),
    ];
    let choice = |(severity, word): (Severity, &'static str)| Choice {
        word,
        mark: Mark::of(severity),
        first: severity == suggested,
    };
    let mut choices: Vec<Choice> = all
        .into_iter()
        .filter(|(severity, _)| confirms || *severity != stands)
        .map(choice)
        .collect();
    choices.sort_by_key(|choice| !choice.first);
    choices
}

/// How somebody knew that it is real, as it was said with the answer.
async fn what_shows_it(call: &Call, view: &CaseView) -> Result<String, crate::web::Problem> {
    let answered = view.case.part.assess.answer(Question::Happened);
    let Some(answered) = answered.filter(|answered| view.may_read(answered.mark.seq)) else {
        return Ok(String::new());
    };
    let before = answered.mark.seq - 1;
    let entries = call.app.desk.entries(view, before, 1).await?;
    let note = |entry: &Entry| match &entry.body {
        Body::QuestionAnswered(answered) => answered.note.as_ref()?.plain().map(str::to_owned),
        _ => None,
    };
    Ok(entries
        .first()
        .and_then(|entry| note(entry))
        .unwrap_or_default())
}

fn rows(w: Words, view: &CaseView) -> Vec<Row> {
    let assess = &view.case.part.assess;
    let says = |question: Question| {
        let answered = assess.answer(question)?;
        let words = match answered.answer {
            Says::Yes => w.say("assess-says-yes"),
            Says::No => w.say("assess-says-no"),
            Says::Unknown => w.say("assess-unknown"),
        };
        let names = Names::new(&view.directory);
        let which: Vec<String> = answered
            .which
            .iter()
            .map(|id| names.dependency(id))
            .collect();
        Some(match which.is_empty() {
            true => words.into_owned(),
            false => format!("{words}: {}", which.join(", ")),
        })
    };
    let answer = |step: Step| match step {
        Step::Real => says(Question::Happened),
        Step::Data => says(Question::SensitiveData),
        Step::Dependency => says(Question::Dependency),
        Step::Harm => assess.impact().map(|impact| harm::told(w, impact)),
        Step::Contingency => assess.plan.last().map(|decided| match decided.activate {
            true => w.say("assess-contingency-yes").into_owned(),
            false => w.say("assess-contingency-no").into_owned(),
        }),
    };
    let row = |step: Step| Row {
        question: step.question(w),
        answer: answer(step).unwrap_or_default(),
        href: step.path(view),
    };
    Step::ALL.into_iter().map(row).collect()
}
