//! Servers that say what no server says: each is survived, and costs little.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};

use super::client::{Client, Fetched};
use super::*;
use crate::web::stage::Stage;

/// What a server says to a command: the tag is put in where `$` stands.
type Says = Arc<dyn Fn(&str) -> Vec<u8> + Send + Sync>;

/// A server that greets like this, answers commands like this, and knows no other.
fn server(greeting: &'static str, says: Says) -> (Mailbox, tempfile::TempDir) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for line in listener.incoming() {
            let says = Arc::clone(&says);
            // Whoever is hung up on says no more.
            std::thread::spawn(move || talk(line.unwrap(), greeting, &says));
        }
    });
    mailbox(port, "none")
}

fn mailbox(port: u16, security: &str) -> (Mailbox, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, "cluck").unwrap();
    let settings = format!(
        "host = '127.0.0.1'\nport = {port}\nsecurity = '{security}'\nuser = 'hen'\npassword_file = '{}'\nproject = 'farm'\n",
        file.display()
    );
    let mailbox =
        Mailbox::new("box", &toml::from_str(&settings).unwrap(), &BTreeMap::new()).unwrap();
    (mailbox, folder)
}

fn talk(mut line: TcpStream, greeting: &str, says: &Says) -> std::io::Result<()> {
    line.write_all(greeting.as_bytes())?;
    let commands = BufReader::new(line.try_clone()?).lines();
    for command in commands {
        let command = command?;
        let (tag, words) = command.split_once(' ').unwrap_or((&command, ""));
        let mut said = says(words);
        if said.is_empty() {
            said = usual(words).into_bytes();
        }
        if said.len() > 1 << 20 {
            line.write_all(&said)?;
            continue;
        }
        let mut filled = Vec::new();
        for byte in said {
            match byte {
                b'$' => filled.extend(tag.as_bytes()),
                byte => filled.push(byte),
            }
        }
        line.write_all(&filled)?;
    }
    Ok(())
}

/// What a server says of a mailbox with one mail.
fn usual(words: &str) -> String {
    let verb = words.split(' ').take(2).collect::<Vec<_>>().join(" ");
    match verb.as_str() {
        "CAPABILITY" => "* CAPABILITY IMAP4rev1 IDLE\r\n$ OK x\r\n".to_owned(),
        "SELECT INBOX" => {
            "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n$ OK [READ-WRITE] x\r\n".to_owned()
        }
        "UID SEARCH" => "* SEARCH 3\r\n$ OK x\r\n".to_owned(),
        "UID FETCH" if words.contains("BODY") => {
            "* 1 FETCH (UID 3 BODY[] {3}\r\na\0b)\r\n$ OK x\r\n".to_owned()
        }
        "UID FETCH" => "* 1 FETCH (UID 3 RFC822.SIZE 3)\r\n$ OK x\r\n".to_owned(),
        _ => "$ OK x\r\n".to_owned(),
    }
}

fn on(command: &'static str, said: impl Into<Vec<u8>>) -> Says {
    let said = said.into();
    Arc::new(move |words: &str| match words.starts_with(command) {
        true => said.clone(),
        false => Vec::new(),
    })
}

async fn enters(greeting: &'static str, says: Says) -> Result<Client, Trouble> {
    let (mailbox, _folder) = server(greeting, says);
    let entered = timeout(Duration::from_secs(60), Client::enter(&mailbox));
    entered.await.expect("it comes to an end")
}

const HELLO: &str = "* OK x\r\n";

async fn fetches(said: impl Into<Vec<u8>>) -> Result<Fetched, Trouble> {
    let mut client = enters(HELLO, on("UID FETCH", said)).await?;
    let one = NonZeroU32::MIN.saturating_add(2);
    let fetched = timeout(Duration::from_secs(60), client.mail(one));
    fetched.await.expect("it comes to an end")
}

