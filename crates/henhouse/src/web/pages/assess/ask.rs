//! One question of the assessment, and its answer.

use std::collections::BTreeSet;

use askama::Template;
use procedure::RefusalKind as Kind;
use procedure::at::At;
use procedure::chapters::assess::{
    AnswerCriteria, AnswerQuestion, DecideContingency, Harm, Question, suggestion,
};
use procedure::id::DependencyId;
use procedure::playbook::{Answer as Says, Severity};

use super::harm::{self, Marks};
use super::{Place, Step, active, around, next, places, said_with, words_of};
use crate::desk::CaseView;
use crate::report::{self, Names};
use crate::web::fields::Fields;
use crate::web::pages::deed::{self, No};
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::words::Words;
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "assess_ask.html")]
struct AskPage {
    frame: Frame,
    number: String,
    case_title: String,
    here: String,
    nth: usize,
    total: usize,
    question: String,
    hint: String,
    places: Vec<Place>,
    /// What was answered before.
    recorded: Option<String>,
    /// It has its answer, and nothing is asked.
    settled: Option<Settled>,
    /// The answers, each a button: the value, the words, whether it is the likeliest.
    answers: Vec<(&'static str, String, bool)>,
    /// A box for words: its label, and what stands in it.
    note: Option<(String, String)>,
    /// The cursor stands in it: it is what is asked, right below the question.
    at_once: bool,
    /// Services of others that could be meant: id, name, ticked.
    which: Vec<(String, String, bool)>,
    /// What is harmed, each to be ticked.
    marks: Option<Marks>,
    /// What makes it High at once: id and words.
    high: Vec<(String, String)>,
    /// It may be left for later.
    later: bool,
    check: String,
}

/// Shows a question.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    let step = Step::of(call.param("step"))?;
    let view = call.case().await?;
    begin(&call, &view, step).await
}

/// Shows the question at which one goes on.
pub(super) async fn begin(call: &Call, view: &CaseView, step: Step) -> Answer {
    let frame = around(call, view, &heading(call.words(), step, view));
    page(call, 200, frame, view, step, &Fields::default()).await
}

/// Takes an answer and leads to the next question.
pub(in crate::web::pages) async fn answer(mut call: Call) -> Answer {
    let step = Step::of(call.param("step"))?;
    let fields = call.form().await?;
    let view = call.case().await?;
    match take(&call, &view, step, &fields).await {
        Ok(()) if fields.get("pick").is_some() => Ok(frame::lead_to(&enough(&call).await?)),
        Ok(()) => Ok(frame::lead_to(&onward(&call, step).await?)),
        Err(no) => {
            let view = call.case().await?;
            let frame = around(&call, &view, &heading(call.words(), step, &view));
            let frame = no.at(frame, field_of(step, &no));
            page(&call, no.status(), frame, &view, step, &fields).await
        }
    }
}

/// Once an example of High was tapped: what is harmed, without which nothing is confirmed (R37), then the answers.
async fn enough(call: &Call) -> Result<String, Problem> {
    let view = call.case().await?;
    let at = At::new(&view.case, &view.basis, call.app.desk.now());
    Ok(match Step::Harm.is_answered(at, &view) {
        true => check(&view),
        false => Step::Harm.path(&view),
    })
}

fn check(view: &CaseView) -> String {
    format!("/cases/{}/assess/check", view.row.number)
}

/// The next question that is open after this one, else the first that is, else the answers. Whoever tapped that it is
/// High answers the others when there is time.
async fn onward(call: &Call, step: Step) -> Result<String, Problem> {
    let view = call.case().await?;
    if step == Step::Harm && !view.case.part.assess.picks.is_empty() {
        return enough(call).await;
    }
    let after = Step::ALL.into_iter().skip_while(|one| *one != step).skip(1);
    let at = At::new(&view.case, &view.basis, call.app.desk.now());
    let mut open = after.filter(|step| !step.is_answered(at, &view));
    let there = open.next().or_else(|| next(at, &view));
    Ok(there.map_or_else(|| check(&view), |step| step.path(&view)))
}

/// The field at which a refusal is shown.
fn field_of(step: Step, no: &No) -> &'static str {
    match (step, no) {
        (Step::Harm, _) => "harmed",
        // No word of the note would change that.
        (_, No::Refused(refusal)) if matches!(refusal.kind, Kind::Forbidden | Kind::Conflict) => "",
        _ => "note",
    }
}

