//! What strangers write is words on every page: as title, report, note, file name, name of a person and name of a
//! project. No script of theirs runs, nothing is fetched from elsewhere, the policy of the pages has nothing to turn
//! away, and what they wrote stands there letter by letter.

use std::time::Duration;

use serde_json::{Value, json};

use super::Server;
use super::browser::{Browser, Setup};
use super::every::{Eyes, PAGES, furnish, path};
use super::live::{VIOLATIONS, until};

/// Each would do something if it were taken for more than words; `boom()` counts.
const HOSTILE: [&str; 72] = [
    "<script>boom()</script>",
    "\"><script>boom()</script>",
    "'><img src=x onerror=boom()>",
    "<img src=x onerror=boom()>",
    "<svg onload=boom()>",
    "<svg/onload=boom()//",
    "</textarea><script>boom()</script>",
    "</title><script>boom()</script>",
    "</style><script>boom()</script>",
    "</script><script>boom()</script>",
    "</main></body></html><script>boom()</script>",
    "<iframe src=\"javascript:parent.boom()\"></iframe>",
    "<iframe srcdoc=\"<script>parent.boom()</script>\"></iframe>",
    "<a href=\"javascript:boom()\">tap</a>",
    "[tap](javascript:boom())",
    "![x](x\" onerror=\"boom())",
    "<body onload=boom()>",
    "<details open ontoggle=boom()>",
    "<input autofocus onfocus=boom()>",
    "\" autofocus onfocus=\"boom()",
    "' onmouseover='boom()",
    "` onfocus=boom() autofocus x=`",
    "<video><source onerror=boom()></video>",
    "<audio src=x onerror=boom()>",
    "<object data=\"javascript:boom()\"></object>",
    "<embed src=\"javascript:boom()\">",
    "<math><mtext></mtext><img src=x onerror=boom()></math>",
    "<form action=\"javascript:boom()\"><button>go</button></form>",
    "<button formaction=\"javascript:boom()\">go</button>",
    "<base href=\"https://evil.example/\">",
    "<meta http-equiv=\"refresh\" content=\"0;url=https://evil.example/\">",
    "<link rel=stylesheet href=\"https://evil.example/a.css\">",
    "<img src=\"https://evil.example/x.png\">",
    "<style>*{display:none}</style>",
    "<div style=\"position:fixed;inset:0\">over all</div>",
    "<template><script>boom()</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=boom()>\">",
    "<!--><img src=x onerror=boom()>-->",
    "<![CDATA[<script>boom()</script>]]>",
    "<?xml version=\"1.0\"?><script>boom()</script>",
    "&lt;script&gt;boom()&lt;/script&gt;",
    "&#60;script&#62;boom()&#60;/script&#62;",
    "&amp;lt;b&amp;gt;bold&amp;lt;/b&amp;gt;",
    "%3Cscript%3Eboom()%3C/script%3E",
    "\\u003cscript\\u003eboom()\\u003c/script\\u003e",
    "\\x3cscript\\x3eboom()\\x3c/script\\x3e",
    "'-boom()-'",
    "\";boom();//",
    "${boom()}",
    "{{ boom() }}",
    "{% include \"base.html\" %}",
    "<%= boom() %>",
    "#{boom()}",
    "__proto__",
    "constructor",
    "<svg><use href=\"data:image/svg+xml,<svg id=x onload=boom()>#x\"/></svg>",
    "<svg><a xlink:href=\"javascript:boom()\"><text>tap</text></a></svg>",
    "<svg><animate onbegin=boom() attributeName=x dur=1s>",
    "<marquee onstart=boom()>",
    "<select><option></select><img src=x onerror=boom()>",
    "<table><td background=\"javascript:boom()\">",
    "<x contenteditable onblur=boom()>lose</x>",
    "<hen-live src=\"https://evil.example/events\"></hen-live>",
    "<form id=main><input name=action></form>",
    "<a id=page href=\"x\"></a>",
    "javascript:boom()",
    "data:text/html,<script>boom()</script>",
    "=cmd|'/c calc'!A1",
    "\u{202e}gpj.exe",
    "\u{2066}<script>boom()</script>\u{2069}",
    "\u{feff}<script>boom()</script>",
    "＜script＞boom()＜/script＞",
];

