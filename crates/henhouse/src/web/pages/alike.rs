//! The same mail elsewhere: what the kept mails of a case can be known again by, which other cases and waiting mails have the
//! same, how they become one case in one act, and the warning to colleagues. Everything that a mail says is shown with its links
//! broken.

use std::borrow::Cow;

use askama::Template;
use axum::http::Method;

use super::frame::{self, Frame};
use crate::desk::{Alike, CaseNumber, DeskError, Like, Warning};
use crate::indicators::{Indicator, Kind};
use crate::web::api::review::item;
use crate::web::fields::Fields;
use crate::web::registry::Permission::SignedIn;
use crate::web::registry::{Answer, Route};
use crate::web::words::Words;
use crate::web::{Call, Problem};

const SEE_OTHER: u16 = 303;

/// The pages.
#[rustfmt::skip]
pub(super) fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    vec![
        Route::page(get.clone(), "/cases/{number}/alike", "case_alike_page", SignedIn, "What the mails of a case can be known again by, and where the same was seen.", of_case),
        Route::page(post.clone(), "/cases/{number}/alike", "case_alike_form", SignedIn, "Makes other cases and waiting mails part of a case.", gather)
            .answers(SEE_OTHER),
        Route::page(get.clone(), "/review/{mail}/alike", "review_alike_page", SignedIn, "What a waiting mail can be known again by, and where the same was seen.", of_mail),
        Route::page(get, "/warn", "warn_page", SignedIn, "A warning of a suspicious mail to colleagues, before it is sent.", warning),
        Route::page(post, "/warn", "warn_form", SignedIn, "Shows a warning as it would leave, or sends it.", warn)
            .answers(SEE_OTHER),
    ]
}

#[derive(Template)]
#[template(path = "alike.html")]
struct AlikePage {
    frame: Frame,
    /// The case or the mail that it is about, and where it stands.
    number: String,
    here: String,
    /// There is a mail to be known again.
    mail: bool,
    indicators: Vec<Shown>,
    cases: Vec<Row>,
    mails: Vec<Row>,
    /// Something can be gathered here, by whoever looks.
    acts: bool,
    /// So many were gathered just now; what was not, and why.
    done: Option<usize>,
    not: Vec<(String, String)>,
}

struct Shown {
    kind: Cow<'static, str>,
    words: String,
    odd: bool,
}

struct Row {
    number: String,
    href: String,
    title: String,
    same: usize,
    telling: bool,
    open: bool,
}

impl Shown {
    fn of(found: &Indicator, w: Words) -> Self {
        let kind = match found.kind {
            Kind::Sender => w.say("alike-sender"),
            Kind::AnswerTo => w.say("alike-answer-to"),
            Kind::Link => w.say("alike-link"),
            Kind::Host => w.say("alike-host"),
            Kind::File => w.say("alike-file"),
        };
        Self {
            kind,
            words: broken(found),
            odd: found.odd_letters,
        }
    }
}

/// So that nothing makes it live: the dots of the host, and the sign in an address.
fn broken(found: &Indicator) -> String {
    let (host, path) = match found.words.split_once('/') {
        Some((host, path)) => (host, format!("/{path}")),
        None => (found.words.as_str(), String::new()),
    };
    format!("{}{path}", host.replace('@', "[at]").replace('.', "[.]"))
}

impl Row {
    fn of<T>(like: &Like<T>, number: String, href: String) -> Self {
        Self {
            number,
            href,
            title: crate::report::defang::defanged(&like.title),
            same: like.same,
            telling: like.telling,
            open: like.open,
        }
    }
}

async fn of_case(call: Call) -> Answer {
    let number = call.number()?;
    let alike = call.app.desk.alike(&call.onlooker()?, &number).await?;
    let done = call.page_query().parsed("done", "").ok().flatten();
    let here = format!("/cases/{number}");
    page(
        &call,
        (200, number.to_string(), here),
        alike,
        done,
        Vec::new(),
    )
    .await
}

async fn of_mail(call: Call) -> Answer {
    let item = item(&call)?;
    let alike = call
        .app
        .desk
        .alike_in_queue(&call.onlooker()?, item)
        .await?;
    let number = format!("M-{item}");
    let here = format!("/review/{number}");
    page(&call, (200, number, here), alike, None, Vec::new()).await
}

async fn gather(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let (number, onlooker) = (call.number()?, call.onlooker()?);
    let (mut cases, mut mails): (Vec<CaseNumber>, Vec<u64>) = Default::default();
    for one in fields.all("with") {
        match one.strip_prefix("M-") {
            Some(item) => mails.extend(item.parse::<u64>()),
            None => cases.extend(one.parse::<CaseNumber>()),
        }
    }
    if cases.is_empty() && mails.is_empty() {
        let alike = call.app.desk.alike(&onlooker, &number).await?;
        let here = format!("/cases/{number}");
        return page(
            &call,
            (422, number.to_string(), here),
            alike,
            None,
            Vec::new(),
        )
        .await;
    }
    let gathered = call
        .app
        .desk
        .gather(&onlooker, &number, cases, mails)
        .await?;
    if gathered.not.is_empty() {
        let done = gathered.done;
        return Ok(frame::lead_to(&format!(
            "/cases/{number}/alike?done={done}"
        )));
    }
    let alike = call.app.desk.alike(&onlooker, &number).await?;
    let here = format!("/cases/{number}");
    let done = Some(gathered.done);
    page(
        &call,
        (409, number.to_string(), here),
        alike,
        done,
        gathered.not,
    )
    .await
}

