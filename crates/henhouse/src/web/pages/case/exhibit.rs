//! A file that a responder adds to a case from its page: into the vault as it comes, then into the
//! journal. What is said of it is read first, so that a large file is not sent for nothing.

use procedure::chapters::evidence::exhibit::{AddExhibit, What};
use procedure::playbook::EvidenceKind;
use procedure::{Order, Permission, Text, may};

use super::{answer, frame};
use crate::desk::CaseView;
use crate::report::Names;
use crate::web::api::exhibits::{LIMIT, give};
use crate::web::fields::Fields;
use crate::web::pages::intake::{self, Files, Posted, Received};
use crate::web::registry::Answer;
use crate::web::words::{Words, key};
use crate::web::{Call, Problem, form};

/// The sorts of evidence that a file can be: the word as it is sent, and the name of its text; none for what the file
/// says.
pub(super) const KINDS: [(&str, &str); 8] = [
    ("", key("case-kind-said")),
    ("screen_capture", key("case-kind-screen")),
    ("log", key("case-kind-log")),
    ("configuration", key("case-kind-configuration")),
    ("database_dump", key("case-kind-dump")),
    ("disk_snapshot", key("case-kind-disk")),
    ("memory", key("case-kind-memory")),
    ("other", key("case-kind-other")),
];

/// The name of the text for a sort of evidence.
pub(super) fn kind_label(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::DatabaseDump => key("case-kind-dump"),
        EvidenceKind::DiskSnapshot => key("case-kind-disk"),
        EvidenceKind::ScreenCapture => key("case-kind-screen"),
        EvidenceKind::Log => key("case-kind-log"),
        EvidenceKind::Memory => key("case-kind-memory"),
        EvidenceKind::Configuration => key("case-kind-configuration"),
        EvidenceKind::Mail => key("case-kind-mail"),
        EvidenceKind::File => key("case-kind-file"),
        EvidenceKind::Reference => key("case-kind-reference"),
        EvidenceKind::Other => key("case-kind-other"),
    }
}

/// What was said of a file, to be shown again if it could not be kept.
#[derive(Default)]
pub(super) struct Typed {
    pub label: String,
    pub kind: String,
    pub asset: String,
    /// It was sent: the form stays open.
    pub sent: bool,
}

impl Typed {
    fn of(fields: &Fields) -> Self {
        Self {
            label: frame::typed(fields, "label"),
            kind: frame::typed(fields, "kind"),
            asset: frame::typed(fields, "asset"),
            sent: true,
        }
    }

    /// What is wrong with it: the field, and what would do.
    fn wrong(&self, view: &CaseView) -> Option<(&'static str, String)> {
        if !KINDS.iter().any(|(word, _)| *word == self.kind) {
            return Some(("kind", "Choose one of the list.".to_owned()));
        }
        let known = |asset: &str| view.basis.project.asset(&asset.into()).is_some();
        if !self.asset.is_empty() && !known(&self.asset) {
            return Some(("asset", "Choose one of the list.".to_owned()));
        }
        frame::too_long(&self.label).map(|words| ("label", words))
    }

    fn command(&self, file: Received) -> AddExhibit {
        let word = serde_json::Value::from(self.kind.as_str());
        let kind = serde_json::from_value::<EvidenceKind>(word).ok();
        AddExhibit {
            kind: kind.unwrap_or_else(|| intake::kind(&file.name, &file.media)),
            asset: (!self.asset.is_empty()).then(|| self.asset.as_str().into()),
            label: match self.label.as_str() {
                "" => intake::label(&file.name),
                label => Text::from(label),
            },
            what: What::Upload {
                sha256: file.kept.hash.to_string(),
                size: file.kept.size,
                media: file.media,
            },
        }
    }
}

/// The machines and systems of the project: their ids, and what they are called.
pub(super) fn assets(view: &CaseView) -> Vec<(String, String)> {
    let names = Names::new(&view.directory);
    let assets = view.basis.project.assets.iter();
    assets
        .map(|asset| (asset.id.to_string(), names.asset(&asset.id)))
        .collect()
}

