//! `/suspicious` and `/answer/{token}`: the three questions about a suspicious mail, for whoever got one (R107). The form is open
//! to everybody; the link came with a mail. Looking says nothing: only what is sent does.

use std::borrow::Cow;

use askama::Template;
use axum::http::Method;
use procedure::chapters::intake::{Follows, Phish, Report, Route as Way};
use procedure::playbook::Playbook;
use procedure::{Text, project::ProjectState};

use super::frame::{self, Frame};
use super::intake::{FILE_LIMIT, Files, Posted};
use crate::desk::{About, Became, DeskError, OpenReport, ProjectRow, QueueMail};
use crate::report::people::public_lines;
use crate::report::translated::{self, Told};
use crate::web::call::BODY_LIMIT;
use crate::web::fields::Fields;
use crate::web::registry::Permission::{Link, Public};
use crate::web::registry::{Answer, Route};
use crate::web::words::Words;
use crate::web::{Call, Problem, form};

const SEE_OTHER: u16 = 303;
const HERE: &str = "/suspicious";

/// A thing that can be ticked: its name, its label, whether it is.
type Tick = (&'static str, Cow<'static, str>, bool);

/// The pages.
pub(super) fn routes() -> Vec<Route> {
    let mut all = Vec::new();
    for (place, shown, sent) in [
        ("/suspicious", "suspicious_page", "suspicious_form"),
        (
            "/suspicious/{project}",
            "project_suspicious_page",
            "project_suspicious_form",
        ),
    ] {
        let about = "The three questions about a suspicious mail.";
        all.push(Route::page(Method::GET, place, shown, Public, about, show));
        let about = "Takes the answers, and the mail if it is sent along.";
        let taken = Route::page(Method::POST, place, sent, Public, about, send);
        all.push(taken.answers(SEE_OTHER));
    }
    let about = "The three questions about a mail that somebody sent.";
    all.push(Route::page(
        Method::GET,
        "/answer/{token}",
        "answer_page",
        Link,
        about,
        ask,
    ));
    let about = "Takes the answers about a mail that somebody sent.";
    let taken = Route::page(
        Method::POST,
        "/answer/{token}",
        "answer_form",
        Link,
        about,
        answer,
    );
    all.push(taken.answers(SEE_OTHER));
    all
}

#[derive(Template)]
#[template(path = "suspicious.html")]
struct SuspiciousPage {
    frame: Frame,
    here: String,
    ticks: Vec<Tick>,
    text: String,
    contact: String,
    /// The mail is asked for before there is advice.
    first: bool,
    /// It is over; whether it was left in the spam folder.
    done: Option<bool>,
    advice: Vec<Told>,
}

#[derive(Template)]
#[template(path = "answer.html")]
struct AnswerPage {
    frame: Frame,
    number: String,
    ticks: Vec<Tick>,
    receipt: Option<String>,
    in_case: bool,
    /// Something was answered; it was left in the spam folder; something was done with it.
    answered: bool,
    left: bool,
    acted: bool,
    /// A yes is ticked, and not sent yet.
    meant: bool,
    advice: Vec<Told>,
}

/// To which project, and what it says.
struct Project {
    row: ProjectRow,
    lines: Vec<(String, String)>,
    advice: Vec<Told>,
}

impl Project {
    /// The project in the address, else the first.
    async fn of(call: &Call) -> Result<Self, Problem> {
        let slug = call.params.get("project").cloned();
        let (row, state) = call.app.desk.project_for_reports(slug).await?;
        let known_only = |state: &ProjectState| {
            let project = state.project();
            project.is_some_and(|project| project.known_reporters_only)
        };
        if known_only(&state) && call.known.is_none() {
            return Err(Problem::sign_in());
        }
        let basis = state.basis();
        let playbook = basis.as_ref().map(|basis| &basis.playbook);
        Ok(Self {
            row,
            lines: playbook.map_or_else(Vec::new, |book| public_lines(&state.directory, book)),
            advice: advised(call, playbook),
        })
    }
}

/// What is advised after "none of the three", as the reader reads it.
fn advised(call: &Call, playbook: Option<&Playbook>) -> Vec<Told> {
    let language = call.words().lang();
    playbook.map_or_else(Vec::new, |book| translated::advice(book, language))
}

/// What is ticked.
fn phish(fields: &Fields) -> Phish {
    let ticked = |name| fields.get(name).is_some();
    Phish {
        clicked: ticked("clicked"),
        opened: ticked("opened"),
        entered: ticked("entered"),
        none: ticked("none"),
        in_spam: ticked("spam"),
    }
}