#[tokio::test]
async fn a_mail_is_fetched_byte_for_byte_also_with_a_nul_in_it() {
    let mut client = enters(HELLO, on("NOTHING", "")).await.ok().unwrap();
    let waiting = client.waiting().await.unwrap();
    let one = *waiting.first().unwrap();
    assert_eq!((waiting.len(), one.get(), client.validity), (1, 3, 7));
    assert_eq!(client.size(one).await.unwrap(), Some(3));
    let Fetched::Whole(raw) = client.mail(one).await.unwrap() else {
        panic!("it was there");
    };
    assert_eq!(raw, b"a\0b");
    assert_eq!(client.mark(one).await.unwrap(), Ok(()));
}

#[tokio::test]
async fn whatever_a_server_sends_in_place_of_a_mail_comes_to_an_end() {
    let nested = format!(
        "* 1 FETCH (UID 3 BODY {})\r\n$ OK x\r\n",
        "(".repeat(500_000)
    );
    let fetch = |rest: &str| format!("* 1 FETCH (UID 3 {rest})\r\n$ OK x\r\n");
    for unclear in [
        nested,
        fetch("BODY[] {3"),
        fetch("BODY[] \u{0}"),
        "* 1 FETCH (\r\n$ OK x\r\n".to_owned(),
        "* \r\n* \u{ff}\r\n$ OK x\r\n".to_owned(),
        fetch("BODY[] {1}\r\na BODY[] {1}\r\nb"),
    ] {
        let said: String = unclear.chars().take(80).collect();
        let fetched = fetches(unclear).await;
        let left = matches!(fetched, Ok(Fetched::Not(_) | Fetched::Gone));
        assert!(left, "{said}");
    }
    let another = fetches(fetch("BODY[] {1}\r\na").replace("UID 3", "UID 4")).await;
    assert!(matches!(another, Ok(Fetched::Gone)), "it is another mail");
    let refused = fetches("$ NO it is broken\r\n").await;
    assert!(matches!(refused, Ok(Fetched::Not(said)) if said.contains("it is broken")));
    let line = "x".repeat(3 << 20);
    let many = "* 1 FETCH (UID 3 BODY[] {1}\r\na".to_owned() + &" {1}\r\na".repeat(40);
    for endless in [
        format!("* OK {line}"),
        "* 1 FETCH (UID 3 BODY[] {4294967295}\r\n".to_owned(),
        "* 1 FETCH (UID 3 BODY[] {99999999999999999999999}\r\n".to_owned(),
        format!("* 1 FETCH (UID 3 BODY[] {{{}}}\r\n", MAIL_LIMIT + 1),
        many,
        "* OK x\r\n".repeat(200_000),
    ] {
        let said: String = endless.chars().take(80).collect();
        assert!(
            matches!(fetches(endless).await, Err(Trouble::Endless)),
            "{said}"
        );
    }
}

#[tokio::test]
async fn a_server_that_names_millions_of_mails_fills_no_memory() {
    let line = |from: u32| {
        let numbers = from..from + 100_000;
        let named: Vec<String> = numbers.map(|number| number.to_string()).collect();
        format!("* SEARCH {}\r\n", named.join(" "))
    };
    // A long answer is sent as it stands: its tag is the fifth.
    let said: String = (0..6).map(|n| line(1 + n * 100_000)).collect();
    let mut client = enters(HELLO, on("UID SEARCH", said + "h5 OK x\r\n"))
        .await
        .ok()
        .unwrap();
    let waiting = client.waiting().await.unwrap();
    assert_eq!(waiting.len(), 250_000);
}

#[tokio::test]
async fn a_server_that_has_news_at_each_look_is_not_asked_without_a_pause() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let stage = Stage::new().await;
    let looked = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&looked);
    let says: Says = Arc::new(move |words: &str| match words.starts_with("UID SEARCH") {
        true => {
            seen.fetch_add(1, Ordering::SeqCst);
            b"* SEARCH\r\n* 1 EXISTS\r\n$ OK x\r\n".to_vec()
        }
        false => Vec::new(),
    });
    let (mailbox, _folder) = server(HELLO, says);
    let reader = Arc::new(reader(&stage, mailbox));
    let (stop, stopped) = watch::channel(false);
    let reads = Arc::clone(&reader);
    let running = tokio::spawn(async move { reads.run(stopped).await });
    tokio::time::sleep(Duration::from_secs(3)).await;
    stop.send_replace(true);
    timeout(Duration::from_secs(60), running)
        .await
        .unwrap()
        .unwrap();
    let looked = looked.load(Ordering::SeqCst);
    assert!((1..=5).contains(&looked), "{looked} looks in three seconds");
}

