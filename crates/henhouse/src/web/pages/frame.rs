//! What every page has around its content, and how a page becomes an answer.

use std::borrow::Cow;
use std::sync::Arc;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use procedure::playbook::Severity;
use procedure::{Case, Text};

use super::acts::Verb;
use super::places::{self, Place};
use super::style;
use crate::auth::{Known, Proof};
use crate::desk::{Desk, DeskError};
use crate::report::Times;
use crate::report::people::public_lines;
use crate::web::call::BODY_LIMIT;
use crate::web::fields::Fields;
use crate::web::reader::{Reader, Theme};
use crate::web::registry::Answer;
use crate::web::words::{Language, Words};
use crate::web::{AppState, Call, Problem, form};

/// What pages may load: their stylesheet and their script, what this server answers, and forms that come back
/// here. Nothing that stands in a page runs, and no text becomes HTML but by the one policy in `page.js`.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
    require-trusted-types-for 'script'; trusted-types hen";
/// What leaves can be taken back for so many seconds, where a script runs.
const DELAY: &str = " data-delay=\"10\"";
/// The most bytes of one text.
const TEXT_LIMIT: usize = 64 * 1024;

/// What stands around the content of a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    /// Its title.
    pub title: String,
    /// What the organisation is called, if somebody said so.
    pub organisation: Option<Arc<str>>,
    /// A drill.
    pub drill: bool,
    /// Whoever reads conducts drills.
    pub conducts: bool,
    /// The stylesheet's address.
    pub style: String,
    /// The script's address.
    pub script: String,
    /// The server's time, by which countdowns go.
    pub now: String,
    /// The stream that tells when what this page shows has changed.
    pub follows: Option<String>,
    /// Who is signed in.
    pub name: Option<String>,
    /// Whose are the things that a script keeps on the device.
    pub who: Option<String>,
    /// What the forms of a session carry.
    pub form_token: Option<String>,
    /// What makes a form count once; empty for none.
    pub once: String,
    /// Load again after so many seconds.
    pub refresh: Option<u32>,
    /// Numbers that anybody may call.
    pub lines: Vec<(String, String)>,
    /// What is wrong with what was sent.
    pub errors: Vec<Wrong>,
    /// What leaves from here waits a moment, to be taken back.
    pub waits: bool,
    /// The page has two columns.
    pub wide: bool,
    /// Where the main links of the page lead, so that it does not lead to itself.
    pub here: &'static str,
    /// What is said, in the reader's language.
    pub w: Words,
    /// The content is still in English only, and the reader's language is another one.
    pub english: bool,
    /// Light or dark, if the reader chose.
    pub theme: Option<&'static str>,
    /// The address of this page, to come back to it.
    pub back: String,
    /// The main links.
    pub places: Vec<Place>,
}

/// Something wrong with what was sent: at which field, if at one, and what to do.
#[derive(Clone, Debug)]
pub(super) struct Wrong {
    /// The field's name; empty for the whole form.
    pub field: Cow<'static, str>,
    /// The words, the same above and beside the field.
    pub words: String,
}

/// A severity by word and shape; colour only repeats it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub word: &'static str,
    pub shape: &'static str,
    pub class: &'static str,
}

impl Frame {
    pub(super) fn new(call: &Call, title: impl Into<String>) -> Self {
        Self::around(&call.app, call.known.as_ref(), call.reader(), title)
    }

    /// Around a page that was not made by a handler, such as a problem.
    pub(super) fn around(
        app: &AppState,
        known: Option<&Known>,
        reader: Reader,
        title: impl Into<String>,
    ) -> Self {
        let token = |known: &Known| match &known.proof {
            Proof::Session { form_token, .. } => Some(form_token.clone()),
            Proof::Token { .. } | Proof::LocalSocket => None,
        };
        Self {
            title: title.into(),
            organisation: app.desk.organisation(),
            drill: app.desk.site().drill,
            conducts: known.is_some_and(Known::is_admin),
            style: style::css(),
            script: style::js(known.is_some()),
            now: app.desk.now().to_string(),
            name: known.map(|known| known.name.clone()),
            who: known.and_then(|known| known.person.clone()),
            form_token: known.and_then(token),
            w: reader.words,
            english: reader.words.language() != Language::English,
            theme: reader.theme.map(Theme::word),
            back: reader.here,
            places: places::of(known),
            ..Self::default()
        }
    }

    /// Stands in the main links itself.
    pub(super) fn at(mut self, here: &'static str) -> Self {
        self.here = here;
        self
    }

    /// Its content is in the texts of this area, so in the reader's language where that has them.
    pub(super) fn worded(mut self, area: &str) -> Self {
        self.english = !self.w.speaks(area);
        self
    }

