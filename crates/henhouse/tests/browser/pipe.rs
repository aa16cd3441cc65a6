//! Chromium as a process, spoken to over two pipes in its own protocol (DevTools): an order is a line of JSON
//! that ends with a zero byte, and so is an answer. Nothing stands between, so an order takes less than a
//! millisecond, and one browser serves many people, each with cookies of their own.

use std::collections::BTreeMap;
use std::io::{BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// The longest that anything takes here, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(30);
/// Gives its own input and output to the browser under the numbers where that looks for them.
const LAUNCH: &str = "program=$(command -v \"$1\" || echo chromium); shift; exec 3<&0 4>&1 </dev/null >/dev/null; exec \"$program\" \"$@\"";
/// Chromium without windows and menus of its own: pages are the same, for half the work. Where it is not installed, the
/// whole one takes its place.
const PAGES: &str = "chromium-headless-shell";
/// All of it.
const WHOLE: &str = "chromium";
const ARGUMENTS: [&str; 16] = [
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--allow-pre-commit-input",
    // A process kept ready for a page that nobody opens costs a tenth of a long walk.
    "--disable-features=SpareRendererForSitePerProcess",
];

/// A running browser. It ends when nobody holds it any more.
pub struct Chromium {
    process: Mutex<Child>,
    orders: Mutex<ChildStdin>,
    heard: Arc<Heard>,
    last: AtomicU64,
    _profile: TempDir,
}

/// What came back so far.
#[derive(Default)]
struct Heard {
    all: Mutex<All>,
    news: Condvar,
}

#[derive(Default)]
struct All {
    answers: BTreeMap<u64, Value>,
    tabs: BTreeMap<String, Tab>,
    over: bool,
}

/// What one tab has told.
#[derive(Clone, Debug, Default)]
pub struct Tab {
    /// Which document it shows; another one after each load.
    pub document: String,
    /// It is there as a whole.
    pub loaded: bool,
    /// Another one is on its way.
    pub busy: bool,
    /// What it asked for: the address of each request, in order.
    pub asked: Vec<String>,
    /// How many bytes came over the wire for that.
    pub bytes: u64,
    /// Requests that are held on their way, see [`super::Browser::hold`].
    pub held: Vec<Value>,
}

impl Chromium {
    /// Starts what shows pages; `HENHOUSE_TEST_BROWSER` names another program for it.
    ///
    /// # Panics
    /// With the sentence that says what to install.
    pub fn start() -> Arc<Self> {
        let named = std::env::var("HENHOUSE_TEST_BROWSER");
        Self::of(named.as_deref().unwrap_or(PAGES))
    }

    /// Starts one with all that surrounds its pages, such as notifications.
    ///
    /// # Panics
    /// With the sentence that says what to install.
    pub fn whole() -> Arc<Self> {
        Self::of(WHOLE)
    }

    fn of(program: &str) -> Arc<Self> {
        let profile = tempfile::tempdir().expect("a folder for the browser");
        let mut process = Command::new("sh")
            .args(["-c", LAUNCH, "sh", program])
            .args(ARGUMENTS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell starts");
        let heard = Arc::new(Heard::default());
        let answers = BufReader::new(process.stdout.take().expect("a pipe"));
        let listening = Arc::clone(&heard);
        std::thread::spawn(move || listening.listen(answers));
        let browser = Self {
            orders: Mutex::new(process.stdin.take().expect("a pipe")),
            process: Mutex::new(process),
            heard,
            last: AtomicU64::new(0),
            _profile: profile,
        };
        if let Err(why) = browser.order(None, "Browser.getVersion", &json!({})) {
            panic!(
                "no browser ({why}). The tests of the pages need a real one: apt-get install chromium"
            );
        }
        Arc::new(browser)
    }

    /// Gives an order, to a tab or to the browser itself, and waits for the answer.
    ///
    /// # Errors
    /// What the browser says against it, or that it does not answer.
    pub fn order(&self, tab: Option<&str>, method: &str, params: &Value) -> Result<Value, String> {
        let id = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let mut order = json!({ "id": id, "method": method, "params": params });
        if let Some(tab) = tab {
            order["sessionId"] = tab.into();
        }
        let mut line = order.to_string().into_bytes();
        line.push(0);
        {
            let mut pipe = self.orders.lock().expect("the pipe");
            let written = pipe.write_all(&line).and_then(|()| pipe.flush());
            written.map_err(|error| format!("{method}: it is gone: {error}"))?;
        }
        let answer = self.heard.wait(|all| {
            let answer = all.answers.remove(&id);
            answer.or_else(|| all.over.then(|| json!({ "error": "it is gone" })))
        });
        let mut answer = answer.ok_or_else(|| format!("{method}: no answer"))?;
        match answer.get("error") {
            Some(error) => Err(format!("{method}: {error}")),
            None => Ok(answer["result"].take()),
        }
    }

    /// What a tab has told so far.
    pub fn tab(&self, tab: &str) -> Tab {
        let all = self.heard.all.lock().expect("what was heard");
        all.tabs.get(tab).cloned().unwrap_or_default()
    }

    /// Waits until a tab is as wanted; false if it does not come to that.
    pub fn wait(&self, tab: &str, wanted: impl Fn(&Tab) -> bool) -> bool {
        let seen = self.heard.wait(|all| {
            let seen = all.tabs.entry(tab.to_owned()).or_default();
            wanted(seen).then_some(())
        });
        seen.is_some()
    }

    /// Forgets what a tab has asked for.
    pub fn forget(&self, tab: &str) {
        let mut all = self.heard.all.lock().expect("what was heard");
        if let Some(tab) = all.tabs.get_mut(tab) {
            tab.asked.clear();
            tab.bytes = 0;
        }
    }

    /// Takes what is held, if anything is within a while.
    pub fn held(&self, tab: &str) -> Option<Value> {
        self.heard.wait(|all| {
            let held = &mut all.tabs.get_mut(tab)?.held;
            (!held.is_empty()).then(|| held.remove(0))
        })
    }
}

impl Heard {
    fn listen(&self, mut answers: impl std::io::BufRead) {
        let mut line = Vec::new();
        while answers.read_until(0, &mut line).is_ok_and(|read| read > 0) {
            line.pop();
            let said: Value = serde_json::from_slice(&line).unwrap_or_default();
            line.clear();
            let mut all = self.all.lock().expect("what was heard");
            match said["id"].as_u64() {
                Some(id) => {
                    all.answers.insert(id, said);
                }
                None => all.note(&said),
            }
            self.news.notify_all();
        }
        self.all.lock().expect("what was heard").over = true;
        self.news.notify_all();
    }

    fn wait<T>(&self, mut found: impl FnMut(&mut All) -> Option<T>) -> Option<T> {
        let mut answer = None;
        let all = self.all.lock().expect("what was heard");
        let waited = self.news.wait_timeout_while(all, PATIENCE, |all| {
            answer = found(all);
            answer.is_none()
        });
        drop(waited);
        answer
    }
}

impl All {
    fn note(&mut self, said: &Value) {
        let Some(session) = said["sessionId"].as_str() else {
            return;
        };
        let tab = self.tabs.entry(session.to_owned()).or_default();
        let told = &said["params"];
        match said["method"].as_str().unwrap_or_default() {
            "Page.frameNavigated" if told["frame"]["parentId"].is_null() => {
                let document = told["frame"]["loaderId"].as_str().unwrap_or_default();
                document.clone_into(&mut tab.document);
                tab.loaded = false;
            }
            "Page.frameRequestedNavigation" | "Page.frameStartedLoading" => tab.busy = true,
            "Page.frameStoppedLoading" => tab.busy = false,
            "Page.loadEventFired" => (tab.loaded, tab.busy) = (true, false),
            "Network.requestWillBeSent" => {
                let address = told["request"]["url"].as_str().unwrap_or_default();
                tab.asked.push(address.to_owned());
            }
            "Fetch.requestPaused" => tab.held.push(told.clone()),
            "Network.loadingFinished" => {
                let bytes = told["encodedDataLength"].as_f64().unwrap_or_default();
                tab.bytes += whole(bytes);
            }
            _ => {}
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of bytes, which the protocol writes with a point"
)]
fn whole(bytes: f64) -> u64 {
    bytes.max(0.0) as u64
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // It ends by itself when nobody gives it orders any more; a hurry does no harm.
        if let Ok(process) = self.process.get_mut() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
