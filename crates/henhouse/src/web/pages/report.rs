//! `/report`: one box is required, nobody need sign in, and nothing typed is ever lost.

use std::borrow::Cow;
use std::sync::Arc;

use askama::Template;
use jiff::Timestamp;
use procedure::basis::Basis;
use procedure::chapters::intake::{Kind, Phish, Report, Route};
use procedure::id::AssetId;
use procedure::project::{Directory, ProjectState};
use procedure::{PersonId, Text, When};
use serde_json::json;

use super::frame::{self, Frame};
use super::intake::{Files, Posted};
use crate::desk::{DeskError, OpenReport};
use crate::report::people::public_lines;
use crate::report::translated::{self, Told};
use crate::report::{Names, spoken};
use crate::web::api::projects::may_see;
use crate::web::api::sign_in_first;
use crate::web::fields::Fields;
use crate::web::registry::Answer;
use crate::web::{Call, Problem};

const HERE: &str = "/report";

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    frame: Frame,
    project: Option<String>,
    /// Where the questions about a suspicious mail stand.
    mails: Option<String>,
    typed: Typed,
    /// What one may notice.
    signs: Vec<Noticed>,
    kinds: Vec<(&'static str, Cow<'static, str>, bool)>,
    /// What may be affected: the word, its label, whether it is ticked.
    assets: Vec<(String, String, bool)>,
}

/// Something that one may notice, in the reader's language, and whether it is ticked.
struct Noticed {
    word: String,
    told: Told,
    on: bool,
}

/// What was typed and ticked.
#[derive(Default)]
struct Typed {
    text: String,
    title: String,
    contact: String,
    phone: String,
    clicked: bool,
    opened: bool,
    entered: bool,
    restricted: bool,
    colleague: bool,
    about: String,
    signs: Vec<String>,
    kind: Kind,
    started: String,
    assets: Vec<String>,
}

/// To which project.
struct Project {
    slug: Option<String>,
    name: Option<String>,
    lines: Vec<(String, String)>,
    /// It takes reports only from people who are signed in.
    known_only: bool,
    state: Arc<ProjectState>,
    basis: Option<Basis>,
    /// Whoever reports may know what the project has.
    inside: bool,
}

impl Typed {
    fn of(fields: &Fields) -> Self {
        let (typed, ticked) = (
            |name| frame::typed(fields, name),
            |name| fields.get(name).is_some(),
        );
        Self {
            text: typed("text"),
            title: typed("title"),
            contact: typed("contact"),
            phone: typed("phone"),
            clicked: ticked("clicked"),
            opened: ticked("opened"),
            entered: ticked("entered"),
            restricted: ticked("restricted"),
            colleague: ticked("colleague"),
            about: typed("about"),
            signs: fields.all("signs"),
            kind: match fields.get("kind") {
                Some("security") => Kind::Security,
                Some("operational") => Kind::Operational,
                _ => Kind::Unknown,
            },
            started: typed("started"),
            assets: fields.all("assets"),
        }
    }

    /// Something is in the part that is folded away.
    fn more(&self) -> bool {
        let ticked = self.restricted || self.colleague || self.kind != Kind::Unknown;
        let picked = !self.signs.is_empty() || !self.assets.is_empty();
        let typed = [&self.title, &self.phone, &self.about, &self.started];
        ticked || picked || typed.iter().any(|typed| !typed.is_empty())
    }

    fn wrong(&self, mut frame: Frame) -> Frame {
        if self.text.is_empty() {
            let words = frame.w.say("report-what-missing");
            frame = frame.wrong("text", words);
        }
        let texts = [
            ("text", &self.text),
            ("contact", &self.contact),
            ("title", &self.title),
            ("phone", &self.phone),
            ("about", &self.about),
            ("started", &self.started),
        ];
        for (field, typed) in texts {
            if let Some(words) = frame::too_long_in(frame.w, typed) {
                frame = frame.wrong(field, words);
            }
        }
        frame
    }