fn ticks(w: Words, phish: Phish) -> Vec<Tick> {
    vec![
        ("clicked", w.say("suspicious-clicked"), phish.clicked),
        ("opened", w.say("suspicious-opened"), phish.opened),
        ("entered", w.say("suspicious-entered"), phish.entered),
        ("spam", w.say("suspicious-spam"), phish.in_spam),
        ("none", w.say("suspicious-none"), phish.none),
    ]
}

fn framed(call: &Call, project: &Project) -> Frame {
    let title = call.words().say("suspicious-title");
    let mut frame = Frame::new(call, title).at(HERE).worded("suspicious");
    frame.lines.clone_from(&project.lines);
    frame.counting_once(call)
}

fn here(call: &Call) -> String {
    let project = call.params.get("project");
    project.map_or_else(|| HERE.to_owned(), |project| format!("{HERE}/{project}"))
}

async fn show(call: Call) -> Answer {
    let project = Project::of(&call).await?;
    let frame = framed(&call, &project);
    let done = match call.page_query().get("done") {
        Some("spam") => Some(true),
        Some("none") => Some(false),
        _ => None,
    };
    let page = SuspiciousPage {
        ticks: ticks(frame.w, Phish::default()),
        done,
        ..blank(&call, frame, project)
    };
    frame::page(200, &page)
}

fn blank(call: &Call, frame: Frame, project: Project) -> SuspiciousPage {
    SuspiciousPage {
        frame,
        here: here(call),
        ticks: Vec::new(),
        text: String::new(),
        contact: String::new(),
        first: false,
        done: None,
        advice: project.advice,
    }
}

/// Takes the answers. Any yes opens an event; else the mail is asked for first, and then there is advice (M1).
async fn send(mut call: Call) -> Answer {
    let project = Project::of(&call).await?;
    let posted = Posted::read(&mut call).await?;
    frame::own_or_nobodys(&mut call, &posted.fields);
    let phish = phish(&posted.fields);
    let typed = |name| frame::typed(&posted.fields, name);
    let (text, contact) = (typed("text"), typed("contact"));
    let without = posted.fields.get("without").is_some();
    let once = frame::once(&posted.fields);
    let mut frame = framed(&call, &project);
    frame.once = once.clone().unwrap_or_default();
    let w = frame.w;
    if phish.follows() == Follows::Asking {
        frame = frame.wrong("clicked", w.say("suspicious-tick"));
    }
    for (field, typed) in [("text", &text), ("contact", &contact)] {
        if let Some(words) = frame::too_long_in(w, typed) {
            frame = frame.wrong(field, words);
        }
    }
    let again = |frame, project, first| SuspiciousPage {
        ticks: ticks(w, phish),
        text: text.clone(),
        contact: contact.clone(),
        first,
        ..blank(&call, frame, project)
    };
    if !frame.errors.is_empty() {
        posted.skip().await;
        return frame::page(422, &again(frame, project, false));
    }
    let said = match text.is_empty() {
        true => w.say("suspicious-text").into_owned(),
        false => text.clone(),
    };
    let report = Report {
        contact: frame::text(&contact),
        route: Way::Form,
        phish,
        ..Report::saying(Text::from(said.as_str()))
    };
    let not_sent = |error: DeskError, frame: Frame, project| {
        let problem = Problem::from(error);
        let words = w.with("suspicious-not-sent", "why", &problem.detail);
        frame::page(
            problem.status,
            &again(frame.wrong("", words), project, false),
        )
    };
    match phish.follows() {
        Follows::Nothing => {
            posted.skip().await;
            call.app.desk.left_in_spam(Some(project.row.slug)).await?;
            Ok(frame::lead_to(&format!("{}?done=spam", here(&call))))
        }
        Follows::Advice => match keep(&call, posted, report, &project, once).await {
            Ok(Some(item)) => {
                let link = call.app.desk.link_about(item).await?;
                Ok(frame::lead_to(&format!("/answer/{link}")))
            }
            Ok(None) if without => Ok(frame::lead_to(&format!("{}?done=none", here(&call)))),
            Ok(None) => frame::page(200, &again(frame, project, true)),
            Err(NotKept::File(files)) => {
                let why = Files::said(w, files.word()).unwrap_or_default();
                let words = w.with("suspicious-not-sent", "why", why.as_ref());
                frame::page(422, &again(frame.wrong("file", words), project, true))
            }
            Err(NotKept::Desk(error)) => not_sent(error, frame, project),
        },
        Follows::Event | Follows::Asking => {
            let open = OpenReport {
                mailed: None,
                actor: call.actor_or_reporter(),
                project: Some(project.row.slug.clone()),
                report,
                happened_at: None,
                once: once.clone().map(|key| call.one_use(key)),
            };
            match call.app.desk.open_report_from(open, call.address).await {
                Ok(opened) => {
                    let files = posted.keep(&call, &opened.receipt, once.as_deref()).await;
                    let receipt = format!("/receipt/{}", opened.receipt);
                    Ok(frame::lead_to(&match files {
                        Files::None => receipt,
                        files => format!("{receipt}?file={}", files.word()),
                    }))
                }
                Err(error) => {
                    posted.skip().await;
                    not_sent(error, frame, project)
                }
            }
        }
    }
}