/// Takes the file in and says so in the journal.
pub(super) async fn add(mut call: Call) -> Answer {
    let posted = Posted::read(&mut call).await?;
    form::check(&posted.fields, call.known()?)?;
    let view = call.case().await?;
    let typed = Typed::of(&posted.fields);
    let onlooker = call.onlooker()?;
    if let Permission::No(no) = may(&view.case, &view.basis, &onlooker.actor, "add_exhibit") {
        posted.skip().await;
        return not_kept(&call, typed, ("", Problem::from(no))).await;
    }
    if let Some((field, words)) = typed.wrong(&view) {
        posted.skip().await;
        return not_kept(&call, typed, (field, Problem::field(field, words))).await;
    }
    let w = call.words();
    let once = frame::once(&posted.fields).map(|key| call.one_use(key));
    let (desk, exhibits) = (&call.app.desk, &call.app.exhibits);
    let incoming = match desk.receive_exhibit(exhibits, &view, LIMIT).await {
        Ok(incoming) => incoming,
        Err(error) => {
            posted.skip().await;
            return not_kept(&call, typed, ("file", error.into())).await;
        }
    };
    let file = match posted.one_file(incoming).await {
        Ok(Some(file)) => file,
        Ok(None) => return not_kept(&call, typed, ("file", why(w, Files::None))).await,
        Err(trouble) => return not_kept(&call, typed, ("file", why(w, trouble))).await,
    };
    let others = if file.others { "&others=yes" } else { "" };
    let order = Order::from(procedure::Command::from(typed.command(file)));
    match give(&call, &view, onlooker, order, once).await {
        Ok((_, id)) => {
            let number = &view.row.number;
            Ok(frame::lead_to(&format!(
                "/cases/{number}?kept={id}{others}#exhibits"
            )))
        }
        Err(problem) => not_kept(&call, typed, ("", problem)).await,
    }
}

/// What became of a file that is not kept, and what to do with it.
fn why(w: Words, trouble: Files) -> Problem {
    let (kind, words) = match trouble {
        Files::TooLarge => ("too-large", key("case-file-large")),
        Files::NoRoom => ("unavailable", key("case-file-room")),
        Files::None => ("bad-input", key("case-file-first")),
        Files::BadName => ("bad-input", key("case-file-name")),
        Files::Broken | Files::Kept | Files::TooMany => ("bad-input", key("case-file-broken")),
    };
    Problem::new(kind, w.say(words))
}