    /// Whoever it is about is neither called nor shown it (M23). Only the team knows whether the
    /// name was found: it is never said here who is on the contact sheet.
    /// A beginning that cannot be read is kept in words (R22).
    fn report(&self, to: &Project, now: Timestamp) -> Result<Report, Problem> {
        let about_person = person(&to.state.directory, &self.about);
        let mut text = self.text.clone();
        if about_person.is_none() && !self.about.is_empty() {
            text = format!("{text}\n\nIt is about: {}", self.about);
        }
        let started = to.began(&self.started, now);
        if started.is_none() && !self.started.is_empty() {
            text = format!("{text}\n\nIt began: {}", self.started);
        }
        let blank = serde_json::from_value(json!({ "text": text }));
        let blank: Report = blank.map_err(|error| Problem::field("text", error.to_string()))?;
        Ok(Report {
            title: frame::text(&self.title),
            contact: frame::text(&self.contact),
            phone: frame::text(&self.phone),
            route: Route::Form,
            restricted: self.restricted,
            about_employee: self.colleague || !self.about.is_empty(),
            about_person,
            kind: self.kind,
            signs: to.known_signs(&self.signs),
            assets: known(&to.assets(self)),
            started,
            phish: Phish {
                clicked: self.clicked,
                opened: self.opened,
                entered: self.entered,
                ..Phish::default()
            },
            ..blank
        })
    }
}

impl Project {
    /// What one may notice, as the playbook has it (R122).
    fn signs(&self, typed: &Typed, language: &str) -> Vec<Noticed> {
        let playbooks = self.basis.iter().map(|basis| &basis.playbook);
        let signs =
            playbooks.flat_map(|book| book.intake.signs.iter().map(move |sign| (book, sign)));
        signs
            .map(|(book, sign)| Noticed {
                word: sign.id.clone(),
                told: translated::told(book, language, &sign.label),
                on: typed.signs.contains(&sign.id),
            })
            .collect()
    }

    /// Those of the ticked signs that the playbook has.
    fn known_signs<C: FromIterator<String>>(&self, ticked: &[String]) -> C {
        let basis = self.basis.iter();
        let signs = basis.flat_map(|basis| &basis.playbook.intake.signs);
        let ticked = signs.filter(|sign| ticked.contains(&sign.id));
        ticked.map(|sign| sign.id.clone()).collect()
    }

    /// What the project has; strangers are not told.
    fn assets(&self, typed: &Typed) -> Vec<(String, String, bool)> {
        let names = Names::new(&self.state.directory);
        let basis = self.basis.iter().filter(|_| self.inside);
        let assets = basis.flat_map(|basis| &basis.project.assets);
        assets
            .map(|asset| {
                let ticked = typed.assets.contains(&asset.id.0);
                (asset.id.0.clone(), names.asset(&asset.id), ticked)
            })
            .collect()
    }

    /// When it began, if that can be read and is not still to come.
    fn began(&self, said: &str, now: Timestamp) -> Option<When> {
        let zone = self.basis.as_ref()?.project.calendar.rules();
        spoken::claim(said, now, zone).filter(|when| when.at <= now)
    }
}

/// The ids of those that are ticked.
fn known<C: FromIterator<AssetId>>(assets: &[(String, String, bool)]) -> C {
    let ticked = assets.iter().filter(|(_, _, ticked)| *ticked);
    ticked.map(|(word, ..)| AssetId(word.clone())).collect()
}

/// Shows the form.
pub(super) async fn show(call: Call) -> Answer {
    let project = project(&call).await?;
    if project.known_only && call.known.is_none() {
        return Err(Problem::sign_in());
    }
    let frame = framed(&call).counting_once(&call);
    answer(200, frame, project, Typed::default())
}

fn framed(call: &Call) -> Frame {
    let title = call.words().say("report-title");
    Frame::new(call, title).at(HERE).worded("report")
}

/// Takes the report; what is wrong is said above the form, with everything still in it.
pub(super) async fn send(mut call: Call) -> Answer {
    let project = project(&call).await?;
    let posted = Posted::read(&mut call).await?;
    frame::own_or_nobodys(&mut call, &posted.fields);
    let typed = Typed::of(&posted.fields);
    let once = frame::once(&posted.fields);
    let mut again = framed(&call);
    again.once = once.clone().unwrap_or_default();
    let mut again = typed.wrong(again);
    if !again.errors.is_empty() {
        posted.skip().await;
        return answer(422, again, project, typed);
    }
    let open = OpenReport {
        mailed: None,
        actor: call.actor_or_reporter(),
        project: project.slug.clone(),
        report: typed.report(&project, call.app.desk.now())?,
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
            if matches!(error, DeskError::KeyReused) {
                again = again.counting_once(&call);
            }
            let (status, words) = not_sent(&call, error);
            answer(status, again.wrong("", words), project, typed)
        }
    }
}

