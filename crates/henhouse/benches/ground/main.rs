//! The half of `cargo xtask bench` that links the program: a bare handler as a limit, the engine by
//! itself, and data directories filled without a million reports. It prints figures as
//! `name value` and decides nothing about them.

mod bare;
mod engine;
mod index;
mod looks;

use std::path::Path;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["bare"] => bare::serve(),
        ["engine", notes] => engine::measure(number(notes)),
        ["index", data, cases, entries] => {
            index::fill(Path::new(data), number(cases), number(entries));
        }
        ["looks", data, number] => looks::measure(Path::new(data), number),
        _ => eprintln!("this is started by `cargo xtask bench`"),
    }
}

fn number(word: &str) -> u64 {
    word.parse().expect("xtask gives numbers")
}
