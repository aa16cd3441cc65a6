//! A peer in Python that takes an order a line and answers each with a line of JSON.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

use super::python::python;

/// A running script of this folder; it ends when dropped.
pub struct Driven {
    process: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Driven {
    /// Starts it. What it says first is where it is.
    pub fn start(
        script: &str,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> (Self, Value) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers");
        let mut process = Command::new(python())
            .arg(folder.join(script))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the Python just found starts");
        let orders = process.stdin.take().expect("stdin was piped");
        let answers = BufReader::new(process.stdout.take().expect("stdout was piped"));
        let mut driven = Self {
            process,
            orders,
            answers,
        };
        let first = driven.answer();
        (driven, first)
    }

    /// Orders something, and what it answers.
    pub fn order(&mut self, order: &Value) -> Value {
        writeln!(self.orders, "{order}").expect("the peer reads its orders");
        self.answer()
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        let read = self.answers.read_line(&mut line);
        read.expect("the peer answers");
        assert!(!line.is_empty(), "the peer ended; its reason is above");
        serde_json::from_str(&line).expect("it answers with JSON")
    }
}

impl Drop for Driven {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