/// What is safe, and what to do.
fn not_sent(call: &Call, error: DeskError) -> (u16, String) {
    if matches!(error, DeskError::KeyReused) {
        return (409, call.words().say("report-sent-before").into_owned());
    }
    let problem = sign_in_first(call, Problem::from(error));
    let words = call.words().with("report-not-sent", "why", &problem.detail);
    (problem.status, words.into())
}

fn answer(status: u16, mut frame: Frame, project: Project, typed: Typed) -> Answer {
    let signs = project.signs(&typed, frame.w.lang());
    let assets = project.assets(&typed);
    let kinds = [
        ("security", Kind::Security, frame.w.say("report-security")),
        (
            "operational",
            Kind::Operational,
            frame.w.say("report-operational"),
        ),
        ("unknown", Kind::Unknown, frame.w.say("report-unknown")),
    ];
    let kinds = kinds.map(|(word, kind, label)| (word, label, kind == typed.kind));
    frame.lines = project.lines;
    let page = ReportPage {
        frame,
        mails: project
            .slug
            .as_ref()
            .map(|slug| format!("/suspicious/{slug}")),
        project: project.name,
        typed,
        signs,
        kinds: kinds.into(),
        assets,
    };
    frame::page(status, &page)
}

/// The project in the address; without one the first, which is then not named.
async fn project(call: &Call) -> Result<Project, Problem> {
    let slug = call.params.get("project").cloned();
    let (row, state) = call.app.desk.project_for_reports(slug.clone()).await?;
    let basis = state.basis();
    let lines = basis
        .as_ref()
        .map(|basis| public_lines(&state.directory, &basis.playbook));
    Ok(Project {
        inside: call.known.is_some() && may_see(call, &state)?,
        name: slug.as_ref().map(|_| row.name),
        slug,
        known_only: state
            .project()
            .is_some_and(|project| project.known_reporters_only),
        lines: lines.unwrap_or_default(),
        basis,
        state,
    })
}