    /// Lets what leaves from here wait a moment, unless it is High, or nobody has said yet that it is not: then
    /// nothing waits.
    pub(super) fn unhurried(mut self, severity: Severity) -> Self {
        self.waits = matches!(severity, Severity::Low | Severity::Medium);
        self
    }

    /// What a button says that lets something leave.
    pub(super) fn delay(&self) -> &'static str {
        if self.waits { DELAY } else { "" }
    }

    /// Shows what changes by itself: this stream tells when.
    pub(super) fn following(mut self, stream: impl Into<String>) -> Self {
        self.follows = Some(stream.into());
        self
    }

    /// Keys that are no link's or button's, for the list of them: each with what it does.
    pub(super) fn other_keys(&self) -> String {
        let all = [
            ("j k", self.w.say("frame-key-row")),
            ("x", self.w.say("frame-key-tick")),
            ("o", self.w.say("frame-key-owner")),
            (".", self.w.say("frame-key-row-menu")),
            ("y", self.w.say("frame-key-copy")),
            ("Esc", self.w.say("frame-key-away")),
            ("?", self.w.say("frame-keys")),
            ("Ctrl+K", self.w.say("frame-palette")),
            ("Ctrl+Enter", self.w.say("frame-key-send")),
        ];
        serde_json::json!(all).to_string()
    }

    /// With the numbers of the first project, on pages that belong to none: help stands in the same
    /// place everywhere.
    pub(super) async fn with_lines(mut self, desk: &Desk) -> Self {
        self.lines = lines(desk).await.unwrap_or_default();
        self
    }

    /// Marks the page of an exercise among real cases as everything in a drill is marked.
    pub(super) fn mark_exercise(&mut self, case: &Case) {
        self.drill |= is_exercise(case);
    }

    /// With a key that makes its form count once.
    pub(super) fn counting_once(mut self, call: &Call) -> Self {
        self.once = call.app.desk.ids().token();
        self
    }

    /// With something wrong.
    pub(super) fn wrong(
        mut self,
        field: impl Into<Cow<'static, str>>,
        words: impl Into<String>,
    ) -> Self {
        let (field, words) = (field.into(), words.into());
        self.errors.push(Wrong { field, words });
        self
    }

    /// Light, dark, and as the system has it: the word, the text, and whether it is chosen.
    pub(super) fn themes(&self) -> [(&'static str, Cow<'static, str>, bool); 3] {
        [
            ("system", self.w.say("frame-system"), self.theme.is_none()),
            (
                "light",
                self.w.say("frame-light"),
                self.theme == Some("light"),
            ),
            ("dark", self.w.say("frame-dark"), self.theme == Some("dark")),
        ]
    }

    /// Each language: its tag, its own name, and whether this page is in it.
    pub(super) fn languages(&self) -> [(&'static str, &'static str, bool); 2] {
        Language::ALL.map(|one| (one.tag(), one.own_name(), one == self.w.language()))
    }

    /// The attribute of what the engine says, which is English, on a page that is in another language.
    pub(super) fn engine(&self) -> &'static str {
        match self.w.language() {
            Language::English => "",
            Language::German => " lang=\"en\"",
        }
    }

    /// The attribute of what is in the reader's language again, inside of what the engine says.
    pub(super) fn own(&self) -> &'static str {
        match self.w.language() {
            Language::English => "",
            Language::German => " lang=\"de\"",
        }
    }

    /// The word of a severity. The names of severities are the same in each language.
    pub(super) fn severity(&self, mark: &Mark) -> Cow<'static, str> {
        match mark.class {
            "unknown" => self.w.say("frame-not-assessed"),
            _ => Cow::Borrowed(mark.word),
        }
    }

    /// What the button of an act says.
    pub(super) fn verb<'v>(&self, verb: &'v Verb) -> Cow<'v, str> {
        verb.says(self.w)
    }

    /// How far off that is: `in 10 minutes`.
    pub(super) fn left(&self, due: &Due) -> String {
        self.w.relative(due.away)
    }

    /// When that is, both ways: `03:22 UTC, in 10 minutes`.
    pub(super) fn both(&self, due: &Due) -> String {
        format!("{}, {}", due.at, self.left(due))
    }

    pub(super) fn is_wrong(&self, field: &str) -> bool {
        self.error_of(field).is_some()
    }

    pub(super) fn error_of(&self, field: &str) -> Option<&str> {
        let mut errors = self.errors.iter();
        let error = errors.find(|error| error.field == field);
        error.map(|error| error.words.as_str())
    }
}