/// Counts what runs, before anything else can.
const FIRST: &str =
    "window.ran = 0; window.boom = () => { window.ran += 1; }; window.alert = window.boom;";
/// What on the page that is shown is more than words, one line each. Pages have none of these elements.
const LIVE: &str = r#"
const bad = turned.map(one => `the policy turned away ${one}`);
if (ran) bad.push('a script ran');
const never = 'iframe, object, embed, base, marquee, video, audio, img, template, style, math, x, script:not([src^="/"]), main link, main meta';
for (const e of document.querySelectorAll(never)) bad.push(`there is ${e.outerHTML.slice(0, 90)}`);
for (const e of document.querySelectorAll('*')) for (const { name, value } of e.attributes) {
  const leads = ['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'background'].includes(name);
  if (/^on/.test(name) || leads && /^\s*((javascript|vbscript|data):|(https?:)?\/\/evil)/i.test(value)) bad.push(`there is ${name}=${value}`);
}
return [...new Set(bad)].slice(0, 5);
"#;
/// What no template lets through, put into a page on its way: the policy alone stands against it.
const PLANTED: &str = r#"<script>boom()</script><script src="https://evil.example/a.js"></script>
<img src="/none" onerror="boom()"><img src="https://evil.example/x.png"><p style="color:red">red</p>
<style>main { display: none }</style><link rel="stylesheet" href="https://evil.example/a.css">
<iframe src="https://evil.example/"></iframe><object data="https://evil.example/"></object><base href="https://evil.example/">
<form id="planted" method="post" action="https://evil.example/"></form>"#;
/// What a script of ours would do if it were led astray.
const ASTRAY: &str = "const tries = [() => fetch('https://evil.example/').catch(() => {}), \
    () => { document.createElement('p').innerHTML = '<b>'; }, () => trustedTypes.createPolicy('evil', {})]; \
    for (const one of tries) try { one(); } catch { /* turned away at once */ }";
/// What the policy turns away of these, and where that would have come from.
const TURNED_AWAY: [&str; 13] = [
    "script-src-elem inline",
    "script-src-elem https://evil.example/a.js",
    "script-src-attr inline",
    "img-src https://evil.example/x.png",
    "style-src-attr inline",
    "style-src-elem inline",
    "style-src-elem https://evil.example/a.css",
    "frame-src https://evil.example",
    "object-src https://evil.example",
    "base-uri https://evil.example/",
    "connect-src https://evil.example/",
    "require-trusted-types-for trusted-types-sink",
    "trusted-types trusted-types-policy",
];

/// Everything that is said on it: words, and what stands in fields.
const SAYS: &str = "return document.body.textContent + [...document.querySelectorAll('input, textarea')].map(one => one.value).join('\\n')";

/// As pages show it: what would turn the direction of a line is shown by its name.
fn shown(text: &str) -> String {
    let steers = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let one = |c: char| match steers(c) {
        true => format!("[U+{:04X}]", u32::from(c)),
        false => c.to_string(),
    };
    text.chars().map(one).collect()
}

/// Somebody who looks at pages, and what was found so far.
struct Looker<'s> {
    server: &'s Server,
    browser: Browser,
    found: Vec<String>,
}

impl Looker<'_> {
    /// Looks at a page; answers what it says.
    fn look(&mut self, path: &str) -> String {
        self.browser.go(&self.server.at(path));
        self.looked(path)
    }

    fn looked(&mut self, path: &str) -> String {
        let live = self.browser.ask(LIVE);
        let live = live.as_array().cloned().unwrap_or_default();
        self.found
            .extend(live.iter().map(|one| format!("{path}: {one}")));
        let says = self.browser.ask(SAYS);
        let says = says.as_str().unwrap_or_default();
        says.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn says(&mut self, path: &str, says: &str, what: &str, text: &str) {
        if !says.contains(&shown(text)) {
            self.found
                .push(format!("{path} does not say the {what} {text:?}"));
        }
    }
}

