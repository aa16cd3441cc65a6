//! A real browser, Chromium, and what somebody in front of it sees and does: pages, taps, keys.
//!
//! A [`Browser`] is one person's: a window with cookies of their own. Several of them share one process. Taps
//! and keys go in where a mouse, a thumb and a keyboard do, so what lies under something else cannot be
//! tapped and what the keyboard does not reach cannot be pressed.

#![allow(dead_code, unused_imports, reason = "each test program uses its part")]

mod keys;
mod pipe;

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

pub use keys::{ARROW_DOWN, ARROW_UP, END, ENTER, ESCAPE, HOME, SHIFT_TAB, SPACE, TAB};
use pipe::Chromium;
pub use pipe::Tab;

/// Finds where something can be tapped: in the middle of what is seen of it, scrolled to if need be, and says
/// what lies over it.
const SPOT: &str = "function () {
  const spot = () => {
    const box = [...this.getClientRects()].find(box => box.width && box.height);
    if (!box) return { over: 'it is not shown' };
    const [x, y] = [(Math.max(0, box.left) + Math.min(innerWidth, box.right)) / 2,
      (Math.max(0, box.top) + Math.min(innerHeight, box.bottom)) / 2];
    // What lies wholly outside of what is shown is scrolled to, be it by a hair.
    const shown = x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
    const top = shown ? document.elementFromPoint(x, y) : null;
    const is = top && (this.contains(top) || [...(this.labels ?? [])].some(label => label.contains(top)));
    return is ? { x, y } : { over: `${this.outerHTML.slice(0, 120)} at ${x} ${y} lies under ${top?.outerHTML.slice(0, 120)}` };
  };
  const first = spot();
  if (first.x !== undefined) return first;
  this.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  return spot();
}";

/// How the browser is set up.
#[derive(Clone, Copy)]
pub struct Setup {
    /// Width and height of what it shows, in CSS pixels.
    pub size: (u32, u32),
    /// Pages may run scripts.
    pub scripts: bool,
}

/// One person's window.
pub struct Browser {
    chromium: Arc<Chromium>,
    session: String,
    context: String,
    thumb: Cell<bool>,
    used: Cell<Used>,
}

/// What somebody did so far: text that is typed does not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Taps and clicks.
    pub taps: u32,
    /// Keys.
    pub keys: u32,
}

impl Browser {
    /// Starts a browser with one window.
    ///
    /// # Panics
    /// With the sentence that says what to install.
    pub fn open(setup: Setup) -> Self {
        Self::within(Chromium::start(), setup)
    }

    /// The same of a browser with all that surrounds its pages, such as notifications.
    ///
    /// # Panics
    /// With the sentence that says what to install.
    pub fn open_whole(setup: Setup) -> Self {
        Self::within(Chromium::whole(), setup)
    }

    /// Another person's window of the same browser.
    pub fn beside(&self, setup: Setup) -> Self {
        Self::within(Arc::clone(&self.chromium), setup)
    }

    fn within(chromium: Arc<Chromium>, setup: Setup) -> Self {
        let text = |answer: Result<Value, String>, name: &str| {
            let answer = answer.unwrap_or_else(|why| panic!("no window: {why}"));
            answer[name].as_str().unwrap_or_default().to_owned()
        };
        let context = chromium.order(None, "Target.createBrowserContext", &json!({}));
        let context = text(context, "browserContextId");
        let wanted = json!({ "url": "about:blank", "browserContextId": context });
        let target = text(
            chromium.order(None, "Target.createTarget", &wanted),
            "targetId",
        );
        let wanted = json!({ "targetId": target, "flatten": true });
        let session = text(
            chromium.order(None, "Target.attachToTarget", &wanted),
            "sessionId",
        );
        let browser = Self {
            chromium,
            session,
            context,
            thumb: Cell::new(false),
            used: Cell::default(),
        };
        for domain in ["Page.enable", "Network.enable", "DOM.enable"] {
            browser.order(domain, &json!({}));
        }
        browser.resize(setup.size);
        let off = json!({ "value": !setup.scripts });
        browser.order("Emulation.setScriptExecutionDisabled", &off);
        // Each person sits in front of their own.
        let focused = json!({ "enabled": true });
        browser.order("Emulation.setFocusEmulationEnabled", &focused);
        browser
    }