#[tokio::test]
async fn a_mailbox_that_cannot_be_read_or_marked_says_why_in_a_sentence() {
    let select = |said: &str| on("SELECT", said);
    for (greeting, says, why) in [
        ("* BYE too many\r\n", on("NOTHING", ""), "too many"),
        ("* PREAUTH x\r\n", on("NOTHING", ""), "without a password"),
        ("SSH-2.0-x\r\n", on("NOTHING", ""), "speaks no IMAP"),
        (
            HELLO,
            on("LOGIN", "$ NO [AUTHENTICATIONFAILED] no such hen\r\n"),
            "the password (no such hen)",
        ),
        (
            HELLO,
            on(
                "CAPABILITY",
                "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n$ OK x\r\n",
            ),
            "no password on this line",
        ),
        (
            HELLO,
            select("$ NO no such folder\r\n"),
            "to open the folder (no such folder)",
        ),
        (
            HELLO,
            select("* OK [UIDVALIDITY 7] x\r\n$ OK [READ-ONLY] x\r\n"),
            "cannot be marked",
        ),
        (
            HELLO,
            select("* OK [UIDVALIDITY 7] x\r\n* OK [PERMANENTFLAGS (\\Deleted)] x\r\n$ OK x\r\n"),
            "cannot be marked",
        ),
        (HELLO, select("$ OK [READ-WRITE] x\r\n"), "UIDVALIDITY"),
    ] {
        let said = match enters(greeting, says).await {
            Ok(_) => panic!("it must not be entered: {why}"),
            Err(trouble) => trouble.to_string(),
        };
        assert!(said.contains(why), "{why}: {said}");
        assert!(!said.contains("cluck"), "{said}");
    }
}

#[tokio::test]
async fn nothing_said_before_the_line_is_safe_counts() {
    for (greeting, starttls, why) in [
        ("* PREAUTH x\r\n", "", "before the line is safe"),
        (HELLO, "$ NO not here\r\n", "STARTTLS (not here)"),
        (
            HELLO,
            "$ OK go on\r\n* OK said too early\r\n",
            "before the line is safe",
        ),
    ] {
        let (plain, _folder) = server(greeting, on("STARTTLS", starttls));
        let (mailbox, _other) = mailbox(plain.port(), "starttls");
        let said = Client::enter(&mailbox).await.err().unwrap().to_string();
        assert!(said.contains(why), "{why}: {said}");
    }
}

#[test]
fn who_must_not_be_answered_is_not() {
    for (mail, from) in [
        (
            "Return-Path: <ann@farm.example>\r\nSubject: x\r\n\r\n",
            Some("ann@farm.example"),
        ),
        (
            "X: y\r\nRETURN-PATH: ann@farm.example\r\n\r\n",
            Some("ann@farm.example"),
        ),
        ("Return-Path: <>\r\nReturn-Path: <b@c>\r\n\r\n", None),
        (
            "Subject: x\r\n\r\nReturn-Path: <ann@farm.example>\r\n",
            None,
        ),
        ("", None),
    ] {
        assert_eq!(envelope_sender(mail.as_bytes()), from, "{mail:?}");
    }
}

/// A mailbox with this one mail, which is read until it is marked.
struct OneMail {
    mailbox: Mailbox,
    _folder: tempfile::TempDir,
    marked: Arc<std::sync::atomic::AtomicUsize>,
}

