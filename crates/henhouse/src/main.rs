//! The `henhouse` binary: starts what the library holds and does nothing itself.

use std::process::ExitCode;

fn main() -> ExitCode {
    henhouse::cli::run(std::env::args_os())
}