async fn take(call: &Call, view: &CaseView, step: Step, fields: &Fields) -> Result<(), No> {
    let once = (fields, 0);
    if let Some(pick) = fields.get("pick") {
        let picks = BTreeSet::from([pick.to_owned()]);
        let picked = AnswerCriteria {
            picks,
            ..AnswerCriteria::default()
        };
        return deed::give(call, view, picked, once).await;
    }
    let chosen = match fields.get("answer") {
        Some("yes") => Some(Says::Yes),
        Some("no") => Some(Says::No),
        Some("unknown") => Some(Says::Unknown),
        _ => None,
    };
    let note = frame::text(&frame::typed(fields, "note"));
    if step == Step::Harm {
        return harm::take(call, view, fields).await;
    }
    let lacks = |words: &str| No::Other(Problem::field("/note", words));
    let says = chosen.ok_or_else(|| lacks(&call.words().say("assess-choose-first")))?;
    // Said again without words, it keeps its own; another answer wants words of its own.
    let before = Recorded::of(call, view, step).await.map_err(No::Other)?;
    let before = before.filter(|before| before.says == says);
    let note = note.or_else(|| frame::text(&before?.note));
    let question = match step {
        Step::Contingency => {
            let lacks = || call.words().say("assess-why-first").into_owned();
            let reason = note.ok_or_else(|| No::Other(Problem::field("/note", lacks())))?;
            let activate = says == Says::Yes;
            let decided = DecideContingency { activate, reason };
            return deed::give(call, view, decided, once).await;
        }
        Step::Real | Step::Harm => Question::Happened,
        Step::Data => Question::SensitiveData,
        Step::Dependency => Question::Dependency,
    };
    let which = fields.all("which").into_iter();
    let which = which.map(DependencyId).collect();
    let answered = AnswerQuestion {
        question,
        answer: says,
        which,
        note,
    };
    deed::give(call, view, answered, once).await
}

async fn page(
    call: &Call,
    status: u16,
    frame: Frame,
    view: &CaseView,
    step: Step,
    fields: &Fields,
) -> Answer {
    let w = frame.w;
    let at = At::new(&view.case, &view.basis, call.app.desk.now());
    let typed = frame::typed(fields, "note");
    let names = Names::new(&view.directory);
    let recorded = Recorded::of(call, view, step).await?;
    let settled = Settled::of(call, view, step, at).await?;
    let asks = settled.is_none();
    let marks = (step == Step::Harm).then(|| Marks::of(at, view, fields, w));
    let chosen = fields.all("which");
    let said = recorded.as_ref().map(|recorded| &recorded.which);
    let said = said.filter(|_| fields.get("answer").is_none());
    let dependency = |id: &DependencyId| {
        let on = chosen.contains(&id.0) || said.is_some_and(|said| said.contains(id));
        (id.0.clone(), names.dependency(id), on)
    };
    let dependencies = view.basis.project.dependencies.iter();
    let page = AskPage {
        number: view.row.number.to_string(),
        case_title: report::title(&view.case).unwrap_or_default(),
        here: step.path(view),
        nth: 1 + Step::ALL
            .iter()
            .position(|one| *one == step)
            .unwrap_or_default(),
        total: Step::ALL.len(),
        question: heading(w, step, view),
        hint: match &marks {
            _ if !asks => String::new(),
            Some(marks) if marks.said => w.say("assess-harm-said").into_owned(),
            _ => hint(w, step),
        },
        places: places(w, at, view, Some(step)),
        answers: answers(w, step, recorded.as_ref().map(|recorded| recorded.says)),
        at_once: step == Step::Real
            && recorded.is_none()
            && typed.is_empty()
            && frame.errors.is_empty(),
        note: note(w, step, (typed, recorded.is_some()), view).filter(|_| asks),
        recorded: recorded.as_ref().map(|recorded| recorded.told(w, step)),
        settled,
        which: match step {
            Step::Dependency => dependencies.map(dependency).collect(),
            _ => Vec::new(),
        },
        marks,
        high: high(view, at, step),
        later: step == Step::Contingency && asks,
        check: check(view),
        frame,
    };
    frame::page(status, &page)
}

/// The examples of High, where other questions could wait for it: not once it is High or the answers say so, and not at
/// the last question.
fn high(view: &CaseView, at: At, step: Step) -> Vec<(String, String)> {
    let known = view.case.part.assess.severity == Severity::High
        || suggestion(at).severity == Severity::High;
    if known || step == Step::Contingency {
        return Vec::new();
    }
    let picks = view.basis.playbook.assessment.picks.iter();
    let high = picks.filter(|pick| pick.suggests == Severity::High);
    high.map(|pick| (pick.id.clone(), pick.label.clone()))
        .collect()
}

fn hint(w: Words, step: Step) -> String {
    let hint = match step {
        Step::Real => w.say("assess-real-hint"),
        Step::Harm => w.say("assess-harm-hint"),
        Step::Data => w.say("assess-data-hint"),
        Step::Dependency => w.say("assess-dependency-hint"),
        Step::Contingency => w.say("assess-contingency-hint"),
    };
    hint.into_owned()
}

/// The contingency plan, once it is active: nothing is asked of it any more.
struct Settled {
    /// Since when, and by whom.
    since: String,
    /// Why.
    reason: String,
    /// Where the assessment goes on, and what that is called.
    onward: (String, String),
}

