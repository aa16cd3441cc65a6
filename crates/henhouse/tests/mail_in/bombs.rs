//! Mails that are made to end a program that reads mail. Each is brought by SMTP as any other, is answered, and costs no more
//! than it may.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::{House, alerts, mail};

/// Whoever says nothing for so long hangs.
const PATIENCE: Duration = Duration::from_secs(60);
/// So much memory the process may have had at its worst, in KiB: itself, and some copies of the largest mail.
const MEMORY_KIB: u64 = 256 * 1024;
/// Enough to show what a mail costs, and a quarter of what one may have.
const LARGE: usize = 2 * 1024 * 1024;
const FULL: usize = 8 * 1024 * 1024;

fn multipart(parts: &str) -> String {
    let heads = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n";
    mail("Security Incident", heads, parts)
}

fn mails_in_mails(levels: usize) -> String {
    multipart(&format!(
        "--b\r\n{}Subject: the last\r\n\r\nx\r\n--b--",
        "Content-Type: message/rfc822\r\n\r\n".repeat(levels)
    ))
}

fn parts_in_parts(levels: usize) -> String {
    let mut parts = "--b".to_owned();
    for n in 0..levels {
        let _ = write!(
            parts,
            "\r\nContent-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}"
        );
    }
    multipart(&format!("{parts}\r\n\r\nthe innermost\r\n"))
}

fn headers(name: &str, value: &str) -> String {
    mail(
        "Security Incident",
        &format!("{name}: {value}\r\n"),
        "Behind them.",
    )
}

/// Every bomb, by name.
fn all() -> Vec<(&'static str, String)> {
    let filled = |piece: &str, bytes: usize| piece.repeat(bytes / piece.len());
    let text = |heads: &str, text: String| mail("Security Incident", heads, &text);
    let html = "Content-Type: text/html; charset=utf-8\r\n";
    let base64 = "Content-Transfer-Encoding: base64\r\n";
    vec![
        ("mails in mails, 1,000 deep", mails_in_mails(1_000)),
        ("mails in mails, 30,000 deep", mails_in_mails(30_000)),
        ("parts in parts, 1,000 deep", parts_in_parts(1_000)),
        ("parts in parts, 20,000 deep", parts_in_parts(20_000)),
        (
            "a header of 10 MiB on one line",
            headers("X-Long", &filled("x", 10 << 20)),
        ),
        (
            "a subject of 10 MiB",
            mail(&filled("Security Incident ", 10 << 20), "", "Behind."),
        ),
        (
            "a header of 10 MiB in folds",
            headers("X-Folded", &filled("x\r\n ", 10 << 20)),
        ),
        (
            "a million headers",
            text(&filled("X: y\r\n", 3 << 20), "x".to_owned()),
        ),
        (
            "headers without an end",
            format!("From: a@b.example\r\n{}", filled("X: y\r\n", FULL)),
        ),
        (
            "words in no charset",
            mail(&filled("=?nonsense-1?q?=FF=00?= ", 1 << 20), "", "x"),
        ),
        (
            "broken words",
            mail(&filled("=?utf-8?b?////", 1 << 20), "", "x"),
        ),
        (
            "words of one letter",
            mail(&filled("=?utf-8?q?a?= ", 1 << 20), "", "x"),
        ),
        (
            "a text in a charset that nobody has",
            text(
                "Content-Type: text/plain; charset=\"x-\u{0}-utf-99\"\r\n",
                filled("\u{e9}=", 1 << 20),
            ),
        ),
        (
            "UTF-7 without an end",
            text(
                "Content-Type: text/plain; charset=utf-7\r\n",
                filled("+AAA", LARGE),
            ),
        ),
        ("base64 of 8 MiB", text(base64, filled("QUFB", FULL))),
        ("no base64", text(base64, filled("\u{e9}==", LARGE))),
        (
            "quoted-printable without an end",
            text(
                "Content-Transfer-Encoding: quoted-printable\r\n",
                filled("=", LARGE),
            ),
        ),
        ("millions of parts", multipart(&filled("--b\r\n\r\n", FULL))),
        (
            "millions of parts with a name",
            multipart(&filled("--b\r\nContent-Type: a/b; c=d\r\n\r\n\r\n", LARGE)),
        ),
        (
            "millions of addresses",
            mail(
                "Security Incident",
                &format!("Cc: {}\r\n", filled("a@b.c,", LARGE)),
                "x",
            ),
        ),
        (
            "groups in groups of addresses",
            headers("Reply-To", &filled("a:b<", 1 << 20)),
        ),
        ("brackets in brackets", headers("To", &filled("(", 1 << 20))),
        (
            "a million that it answers",
            headers("References", &filled("<notice.x@y> ", 1 << 20)),
        ),
        (
            "brackets in a verdict",
            headers("Authentication-Results", &filled("(;=", 1 << 20)),
        ),
        (
            "parameters in continuations",
            headers(
                "Content-Type",
                &format!("text/plain{}", filled("; a*0*=''%41", 1 << 20)),
            ),
        ),
        ("HTML in HTML", text(html, filled("<div>", LARGE))),
        (
            "HTML without an end",
            text(html, filled("<a href=\"&#", LARGE)),
        ),
        (
            "nothing but NUL",
            mail("Security Incident\u{0}", "", &filled("\u{0}", LARGE)),
        ),
        (
            "lines that end with CR alone",
            mail("Security Incident", "", &filled("x\r", 1 << 20)),
        ),
        (
            "heads that end with CR alone",
            "From: a@b.example\rSubject: Security Incident\r\rx\r\n".to_owned(),
        ),
        (
            "lines that end with LF alone",
            mail("Security Incident", "", &filled("x\n.\n", 1 << 20)),
        ),
        (
            "one line without an end",
            mail("Security Incident", "", &filled("x", LARGE)),
        ),
        ("nothing", "\r\n".to_owned()),
        ("nothing but an end", "--b--\r\n".to_owned()),
    ]
}

