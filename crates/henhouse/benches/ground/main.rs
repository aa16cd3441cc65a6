//! The half of `cargo xtask bench` that links the program: a bare handler as a limit, the engine by
//! itself, very many live pages, a page as it is seen, and data directories filled without a million reports. It prints figures as
//! `name value` and decides nothing about them.

mod bare;
#[path = "../../tests/browser/mod.rs"]
mod browser;
mod engine;
mod eyes;
mod index;
mod looks;
mod on_call;
mod streams;

use std::path::Path;

use henhouse::serve::Home;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["bare"] => bare::serve(),
        ["on-call", schedules] => on_call::measure(number(schedules)),
        ["engine", notes] => engine::measure(number(notes)),
        ["index", place, cases, entries, project @ ..] => {
            let project = project.first().copied();
            index::fill(place, number(cases), number(entries), project);
        }
        ["looks", data, number, database @ ..] => {
            let database = database.first().map(|&address| address.to_owned());
            let data = Path::new(data).to_owned();
            looks::measure(Home { data, database }, number);
        }
        ["streams", port, streams, changes, path, tell, tokens @ ..] => {
            streams::measure(&streams::Followed {
                port: port.parse().expect("xtask gives a port"),
                streams: count(streams),
                changes: count(changes),
                path,
                tell,
                tokens: tokens.to_vec(),
            });
        }
        ["eyes", base, path, css, says, known @ ..] => eyes::measure(&eyes::Looked {
            base,
            known: known.try_into().ok(),
            path,
            css,
            says,
        }),
        _ => eprintln!("this is started by `cargo xtask bench`"),
    }
}

fn number(word: &str) -> u64 {
    word.parse().expect("xtask gives numbers")
}

fn count(word: &str) -> usize {
    word.parse().expect("xtask gives numbers")
}
