//! A node starts while its database is away, is another one's, or does not answer at all.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use henhouse::clock::Clock;
use henhouse::desk::OpenReport;
use henhouse::ids::Ids;
use henhouse::spool::{Spool, Writes};
use henhouse::vault::{RootKey, SpoolKey};
use procedure::{Actor, How, Who};
use serde_json::json;

use super::peers::cluster::Cluster;
use super::peers::smtp::SmtpPeer;
use super::served::{HENHOUSE, Served, mail_settings};
use super::{Node, Said};

/// So many lines lie in the spool of a node that starts; 50,000 in the long form.
const LINES: &str = "HENHOUSE_SPOOL_LINES";

fn since(begun: std::time::Instant) -> Duration {
    Clock::real().steady() - begun
}

/// The ids of everything that was mailed.
fn mailed(mail: &SmtpPeer) -> Vec<String> {
    let mails = mail.received();
    mails.iter().map(|mail| mail.header("Message-ID")).collect()
}

async fn in_time(what: &str, mut done: impl AsyncFnMut() -> bool) {
    for _ in 0..300 {
        if done().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{what}: not within 30 s");
}

async fn ready(node: &Node) -> Said {
    node.get("/readyz").await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
async fn a_node_starts_while_postgres_is_away_takes_reports_and_taps_and_calls_people() {
    let mail = SmtpPeer::plain();
    let mut node = Node::start("starts", mail.port);
    node.people().await;
    assert_eq!(node.report("before", None).await.str("number"), "HH-1");
    let before = node.link_to_ann(&mail, "HH-1").await;
    node.die();
    node.cluster.crash();

    node.live();
    assert_eq!(node.get("/healthz").await.text, "ok\n");
    let first = node
        .report("while it is away", Some("0123456789abcdef"))
        .await;
    assert_eq!(first.status, 202, "{}", first.text);
    let again = node
        .report("while it is away", Some("0123456789abcdef"))
        .await;
    assert_eq!(again.str("number"), first.str("number"));
    let link = node.link_to_ann(&mail, &first.str("number")).await;
    assert_eq!(node.press(&before, "take").await.status, 202);
    assert_eq!(node.press(&link, "take").await.status, 202);
    assert_eq!(node.get("/report").await.status, 200);
    assert_eq!(node.admin_gets("/api/v1/cases").await.status, 503);
    let said = ready(&node).await;
    assert_eq!(said.status, 200);
    assert!(
        said.text
            .contains("started without its database, and knows projects"),
        "{}",
        said.text
    );
    assert!(
        said.text.contains("3 reports and taps wait"),
        "{}",
        said.text
    );

    // Killed in the middle of it, behind the half second in which what left is noted.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let sent = mailed(&mail);
    node.die();
    node.live();
    assert_eq!(
        node.receipt(&first).await.str("number"),
        first.str("number")
    );
    in_time("what was left there is read", async || {
        ready(&node).await.text.contains("3 reports and taps wait")
    })
    .await;
    assert_eq!(node.get(&link).await.str("stands"), "noted", "as before");
    let second = node.report("after the kill", None).await;
    assert_eq!(second.status, 202, "{}", second.text);
    node.link_to_ann(&mail, &second.str("number")).await;

    node.cluster.up();
    node.settled().await;
    in_time("the watcher looks again", async || {
        ready(&node).await.text == "ready\n"
    })
    .await;
    for (case, link) in [("HH-1", &before), ("HH-2", &link)] {
        let case = node
            .admin_gets(&format!("/api/v1/cases/{case}"))
            .await
            .json();
        assert_eq!(case["ic"], "ann", "{case}");
        assert_eq!(node.get(link).await.str("stands"), "yours");
    }
    assert_eq!(node.receipt(&second).await.str("number"), "HH-3");
    let cases = node.admin_gets("/api/v1/cases").await.json();
    assert_eq!(cases["cases"].as_array().map(Vec::len), Some(3), "{cases}");
    tokio::time::sleep(Duration::from_secs(2)).await;
    let all = mailed(&mail);
    let different: BTreeSet<&String> = all.iter().collect();
    assert_eq!(
        different.len(),
        all.len(),
        "nothing was mailed twice: {all:?}"
    );
    assert!(all.len() > sent.len());
    let told = node.admin_gets("/api/v1/cases/HH-2/deliveries").await;
    assert!(
        told.text.contains("\"sent\""),
        "what left is told: {}",
        told.text
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
async fn a_node_whose_database_is_silent_or_anothers_keeps_what_it_is_told_and_says_why() {
    let mut node = Node::start("silent", 9);
    node.people().await;
    node.die();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    node.moves_to(&format!(
        "postgres://hen@127.0.0.1:{port}/house?sslmode=disable"
    ));
    let begun = Clock::real().steady();
    node.live();
    let first = node.report("into the silence", None).await;
    let took = since(begun);
    assert_eq!(first.status, 202, "{}", first.text);
    assert!(took < Duration::from_secs(20), "{took:?}");
    eprintln!("start against silence, to the first receipt: {took:?}");
    assert!(ready(&node).await.text.contains("silent"));

    // An empty database, one of another installation, one of a newer program: all are refused, and nothing is changed.
    node.die();
    let others = Cluster::start("others", "");
    let psql = |sql: &str| others.shell(&format!("psql -qAtX -c \"{sql}\""));
    node.moves_to(&others.address());
    let refuses = async |node: &mut Node, why: &str| {
        node.live();
        in_time("it is looked at", async || ready(node).await.status == 503).await;
        let said = ready(node).await;
        assert!(said.text.contains(why), "{why}: {}", said.text);
        let kept = node.report("kept all the same", None).await;
        assert_eq!(kept.status, 202, "{}", kept.text);
        node.die();
    };
    refuses(&mut node, "this database is empty").await;
    let tables = psql("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace");
    assert_eq!(tables.trim(), "0");
    let elsewhere = tempfile::tempdir().unwrap();
    let data = elsewhere.path().join("data");
    mail_settings(&data, 9, &format!("database = '{}'\n", others.address()));
    drop(Served::start(&data, &[], &[]));
    refuses(&mut node, "another installation").await;
    node.cluster.shell("psql -qX -c \"INSERT INTO schema_step SELECT n, sha256 FROM (VALUES (98, 'x'::bytea), (99, 'x')) AS x (n, sha256)\"");
    node.moves_to(&node.cluster.address());
    refuses(&mut node, "newer Henhouse").await;

    node.cluster
        .shell("psql -qX -c 'DELETE FROM schema_step WHERE n > 90'");
    node.live();
    node.settled().await;
    assert_eq!(node.receipt(&first).await.str("number"), "HH-1");
    let cases = node.admin_gets("/api/v1/cases").await.json();
    assert_eq!(cases["cases"].as_array().map(Vec::len), Some(4), "{cases}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
async fn a_first_start_without_the_database_says_what_to_do_and_serves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    mail_settings(
        &data,
        9,
        "database = 'postgres://hen@127.0.0.1:1/house?sslmode=disable'\n",
    );
    let run = std::process::Command::new(HENHOUSE)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(!run.status.success());
    assert!(said.contains("Start the database"), "{said}");
    assert!(!data.join("root.key").exists(), "and founds nothing");
}

/// Lays so many reports into the spool of a node that does not run.
async fn fill(data: &Path, lines: usize) {
    let ids = Ids::system().unwrap();
    let root = RootKey::read(&data.join("root.key")).unwrap();
    let folder = data.join("spool");
    let (spool, _) =
        Spool::open(&folder, SpoolKey::derive(&root), ids.clone(), Writes::Apart).unwrap();
    let at = Clock::real().now();
    let words = "the fox is in the coop again, and the gate stands open; ".repeat(45);
    let mut kept = tokio::task::JoinSet::new();
    for n in 0..lines {
        let open = OpenReport {
            mailed: None,
            actor: Actor {
                who: Who::Reporter,
                how: How::Open,
            },
            project: None,
            report: serde_json::from_value(json!({ "text": format!("{n}: {words}") })).unwrap(),
            happened_at: None,
            once: None,
        };
        let item = json!({ "report": { "case": ids.uuid_v7(at), "at": at, "open": open } });
        let content = serde_json::to_vec(&item).unwrap();
        let spool = spool.clone();
        kept.spawn(async move { spool.keep(content).await.unwrap() });
        if kept.len() >= 500 {
            while kept.join_next().await.is_some() {}
        }
    }
    while kept.join_next().await.is_some() {}
}

/// The most memory that a process has had, in MiB.
fn most_memory(node: &Node) -> u64 {
    let status = format!("/proc/{}/status", node.served.process.id());
    let status = std::fs::read_to_string(status).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap();
    line.split_whitespace()
        .nth(1)
        .unwrap()
        .parse::<u64>()
        .unwrap()
        / 1_024
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
async fn a_long_spool_keeps_nobody_waiting_and_is_carried_out_beside() {
    let lines: usize = std::env::var(LINES).map_or(100, |lines| lines.parse().unwrap());
    let mut node = Node::start("long", 9);
    node.people().await;
    node.die();
    node.cluster.crash();
    fill(&node.data(), lines).await;
    let bytes = std::fs::metadata(node.data().join("spool/log"))
        .unwrap()
        .len();
    let begun = Clock::real().steady();
    node.live();
    assert_eq!(node.get("/healthz").await.status, 200);
    let healthy = since(begun);
    let first = node.report("one more", None).await;
    let reported = since(begun);
    assert_eq!(first.status, 202, "{}", first.text);
    eprintln!(
        "{lines} lines, {} MiB: healthy after {healthy:?}, the first receipt after {reported:?}",
        bytes >> 20
    );
    assert!(reported < Duration::from_secs(10), "{reported:?}");
    let waits = format!("{} reports and taps wait", lines + 1);
    for _ in 0..3_000 {
        if ready(&node).await.text.contains(&waits) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    eprintln!(
        "looked back after {:?}, {} MiB at most",
        since(begun),
        most_memory(&node)
    );
    let said = ready(&node).await.text;
    assert!(said.contains(&waits), "{said}");
    node.cluster.up();
    let begun = Clock::real().steady();
    loop {
        let said = node.get("/metrics").await.text;
        if said.lines().any(|line| line == "henhouse_spool_waiting 0") {
            break;
        }
        assert!(since(begun) < Duration::from_secs(1_800), "{said}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    eprintln!(
        "carried out after {:?}, {} MiB at most",
        since(begun),
        most_memory(&node)
    );
    let last = node.receipt(&first).await;
    assert_eq!(last.str("number"), format!("HH-{}", lines + 1), "in order");
}
