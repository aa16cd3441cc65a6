//! Many pages fall due at one instant while reports come in ten times as fast as in a bad hour: each leaves within
//! seconds, and so do the first pages of what is reported meanwhile.
//!
//! `cargo xtask chaos pages --due 1000` asks for more of them and prints the figures.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may fail loudly and tell its figures"
)]

mod farm;
#[path = "due/figures.rs"]
mod figures;
#[path = "due/flood.rs"]
mod flood;
#[path = "clocks/house.rs"]
#[expect(dead_code, reason = "whoever moves its clock uses more of it")]
mod house;
#[path = "due/instant.rs"]
mod instant;
#[path = "kills/past.rs"]
#[expect(dead_code, reason = "the kills use more of it")]
mod past;
mod peers;
mod served;

use instant::Asked;
use peers::postgres::Schema;

/// A number that the long form was given.
fn asked(name: &str, usual: usize) -> usize {
    let given = std::env::var(name).ok();
    given.and_then(|given| given.parse().ok()).unwrap_or(usual)
}

fn run(database: Option<String>, nodes: usize) {
    henhouse::tls::install_provider();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let asked = Asked {
        pages: asked("HENHOUSE_DUE", 60),
        reports_a_second: asked("HENHOUSE_REPORTS_A_SECOND", 10),
        strict: std::env::var_os("HENHOUSE_DUE").is_some(),
    };
    let figures = runtime
        .unwrap()
        .block_on(instant::run(asked, database, nodes));
    eprintln!("nodes: {nodes}; {figures}");
}

#[test]
fn pages_that_fall_due_together_leave_within_seconds_while_reports_pour_in() {
    run(None, 1);
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn postgres_pages_that_fall_due_together_leave_within_seconds_from_two_nodes() {
    let schema = Schema::new();
    run(Some(schema.address()), 2);
}