/// The page with what went wrong, as its reader may see it now: a large file takes a while, and meanwhile the case may
/// have been closed to them.
async fn not_kept(call: &Call, typed: Typed, (field, problem): (&'static str, Problem)) -> Answer {
    let view = &call.case().await?;
    let frame = frame(call, view).wrong(field, problem.detail);
    let unsent = (String::new(), typed);
    answer(call, problem.status, frame, view, unsent).await
}

#[cfg(test)]
mod tests {
    use procedure::basis::{Asset, Environment, Project};
    use procedure::project::Directory;
    use serde_json::json;

    use crate::web::stage::{Asking, PASSWORD, Stage, bytes};

    const AT: &str = "/cases/HH-1";
    /// SHA-256 of `a hole`.
    const HASH: &str = "4216a2ed2deead505f7b910b571d87cfbdc286f036fffcdbbb80dd45e0c4c531";

    /// A form as a browser sends it.
    fn form(words: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Asking {
        let mut body = Vec::new();
        for (name, value) in words.iter().chain(&[("words_end", "yes")]) {
            let part = format!(
                "--hen\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(part.as_bytes());
        }
        let (name, file) = file.unwrap_or(("", b""));
        let part = format!(
            "--hen\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: text/plain\r\n\r\n"
        );
        body.extend_from_slice(part.as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--hen--\r\n");
        bytes(AT, &body).with("content-type", "multipart/form-data; boundary=hen")
    }

    #[tokio::test]
    async fn a_file_is_kept_named_by_its_hash_and_downloaded() {
        let stage = Stage::new().await;
        let web1 = Asset {
            id: "web1".into(),
            class: "host".into(),
            environment: Environment::Production,
            volatile: false,
        };
        let web1 = |project: &mut Project, directory: &mut Directory| {
            project.assets.push(web1);
            directory.assets.insert("web1".into(), "The shop".into());
        };
        stage.change("farm", web1).await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let auth = format!("Bearer {ann}");
        let words = [("label", "the <hole>"), ("kind", "log"), ("asset", "web1")];
        let send = || form(&words, Some(("hole.txt", b"a hole"))).with("authorization", &auth);
        let said = stage.send(send()).await;
        let there = said.header("location").to_owned();
        assert_eq!(
            (said.status, there.as_str()),
            (303, "/cases/HH-1?kept=E-1#exhibits")
        );
        let html = stage.get("/cases/HH-1?kept=E-1", Some(&ann)).await.text();
        assert!(
            html.contains("E-1 is kept: the &#60;hole&#62;, 6 bytes"),
            "{html}"
        );
        assert_eq!(
            html.matches(HASH).count(),
            2,
            "above and in the list: {html}"
        );
        let link = "/api/v1/cases/HH-1/exhibits/E-1";
        assert!(html.contains(&format!("href=\"{link}\"")), "{html}");
        assert_eq!(stage.get(link, Some(&ann)).await.bytes(), b"a hole");
        let entry = stage
            .get("/api/v1/cases/HH-1/journal", Some(&ann))
            .await
            .text();
        assert!(
            entry.contains("web1") && entry.contains("\"log\""),
            "{entry}"
        );
        let once = || {
            form(
                &[("once", "a key that nobody guesses")],
                Some(("fox.eml", b"a fox")),
            )
        };
        for _ in 0..2 {
            let said = stage.send(once().with("authorization", &auth)).await;
            assert_eq!(said.header("location"), "/cases/HH-1?kept=E-2#exhibits");
        }
        let html = stage.get(AT, Some(&ann)).await.text();
        assert!(html.contains("fox.eml") && !html.contains("E-3"), "{html}");
    }

    #[tokio::test]
    async fn what_cannot_be_kept_is_told_with_what_was_typed() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let auth = format!("Bearer {ann}");
        let file = Some(("hole.txt", &b"a hole"[..]));
        let label = ("label", "the hole");
        for (sent, field, words) in [
            (form(&[label], None), "file", "Choose a file first."),
            (
                form(&[label], file).cut_short(12),
                "file",
                "did not arrive whole",
            ),
            (
                form(&[label, ("kind", "hat")], file),
                "kind",
                "one of the list",
            ),
            (
                form(&[label, ("asset", "moon")], file),
                "asset",
                "one of the list",
            ),
        ] {
            let said = stage.send(sent.with("authorization", &auth)).await;
            assert_eq!(said.status, 422, "{field}: {}", said.text());
            for must in [
                words,
                "value=\"the hole\"",
                &format!("href=\"#{field}\""),
                "<details open>",
            ] {
                assert!(said.text().contains(must), "{must}: {}", said.text());
            }
        }
        let html = stage.get(AT, Some(&ann)).await.text();
        assert!(html.contains("Nothing captured."), "{html}");
    }

    #[tokio::test]
    async fn a_file_with_an_odd_name_is_kept_and_a_second_one_is_said_not_to_be() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let auth = format!("Bearer {ann}");
        let odd: [(&[u8], &str); 4] = [
            (b"\"quoted\".txt", "&#34;quoted&#34;.txt"),
            (b"a\r\nX-Y: z", "a"),
            (b"caf\xe9.txt", "caf\u{fffd}.txt"),
            ("\u{202e}gnp.exe".as_bytes(), "gnp.exe"),
        ];
        for (n, (name, label)) in (1..).zip(odd) {
            let mut body =
                b"--hen\r\nContent-Disposition: form-data; name=\"words_end\"\r\n\r\nyes\r\n"
                    .to_vec();
            for file in [name, b"second.txt"] {
                body.extend_from_slice(
                    b"--hen\r\nContent-Disposition: form-data; name=\"file\"; filename=\"",
                );
                body.extend_from_slice(file);
                body.extend_from_slice(b"\"\r\n\r\n");
                body.extend_from_slice(name);
                body.extend_from_slice(b"\r\n");
            }
            body.extend_from_slice(b"--hen--\r\n");
            let sent = bytes(AT, &body).with("content-type", "multipart/form-data; boundary=hen");
            let said = stage.send(sent.with("authorization", &auth)).await;
            let there = format!("/cases/HH-1?kept=E-{n}&others=yes#exhibits");
            assert_eq!(said.header("location"), there, "{}", said.text());
            let html = stage.get(&there, Some(&ann)).await.text();
            assert!(
                html.contains(&format!("E-{n} is kept: {label}, ")),
                "{html}"
            );
            assert!(html.contains("was not taken"), "{html}");
            assert!(
                html.contains(&format!("Evidence <span class=\"n\">{n}</span></a>")),
                "{html}"
            );
        }
        let refused = stage
            .send(form(&[], Some(("a\u{1b}b", b"x"))).with("authorization", &auth))
            .await;
        assert!(refused.text().contains("plain name"), "{}", refused.text());
    }

    #[tokio::test]
    async fn characters_that_steer_are_shown_by_their_names() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let label = ("label", "a\0b\u{202e}gnp.exe\u{1b}[31m");
        let sent =
            form(&[label], Some(("x", b"x"))).with("authorization", &format!("Bearer {ann}"));
        assert_eq!(stage.send(sent).await.status, 303);
        let html = stage.get("/cases/HH-1?kept=E-1", Some(&ann)).await.text();
        assert!(
            html.contains("a[U+0000]b[U+202E]gnp.exe[U+001B][31m"),
            "{html}"
        );
        assert!(!html.contains(['\0', '\u{202e}', '\u{1b}']), "{html}");
    }

    #[tokio::test]
    async fn who_is_shut_out_while_a_file_arrives_is_told_nothing_of_the_case() {
        let stage = Stage::new().await;
        stage.report().await;
        let (ann, bob) = (
            stage.token("ann", "member").await,
            stage.token("bob", "member").await,
        );
        let act = async |command| {
            let said = stage
                .post("/api/v1/cases/HH-1/commands", Some(&ann), command)
                .await;
            assert_eq!(said.status, 200, "{}", said.text());
        };
        act(json!({ "command": "acknowledge" })).await;
        let auth = format!("Bearer {bob}");
        let send = || form(&[], Some(("a", &[b'z'; 9_000]))).with("authorization", &auth);
        let restrict =
            act(json!({ "command": "restrict", "reason": "about Bob", "about_person": "bob" }));
        let late = stage.send_in_two(send(), 5_000, restrict).await;
        let none = stage.send(send()).await;
        assert_eq!((late.status, none.status), (404, 404), "{}", late.text());
        assert_eq!(late.text(), none.text());
        let html = stage.get(AT, Some(&ann)).await.text();
        assert!(html.contains("Nothing captured."), "{html}");
    }

    #[tokio::test]
    async fn only_those_who_may_add_one_are_offered_the_form_and_only_our_page_sends_it() {
        let stage = Stage::new().await;
        stage.report().await;
        let (watcher, eve) = (
            stage.token("oz", "observer").await,
            stage.token("eve", "member").await,
        );
        let offered = stage.get(AT, Some(&watcher)).await.text();
        assert!(!offered.contains("Add a file"), "{offered}");
        for (who, status) in [(&watcher, 403), (&eve, 404)] {
            let sent = form(&[], Some(("a", b"a"))).with("authorization", &format!("Bearer {who}"));
            assert_eq!(stage.send(sent).await.status, status);
        }
        stage.account("ann", "member").await;
        let sign_in = format!("login=ann&password={}", PASSWORD.replace(' ', "+"));
        let said = stage.send(bytes("/sign-in", sign_in.as_bytes())).await;
        let cookie = said
            .header("set-cookie")
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned();
        assert!(!cookie.is_empty(), "{}", said.text());
        let sent = form(&[], Some(("a", b"a"))).with("cookie", &cookie);
        let said = stage.send(sent.with("sec-fetch-site", "same-origin")).await;
        assert_eq!(
            said.status,
            403,
            "without the form's token: {}",
            said.text()
        );
    }
}
