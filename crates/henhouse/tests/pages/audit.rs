//! Every page of the list in a real browser: axe-core finds nothing in light, dark and forced colours; the
//! keyboard reaches everything that can be used, in order, seen and never trapped; and nothing scrolls sideways
//! at 360 px or at 400 % zoom, no list has two filled buttons, and no number of a case breaks. In German axe-core finds nothing either, and nothing scrolls sideways at 360 px. With
//! `HENHOUSE_SHOTS` it keeps a picture of each in light, in dark and on a phone, in English and in German.
//!
//! axe-core is fetched from npm for this alone (`cargo xtask ci`); `HENHOUSE_TEST_AXE` names the file.

use std::sync::Mutex;

use henhouse::clock::Clock;
use serde_json::{Value, json};

use super::browser::{Browser, Setup, TAB};
use super::every::{BEHIND, Eyes, Page, break_glass, furnish, pages, path};
use super::{PHONE, Server, wait_for};

/// Asks for what is wrong: the rule, what it asks for, and where.
const RUN: &str = "return axe.run(root === document.body ? document : root, { resultTypes: ['violations'] }).then(all => \
    all.violations.map(one => one.id + ': ' + one.help + ' at ' + \
    one.nodes.map(node => node.target.join(' ') + ' ' + node.html.slice(0, 160)).join(' and ')))";
const UNFOLD: &str = "for (const e of document.querySelectorAll('details')) e.open = true";
const FIRST: &str = "const first = document.querySelector('main h1'); \
    return first?.checkVisibility() ? first.innerText.trim() : ''";
const SIDEWAYS: &str = include_str!("../browser/sideways.js");
const RANK: &str = include_str!("../browser/rank.js");
const WALK: &str = include_str!("../browser/walk.js");
const DESK: Setup = Setup {
    size: (1180, 800),
    scripts: true,
};
/// A screen of 1280 by 1024 at 400 % (WCAG 2.2, 1.4.10).
const ZOOMED: (u32, u32) = (320, 256);
/// What systems ask for.
const LOOKS: [&str; 3] = ["light", "dark", "forced"];
/// More stops than any page has.
const FAR: usize = 600;