/// Brings a mail to an address, and answers what was said of it.
fn bring(house: &House, address: &str, mail: &str) -> String {
    let line = TcpStream::connect(&house.mail).unwrap();
    line.set_read_timeout(Some(PATIENCE)).unwrap();
    line.set_write_timeout(Some(PATIENCE)).unwrap();
    let mut answers = BufReader::new(line.try_clone().unwrap()).lines();
    let mut said = || loop {
        let answer = answers.next().unwrap().unwrap();
        if answer.as_bytes().get(3) != Some(&b'-') {
            return answer;
        }
    };
    let mut line = std::io::BufWriter::new(line);
    said();
    for command in [
        "EHLO bomber.example",
        "MAIL FROM:<ann@farm.example>",
        &format!("RCPT TO:<{address}>"),
        "DATA",
    ] {
        write!(line, "{command}\r\n").unwrap();
        line.flush().unwrap();
        said();
    }
    let stuffed = mail.replace("\r\n.", "\r\n..");
    line.write_all(stuffed.as_bytes()).unwrap();
    line.write_all(b"\r\n.\r\n").unwrap();
    line.flush().unwrap();
    said()
}

#[test]
fn every_mail_bomb_is_kept_and_answered_within_bounded_memory() {
    let (house, address) = (House::start(), "security@farm.example");
    drop_all(&house, address, "Security Incident");
    let fox = mail("Security Incident: a fox", "", "There is a fox.");
    let said = bring(&house, address, &fox);
    assert!(
        said.starts_with("250 2.0.0 Kept as HH-"),
        "another is taken as ever: {said}"
    );
}

/// The rules of the address look into all of them.
#[test]
fn every_mail_bomb_to_an_address_for_alerts_is_an_alert_within_bounded_memory() {
    let (house, key) = alerts::start();
    drop_all(&house, alerts::AT, "PROBLEM Host Alert: ");
    let disk = mail("PROBLEM with the disk", "", "It is full.");
    let said = bring(&house, alerts::AT, &disk);
    assert_eq!(
        said, "250 2.0.0 Kept as an alert",
        "another is taken as ever"
    );
    let all = house.alerts(&key);
    assert!(
        all.iter()
            .any(|one| one["alias"] == "PROBLEM with the disk")
    );
}

/// Brings all of them, with this in their subjects.
fn drop_all(house: &House, address: &str, subject: &str) {
    let pid = house.served.process.id();
    let at_worst = || {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().split(' ').next()?.parse::<u64>().ok()
    };
    for (name, bomb) in all() {
        let bomb = bomb.replace("Security Incident", subject);
        let said = bring(house, address, &bomb);
        println!(
            "{name}: {} KiB, {:?} KiB at worst: {said}",
            bomb.len() >> 10,
            at_worst()
        );
        assert!(said.starts_with("250 2.0.0 Kept"), "{name}: {said}");
        if let Some(kib) = at_worst() {
            assert!(kib < MEMORY_KIB, "{name}: {kib} KiB");
        }
    }
}