/// The person whose name, id or address this is.
fn person(directory: &Directory, typed: &str) -> Option<PersonId> {
    let same = |text: Option<&str>| {
        let text = text.map(str::trim).filter(|text| !text.is_empty());
        text.is_some_and(|text| text.to_lowercase() == typed.to_lowercase())
    };
    let mut people = directory.people.iter();
    let found = people.find(|(id, contact)| {
        let mail = contact.mail.as_ref().and_then(Text::plain);
        same(Some(&id.0)) || same(contact.name.plain()) || same(mail)
    });
    found.map(|(id, _)| id.clone())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use crate::web::pages::style;
    use crate::web::stage::{Stage, bytes};

    #[tokio::test]
    async fn one_sentence_leads_to_a_receipt() {
        let stage = Stage::new().await;
        let form = b"text=The+fence+is+open%0D%0Asince+8&clicked=yes&contact=jo%40example.org";
        let said = stage.send(bytes("/report/farm", form)).await;
        assert_eq!(said.status, 303, "{}", said.text());
        assert!(said.header("location").starts_with("/receipt/"));
        let page = stage.get(said.header("location"), None).await;
        assert!(page.text().contains("HH-1"), "{}", page.text());
        let ann = stage.token("ann", "member").await;
        let case = stage.get("/api/v1/cases/HH-1", Some(&ann)).await.json();
        let report = &case["reports"][0]["report"];
        assert_eq!(report["text"], "The fence is open\nsince 8");
        assert_eq!(
            (
                report["phish"]["clicked"].as_bool(),
                report["route"].as_str()
            ),
            (Some(true), Some("form"))
        );
    }

    #[tokio::test]
    async fn what_is_wrong_is_said_first_and_nothing_is_lost() {
        let stage = Stage::new().await;
        let form = b"text=++&contact=jo%40example.org&opened=yes&title=%3Cb%3E&once=k";
        let said = stage.send(bytes("/report", form)).await;
        let html = said.text();
        assert_eq!(said.status, 422, "{html}");
        assert!(html.contains("<title>Error: Report something"), "{html}");
        let words = "Say what happened; a sentence is enough.";
        assert_eq!(html.matches(words).count(), 2, "above and beside: {html}");
        assert!(html.contains("href=\"#text\""), "{html}");
        assert!(html.contains("value=\"jo@example.org\""), "{html}");
        assert!(
            html.contains("name=\"opened\" value=\"yes\" checked"),
            "{html}"
        );
        assert!(
            !html.contains("<b>") && html.contains("value=\"k\""),
            "{html}"
        );
        let long = [b"text=".to_vec(), vec![b'a'; 65_537]].concat();
        let said = stage.send(bytes("/report", &long)).await;
        assert_eq!(said.status, 422);
        assert!(said.text().len() > 65_537, "the text is still there");
        assert_eq!(stage.report().await, "HH-1", "nothing was opened before");
    }

    #[tokio::test]
    async fn sent_twice_counts_once_and_other_words_are_kept() {
        let stage = Stage::new().await;
        let once = "once=0123456789abcdef";
        let send = async |text: &str| {
            let form = format!("text={text}&{once}");
            stage.send(bytes("/report", form.as_bytes())).await
        };
        let first = send("fire").await;
        assert_eq!(
            send("fire").await.header("location"),
            first.header("location")
        );
        let other = send("water").await;
        assert_eq!(other.status, 409);
        assert!(other.text().contains("water"), "{}", other.text());
        assert!(!other.text().contains("0123456789abcdef"), "a fresh key");
        assert_eq!(stage.report().await, "HH-2");
    }

    #[tokio::test]
    async fn whom_it_is_about_is_not_asked_to_look_into_it() {
        let stage = Stage::new().await;
        let send = async |form: &str| {
            let said = stage.send(bytes("/report/farm", form.as_bytes())).await;
            assert_eq!(said.status, 303, "{}", said.text());
        };
        send("text=odd+nights&colleague=yes&about=THE+ANN").await;
        send("text=odd+days&about=somebody").await;
        send("text=hush&restricted=yes").await;
        let (ann, bob) = (
            stage.token("ann", "member").await,
            stage.token("bob", "member").await,
        );
        for number in ["HH-1", "HH-2", "HH-3"] {
            let said = stage
                .get(&format!("/api/v1/cases/{number}"), Some(&bob))
                .await;
            let seen = said.status == 200;
            assert!(
                !seen || said.json()["restricted"] == true,
                "{}",
                said.text()
            );
        }
        let hers = stage.get("/api/v1/cases/HH-1", Some(&ann)).await;
        assert_eq!(hers.status, 404, "it is about her");
        let other = stage.get("/api/v1/cases/HH-2", Some(&ann)).await.json();
        let text = &other["reports"][0]["report"]["text"];
        assert_eq!(text, "odd days\n\nIt is about: somebody");
    }

    #[tokio::test]
    async fn what_is_noticed_and_affected_can_be_ticked_and_no_beginning_is_too_odd() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        let page = stage.get("/report/farm", None).await.text();
        assert!(page.contains("Logs are missing"), "{page}");
        assert!(!page.contains("name=\"assets\""), "not for strangers");
        let report = async |form: &str, number: &str| {
            let said = stage.send(bytes("/report/farm", form.as_bytes())).await;
            assert_eq!(said.status, 303, "{}", said.text());
            let case = format!("/api/v1/cases/{number}");
            let case = stage.get(&case, Some(&ann)).await.json();
            case["reports"][0]["report"].clone()
        };
        let form =
            "text=odd&kind=operational&signs=logging_stopped&signs=bogus&started=about+02:00";
        let first = report(form, "HH-1").await;
        assert_eq!(first["kind"], "operational");
        assert_eq!(first["signs"], serde_json::json!(["logging_stopped"]));
        let form = "text=odd&started=when+the+cock+crew";
        let second = report(form, "HH-2").await;
        assert_eq!(second["text"], "odd\n\nIt began: when the cock crew");
        let third = report("text=odd&started=02:00", "HH-3").await;
        assert_eq!(third["started"]["at"], "2026-03-02T02:00:00Z");
    }

    #[tokio::test]
    async fn whoever_reads_german_reads_the_signs_in_german_and_the_same_sign_is_reported() {
        let stage = Stage::new().await;
        let asking = stage.request("GET", "/report/farm", None, None);
        let html = stage
            .send(asking.with("accept-language", "de"))
            .await
            .text();
        let sign = "Protokolle fehlen, oder eine Zeit lang wurde nichts protokolliert";
        let place = html.find(sign).unwrap();
        let row = html[..place].rsplit_once("<label").unwrap().1;
        assert!(
            row.contains("value=\"logging_stopped\"") && !row.contains("lang="),
            "{row}"
        );
        assert!(!html.contains("Logs are missing"), "{html}");
    }

    fn with_files(words: &[(&str, &str)], files: &[(&str, &[u8])]) -> crate::web::stage::Asking {
        let mut body = Vec::new();
        for (name, value) in words {
            let head = format!(
                "--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend(head.bytes());
        }
        for (name, file) in files {
            let head = format!(
                "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n"
            );
            body.extend(head.bytes().chain(file.iter().copied()));
            body.extend(b"\r\n");
        }
        body.extend(b"--cut--\r\n");
        bytes("/report", &body).with("content-type", "multipart/form-data; boundary=cut")
    }

    #[tokio::test]
    async fn a_form_of_names_or_of_a_head_without_end_is_not_held() {
        let stage = Stage::new().await;
        let names = "n".repeat(6_000);
        let names: Vec<(&str, &str)> = vec![(names.as_str(), ""); 400];
        let long = "h".repeat(3 * 1024 * 1024);
        let many = vec![("a", ""); 5_000];
        for fields in [names, vec![(long.as_str(), "x")], many] {
            let said = stage.send(with_files(&fields, &[])).await;
            assert!([400, 413].contains(&said.status), "{}", said.status);
        }
        let pairs = format!("text=fire{}", "&a".repeat(5_000));
        let said = stage.send(bytes("/report", pairs.as_bytes())).await;
        assert_eq!(said.status, 413, "{}", said.text());
        assert_eq!(stage.report().await, "HH-1", "nothing was opened before");
    }

    #[tokio::test]
    async fn a_photo_is_kept_with_the_report_and_counts_once() {
        let stage = Stage::new().await;
        let words = [
            ("text", "The fence is open"),
            ("once", "0123456789abcdef"),
            ("words_end", "yes"),
        ];
        let files: [(&str, &[u8]); 3] = [
            ("fence.png", b"\x89PNG"),
            ("", b""),
            ("note.eml", b"From: a"),
        ];
        for _ in 0..2 {
            let said = stage.send(with_files(&words, &files)).await;
            assert_eq!(said.status, 303, "{}", said.text());
            let receipt = said.header("location");
            assert!(receipt.ends_with("?file=kept"), "{receipt}");
            let html = stage.get(receipt, None).await.text();
            assert!(html.contains("Your file arrived and is kept."), "{html}");
        }
        let ann = stage.token("ann", "member").await;
        let html = stage.get("/cases/HH-1", Some(&ann)).await.text();
        assert!(
            html.contains("fence.png") && html.contains("note.eml"),
            "{html}"
        );
        assert!(html.contains("E-2") && !html.contains("E-3"), "{html}");
        let file = stage
            .get("/api/v1/cases/HH-1/exhibits/E-1", Some(&ann))
            .await;
        assert_eq!(
            file.text().as_bytes(),
            String::from_utf8_lossy(b"\x89PNG").as_bytes()
        );
    }

    #[tokio::test]
    async fn a_report_is_never_refused_because_of_its_file() {
        let stage = Stage::new().await;
        let words = [("text", "The fence is open"), ("words_end", "yes")];
        let large = vec![0; 32 * 1024 * 1024 + 1];
        let said = stage
            .send(with_files(&words, &[("film.mp4", &large)]))
            .await;
        assert!(
            said.header("location").ends_with("?file=too-large"),
            "{}",
            said.text()
        );
        let html = stage.get(said.header("location"), None).await.text();
        assert!(html.contains("larger than 32 MB"), "{html}");
        let whole = with_files(&words, &[("fence.png", &[1; 9_000])]);
        let broken = whole.cut_short(500);
        let said = stage.send(broken).await;
        assert!(
            said.header("location").ends_with("?file=broken"),
            "{}",
            said.text()
        );
        let odd = with_files(&words, &[("fen\u{1}ce.png", b"x"), ("late.png", b"y")]);
        let said = stage.send(odd).await;
        assert!(
            said.header("location").ends_with("?file=bad-name"),
            "{}",
            said.header("location")
        );
        let html = stage.get(said.header("location"), None).await.text();
        assert!(html.contains("and nothing behind it did"), "{html}");
        // A file before the words is from no page of ours: the words count, it is not kept.
        let early = with_files(&[], &[("early.png", b"x")]);
        assert_eq!(stage.send(early).await.status, 422, "no words at all");
        let ann = stage.token("ann", "member").await;
        for number in ["HH-1", "HH-2", "HH-3"] {
            let html = stage
                .get(&format!("/cases/{number}"), Some(&ann))
                .await
                .text();
            assert!(html.contains("Nothing captured."), "{html}");
        }
        assert_eq!(stage.report().await, "HH-4");
    }

    #[tokio::test]
    async fn the_page_is_small_and_asks_nobody_else_for_anything() {
        let stage = Stage::new().await;
        let page = stage.get("/report", None).await;
        let css = stage.get(&style::css(), None).await;
        let js = stage.get(&style::js(false), None).await;
        let html = page.text();
        assert_eq!(page.status, 200, "{html}");
        assert!(html.len() + css.text().len() + js.text().len() <= 60 * 1024);
        assert!(html.contains("You are not in trouble. Unsure? Report."));
        assert!(html.contains("Do not delete or switch off anything."));
        let loads = html.matches("src=").count() + html.matches("<link ").count();
        assert!(loads <= 3, "{html}");
        assert!(!html.contains("http://") && !html.contains("https://"));
        assert!(!html.contains("<script>"), "none stands in the page");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'; script-src 'self'; style-src 'self';"));
        assert!(policy.contains("require-trusted-types-for 'script'; trusted-types hen"));
        assert_eq!(page.header("cache-control"), "no-store");
        for must in [
            "<html lang=\"en\">",
            "<main id=\"main\"",
            "href=\"#main\"",
            "name=\"once\"",
        ] {
            assert!(html.contains(must), "{must}: {html}");
        }
        assert_eq!(stage.get("/report/none", None).await.status, 404);
    }

    #[tokio::test]
    async fn a_project_that_asks_who_reports_leads_to_the_sign_in_and_loses_nothing() {
        let stage = Stage::new().await;
        stage.known_reporters_only("farm").await;
        let said = stage.get("/report/farm", None).await;
        assert_eq!(said.status, 303);
        assert_eq!(said.header("location"), "/sign-in?next=/report/farm");
        let said = stage.send(bytes("/report/farm", b"text=fire")).await;
        let html = said.text();
        assert_eq!(said.status, 401, "{html}");
        assert!(html.contains("Sign in") && html.contains("fire"), "{html}");
        assert_eq!(stage.get("/report/mill", None).await.status, 200);
    }

    #[tokio::test]
    async fn a_drill_says_so_first() {
        let stage = Stage::drill().await;
        let html = stage.get("/report", None).await.text();
        assert!(html.contains("<title>DRILL: Report something"), "{html}");
        assert!(html.contains("class=\"drill\""), "{html}");
    }

    #[tokio::test]
    async fn another_sites_form_reports_in_nobodys_name() {
        let stage = Stage::new().await;
        stage.account("ann", "member").await;
        let session = stage
            .app
            .gate
            .log_in("ann", crate::web::stage::PASSWORD, "x", "x");
        let cookie = format!("henhouse={}", session.await.unwrap());
        let form = bytes("/report", b"text=fire&form_token=guess").with("cookie", &cookie);
        let said = stage.send(form.with("sec-fetch-site", "same-origin")).await;
        assert_eq!(said.status, 303, "{}", said.text());
        let ann = stage.token("ann", "member").await;
        let case = stage.get("/api/v1/cases/HH-1", Some(&ann)).await.json();
        assert!(case["reports"][0]["by"].is_null(), "{case}");
    }
}