impl Settled {
    async fn of(
        call: &Call,
        view: &CaseView,
        step: Step,
        at: At<'_>,
    ) -> Result<Option<Self>, Problem> {
        let Some(track) = active(view).filter(|_| step == Step::Contingency) else {
            return Ok(None);
        };
        let w = call.words();
        let times = w.times(view.basis.project.calendar.rules().clone(), at.now);
        let since = w
            .with("assess-contingency-since", "when", times.at(track.since))
            .and("who", Names::new(&view.directory).who(&track.by));
        let onward = match next(at, view) {
            Some(step) => (step.path(view), w.say("assess-go-on")),
            None => (
                format!("/cases/{}/assess/check", view.row.number),
                w.say("assess-check"),
            ),
        };
        Ok(Some(Self {
            since: since.to_string(),
            reason: words_of(call, view, Some(track.seq)).await?,
            onward: (onward.0, onward.1.into_owned()),
        }))
    }
}

/// What is asked, or what is so already.
fn heading(w: Words, step: Step, view: &CaseView) -> String {
    match active(view).filter(|_| step == Step::Contingency) {
        Some(_) => w.say("assess-contingency-active").into_owned(),
        None => step.question(w),
    }
}

/// What was answered before: it is shown, and stays the likeliest answer.
struct Recorded {
    says: Says,
    which: BTreeSet<DependencyId>,
    note: String,
}

impl Recorded {
    async fn of(call: &Call, view: &CaseView, step: Step) -> Result<Option<Self>, Problem> {
        let assess = &view.case.part.assess;
        let question = match step {
            Step::Harm => return Ok(None),
            Step::Contingency => {
                let decided = assess.plan.last();
                let Some(decided) = decided.filter(|_| active(view).is_none()) else {
                    return Ok(None);
                };
                return Ok(Some(Self {
                    says: if decided.activate {
                        Says::Yes
                    } else {
                        Says::No
                    },
                    which: BTreeSet::new(),
                    note: words_of(call, view, Some(decided.mark.seq)).await?,
                }));
            }
            Step::Real => Question::Happened,
            Step::Data => Question::SensitiveData,
            Step::Dependency => Question::Dependency,
        };
        let Some(answered) = assess.answer(question) else {
            return Ok(None);
        };
        Ok(Some(Self {
            says: answered.answer,
            which: answered.which.clone(),
            note: said_with(call, view, Some(answered)).await?,
        }))
    }

    fn told(&self, w: Words, step: Step) -> String {
        let mut answers = answers(w, step, None).into_iter();
        let said = answers.find(|(value, ..)| *value == value_of(self.says));
        let words = said.map(|(_, words, _)| words).unwrap_or_default();
        match self.note.as_str() {
            "" => words,
            note => format!("{words}: {note}"),
        }
    }
}

fn value_of(says: Says) -> &'static str {
    match says {
        Says::Yes => "yes",
        Says::No => "no",
        Says::Unknown => "unknown",
    }
}

/// The answers; what was recorded is the likeliest, else the one that most give.
fn answers(w: Words, step: Step, recorded: Option<Says>) -> Vec<(&'static str, String, bool)> {
    let (yes, no) = match step {
        Step::Harm => return Vec::new(),
        Step::Real => (w.say("assess-real-yes"), w.say("assess-real-no")),
        Step::Data => (w.say("assess-data-yes"), w.say("assess-data-no")),
        Step::Dependency => (
            w.say("assess-dependency-yes"),
            w.say("assess-dependency-no"),
        ),
        Step::Contingency => (
            w.say("assess-contingency-yes"),
            w.say("assess-contingency-no"),
        ),
    };
    let mut all = vec![("yes", yes.into_owned()), ("no", no.into_owned())];
    match step {
        Step::Contingency => all.reverse(),
        _ => all.push(("unknown", w.say("assess-unknown").into_owned())),
    }
    let first = match recorded {
        Some(says) => value_of(says),
        None => all[0].0,
    };
    all.sort_by_key(|(value, _)| *value != first);
    let answer = |(value, words)| (value, words, value == first);
    all.into_iter().map(answer).collect()
}

/// The box for words of a question. Why the contingency plan is not needed is proposed from what is harmed, as long as
/// nobody has decided.
fn note(
    w: Words,
    step: Step,
    (typed, decided): (String, bool),
    view: &CaseView,
) -> Option<(String, String)> {
    let label = match step {
        Step::Real => w.say("assess-real-note"),
        Step::Dependency => w.say("assess-dependency-note"),
        Step::Contingency => w.say("assess-contingency-note"),
        Step::Harm | Step::Data => return None,
    };
    let runs = || {
        let impact = view.case.part.assess.impact();
        let running = impact.and_then(|impact| impact.availability);
        match running {
            Some(Harm::None) => w.say("assess-runs").into_owned(),
            Some(Harm::Potential) => w.say("assess-runs-so-far").into_owned(),
            Some(Harm::Actual) | None => String::new(),
        }
    };
    let words = match step {
        Step::Contingency if typed.is_empty() && !decided => runs(),
        _ => typed,
    };
    Some((label.into_owned(), words))
}