fn with_mail(mail: &'static str) -> OneMail {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let marked = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&marked);
    let says: Says = Arc::new(move |words: &str| {
        let is_marked = seen.load(Ordering::SeqCst) > 0;
        let said = match words {
            _ if words.starts_with("UID STORE") => {
                seen.fetch_add(1, Ordering::SeqCst);
                "$ OK x\r\n".to_owned()
            }
            _ if words.starts_with("UID SEARCH") && is_marked => {
                "* SEARCH\r\n$ OK x\r\n".to_owned()
            }
            _ if words.starts_with("UID FETCH") && words.contains("BODY") => {
                format!(
                    "* 1 FETCH (UID 3 BODY[] {{{}}}\r\n{mail})\r\n$ OK x\r\n",
                    mail.len()
                )
            }
            _ if words.starts_with("CAPABILITY") => {
                "* CAPABILITY IMAP4rev1\r\n$ OK x\r\n".to_owned()
            }
            _ => String::new(),
        };
        said.into_bytes()
    });
    let (mailbox, _folder) = server(HELLO, says);
    OneMail {
        mailbox,
        _folder,
        marked,
    }
}

const FOX: &str = "From: zoe@zoo.example\r\nSubject: Security Incident\r\n\r\nA fox.\r\n";

fn reader(stage: &Stage, mailbox: Mailbox) -> Reader {
    let known = MailboxReach::new(&mailbox.name);
    Reader {
        mailbox,
        takes: Takes::new(stage.app.desk.clone(), stage.app.exhibits.clone()),
        desk: stage.app.desk.clone(),
        node: Uuid::nil(),
        room: Arc::new(Semaphore::new(ROOM_KIB as usize)),
        known: Mutex::new(known),
    }
}

#[tokio::test]
async fn in_another_life_of_the_folder_what_is_kept_is_not_taken_anew() {
    let stage = Stage::new().await;
    let (mailbox, _folder) = mailbox(1, "none");
    let reader = reader(&stage, mailbox);
    let lunch = "From: zoe@zoo.example\r\nSubject: Lunch\r\n\r\nAt noon?\r\n";
    let fox = reader.take(FOX.as_bytes(), false).await;
    assert!(matches!(&fox, Taken::Kept(_)), "{fox:?}");
    let queued = reader.take(lunch.as_bytes(), false).await;
    assert!(matches!(queued, Taken::Queued(_)), "{queued:?}");
    // After a day it is not known any more what was answered.
    let (store, clock) = stage.app.desk.store_and_clock();
    let later = clock.wall() + jiff::SignedDuration::from_hours(48);
    let forget =
        store.write(move |tx| Ok::<_, crate::desk::DeskError>(tx.purge_idempotency(later)?));
    assert!(forget.await.unwrap() >= 2);
    assert_eq!(reader.take(FOX.as_bytes(), false).await, fox);
    let said = reader.take(lunch.as_bytes(), false).await;
    assert_eq!(said, Taken::Kept("a mail of the review queue".to_owned()));
    assert_ne!(
        reader.take(FOX.as_bytes(), true).await,
        fox,
        "nothing else would hold it"
    );
}

#[tokio::test]
async fn a_mail_for_a_project_that_is_not_there_waits_for_review_and_is_said() {
    let stage = Stage::new().await;
    let mut fox = with_mail(FOX);
    fox.mailbox.settings.project = "barn".to_owned();
    let reader = Arc::new(reader(&stage, fox.mailbox));
    let (stop, stopped) = watch::channel(false);
    let running = Arc::clone(&reader);
    let running = tokio::spawn(async move { running.run(stopped).await });
    let taken = async {
        while reader.known().taken == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(60), taken).await.unwrap();
    stop.send_replace(true);
    timeout(Duration::from_secs(60), running)
        .await
        .unwrap()
        .unwrap();
    let again = reader.take(FOX.as_bytes(), true).await;
    assert!(matches!(again, Taken::Queued(_)), "{again:?}");
    let token = stage.token("ann", "admin").await;
    let cases = stage.get("/api/v1/cases", Some(&token)).await.json();
    assert_eq!(cases["cases"].as_array().unwrap().len(), 0, "{cases}");
    let said = reader.known().troubles(stage.app.desk.clock().wall());
    assert!(said[0].contains("for the project barn"), "{said:?}");
}