    /// Shows pages as wide and high as this, in CSS pixels.
    pub fn resize(&self, (width, height): (u32, u32)) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.order("Emulation.setDeviceMetricsOverride", &metrics);
    }

    /// Is touched from now on, as a phone is.
    pub fn by_thumb(&self) {
        let touched = json!({ "enabled": true, "maxTouchPoints": 1 });
        self.order("Emulation.setTouchEmulationEnabled", &touched);
        self.thumb.set(true);
    }

    /// What was tapped and pressed since this was asked last.
    pub fn used(&self) -> Used {
        self.used.take()
    }

    /// Runs a script in each page from now on, before its own.
    pub fn first_of_all(&self, script: &str) {
        let source = json!({ "source": script });
        self.order("Page.addScriptToEvaluateOnNewDocument", &source);
    }

    /// An order to the window itself, in the browser's own protocol.
    pub fn order(&self, method: &str, params: &Value) -> Value {
        self.try_order(method, params)
            .unwrap_or_else(|why| panic!("{why}"))
    }

    fn try_order(&self, method: &str, params: &Value) -> Result<Value, String> {
        self.chromium.order(Some(&self.session), method, params)
    }

    /// What it told of the page that it shows.
    pub fn told(&self) -> Tab {
        self.chromium.tab(&self.session)
    }

    /// Forgets what it asked for so far.
    pub fn forget(&self) {
        self.chromium.forget(&self.session);
    }

    /// Goes to a page and waits until it is there.
    pub fn go(&self, url: &str) {
        let gone = self.order("Page.navigate", &json!({ "url": url }));
        assert!(gone["errorText"].is_null(), "{url}: {gone}");
        let document = gone["loaderId"].as_str();
        // Without another document it only moved on this page.
        if let Some(document) = document {
            self.wait(url, |tab| tab.document == document && tab.loaded);
        }
    }

    /// Does something that leads to another page, and waits until that is there; or another content of this
    /// one, where a script has put it in its place.
    pub fn through(&self, does: impl FnOnce()) {
        self.ask("const main = document.querySelector('main'); if (main) main.left = true");
        does();
        for _ in 0..6000 {
            let came = "document.querySelector('main') && document.readyState === 'complete' && !document.querySelector('main').left";
            if self.ask(&format!("return Boolean({came})")) == json!(true) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        self.keep_picture("stuck");
        panic!(
            "no other page came, after {}: {}",
            self.url(),
            self.source()
        );
    }

    fn wait(&self, what: &str, wanted: impl Fn(&Tab) -> bool) {
        let came = self.chromium.wait(&self.session, wanted);
        assert!(came, "{what} did not come, after {}", self.url());
    }

    /// Where it is.
    pub fn url(&self) -> String {
        text(&self.ask("return location.href"))
    }

    /// The page as it stands.
    pub fn source(&self) -> String {
        text(&self.ask("return document.documentElement?.outerHTML ?? ''"))
    }

    /// The words of the first thing that fits, as they are shown; nothing of what is hidden.
    pub fn text(&self, css: &str) -> String {
        let shown = "function () { return this.checkVisibility() ? this.innerText : '' }";
        text(&self.ask_of(&self.one(css), shown, &Value::Null))
    }

    /// Gives it a device that makes passkeys, with somebody before it who says yes to everything.
    pub fn take_passkeys(&self) {
        let device = json!({ "options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "automaticPresenceSimulation": true, "isUserVerified": true,
        } });
        self.order("WebAuthn.enable", &json!({}));
        self.order("WebAuthn.addVirtualAuthenticator", &device);
    }

    /// Lets this server's pages do something, as somebody who was asked and said yes.
    pub fn permit(&self, origin: &str, what: &str) {
        let wanted =
            json!({ "origin": origin, "permissions": [what], "browserContextId": self.context });
        let said = self
            .chromium
            .order(None, "Browser.grantPermissions", &wanted);
        said.unwrap_or_else(|why| panic!("{why}"));
    }

    /// Asks the page something, in the words of a script; also where pages may run none.
    pub fn ask(&self, script: &str) -> Value {
        let asked = json!({ "expression": format!("(() => {{ {script} }})()"),
            "returnByValue": true, "awaitPromise": true });
        let answer = self.evaluate(&asked);
        let thrown = &answer["exceptionDetails"];
        assert!(thrown.is_null(), "{script}: {thrown}");
        answer["result"]["value"].clone()
    }

    /// A page that is just being exchanged for another one is asked again.
    fn evaluate(&self, asked: &Value) -> Value {
        let mut why = String::new();
        for _ in 0..200 {
            match self.try_order("Runtime.evaluate", asked) {
                Ok(answer) => return answer,
                Err(trouble) => why = trouble,
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("{why}");
    }

    /// Everything that fits, by `css selector` or `xpath`, in the order of the page.
    pub fn all(&self, using: &str, what: &str) -> Vec<String> {
        let what = json!(what);
        let script = match using {
            "xpath" => format!(
                "(() => {{ const found = document.evaluate({what}, document, null, 7, null); \
                 return [...Array(found.snapshotLength).keys()].map(n => found.snapshotItem(n)) }})()"
            ),
            _ => format!("[...document.querySelectorAll({what})]"),
        };
        let found = self.evaluate(&json!({ "expression": script }));
        let thrown = &found["exceptionDetails"];
        assert!(thrown.is_null(), "{what}: {thrown}");
        let own = json!({ "objectId": found["result"]["objectId"], "ownProperties": true });
        let listed = self.order("Runtime.getProperties", &own);
        let items = listed["result"].as_array().map(Vec::as_slice);
        let ids = items.unwrap_or_default().iter().filter_map(|item| {
            let place: usize = item["name"].as_str()?.parse().ok()?;
            Some((place, item["value"]["objectId"].as_str()?.to_owned()))
        });
        let ids: std::collections::BTreeMap<usize, String> = ids.collect();
        ids.into_values().collect()
    }

    /// The first thing that fits.
    ///
    /// # Panics
    /// There is none.
    pub fn one(&self, css: &str) -> String {
        let found = self.all("css selector", css).into_iter().next();
        found.unwrap_or_else(|| panic!("no {css} at {}: {}", self.url(), self.source()))
    }

    /// Asks one of those something: the words of a function, whose `this` it is.
    pub fn ask_of(&self, id: &str, function: &str, given: &Value) -> Value {
        let call = json!({ "objectId": id, "functionDeclaration": function,
            "arguments": [{ "value": given }], "returnByValue": true });
        let answer = self.order("Runtime.callFunctionOn", &call);
        let thrown = &answer["exceptionDetails"];
        assert!(thrown.is_null(), "{function}: {thrown}");
        answer["result"]["value"].clone()
    }

    /// What one of those is: its property.
    pub fn property(&self, id: &str, name: &str) -> Value {
        self.ask_of(id, "function (name) { return this[name] }", &json!(name))
    }

    /// Taps the first thing that fits, and waits for the page that it leads to, if it leads to one.
    pub fn tap(&self, css: &str) {
        self.tap_on(&self.one(css));
        // What the tap has begun is told before the answers to these.
        for _ in 0..2 {
            self.evaluate(&json!({ "expression": "1" }));
        }
        self.wait("the next page", |tab| !tab.busy);
    }

    /// Taps one of those, where it is seen.
    ///
    /// # Panics
    /// Something lies over it.
    pub fn tap_on(&self, id: &str) {
        self.painted();
        let spot = self.spot(id);
        let over = &spot["over"];
        if !over.is_null() {
            self.keep_picture("covered");
        }
        assert!(
            over.is_null(),
            "it cannot be tapped at {}: {over}",
            self.url()
        );
        let used = self.used.get();
        let taps = used.taps + 1;
        self.used.set(Used { taps, ..used });
        if self.thumb.get() {
            let here = json!([{ "x": spot["x"], "y": spot["y"] }]);
            for (what, points) in [("touchStart", here), ("touchEnd", json!([]))] {
                let event = json!({ "type": what, "touchPoints": points });
                self.order("Input.dispatchTouchEvent", &event);
            }
            return;
        }
        for what in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": what, "x": spot["x"], "y": spot["y"],
                "button": "left", "buttons": 1, "clickCount": 1 });
            self.order("Input.dispatchMouseEvent", &event);
        }
    }

    /// Where one of those is seen, once it has come to rest.
    fn spot(&self, id: &str) -> Value {
        let mut spot = self.ask_of(id, SPOT, &Value::Null);
        for _ in 0..100 {
            std::thread::sleep(Duration::from_millis(10));
            let before = std::mem::replace(&mut spot, self.ask_of(id, SPOT, &Value::Null));
            if spot == before && spot["over"].is_null() {
                break;
            }
        }
        spot
    }

    /// Waits until the page was drawn once: until then a browser lets drop what is tapped and pressed, for
    /// nobody can have meant what they do not see.
    fn painted(&self) {
        for _ in 0..1000 {
            if self.ask("return performance.getEntriesByType('paint').length > 0") == json!(true) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("{} was not drawn", self.url());
    }

    /// Types into the first thing that fits; a file is chosen by its path.
    pub fn fill(&self, css: &str, text: &str) {
        let id = self.one(css);
        if self.property(&id, "type") == "file" {
            let files = json!({ "objectId": id, "files": [text] });
            self.order("DOM.setFileInputFiles", &files);
        } else {
            self.ask_of(&id, "function () { this.focus() }", &Value::Null);
            self.write(text);
        }
    }

    /// Drags a file from the desktop onto the page and lets it go there.
    pub fn drop_file(&self, path: &str) {
        for what in ["dragEnter", "dragOver", "drop"] {
            let file = json!({ "items": [], "files": [path], "dragOperationsMask": 1 });
            let event = json!({ "type": what, "x": 300, "y": 300, "data": file });
            self.order("Input.dispatchDragEvent", &event);
        }
    }

    /// Types into one of those, in the place of what stands there.
    pub fn write_into(&self, id: &str, text: &str) {
        self.tap_on(id);
        self.write_over(id, text);
    }

    /// The same where the focus is there already.
    pub fn write_over(&self, id: &str, text: &str) {
        if self.property(id, "value") != "" {
            self.ask_of(id, "function () { this.select() }", &Value::Null);
            self.press(keys::DELETE);
        }
        self.write(text);
    }

    /// Types where the focus is, all at once.
    pub fn write(&self, text: &str) {
        if !text.is_empty() {
            self.order("Input.insertText", &json!({ "text": text }));
        }
    }

    /// Presses keys, one after the other.
    pub fn press(&self, keys: &str) {
        for key in keys.chars() {
            self.press_with(key, 0);
        }
    }

    /// Presses a key with `Control` held.
    pub fn press_control(&self, key: &str) {
        for key in key.chars() {
            self.press_with(key, keys::CONTROL);
        }
    }

    fn press_with(&self, key: char, modifiers: u8) {
        self.painted();
        let used = self.used.get();
        let keys = used.keys + 1;
        self.used.set(Used { keys, ..used });
        for event in keys::events(key, modifiers) {
            self.order("Input.dispatchKeyEvent", &event);
        }
    }

    /// An attribute of what has the focus.
    pub fn focused(&self, attribute: &str) -> Option<String> {
        let attribute = json!(attribute);
        let script = format!("return document.activeElement?.getAttribute({attribute})");
        self.ask(&script).as_str().map(str::to_owned)
    }

    /// Shows pages as somebody wants them who prefers `dark` or `light`, or whose system brings colours of its
    /// own: `forced`.
    pub fn prefer(&self, look: &str) {
        let (scheme, forced) = match look {
            "forced" => ("light", "active"),
            scheme => (scheme, "none"),
        };
        let wanted = json!([{ "name": "prefers-color-scheme", "value": scheme }, { "name": "forced-colors", "value": forced }]);
        self.order("Emulation.setEmulatedMedia", &json!({ "features": wanted }));
    }

    /// Lets through no request whose address fits one of these; `*` stands for anything.
    pub fn block(&self, addresses: &[&str]) {
        self.order("Network.setBlockedURLs", &json!({ "urls": addresses }));
    }

    /// Holds what goes to such an address: its request before it leaves, or its answer before it is there.
    pub fn hold(&self, address: &str, answers: bool) {
        let stage = if answers { "Response" } else { "Request" };
        let pattern = json!({ "urlPattern": address, "requestStage": stage });
        self.order("Fetch.enable", &json!({ "patterns": [pattern] }));
    }

    /// Breaks the line under the next form that is held, lets through what else was, and holds nothing any more.
    ///
    /// # Panics
    /// No form is sent.
    pub fn break_off(&self) {
        loop {
            let held = self.held();
            let id = &held["requestId"];
            if held["request"]["method"] == "POST" {
                let broken = json!({ "requestId": id, "errorReason": "ConnectionReset" });
                self.order("Fetch.failRequest", &broken);
                self.order("Fetch.disable", &json!({}));
                return;
            }
            self.order("Fetch.continueRequest", &json!({ "requestId": id }));
        }
    }

    /// Goes to a page in which this stands too, as if the server had said so: under the headers that it did send.
    pub fn go_planted(&self, url: &str, html: &str) {
        let before = self.told().document;
        self.hold(url, true);
        self.ask(&format!("location.assign({})", json!(url)));
        let held = self.held();
        let id = &held["requestId"];
        let body = self.order("Fetch.getResponseBody", &json!({ "requestId": id }));
        let body = STANDARD.decode(body["body"].as_str().unwrap_or_default());
        let body = String::from_utf8(body.expect("a body is base64")).expect("a page is text");
        assert!(body.contains("</main>"), "{body}");
        let body = STANDARD.encode(body.replacen("</main>", &format!("{html}</main>"), 1));
        let answer = json!({ "requestId": id, "responseCode": held["responseStatusCode"],
            "responseHeaders": held["responseHeaders"], "body": body });
        self.order("Fetch.fulfillRequest", &answer);
        self.order("Fetch.disable", &json!({}));
        self.wait(url, |tab| tab.document != before && tab.loaded);
    }

    fn held(&self) -> Value {
        let held = self.chromium.held(&self.session);
        held.unwrap_or_else(|| panic!("nothing is held: {}", self.source()))
    }

    /// Pulls the plug, or puts it back in.
    pub fn cut(&self, off: bool) {
        self.line(off, -1);
    }

    /// A line that takes so many bytes a second; -1 for any.
    pub fn line(&self, off: bool, upwards: i64) {
        let line = json!({ "offline": off, "latency": 0,
            "downloadThroughput": -1, "uploadThroughput": upwards });
        self.order("Network.emulateNetworkConditions", &line);
    }

    /// A picture of the page, from its head to its foot, as PNG.
    pub fn picture(&self) -> Vec<u8> {
        let size = &self.order("Page.getLayoutMetrics", &json!({}))["cssContentSize"];
        let high = size["height"].as_f64().unwrap_or(800.0).min(4000.0);
        // As wide as the window: the bar at its side does not stand in a picture, and what gives way to it has its room.
        let wide = self.ask("return innerWidth").as_f64().unwrap_or(0.0);
        let wide = wide.max(size["width"].as_f64().unwrap_or(0.0));
        let clip = json!({ "x": 0, "y": 0, "width": wide, "height": high, "scale": 1 });
        let wanted = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let taken = self.order("Page.captureScreenshot", &wanted);
        let taken = STANDARD.decode(taken["data"].as_str().unwrap_or_default());
        taken.expect("a picture is base64")
    }

    /// Keeps a picture in the folder that `HENHOUSE_SHOTS` names, if one is named.
    pub fn keep_picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("HENHOUSE_SHOTS") else {
            return;
        };
        let folder = std::path::PathBuf::from(folder);
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        std::fs::write(folder.join(format!("{name}.png")), self.picture()).expect("a picture");
    }
}

fn text(answer: &Value) -> String {
    answer.as_str().unwrap_or_default().to_owned()
}

impl Drop for Browser {
    fn drop(&mut self) {
        let context = json!({ "browserContextId": self.context });
        let ended = self
            .chromium
            .order(None, "Target.disposeBrowserContext", &context);
        drop(ended);
    }
}
