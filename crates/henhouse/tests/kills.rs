//! The process dies at its most delicate moments, again and again, in real time. What it said
//! it had is there afterwards, and what had to leave leaves, each under the id it had.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod peers;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use peers::smtp::SmtpPeer;
use serde_json::{Value, json};

const HENHOUSE: &str = env!("CARGO_BIN_EXE_henhouse");
/// Each point is hit so many times, each time at a later passing.
const HITS: u32 = 5;
const POINTS: [&str; 4] = ["before_commit", "after_commit", "before_send", "after_send"];

struct Running {
    process: Child,
    url: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn start(data: &Path, kill_at: Option<&str>) -> Option<Running> {
    let mut command = Command::new(HENHOUSE);
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data);
    command
        .env("HENHOUSE_LOG", "error")
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let Some(point) = kill_at {
        command.env("HENHOUSE_KILL_AT", point);
    }
    let mut process = command.spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let url = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("Henhouse listens on ").map(str::to_owned));
    std::thread::spawn(move || lines.for_each(drop));
    let running = Running {
        process,
        url: url.clone().unwrap_or_default(),
    };
    url.map(|_| running)
}

fn token(data: &Path) -> String {
    let run = Command::new(HENHOUSE)
        .args([
            "admin", "token", "--name", "kills", "--role", "admin", "--data",
        ])
        .arg(data)
        .output()
        .unwrap();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    String::from_utf8(run.stdout).unwrap().trim().to_owned()
}

/// Sends reports until the server dies; keeps the numbers that it answered.
async fn report_until_it_dies(running: &Running, acked: &mut BTreeMap<String, String>) {
    let http = reqwest::Client::builder()
        .timeout(Duration::from_secs(5))
        .build()
        .unwrap();
    for n in 0..40 {
        let text = format!("Report {n} at {}", running.url);
        let body = json!({ "text": text });
        let sent = http
            .post(format!("{}/api/v1/reports", running.url))
            .json(&body)
            .send()
            .await;
        let Ok(response) = sent else { return };
        let Ok(answer) = response.json::<Value>().await else {
            return;
        };
        if let Some(number) = answer["number"].as_str() {
            acked.insert(number.to_owned(), text);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_acknowledged_is_lost_whenever_the_process_dies() {
    henhouse::tls::install_provider();
    let mail = SmtpPeer::plain();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let config = format!(
        "[mail]\nhost = '127.0.0.1'\nport = {}\nsecurity = 'none'\nfrom = 'Hen <hen@farm.example>'\n",
        mail.port
    );
    std::fs::write(data.join("henhouse.toml"), config).unwrap();
    let first = start(&data, None).unwrap();
    let token = token(&data);
    let add = Command::new(HENHOUSE)
        .args([
            "--url",
            &first.url,
            "roster",
            "add",
            "ann",
            "--name",
            "Ann",
            "--mail",
            "ann@farm.example",
        ])
        .env("HENHOUSE_TOKEN", &token)
        .output()
        .unwrap();
    assert!(
        add.status.success(),
        "{}",
        String::from_utf8_lossy(&add.stderr)
    );
    drop(first);
    let mut acked = BTreeMap::new();
    let mut deaths = 0;
    for hit in 1..=HITS {
        for point in POINTS {
            let at = format!("{point}:{}", hit * 3);
            let Some(mut running) = start(&data, Some(&at)) else {
                deaths += 1;
                continue;
            };
            report_until_it_dies(&running, &mut acked).await;
            let died = running.process.try_wait().unwrap().is_some();
            deaths += u32::from(died);
        }
    }
    assert!(deaths >= HITS * 3, "the process died {deaths} times only");
    let last = start(&data, None).unwrap();
    check_cases(&last, &token, &acked).await;
    check_mail(&mail, acked.len()).await;
    println!(
        "{deaths} deaths, {} reports acknowledged, 0 lost",
        acked.len()
    );
}

/// Every acknowledged number is a case with the text that was reported under it.
async fn check_cases(last: &Running, token: &str, acked: &BTreeMap<String, String>) {
    let http = reqwest::Client::new();
    for (number, text) in acked {
        let path = format!("{}/api/v1/cases/{number}", last.url);
        let response = http.get(path).bearer_auth(token).send().await.unwrap();
        assert_eq!(
            response.status(),
            200,
            "{number} was acknowledged and is lost"
        );
        let case: Value = response.json().await.unwrap();
        assert_eq!(case["title"].as_str(), Some(text.as_str()), "{number}");
    }
}

/// Ann is called at least once for each acknowledged report; a mail that came twice has the
/// same Message-ID, so that her program can tell.
async fn check_mail(mail: &SmtpPeer, at_least: usize) {
    for _ in 0..400 {
        let received = mail.received();
        let ids: Vec<String> = received
            .iter()
            .map(|mail| mail.header("Message-ID"))
            .collect();
        let distinct: BTreeSet<&String> = ids.iter().collect();
        if distinct.len() >= at_least {
            let bodies: BTreeMap<&String, &str> = ids
                .iter()
                .zip(received.iter().map(|m| m.mail.as_str()))
                .collect();
            assert_eq!(bodies.len(), distinct.len());
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{} mails for {at_least} reports", mail.received().len());
}
