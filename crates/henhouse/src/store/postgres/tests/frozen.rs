//! Several hosts, of which one takes connections and never answers, as a frozen process or one whose disk hangs does.

use std::future::pending;
use std::net::TcpListener;
use std::time::Duration;

use super::super::address::Address;
use super::super::line::{DOUBT, answered};
use super::address;

/// The host that never answers first, then the database.
fn behind_a_frozen_one(frozen: &TcpListener) -> Address {
    let port = frozen.local_addr().unwrap().port();
    let hosts = address().replacen('@', &format!("@127.0.0.1:{port},"), 1);
    hosts.parse().unwrap()
}

#[tokio::test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
async fn the_one_that_takes_writes_is_found_behind_one_that_never_answers() {
    let frozen = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = behind_a_frozen_one(&frozen);
    let soon = tokio::time::timeout(Duration::from_secs(4), address.connect());
    let (host, client) = soon.await.unwrap().unwrap();
    assert_eq!(host, 1);
    client.simple_query("SELECT 1").await.unwrap();
}

#[tokio::test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
async fn who_is_silent_is_given_up_as_soon_as_another_one_takes_writes_and_not_sooner() {
    let frozen = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = behind_a_frozen_one(&frozen);
    let patience = DOUBT * 2;
    let given_up = tokio::time::timeout(patience, answered::<()>(&address, 0, pending()));
    assert!(given_up.await.unwrap().is_none());
    let waits = tokio::time::timeout(patience, answered::<()>(&address, 1, pending()));
    assert!(waits.await.is_err(), "it is slow, and nobody else leads");
}