impl Server {
    /// A file of that name, as a browser sends one.
    fn keep_file(&self, name: &str) {
        // As browsers write names: what would end it is escaped.
        let name = name.replace('"', "%22");
        let body = format!(
            "--cut\r\nContent-Disposition: form-data; name=\"label\"\r\n\r\n{name}\r\n\
             --cut\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nfile\r\n\
             --cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: text/html\r\n\r\n<script>boom()</script>{name}\r\n--cut--\r\n"
        );
        let url = self.at("/api/v1/cases/DR-1/exhibits?as=ann");
        let request = self.http.post(url).bearer_auth(&self.token);
        let request = request.header("content-type", "multipart/form-data; boundary=cut");
        self.runtime.block_on(async {
            let answer = request.body(body).send().await.unwrap();
            let (status, text) = (answer.status(), answer.text().await.unwrap());
            assert!(status.is_success(), "{name}: {text}");
        });
    }

    /// Everything hostile that strangers and colleagues can write.
    fn soil(&self) {
        let mut whole = self.call("GET", "/api/v1/projects/main", None);
        for (n, text) in HOSTILE.iter().enumerate() {
            let who = format!("p{n}");
            let member = json!({ "person": who, "roles": ["observer"] });
            whole["project"]["roster"]
                .as_array_mut()
                .unwrap()
                .push(member);
            whole["directory"]["people"][&who] = json!({ "name": text });
            let report = json!({ "text": text, "title": text, "name": text });
            self.call("POST", "/api/v1/reports", Some(&report));
            let note = json!({ "command": "add_note", "text": text });
            self.said("DR-1", "ann", note);
            self.keep_file(text);
            if shown(text) == *text {
                let project = json!({ "slug": who, "name": text, "prefix": format!("P{n}") });
                self.call("POST", "/api/v1/projects", Some(&project));
            }
        }
        let all = HOSTILE.join(" ");
        whole["directory"]["people"]["bob"]["name"] = all.clone().into();
        whole["directory"]["assets"]["web1"] = all.clone().into();
        whole["name"] = HOSTILE[..20].join(" ").into();
        self.put_project(&whole);
        for order in [
            json!({ "command": "set_title", "title": all }),
            json!({ "command": "add_lead", "text": all, "source": all, "owner": "bob" }),
            json!({ "command": "add_step", "text": all, "kind": "organise", "owner": "bob" }),
            json!({ "command": "publish_sitrep", "summary": all }),
            json!({ "command": "add_cause", "text": all }),
            json!({ "command": "add_lesson", "text": all }),
        ] {
            self.said("DR-1", "ann", order);
        }
    }
}

#[test]
fn what_strangers_write_is_words_on_every_page() {
    let server = Server::start();
    let made = furnish(&server);
    server.soil();
    let browser = server.boss();
    browser.first_of_all(FIRST);
    browser.first_of_all(VIOLATIONS);
    let mut looker = Looker {
        server: &server,
        browser,
        found: Vec::new(),
    };
    for (_, page, _) in PAGES.iter().filter(|(eyes, ..)| *eyes == Eyes::Ann) {
        looker.look(&path(page, &made));
    }
    reads_every_word(&mut looker);
    follows_live(&mut looker);
    let stranger = Setup {
        size: (360, 740),
        scripts: true,
    };
    let stranger = looker.browser.beside(stranger);
    stranger.first_of_all(FIRST);
    stranger.first_of_all(VIOLATIONS);
    let asked = looker.browser.told().asked;
    looker.browser = stranger;
    for page in [
        "/report/main",
        "/receipt/{receipt}",
        "/public/main",
        "/ack/{ack}",
    ] {
        looker.look(&path(page, &made));
    }
    for address in asked.iter().chain(&looker.browser.told().asked) {
        if !address.starts_with(&server.url) {
            looker.found.push(format!("it asked {address}"));
        }
    }
    assert!(looker.found.is_empty(), "{}", looker.found.join("\n"));
}

