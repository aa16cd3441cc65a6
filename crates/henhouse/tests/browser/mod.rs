//! A browser, driven over the W3C WebDriver protocol by a client that knows as much of it as the tests
//! need. Browser and driver are processes of their own that end with the test.

#![allow(dead_code, reason = "each test program uses its part")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// How the browser is set up.
#[derive(Clone, Copy)]
pub struct Setup {
    /// Width and height of what it shows, in CSS pixels.
    pub size: (u32, u32),
    /// Pages may run scripts.
    pub scripts: bool,
}

/// A browser with one window.
pub struct Browser {
    session: String,
    driver: Child,
    http: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

/// Keys that are no letters, as WebDriver calls them.
pub const TAB: &str = "\u{E004}";
/// The key that presses a button.
pub const ENTER: &str = "\u{E007}";

impl Browser {
    /// Starts one.
    ///
    /// # Panics
    /// With the sentence that says what to install.
    pub fn open(setup: Setup) -> Self {
        henhouse::tls::install_provider();
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!(
                    "chromedriver cannot be started ({error}). The tests of the pages need a real \
                     browser: apt-get install chromium chromium-driver"
                )
            });
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let mut lines = lines.map_while(Result::ok);
        let port = lines.find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        std::thread::spawn(move || lines.for_each(drop));
        let mut browser = Self {
            session: format!(
                "http://127.0.0.1:{}/session",
                port.expect("a driver says its port")
            ),
            driver,
            http: reqwest::Client::new(),
            runtime: tokio::runtime::Runtime::new().unwrap(),
        };
        let (width, height) = setup.size;
        let scripts = if setup.scripts { 1 } else { 2 };
        let wanted = json!({ "capabilities": { "alwaysMatch": { "goog:chromeOptions": {
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage"],
            "prefs": { "profile.managed_default_content_settings.javascript": scripts },
            "mobileEmulation": { "deviceMetrics":
                { "width": width, "height": height, "pixelRatio": 1.0, "mobile": false, "touch": false } },
        } } } });
        let begun = browser.call("POST", "", Some(&wanted));
        let id = begun["sessionId"].as_str();
        let id = id.unwrap_or_else(|| panic!("no browser: {begun}; apt-get install chromium"));
        browser.session = format!("{}/{id}", browser.session);
        browser
    }

    fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let answer = self.try_call(method, path, body);
        let trouble = answer["error"].as_str();
        assert!(trouble.is_none(), "{method} {path}: {answer}");
        answer
    }

    /// The same; what went wrong is the answer.
    fn try_call(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let url = format!("{}{path}", self.session);
        let mut request = self.http.request(method.parse().unwrap(), url);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = self.runtime.block_on(async {
            let answer = request.send().await?;
            answer.json::<Value>().await
        });
        let answer = answer.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        answer["value"].clone()
    }

    /// Goes to a page and waits until it is there.
    pub fn go(&self, url: &str) {
        self.call("POST", "/url", Some(&json!({ "url": url })));
    }

    /// Where it is.
    pub fn url(&self) -> String {
        self.call("GET", "/url", None)
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The page as it came.
    pub fn source(&self) -> String {
        self.call("GET", "/source", None)
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Taps the first thing that fits; what stands behind the bar at the bottom is scrolled up first, as
    /// somebody would.
    pub fn tap(&self, css: &str) {
        let found = json!({ "using": "css selector", "value": css });
        let found = self.call("POST", "/element", Some(&found));
        let id = element(&found);
        let click = format!("/element/{id}/click");
        let tapped = self.try_call("POST", &click, Some(&json!({})));
        if tapped["error"] == "element click intercepted" {
            let by = json!({ "type": "scroll", "x": 9, "y": 99, "deltaX": 0, "deltaY": 240 });
            let wheel = json!({ "actions": [{ "type": "wheel", "id": "wheel", "actions": [by] }] });
            self.call("POST", "/actions", Some(&wheel));
            self.call("POST", &click, Some(&json!({})));
        }
    }

    /// Types into the first thing that fits; a file is chosen by its path.
    pub fn fill(&self, css: &str, text: &str) {
        let found = json!({ "using": "css selector", "value": css });
        let found = self.call("POST", "/element", Some(&found));
        let path = format!("/element/{}/value", element(&found));
        self.call("POST", &path, Some(&json!({ "text": text })));
    }

    /// Presses keys, one after the other.
    pub fn press(&self, keys: &str) {
        let strokes: Vec<Value> = keys
            .chars()
            .flat_map(|key| [("keyDown", key), ("keyUp", key)])
            .map(|(what, key)| json!({ "type": what, "value": key.to_string() }))
            .collect();
        let keyboard = json!({ "actions": [{ "type": "key", "id": "keys", "actions": strokes }] });
        self.call("POST", "/actions", Some(&keyboard));
    }

    /// Everything that fits, by `css selector` or `xpath`.
    pub fn all(&self, using: &str, what: &str) -> Vec<String> {
        let wanted = json!({ "using": using, "value": what });
        let found = self.call("POST", "/elements", Some(&wanted));
        let found = found.as_array().map(Vec::as_slice).unwrap_or_default();
        found.iter().map(|one| element(one).to_owned()).collect()
    }

    /// Taps one of those.
    pub fn tap_on(&self, id: &str) {
        self.call("POST", &format!("/element/{id}/click"), Some(&json!({})));
    }

    /// Types into one of those, in the place of what stands there.
    pub fn write_into(&self, id: &str, text: &str) {
        self.call("POST", &format!("/element/{id}/clear"), Some(&json!({})));
        if !text.is_empty() {
            let keys = json!({ "text": text });
            self.call("POST", &format!("/element/{id}/value"), Some(&keys));
        }
    }

    /// What one of those is: its property.
    pub fn property(&self, id: &str, name: &str) -> Value {
        self.call("GET", &format!("/element/{id}/property/{name}"), None)
    }

    /// The cookies of this page's server.
    pub fn cookies(&self) -> Value {
        self.call("GET", "/cookie", None)
    }

    /// Becomes somebody else, or nobody: another browser's cookies.
    pub fn exchange_cookies(&self, cookies: &Value) {
        self.call("DELETE", "/cookie", None);
        for cookie in cookies.as_array().into_iter().flatten() {
            self.call("POST", "/cookie", Some(&json!({ "cookie": cookie })));
        }
    }

    /// A picture of what it shows, as PNG in base64.
    pub fn picture(&self) -> String {
        let taken = self.call("GET", "/screenshot", None);
        taken.as_str().unwrap_or_default().to_owned()
    }

    /// An attribute of what has the focus.
    pub fn focused(&self, attribute: &str) -> Option<String> {
        let active = self.call("GET", "/element/active", None);
        let path = format!("/element/{}/attribute/{attribute}", element(&active));
        self.call("GET", &path, None).as_str().map(str::to_owned)
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
        self.order("Network.enable", &json!({}));
        self.order("Network.setBlockedURLs", &json!({ "urls": addresses }));
    }

    /// An order to the browser itself.
    fn order(&self, cmd: &str, params: &Value) {
        let order = json!({ "cmd": cmd, "params": params });
        self.call("POST", "/goog/cdp/execute", Some(&order));
    }

    /// Keeps a picture in the folder that `HENHOUSE_TEST_PICTURES` names, if one is named.
    pub fn keep_picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("HENHOUSE_TEST_PICTURES") else {
            return;
        };
        let folder = std::path::PathBuf::from(folder);
        let bytes = STANDARD.decode(self.picture()).unwrap();
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), bytes).unwrap();
    }

    /// Asks the page something, in the words of a script.
    pub fn ask(&self, script: &str) -> Value {
        let order = json!({ "script": script, "args": [] });
        self.call("POST", "/execute/sync", Some(&order))
    }
}

fn element(found: &Value) -> &str {
    found["element-6066-11e4-a52e-4f735466cecf"]
        .as_str()
        .expect("an element has an id")
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser ends with its session, the driver after it.
        let end = self.http.delete(&self.session).send();
        let _ = self.runtime.block_on(end);
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