/// Why a mail was not kept.
enum NotKept {
    File(Files),
    Desk(DeskError),
}

/// Keeps the mail that was sent along, for the team to look at; answers its number.
async fn keep(
    call: &Call,
    posted: Posted,
    report: Report,
    project: &Project,
    once: Option<String>,
) -> Result<Option<u64>, NotKept> {
    let (desk, exhibits) = (&call.app.desk, &call.app.exhibits);
    let incoming = desk.receive_for_review(exhibits, FILE_LIMIT).await;
    let incoming = incoming.map_err(NotKept::Desk)?;
    let file = posted.one_file(incoming).await.map_err(NotKept::File)?;
    let Some(file) = file else {
        return Ok(None);
    };
    // The same bytes from somebody else are another mail, with a link of their own.
    let key = once.unwrap_or_else(|| desk.ids().token());
    let queued = QueueMail {
        project: project.row.slug.clone(),
        mail: file.kept,
        carried: Vec::new(),
        report,
        sender: None,
        suspicious: true,
        asked: None,
        discounted: true,
    };
    let item = desk.queue_mail(queued, call.one_use(key)).await;
    item.map(Some).map_err(NotKept::Desk)
}

async fn ask(call: Call) -> Answer {
    let about = about(&call).await?;
    let query = call.page_query();
    let did = query.get("did").unwrap_or_default();
    let phish = Phish {
        clicked: did == "clicked",
        opened: did == "opened",
        entered: did == "entered",
        none: did == "none",
        in_spam: did == "spam",
    };
    let frame = asking(&call, &about);
    page(200, frame, about, phish)
}

async fn answer(mut call: Call) -> Answer {
    if form::from_our_page(&call.headers, &call.app.desk.site().base_url) == Some(false) {
        return Err(form::other_site());
    }
    let fields = Fields::parse(&call.bytes(BODY_LIMIT).await?)?;
    let (phish, token) = (phish(&fields), call.param("token").to_owned());
    if phish.follows() == Follows::Asking {
        let about = about(&call).await?;
        let frame = asking(&call, &about);
        let words = frame.w.say("suspicious-tick");
        return page(422, frame.wrong("clicked", words), about, phish);
    }
    let became = call.app.desk.answer_about(&token, phish).await;
    match became.map_err(|error| gone(call.words(), error))? {
        Became::Event(receipt) => Ok(frame::lead_to(&format!("/receipt/{receipt}"))),
        Became::Noted => Ok(frame::lead_to(&format!("/answer/{token}"))),
    }
}

async fn about(call: &Call) -> Result<About, Problem> {
    let about = call.app.desk.asked_about(call.param("token")).await;
    about.map_err(|error| gone(call.words(), error))
}

fn gone(w: Words, error: DeskError) -> Problem {
    match error {
        DeskError::NotFound(_) => Problem::new("not-found", w.say("suspicious-gone")),
        error => error.into(),
    }
}

fn asking(call: &Call, about: &About) -> Frame {
    let title = call.words().say("suspicious-title");
    let mut frame = Frame::new(call, title).worded("suspicious");
    frame.lines.clone_from(&about.lines);
    frame
}

fn page(status: u16, frame: Frame, about: About, ticked: Phish) -> Answer {
    let playbook = about.playbook.as_ref();
    let advice = playbook.map_or_else(Vec::new, |book| translated::advice(book, frame.w.lang()));
    let page = AnswerPage {
        number: format!("M-{}", about.item),
        ticks: ticks(frame.w, ticked),
        answered: about.phish.is_answered(),
        left: about.phish.follows() == Follows::Nothing,
        acted: about.phish.acted_upon(),
        meant: ticked.acted_upon(),
        receipt: about.receipt,
        in_case: about.in_case,
        advice,
        frame,
    };
    frame::page(status, &page)
}