/// Without any template: what stands in a page all the same runs nothing, fetches nothing and leads nowhere.
#[test]
fn the_policy_alone_stands_against_what_a_template_would_let_through() {
    let server = Server::start();
    let report = json!({ "text": "The fence is open" });
    server.call("POST", "/api/v1/reports", Some(&report));
    let ann = server.boss();
    let stranger = ann.beside(Setup {
        size: (360, 740),
        scripts: true,
    });
    for (browser, path) in [(&ann, "/cases/DR-1"), (&stranger, "/report")] {
        browser.first_of_all(FIRST);
        browser.first_of_all(VIOLATIONS);
        browser.go_planted(&server.at(path), PLANTED);
        browser.ask(ASTRAY);
        let missed = || {
            let turned = browser.ask("return turned").to_string();
            let missed = TURNED_AWAY
                .iter()
                .filter(|wanted| !turned.contains(**wanted));
            missed.copied().collect::<Vec<_>>()
        };
        for _ in 0..100 {
            if missed().is_empty() {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let turned = browser.ask("return turned");
        assert_eq!(missed(), Vec::<&str>::new(), "{path}: {turned}");
        assert_eq!(browser.ask("return ran"), json!(0), "{path}");
        browser.ask("document.getElementById('planted').submit()");
        until(
            browser,
            "turned.some(one => one.startsWith('form-action https://evil.example/'))",
        );
        assert_eq!(browser.url(), server.at(path));
    }
}

/// Each of them where it was written to, letter by letter.
fn reads_every_word(looker: &mut Looker<'_>) {
    let mut notes = looker.look("/cases/DR-1/timeline");
    let older = "return [...document.querySelectorAll('main a[href*=\"before=\"]')].map(one => one.getAttribute('href'))";
    let older = looker.browser.ask(older);
    for older in older.as_array().into_iter().flatten() {
        notes.push_str(&looker.look(older.as_str().unwrap_or_default()));
    }
    // The newest are here, the others in the timeline.
    let files = looker.look("/cases/DR-1/evidence") + &notes;
    let people = looker.look("/projects/main");
    let projects = looker.look("/projects");
    for (n, text) in HOSTILE.iter().enumerate() {
        looker.says("the timeline", &notes, "note", text);
        let name = text.replace('"', "%22");
        looker.says("the evidence", &files, "file", &name);
        looker.says("the contact sheet", &people, "person", text);
        if shown(text) == *text {
            looker.says("the projects", &projects, "project", text);
        }
        // The first three cases were there before.
        let case = format!("/cases/DR-{}", n + 4);
        let says = looker.look(&case);
        looker.says(&case, &says, "title", text);
        let head = looker.browser.text("main h1");
        looker.says(
            &case,
            &head,
            "title above",
            text.trim_start_matches('\u{feff}'),
        );
    }
}

/// What arrives while somebody looks, and what is found by the palette.
fn follows_live(looker: &mut Looker<'_>) {
    looker.look("/cases/DR-1");
    until(
        &looker.browser,
        "document.querySelector('hen-live').streams",
    );
    let text = format!("{} at last", HOSTILE[3]);
    let note = json!({ "command": "add_note", "text": text });
    looker.server.said("DR-1", "ann", note);
    let there = "document.getElementById('live-timeline').textContent.includes";
    until(&looker.browser, &format!("{there}({})", Value::from(text)));
    looker.looked("/cases/DR-1, as it goes on");
    looker.browser.press_control("k");
    until(
        &looker.browser,
        "document.querySelectorAll('#palette [role=option]').length > 3",
    );
    looker.browser.write("DR-7");
    looker.looked("the palette");
}