/// When something is, mostly when it is due: for programs, for people, and as seen from now, which a script counts on.
#[derive(Clone, Debug)]
pub(super) struct Due {
    pub iso: String,
    pub at: String,
    away: SignedDuration,
}

impl Due {
    pub(super) fn of(times: &Times, at: Timestamp) -> Self {
        Self {
            iso: at.to_string(),
            at: times.at(at),
            away: at.duration_since(times.now()),
        }
    }
}

impl Mark {
    pub(super) fn of(severity: Severity) -> Self {
        let (word, shape, class) = match severity {
            Severity::High => ("High", "▲", "high"),
            Severity::Medium => ("Medium", "◆", "medium"),
            Severity::Low => ("Low", "▽", "low"),
            Severity::Unknown => ("Not assessed", "?", "unknown"),
        };
        Self { word, shape, class }
    }
}

/// Whether a case is an exercise: reported as one, or in a drill.
pub(super) fn is_exercise(case: &Case) -> bool {
    case.part.intake.drill || case.part.retrospective.drill
}

/// The page as an answer.
pub(super) fn page(status: u16, template: &impl Template) -> Answer {
    let html = template.render();
    let html = html.map_err(|error| Problem::new("fault", format!("No page: {error}")))?;
    let status = StatusCode::from_u16(status).unwrap_or_default();
    let mut response = (status, Html(visible(html))).into_response();
    let policy = HeaderValue::from_static(POLICY);
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// Characters that steer what follows, shown by their names: a label must look like what it is.
fn visible(html: String) -> String {
    if !html.contains(steers) {
        return html;
    }
    let mut shown = String::with_capacity(html.len() + 64);
    for c in html.chars() {
        if steers(c) {
            shown.push_str(&format!("[U+{:04X}]", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Control characters but tabs and line ends, and those that turn the direction of what follows.
pub(super) fn steers(c: char) -> bool {
    let plain = matches!(c, '\t' | '\n' | '\r');
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    (c.is_control() && !plain) || turns
}

/// Leads on to another page, which is then loaded with GET.
pub(super) fn lead_to(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// Times on a page of no project: in the zone of the project that reports go to, and in the reader's language.
pub(super) async fn times(call: &Call) -> Times {
    let reports = call.app.desk.project_for_reports(None).await.ok();
    let basis = reports.and_then(|(_, state)| state.basis());
    let zone = basis.map_or(TimeZone::UTC, |basis| {
        basis.project.calendar.rules().clone()
    });
    call.words().times(zone, call.app.desk.now())
}

async fn lines(desk: &Desk) -> Result<Vec<(String, String)>, DeskError> {
    let (_, state) = desk.project_for_reports(None).await?;
    let basis = state.basis();
    Ok(basis.map_or_else(Vec::new, |basis| {
        public_lines(&state.directory, &basis.playbook)
    }))
}

/// The fields of a form on a page that is open to everybody.
pub(super) async fn open_form(call: &mut Call) -> Result<Fields, Problem> {
    let bytes = call.bytes(BODY_LIMIT).await?;
    let fields = Fields::parse(&bytes)?;
    own_or_nobodys(call, &fields);
    Ok(fields)
}

/// Where the session is no longer the one that the form was made for, what was typed counts all the
/// same, only in nobody's name.
pub(super) fn own_or_nobodys(call: &mut Call, fields: &Fields) {
    let stale = |known: &Known| form::check(fields, known).is_err();
    if call.known.as_ref().is_some_and(stale) {
        call.known = None;
    }
}

/// The key that a form carries so that it counts once.
pub(super) fn once(fields: &Fields) -> Option<String> {
    let key = fields.get(form::ONCE_FIELD);
    key.filter(|key| key.len() <= 240 && !key.contains('\0'))
        .map(str::to_owned)
}

/// What was typed into a field: line ends as the rest of the world writes them, no blank ends.
pub(super) fn typed(fields: &Fields, name: &str) -> String {
    let text = fields.get(name).unwrap_or_default().replace("\r\n", "\n");
    text.trim().to_owned()
}

/// A text, if something was typed.
pub(super) fn text(typed: &str) -> Option<Text> {
    (!typed.is_empty()).then(|| Text::from(typed))
}

/// Whether a text is longer than one may be, in words for its writer, on a page that is in English.
pub(super) fn too_long(typed: &str) -> Option<String> {
    too_long_in(Words::default(), typed)
}

/// The same in the reader's language.
pub(super) fn too_long_in(words: Words, typed: &str) -> Option<String> {
    (typed.len() > TEXT_LIMIT).then(|| {
        let over = typed.len() - TEXT_LIMIT;
        words.with("report-too-long", "over", over).into()
    })
}
