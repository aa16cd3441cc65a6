//! `/cases/{number}/drill`: to everybody who sees the case its score sheet, which is its conformance; to whoever conducts
//! the drill what happens meanwhile, given by a button each, and the clock. Those who practise do not see what comes.

use std::collections::BTreeMap;

use askama::Template;
use jiff::SignedDuration;
use procedure::chapters::record::AddNote;
use procedure::metrics::{Span, metrics};
use procedure::{Body, Finding, Order, Outcome, Text};

use super::{Dial, conductor, move_clock};
use crate::desk::CaseView;
use crate::report::conformance::outcome;
use crate::report::drills::{self, Drill};
use crate::report::{self, Names, Times};
use crate::web::fields::Fields;
use crate::web::pages::frame::{self, Frame, is_exercise};
use crate::web::pages::input::Input;
use crate::web::registry::Answer;
use crate::web::words::{Words, key};
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "drill_control.html")]
struct ControlPage {
    frame: Frame,
    number: String,
    title: String,
    /// It is an exercise.
    drill: bool,
    /// Whoever looks conducts it.
    conducts: bool,
    /// Drills write to people outside the team too.
    outside: bool,
    dial: Option<Dial>,
    /// The canned drill that it follows.
    canned: Option<String>,
    injects: Vec<Row>,
    from: Input,
    text: Input,
    over: bool,
    score: Score,
}

/// Something that happens meanwhile.
struct Row {
    n: usize,
    after: u32,
    from: String,
    text: String,
    /// When it was given.
    given: Option<String>,
}