#[test]
#[ignore = "needs axe-core: HENHOUSE_TEST_AXE names the file, and `cargo xtask ci` fetches it"]
fn an_audit_of_every_page_finds_nothing_in_light_dark_and_forced_colours() {
    let axe = std::env::var_os("HENHOUSE_TEST_AXE").expect("HENHOUSE_TEST_AXE names axe.min.js");
    let axe = std::fs::read_to_string(axe).unwrap();
    let server = Server::start();
    let mut made = furnish(&server);
    let ann = Browser::open(DESK);
    ann.go(&server.at(&server.served.set_up_link()));
    let set_up = Page {
        eyes: Eyes::Stranger,
        path: "/set-up".to_owned(),
        first: "Set up: the first admin".to_owned(),
        alike: false,
    };
    let mut found = look_at(&ann, &set_up, &axe);
    server.become_boss(&ann);
    made.insert("status", private_link(&server, &ann));
    let stranger = ann.beside(DESK);
    let half_in = half_in(&server, &ann);
    let other = server.signed_in(&ann);
    let url = server.url.as_str();
    // Two look at once, as there are two processors at least.
    let left = Mutex::new(pages());
    let visit = |mine: &[(Eyes, Browser)]| {
        let mut found: Vec<String> = Vec::new();
        loop {
            let next = {
                let mut left = left.lock().unwrap();
                let mine = |eyes: Eyes| mine.iter().any(|(own, _)| *own == eyes);
                let place = left.iter().position(|page| mine(page.eyes));
                place.map(|place| left.remove(place))
            };
            let Some(page) = next else {
                return found;
            };
            let browser = mine.iter().find(|(own, _)| *own == page.eyes);
            let Some((_, browser)) = browser else {
                continue;
            };
            let address = format!("{url}{}", path(&page.path, &made));
            browser.go(&address);
            found.extend(look_at(browser, &page, &axe));
            if page.alike {
                continue;
            }
            found.extend(in_german(browser, &page.path, &axe, || {
                browser.go(&address)
            }));
            for behind in &BEHIND {
                if behind.from == page.path {
                    let lead = || {
                        browser.go(&address);
                        if let Some((field, text)) = behind.written {
                            browser.fill(field, text);
                        }
                        browser.through(|| browser.tap_on(&browser.one(behind.button)));
                    };
                    lead();
                    let next = page.next(behind.first);
                    found.extend(look_at(browser, &next, &axe));
                    found.extend(in_german(browser, &next.path, &axe, lead));
                }
            }
        }
    };
    let hands = [
        vec![
            (Eyes::Stranger, stranger),
            (Eyes::HalfIn, half_in),
            (Eyes::Ann, other),
        ],
        vec![(Eyes::Ann, ann)],
    ];
    std::thread::scope(|scope| {
        let threads: Vec<_> = hands
            .into_iter()
            .map(|mine| scope.spawn(move || visit(&mine)))
            .collect();
        for thread in threads {
            found.extend(thread.join().expect("whoever looks gets to the end"));
        }
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Makes the link by which outsiders read about the case.
fn private_link(server: &Server, ann: &Browser) -> String {
    ann.go(&server.at("/cases/DR-1/status"));
    ann.tap("button[name=link][value=new]");
    wait_for(ann, "/status/", |browser| browser.text("main"));
    let link = ann.ask("return document.querySelector('main a[href*=\"/status/\"]').href");
    let link = link.as_str().unwrap_or_default();
    link.rsplit('/').next().unwrap_or_default().to_owned()
}

/// Somebody whose first half was right.
fn half_in(server: &Server, beside: &Browser) -> Browser {
    let (login, half) = break_glass(server);
    let browser = beside.beside(DESK);
    browser.go(&server.at("/sign-in"));
    browser.fill("#login", &login);
    browser.fill("#password", &half);
    browser.tap("button[class=big]");
    wait_for(&browser, "/sign-in/code", Browser::url);
    browser
}

/// What is wrong with the page that is shown, everything unfolded; and its pictures.
fn look_at(browser: &Browser, page: &Page, axe: &str) -> Vec<String> {
    let clock = Clock::real();
    let begun = clock.steady();
    let mut found = Vec::new();
    let (path, first) = (page.path.as_str(), page.first.as_str());
    let name = name_of(path);
    let says = browser.ask(FIRST);
    let says = says.as_str().unwrap_or_default();
    if first.is_empty() || !says.starts_with(first) {
        found.push(format!("its first words are {says:?}, not {first:?}"));
    }
    browser.ask(UNFOLD);
    browser.ask(axe);
    // Of what is alike, what is its own: once, and by the keyboard where it is hardest.
    let (looks, root) = match page.alike {
        true => (&LOOKS[..1], "const root = document.querySelector('main');"),
        false => (&LOOKS[..], "const root = document.body;"),
    };
    for look in looks {
        browser.prefer(look);
        if *look != "forced" {
            browser.keep_picture(&format!("page{name}-{look}"));
        }
        let all = browser.ask(&format!("{root} {RUN}"));
        let line = |one: &Value| format!("in {look}: {}", one.as_str().unwrap_or_default());
        found.extend(all.as_array().into_iter().flatten().map(line));
    }
    browser.prefer("light");
    if !page.alike {
        found.extend(walk(browser, root, true));
    }
    for (size, what) in [(PHONE, "on a phone"), (ZOOMED, "at 400 %")] {
        browser.resize(size);
        if size == PHONE {
            browser.keep_picture(&format!("page{name}-phone"));
        }
        for all in [browser.ask(SIDEWAYS), browser.ask(RANK)] {
            let line = |one: &Value| format!("{what}: {}", one.as_str().unwrap_or_default());
            found.extend(all.as_array().into_iter().flatten().map(line));
        }
    }
    let zoomed = walk(browser, root, false).into_iter();
    found.extend(zoomed.map(|line| format!("at 400 %: {line}")));
    browser.resize(DESK.size);
    println!("{path} {} ms", (clock.steady() - begun).as_millis());
    found.iter().map(|line| format!("{path} {line}")).collect()
}

/// The same in German: what axe-core finds, and what does not fit on a phone.
fn in_german(browser: &Browser, page: &str, axe: &str, lead: impl Fn()) -> Vec<String> {
    let speak = |language: &str| {
        let wish = json!({ "name": "henhouse_language", "value": language, "url": browser.url() });
        browser.order("Network.setCookie", &wish);
    };
    speak("de");
    lead();
    assert_eq!(
        browser.ask("return document.documentElement.lang"),
        json!("de")
    );
    browser.ask(UNFOLD);
    browser.ask(axe);
    let mut wrong = vec![browser.ask(&format!("const root = document.body; {RUN}"))];
    browser.keep_picture(&format!("german{}-light", name_of(page)));
    browser.resize(PHONE);
    browser.keep_picture(&format!("german{}-phone", name_of(page)));
    wrong.push(browser.ask(SIDEWAYS));
    browser.resize(DESK.size);
    speak("en");
    let lines = wrong.iter().filter_map(Value::as_array).flatten();
    let lines = lines.filter_map(Value::as_str);
    lines
        .map(|line| format!("{page} in German: {line}"))
        .collect()
}

/// A page's address as the name of a file.
fn name_of(page: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    page.chars().map(plain).collect()
}

/// Walks through the page by the tabulator, from its top until it is left or begins anew. `whole`: nothing of what has
/// the focus may lie under the head; else something of it must be seen (WCAG 2.2, 2.4.11 and 2.4.12).
fn walk(browser: &Browser, root: &str, whole: bool) -> Vec<String> {
    let stops = browser
        .ask(&format!("{root} {WALK}"))
        .as_u64()
        .unwrap_or_default();
    let (mut found, mut seen) = (Vec::new(), Vec::new());
    for n in 0.. {
        browser.press(TAB);
        let told = browser.ask(&format!("return walked.step({whole})"));
        let wrong = told["wrong"].as_array().into_iter().flatten();
        found.extend(wrong.map(|one| one.as_str().unwrap_or_default().to_owned()));
        match told["at"].as_u64() {
            Some(at) if seen.first() == Some(&at) => break,
            Some(at) => seen.push(at),
            // The page is left where it ends.
            None if told["at"] == json!(-1) && !seen.is_empty() => break,
            None => {}
        }
        if n > FAR {
            found.push("the keyboard does not get out again".to_owned());
            break;
        }
    }
    if !seen.is_sorted_by(|one, next| one < next) {
        found.push(format!(
            "the keyboard goes about in another order: {seen:?}"
        ));
    }
    let names = browser.ask("return walked.names");
    let missed = (0..stops).filter(|stop| !seen.contains(stop));
    found.extend(missed.map(|stop| {
        let name = names[usize::try_from(stop).unwrap_or_default()].as_str();
        let name = name.unwrap_or_default();
        format!("the keyboard does not reach {name}")
    }));
    found
}
