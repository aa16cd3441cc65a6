//! The front door: every check and every measurement is a command of this binary,
//! the same for people and for CI. Nothing of the product lives here.

mod bench;
mod chaos;
mod ci;
mod failover;
mod intake;
mod npm;
mod policy;
mod postgres;
mod pure;
mod rules;
mod script;
mod shell;
mod skipped;
mod stopwatch;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <command>

  ci              every check, in order, with minutes per stage
  tidy            read the sources: import table, budgets, places, names
  pure            the engine builds alone and depends on nothing that does I/O
  script          our JavaScript is of the types that its comments say
  policy          licences, banned crates, one registry
  rules           each rule of the procedure with its scenarios
  rules --shorten take rules that have both kinds off the list of missing ones
  rules --prove   switch each rule off and see its scenarios fail
  chaos <what>    the long forms of kills, simulate and walks, with their figures
  postgres        the tests that need a PostgreSQL, beside one of their own; or any command beside one
  bench           figures beside the limits of this machine, as one table
  bench --short   the same with smaller numbers; --only WORD chooses rows, --list names them; --runs 5 gives
                  medians and how far the runs lie apart; --postgres measures everything on a PostgreSQL
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["ci"] => return ci::main(),
        ["tidy"] => tidy::main(),
        ["pure"] => pure::main(),
        ["policy"] => policy::main(),
        ["script"] => script::main(),
        ["rules"] => rules::main(),
        ["rules", "--shorten"] => rules::shorten(),
        ["rules", "--prove"] => rules::prove(),
        ["chaos", "failover", words @ ..] => {
            failover::Plan::from_words(words).and_then(failover::main)
        }
        ["chaos", "intake", words @ ..] => intake::main(words),
        ["chaos", words @ ..] => chaos::main(words),
        ["postgres", words @ ..] => postgres::main(words),
        ["bench", chosen @ ..] => bench::main(chosen),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble:#}");
            ExitCode::FAILURE
        }
    }
}