/// How the case stands to the rules.
struct Score {
    /// So many rules of each sort: the name of the words, and how many.
    counts: [(&'static str, usize); 5],
    /// Milestones: the name of the words, and how long after the report.
    spans: Vec<(&'static str, String)>,
    /// What was not kept: the rule, what it says, how it stands.
    broken: Vec<(String, &'static str, String)>,
}

/// Shows it.
pub(super) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    let frame = frame_of(&call, &view);
    page(&call, 200, frame, &view, [String::new(), String::new()]).await
}

/// Gives what happens meanwhile, or moves the clock.
pub(super) async fn act(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let view = call.case().await?;
    let here = format!("/cases/{}/drill", view.row.number);
    let asked = ["clock", "inject", "act"]
        .iter()
        .any(|name| fields.get(name).is_some());
    if !asked {
        return Err(Problem::field("/act", "There is no such button here."));
    }
    if !call.known()?.is_admin() {
        return Err(Problem::new(
            "not-allowed",
            call.words().say("drill-conducts"),
        ));
    }
    if let Some(button) = fields.get("clock") {
        return match call.app.desk.site().drill && move_clock(&call, button).await? {
            true => Ok(frame::lead_to(&format!("{here}#clock"))),
            false => Err(Problem::field("/clock", "There is no such button here.")),
        };
    }
    let typed = ["from", "text"].map(|name| frame::typed(&fields, name));
    let wrong = |words: String| frame_of(&call, &view).wrong("text", words);
    if !is_exercise(&view.case) && !call.app.desk.site().drill {
        let frame = wrong(call.words().say("drill-none").into_owned());
        return page(&call, 422, frame, &view, typed).await;
    }
    let note = match note(&view, &fields, &typed) {
        Some(note) => note,
        None => {
            let frame = wrong(call.words().say("drill-text-missing").into_owned());
            return page(&call, 422, frame, &view, typed).await;
        }
    };
    let too_long = frame::too_long(&note);
    if let Some(words) = too_long {
        return page(&call, 422, wrong(words), &view, typed).await;
    }
    if given(&call, &view).await?.contains_key(&note) {
        return Ok(frame::lead_to(&format!("{here}#injects")));
    }
    let command = AddNote {
        text: Text::from(note.as_str()),
        restricted: false,
    };
    let once = frame::once(&fields).map(|key| call.one_use(key));
    let (actor, order) = (
        conductor(&call)?,
        Order::from(procedure::Command::from(command)),
    );
    let submitted = call.app.desk.submit(view.row.journal, actor, order, once);
    match submitted.await.map_err(Problem::from) {
        Ok(_) => Ok(frame::lead_to(&format!("{here}#injects"))),
        Err(problem) if matches!(problem.status, 403 | 409 | 422) => {
            page(&call, 422, wrong(problem.detail), &view, typed).await
        }
        Err(problem) => Err(problem),
    }
}

/// What is to be given: one of the canned drill's, or what was typed.
fn note(view: &CaseView, fields: &Fields, [from, text]: &[String; 2]) -> Option<String> {
    if let Some(n) = fields.get("inject") {
        let n: usize = n.parse().ok()?;
        let drill = drills::of(&view.case)?;
        return drill.injects.get(n).map(drills::Inject::note);
    }
    (!from.is_empty() && !text.is_empty()).then(|| drills::note(from, text))
}

/// The notes of a case, each with the time at which it was written.
async fn given(call: &Call, view: &CaseView) -> Result<BTreeMap<String, jiff::Timestamp>, Problem> {
    let all = u32::try_from(view.case.seq).unwrap_or(u32::MAX);
    let entries = call.app.desk.entries(view, 0, all).await?;
    let note = |entry: &std::sync::Arc<procedure::Entry>| match &entry.body {
        Body::NoteAdded(note) => Some((note.text.plain()?.to_owned(), entry.recorded_at)),
        _ => None,
    };
    Ok(entries.iter().filter_map(note).collect())
}

fn frame_of(call: &Call, view: &CaseView) -> Frame {
    let number = view.row.number.to_string();
    let title = call.words().with("drill-control", "number", &number);
    let mut frame = Frame::new(call, title).counting_once(call).worded("drill");
    frame.lines = report::people::public_lines(&view.directory, &view.basis.playbook);
    frame.mark_exercise(&view.case);
    frame
}

async fn page(
    call: &Call,
    status: u16,
    frame: Frame,
    view: &CaseView,
    [from, text]: [String; 2],
) -> Answer {
    let (w, desk) = (call.words(), &call.app.desk);
    let known = call.known()?;
    let conducts = known.is_admin() && known.may_write();
    let times = w.times(view.basis.project.calendar.rules().clone(), desk.now());
    let drill = drills::of(&view.case);
    let injects = match &drill {
        Some(drill) if conducts => rows(drill, &given(call, view).await?, &times),
        _ => Vec::new(),
    };
    let dial = match conducts {
        true => Dial::of(call, &times).await?,
        false => None,
    };
    let from = Input::line("from", w.say("drill-from"), &from).needed();
    let from = from.hint(w.say("drill-from-hint"));
    let page = ControlPage {
        number: view.row.number.to_string(),
        title: report::title(&view.case).unwrap_or_default(),
        drill: is_exercise(&view.case) || desk.site().drill,
        canned: drill.map(|drill| drill.name),
        from: from.told(&frame),
        text: Input::long("text", 3, w.say("drill-text"), &text)
            .needed()
            .told(&frame),
        over: view.case.is_over(),
        outside: desk.do_drills_write_outside(),
        score: score(view, &times, w),
        conducts,
        dial,
        injects,
        frame,
    };
    frame::page(status, &page)
}

fn rows(drill: &Drill, given: &BTreeMap<String, jiff::Timestamp>, times: &Times) -> Vec<Row> {
    let row = |(n, inject): (usize, &drills::Inject)| Row {
        n,
        after: inject.after,
        from: inject.from.clone(),
        text: inject.text.clone(),
        given: given.get(&inject.note()).map(|at| times.at(*at)),
    };
    drill.injects.iter().enumerate().map(row).collect()
}

fn score(view: &CaseView, times: &Times, w: Words) -> Score {
    let names = Names::new(&view.directory);
    let findings = procedure::conformance(&view.case, &view.basis, times.now());
    let count = |of: fn(&Outcome) -> bool| findings.iter().filter(|one| of(&one.outcome)).count();
    let counts = [
        (
            key("drill-kept"),
            count(|o| matches!(o, Outcome::Done { .. })),
        ),
        (
            key("drill-late"),
            count(|o| matches!(o, Outcome::Late { .. })),
        ),
        (
            key("drill-missing"),
            count(|o| matches!(o, Outcome::Missing { .. })),
        ),
        (
            key("drill-waived"),
            count(|o| matches!(o, Outcome::Waived { .. })),
        ),
        (
            key("drill-open"),
            count(|o| matches!(o, Outcome::Open { .. })),
        ),
    ];
    let figures = metrics(&view.case);
    let spans = [
        (key("drill-to-acknowledge"), figures.time_to_acknowledge),
        (key("drill-to-sitrep"), figures.time_to_first_sitrep),
        (key("drill-to-containment"), figures.time_to_containment),
    ];
    let said = |span: Span| match span {
        Span::Seconds { seconds, .. } => w.span(SignedDuration::from_secs(seconds)),
        Span::Unknown => w.say("drill-not-yet").into_owned(),
    };
    let is_broken =
        |one: &&Finding| matches!(one.outcome, Outcome::Missing { .. } | Outcome::Late { .. });
    let broken = findings.iter().filter(is_broken);
    Score {
        counts,
        spans: spans
            .into_iter()
            .map(|(label, span)| (label, said(span)))
            .collect(),
        broken: broken
            .map(|one| {
                (
                    one.rule.to_string(),
                    one.sentence,
                    outcome(names, &times.in_english(), &one.outcome),
                )
            })
            .collect(),
    }
}
