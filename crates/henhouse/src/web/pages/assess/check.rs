//! All answers again, the severity that they suggest with the rules behind it, and the decision: it is an incident, or
//! it is not, or its severity is another one.

use askama::Template;
use procedure::Status;
use procedure::at::At;
use procedure::chapters::assess::{
    Because, Confirm, Question, SetSeverity, data_is_involved, suggestion,
};
use procedure::playbook::{Answer as Says, Severity};

use super::{Step, around, harm, next, said_with};
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
    /// Why: each rule once, what it says, all that it found.
    because: Vec<Ground>,
    /// The severity that stands, where keeping it is one of the choices, and whether that is the likeliest.
    keep: Option<(Mark, bool)>,
    /// What can be chosen, the likeliest first.
    choices: Vec<Choice>,
    /// It is not confirmed yet: choosing a severity confirms it.
    confirms: bool,
    /// Where it is closed as a false alarm, if the answer is that it did not happen.
    false_alarm: Option<String>,
    /// Where it is said what is harmed, which comes before it is an incident (R37), if nobody has said it.
    harm_first: Option<String>,
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
    /// There is nothing left to change about it.
    settled: bool,
}

/// What speaks for a severity.
struct Ground {
    rule: &'static str,
    found: Vec<String>,
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
    // What shows that it is real is no reason for lowering it.
    let shown = said_with(call, view, assess.answer(Question::Happened)).await?;
    let refused = typed.is_some();
    let reason = match typed {
        Some(typed) => typed,
        None if confirms => shown.clone(),
        None => String::new(),
    };
    let keep = keep(suggested.severity, assess.severity, confirms);
    let harm_said = Step::Harm.is_answered(at, view);
    let real = assess.answer(Question::Happened);
    let not_real = real.is_some_and(|answered| answered.answer == Says::No);
    let page = CheckPage {
        number: view.row.number.to_string(),
        case_title: report::title(&view.case).unwrap_or_default(),
        rows: rows(w, at, view),
        goes_on: next(at, view).map(|step| step.path(view)),
        stands: Mark::of(assess.severity),
        suggested: known.then(|| Mark::of(suggested.severity)),
        because: grounds(&suggested.because, Names::new(&view.directory)),
        choices: choices(suggested.severity, (assess.severity, keep), confirms),
        keep: keep.map(|first| (Mark::of(assess.severity), first)),
        confirms,
        false_alarm: not_real
            .then(|| false_alarm(view, if reason.is_empty() { &shown } else { &reason })),
        // Whoever was refused keeps what was typed.
        harm_first: (confirms && !harm_said && !refused).then(|| Step::Harm.path(view)),
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

/// Each rule once, with all that it found.
fn grounds(because: &[Because], names: Names) -> Vec<Ground> {
    let mut all: Vec<Ground> = Vec::new();
    for one in because {
        let (rule, found) = (one.rule.id(), names.in_words(&one.sentence));
        match all.iter_mut().find(|ground| ground.rule == rule) {
            Some(ground) => ground.found.push(found),
            None => all.push(Ground {
                rule,
                found: vec![found],
            }),
        }
    }
    all
}

/// Whether what stands can be kept, and whether that is the likeliest: unless something speaks for a higher one.
fn keep(suggested: Severity, stands: Severity, confirms: bool) -> Option<bool> {
    (!confirms && stands != Severity::Unknown).then_some(suggested <= stands)
}

/// The suggested one first; without a suggestion the higher ones first, since unsure means the higher one. Once it is
/// confirmed, what stands is kept rather than chosen again.
fn choices(
    suggested: Severity,
    (stands, keep): (Severity, Option<bool>),
    confirms: bool,
) -> Vec<Choice> {
    let all = [
        (Severity::High, "high"),
        (Severity::Medium, "medium"),
        (Severity::Low, "low"),
    ];
    let choice = |(severity, word): (Severity, &'static str)| Choice {
        word,
        mark: Mark::of(severity),
        first: severity == suggested && keep != Some(true),
    };
    let mut choices: Vec<Choice> = all
        .into_iter()
        .filter(|(severity, _)| confirms || *severity != stands)
        .map(choice)
        .collect();
    choices.sort_by_key(|choice| !choice.first);
    choices
}

fn rows(w: Words, at: At, view: &CaseView) -> Vec<Row> {
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
        Step::Data => match assess.answer(Question::SensitiveData) {
            Some(said) if data_is_involved(at) == Some(said.answer) => {
                says(Question::SensitiveData)
            }
            _ => data_is_involved(at).map(|_| w.say("assess-by-criteria").into_owned()),
        },
        Step::Dependency => says(Question::Dependency),
        Step::Harm => assess.impact().map(|impact| harm::told(w, impact)),
        Step::Contingency => super::plan_is_active(view).map(|active| match active {
            true => w.say("assess-contingency-active").into_owned(),
            false => w.say("assess-contingency-no").into_owned(),
        }),
    };
    let row = |step: Step| Row {
        settled: step == Step::Contingency && super::active(view).is_some(),
        question: step.question(w),
        answer: answer(step).unwrap_or_default(),
        href: step.path(view),
    };
    Step::ALL.into_iter().map(row).collect()
}
