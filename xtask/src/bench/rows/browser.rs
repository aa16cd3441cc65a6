//! What somebody sees, in a real browser that knows nothing of us yet.

use anyhow::Result;
use serde_json::json;

use super::engine::figures;
use super::reading::long_case;
use super::{command, report};
use crate::bench::Bench;
use crate::bench::client::Request;
use crate::bench::server::Server;
use crate::bench::table::{Goal, Row};

/// What the newest entry says, and nothing else.
const NEWEST: &str = "The newest of all: the last chicken is in.";
/// A password, and the own one that its person chooses in its place.
const PASSWORDS: [&str; 2] = ["a first one to begin with", "four words make it now"];

/// A page and what is asked of it.
struct Page<'a> {
    name: &'a str,
    path: String,
    css: &'a str,
    says: &'a str,
    known: bool,
    /// Seen within so many milliseconds.
    within_ms: Option<f64>,
    requests: f64,
}

pub fn measure(bench: &mut Bench) -> Result<()> {
    let data = bench.data("browser", None)?;
    let server = Server::start(&data)?;
    let admin = server.token("admin", None)?;
    server.staff(&admin, &["jane", "ann"])?;
    let jane = server.token("member", Some("jane"))?;
    let number = long_case(&server, &jane)?;
    let newest = json!({ "command": "add_note", "text": NEWEST });
    server.call(&command(&number, &jane, &newest))?;
    for n in 1..20 {
        server.call(&report(n))?;
    }
    let account = json!({ "person": "ann", "login": "ann", "name": "Ann", "role": "member", "password": PASSWORDS[0] });
    server.call(&Request::post("/api/v1/accounts", &admin, &account))?;
    let pages = [
        Page {
            name: "case page with 1,000 entries, newest entry seen",
            path: format!("/cases/{number}"),
            css: ".log li",
            says: NEWEST,
            known: true,
            within_ms: Some(150.0),
            requests: 5.0,
        },
        Page {
            // Twenty cases ask her at once: which of them is led by somebody else is not what she comes for.
            name: "Now board, the first thing asked seen",
            path: "/now".to_owned(),
            css: ".asked .rows > li",
            says: "",
            known: true,
            within_ms: None,
            requests: 5.0,
        },
        Page {
            name: "report page, its field seen",
            path: "/report".to_owned(),
            css: "main",
            says: "",
            known: false,
            within_ms: None,
            requests: 4.0,
        },
    ];
    let mut chosen = false;
    for page in pages {
        look(bench, &server, &page, &mut chosen)?;
    }
    server.stop()
}

/// Opens a page and puts what came of it into the table. Whoever signs in first chooses a password.
fn look(bench: &mut Bench, server: &Server, page: &Page, chosen: &mut bool) -> Result<()> {
    let base = format!("http://127.0.0.1:{}", server.port);
    let [first, own] = PASSWORDS;
    let known = ["ann", if *chosen { own } else { first }, own];
    let words = [
        "eyes",
        base.as_str(),
        page.path.as_str(),
        page.css,
        page.says,
    ]
    .into_iter();
    let words: Vec<&str> = words
        .chain(known.into_iter().filter(|_| page.known))
        .collect();
    *chosen |= page.known;
    let figures = figures(&words)?;
    let of = |name: &str| figures.get(name).copied().unwrap_or(f64::NAN);
    let within = page.within_ms.map_or(Goal::None, Goal::AtMost);
    let row = Row::new(page.name, of("seen_ms"), "ms").goal(within);
    bench.table.row(&Row {
        p50_ms: Some(of("seen_ms")),
        ..row
    });
    let row = Row::new("  the slowest of eleven windows", of("seen_most_ms"), "ms");
    bench.table.row(&row);
    let row = Row::new("  how far down it stands, of 800", of("top_px"), "px");
    bench.table.row(&row.goal(Goal::AtMost(780.0)));
    let row = Row::new("  over the wire", of("bytes") / 1000.0, "KB");
    bench.table.row(&row.goal(Goal::AtMost(60.0)));
    let row = Row::new("  requests", of("requests"), "");
    bench.table.row(&row.goal(Goal::AtMost(page.requests)));
    Ok(())
}