#[tokio::test]
async fn two_that_read_one_mailbox_take_a_mail_once_and_it_is_marked() {
    use std::sync::atomic::Ordering;
    let stage = Stage::new().await;
    let fox = with_mail(FOX);
    let password = fox.mailbox.settings.clone();
    let readers = [
        Arc::new(reader(&stage, fox.mailbox)),
        Arc::new(reader(
            &stage,
            Mailbox::new("box", &password, &BTreeMap::new()).unwrap(),
        )),
    ];
    let (stop, stopped) = watch::channel(false);
    let running = readers.clone().map(|reader| {
        let stopped = stopped.clone();
        tokio::spawn(async move { reader.run(stopped).await })
    });
    let well = async {
        while readers
            .iter()
            .any(|reader| reader.known().last_read.is_none())
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(60), well).await.unwrap();
    stop.send_replace(true);
    for reader in running {
        timeout(Duration::from_secs(60), reader)
            .await
            .unwrap()
            .unwrap();
    }
    assert!(fox.marked.load(Ordering::SeqCst) > 0);
    let token = stage.token("ann", "admin").await;
    let cases = stage.get("/api/v1/cases", Some(&token)).await.json();
    assert_eq!(cases["cases"].as_array().unwrap().len(), 1, "{cases}");
    let known = readers[0].known();
    assert!(
        known.troubles(stage.app.desk.clock().wall()).is_empty(),
        "{known:?}"
    );
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_left_and_said() {
    let stage = Stage::new().await;
    stage.known_reporters_only("farm").await;
    let fox = with_mail(FOX);
    let reader = reader(&stage, fox.mailbox);
    let (mut client, mut memory) = (
        Client::enter(&reader.mailbox).await.unwrap(),
        Memory::default(),
    );
    let (_mine, mine) = watch::channel(true);
    let (_stop, stopped) = watch::channel(false);
    let turn = Turn { mine, stopped };
    for _ in 0..2 {
        let later = reader
            .round(&mut client, &mut memory, &turn, true)
            .await
            .unwrap();
        assert_eq!(later, 0);
        reader.was_read(&memory, later);
    }
    let known = reader.known();
    assert_eq!((known.left, known.taken), (1, 0), "{known:?}");
    assert_eq!(
        fox.marked.load(std::sync::atomic::Ordering::SeqCst),
        0,
        "it stays unread"
    );
}

#[tokio::test]
async fn the_mails_of_a_mailbox_for_alerts_are_alerts_once_and_a_report_among_them_is_a_report() {
    const DISK: &str = "From: nagios@zoo.example\r\nSubject: Disk full\r\n\r\nAt 99 %.\r\n";
    let stage = Stage::new().await;
    let token = stage.token("boss", "admin").await;
    let source = serde_json::json!({ "name": "nagios", "sender": "opsgenie" });
    let made = stage
        .post("/api/v1/projects/farm/sources", Some(&token), source)
        .await;
    assert_eq!(made.status, 201, "{}", made.text());
    let alerts: super::super::MailInSettings =
        toml::from_str("[alerts.'Disk@hen.example']\nproject = 'farm'\nsource = 'nagios'\n")
            .unwrap();
    let alerts = alerts.alert_addresses().unwrap();
    let (mut settings, _folder) = mailbox(1, "none");
    settings.settings.alerts = Some("disk@hen.example".to_owned());
    let box_of = |settings: &ImapSettings| Mailbox::new("box", settings, &alerts);
    let reader = reader(&stage, box_of(&settings.settings).unwrap());
    for _ in 0..2 {
        let said = reader.take(DISK.as_bytes(), false).await;
        assert!(matches!(said, Taken::Alert(_) | Taken::Kept(_)), "{said:?}");
    }
    let fox = reader.take(FOX.as_bytes(), true).await;
    assert_eq!(fox, Taken::Kept("HH-2".to_owned()));
    let sources = stage
        .get("/api/v1/projects/farm/sources", Some(&token))
        .await;
    assert_eq!(sources.json()["sources"][0]["live_alerts"], 1);
    // What cannot be meant is said.
    let mut other = settings.settings.clone();
    other.project = "barn".to_owned();
    let said = box_of(&other).err().unwrap().to_string();
    assert!(said.contains("its project is that of"), "{said}");
    other.alerts = Some("x@hen.example".to_owned());
    let said = box_of(&other).err().unwrap().to_string();
    assert!(
        said.contains("there is no [mail_in.alerts.\"x@hen.example\"]"),
        "{said}"
    );
}