async fn page(
    call: &Call,
    (status, number, here): (u16, String, String),
    alike: Alike,
    done: Option<usize>,
    not: Vec<(String, String)>,
) -> Answer {
    let w = call.words();
    let title = w.with("alike-title", "number", number.as_str());
    let frame = Frame::new(call, title).worded("alike").counting_once(call);
    let frame = frame.with_lines(&call.app.desk).await;
    let frame = match status {
        422 => {
            let words = frame.w.say("alike-tick");
            frame.wrong("", words)
        }
        _ => frame,
    };
    let cases = alike.cases.iter();
    let cases = cases.map(|like| {
        let number = like.number.to_string();
        let href = format!("/cases/{number}");
        Row::of(like, number, href)
    });
    let mails = alike.mails.iter().map(|like| {
        let number = format!("M-{}", like.number);
        let href = format!("/review/{number}");
        Row::of(like, number, href)
    });
    let (cases, mails): (Vec<Row>, Vec<Row>) = (cases.collect(), mails.collect());
    let gatherable = cases.iter().chain(&mails).any(|row| row.open);
    let mail = match here.starts_with("/cases/") {
        true => super::case::has_mail(&call.case().await?),
        false => true,
    };
    let page = AlikePage {
        mail,
        indicators: alike
            .indicators
            .iter()
            .map(|one| Shown::of(one, w))
            .collect(),
        acts: call.known()?.may_write() && gatherable && here.starts_with("/cases/"),
        cases,
        mails,
        number,
        here,
        done,
        not,
        frame,
    };
    frame::page(status, &page)
}

#[derive(Template)]
#[template(path = "warn.html")]
struct WarnPage {
    frame: Frame,
    of: String,
    here: String,
    text: String,
    /// The warning as it would leave.
    preview: Option<Warning>,
    /// So many have it.
    sent: Option<usize>,
}

/// The case or the mail in the address.
fn named(fields: &Fields) -> String {
    fields
        .get("of")
        .unwrap_or_default()
        .trim()
        .to_ascii_uppercase()
}

fn place(of: &str) -> String {
    match of.starts_with("M-") {
        true => format!("/review/{of}"),
        false => format!("/cases/{of}"),
    }
}

async fn warning(call: Call) -> Answer {
    let query = call.page_query();
    let (of, w) = (named(&query), call.words());
    let onlooker = call.onlooker()?;
    // Whether it may be warned of is seen before anything is typed.
    call.app.desk.warning(&onlooker, &of, "").await?;
    let sent = query.parsed("sent", "").ok().flatten();
    let alike = match of.strip_prefix("M-").map(str::parse) {
        Some(Ok(item)) => call.app.desk.alike_in_queue(&onlooker, item).await?,
        _ => {
            let number = of.parse().map_err(|_| Problem::not_found("case"))?;
            call.app.desk.alike(&onlooker, &number).await?
        }
    };
    let known = alike.indicators.iter();
    let known = known.filter(|one| matches!(one.kind, Kind::Sender | Kind::Host));
    let lines = known.take(6).map(|one| {
        let shown = Shown::of(one, w);
        format!("{}: {}", shown.kind, shown.words)
    });
    let text: Vec<String> = lines.collect();
    let text = format!("{}\n{}", w.say("alike-warn-begin"), text.join("\n"));
    warn_page(&call, 200, of, text.trim().to_owned(), None, sent, None).await
}

async fn warn(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let (of, text) = (named(&fields), frame::typed(&fields, "text"));
    let onlooker = call.onlooker()?;
    let desk = &call.app.desk;
    let w = call.words();
    let wrong = match text.is_empty() {
        true => Some(w.say("alike-warn-empty").into_owned()),
        false => frame::too_long_in(w, &text),
    };
    if wrong.is_some() {
        return warn_page(&call, 422, of, text, None, None, wrong).await;
    }
    if fields.get("act") != Some("send") {
        let preview = desk.warning(&onlooker, &of, &text).await?;
        return warn_page(&call, 200, of, text, Some(preview), None, None).await;
    }
    let once = frame::once(&fields).map(|key| call.one_use(key));
    match desk.warn(&onlooker, &of, &text, once).await {
        Ok(count) => Ok(frame::lead_to(&format!("/warn?of={of}&sent={count}"))),
        Err(error @ DeskError::Refused(_)) => {
            let wrong = Some(error.to_string());
            warn_page(&call, 409, of, text, None, None, wrong).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn warn_page(
    call: &Call,
    status: u16,
    of: String,
    text: String,
    preview: Option<Warning>,
    sent: Option<usize>,
    wrong: Option<String>,
) -> Answer {
    let title = call.words().with("alike-warn-title", "of", of.as_str());
    let frame = Frame::new(call, title).worded("alike").counting_once(call);
    let mut frame = frame.with_lines(&call.app.desk).await;
    if let Some(words) = wrong {
        frame = frame.wrong("text", words);
    }
    let page = WarnPage {
        here: place(&of),
        of,
        text,
        preview,
        sent,
        frame,
    };
    frame::page(status, &page)
}
