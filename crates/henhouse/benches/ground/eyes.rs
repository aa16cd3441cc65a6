//! What somebody in front of a browser waits for: from the going to a page to the first picture that shows what they came
//! for, in a window that knows nothing of us yet.

use serde_json::{Value, json};

use crate::browser::{Browser, Setup};

/// So often a page is opened, each time in a window of its own.
const TIMES: usize = 11;
const SETUP: Setup = Setup {
    size: (1280, 800),
    scripts: true,
};

/// What is looked at.
pub struct Looked<'a> {
    /// Where the server is, without a slash at the end.
    pub base: &'a str,
    /// Login, password, and the own one in its place; nothing where nobody need be known.
    pub known: Option<[&'a str; 3]>,
    /// The page.
    pub path: &'a str,
    /// What they came for: the first thing that fits ...
    pub css: &'a str,
    /// ... and says this.
    pub says: &'a str,
}

/// Opens the page and prints what came of it.
pub fn measure(looked: &Looked) {
    let first = Browser::open(SETUP);
    let cookies = looked
        .known
        .map(|known| sign_in(&first, looked.base, known));
    let (mut seen, mut requests, mut bytes, mut top) = (vec![], 0, 0, 0.0_f64);
    for _ in 0..TIMES {
        let window = first.beside(SETUP);
        if let Some(cookies) = &cookies {
            window.order("Network.setCookies", &json!({ "cookies": cookies }));
        }
        let watch = json!({ "source": watch(looked) });
        window.order("Page.addScriptToEvaluateOnNewDocument", &watch);
        window.forget();
        window.go(&format!("{}{}", looked.base, looked.path));
        let came = window.ask(
            "return new Promise(done => {
                const look = () => window.seenAt === undefined ? setTimeout(look, 5) : done([
                    window.seenAt, performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0, window.fromTop()]);
                look();
            })",
        );
        let at = |n: usize| came[n].as_f64().expect("a time");
        // What stands there before anything is drawn is seen with the first picture.
        seen.push(at(0).max(at(1)));
        top = at(2).max(top);
        window.keep_picture("eyes");
        let told = window.told();
        requests = requests.max(told.asked.len());
        bytes = bytes.max(told.bytes);
    }
    seen.sort_by(f64::total_cmp);
    println!("seen_ms {}", seen[TIMES / 2]);
    println!("seen_most_ms {}", seen[TIMES - 1]);
    println!("top_px {top}");
    println!("requests {requests}");
    println!("bytes {bytes}");
}

/// Notes when a picture with it was made.
fn watch(looked: &Looked) -> String {
    let (css, says) = (json!(looked.css), json!(looked.says));
    format!(
        "(() => {{
            const find = () => [...document.querySelectorAll({css})].find(one => one.textContent.includes({says}));
            window.fromTop = () => find().getBoundingClientRect().top;
            const watch = new MutationObserver(() => {{
                if (!find()) return;
                watch.disconnect();
                requestAnimationFrame(() => {{
                    const after = new MessageChannel();
                    after.port1.onmessage = () => {{ window.seenAt = performance.now(); }};
                    after.port2.postMessage(0);
                }});
            }});
            watch.observe(document, {{ childList: true, subtree: true }});
        }})()"
    )
}

/// Signs somebody in; gives the cookies that say so.
fn sign_in(window: &Browser, base: &str, [login, password, own]: [&str; 3]) -> Value {
    window.go(&format!("{base}/sign-in"));
    let body = json!({ "login": login, "password": password, "new_password": own }).to_string();
    let status = window.ask(&format!(
        "return fetch('/api/v1/session', {{ method: 'POST', body: {}, headers: {{ 'content-type': 'application/json' }} }}).then(answer => answer.status)",
        json!(body)
    ));
    assert_eq!(status, json!(200), "nobody is signed in");
    window.order("Network.getCookies", &json!({ "urls": [base] }))["cookies"].take()
}
