//! Pages by text message and by call, from the program itself to a gateway that speaks as Twilio does and signs with its own
//! library: what is pressed and written back takes a page, passes it on, and nothing else does.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod peers;
mod served;

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use peers::phone::{ACCOUNT, APPLICATION, PhonePeer, TOKEN};
use peers::smtp::SmtpPeer;
use reqwest::blocking::Client;
use serde_json::{Value, json};
use served::{HENHOUSE, Served, mail_settings, token};
use tempfile::TempDir;

const ANN: &str = "+1 555 0100 001";
/// A message as its gateway names it.
const SID: &str = "SM42424242424242424242424242424242";
/// Numbers that people call to report; the project of the second is not there.
const LINE: &str = "+15005550007";
const ASTRAY: &str = "+15005550008";
const ANN_DIALLED: &str = "+15550100001";

/// Reads the picture on a page as a telephone does, and prints what stands in it.
const READ: &str = r#"
import re, sys, zxingcpp
size, path = re.search('<svg class="qr" viewBox="0 0 ([0-9]+) [0-9]+"[^>]*><path d="([^"]+)"', sys.stdin.read()).groups()
side = int(size) * 4
rows = [bytearray(b'\xff' * side) for _ in range(side)]
for x, y, run in re.findall('M([0-9]+) ([0-9]+)h([0-9]+)v1h-', path):
    for row in rows[int(y) * 4:int(y) * 4 + 4]:
        row[int(x) * 4:(int(x) + int(run)) * 4] = b'\0' * (int(run) * 4)
picture = memoryview(b''.join(rows)).cast('B', (side, side))
print([one.text for one in zxingcpp.read_barcodes(picture)])
"#;

struct House {
    served: Served,
    phone: PhonePeer,
    mail: SmtpPeer,
    folder: TempDir,
}

impl House {
    /// With Ann on the sheet, who is paged by these routes, and Bob after her, who is paged by mail.
    fn start(routes: &str) -> Self {
        henhouse::tls::install_provider();
        let folder = tempfile::tempdir().unwrap();
        let phone = PhonePeer::start();
        let (url, file) = (&phone.url, phone.token_file());
        let file = file.display();
        let twilio = |word: &str| {
            format!(
                "[{word}.twilio]\naccount = '{ACCOUNT}'\ntoken_file = '{file}'\nfrom = '+15005550006'\nanswers = true\nserver = '{url}'\n"
            )
        };
        let line = |number: &str, project: &str| {
            format!("[voicemail.'{number}']\nproject = '{project}'\ntoken_file = '{file}'\n")
        };
        let lines = format!("{}{}", line(LINE, "main"), line(ASTRAY, "barrn"));
        let settings = format!("{}{}{lines}", twilio("sms"), twilio("voice"));
        Self::by(phone, folder, &settings, routes)
    }

    /// With calls by Vonage.
    fn by_vonage(routes: &str) -> Self {
        henhouse::tls::install_provider();
        let phone = PhonePeer::vonage();
        let [key, signature] = ["key.pem", "signature"].map(|name| phone.file(name));
        let settings = format!(
            "[voice.vonage]\napplication = '{APPLICATION}'\nkey_file = '{}'\nsignature_file = '{}'\nfrom = '+15005550006'\nserver = '{}'\n",
            key.display(),
            signature.display(),
            phone.url
        );
        Self::by(phone, tempfile::tempdir().unwrap(), &settings, routes)
    }

    fn by(phone: PhonePeer, folder: TempDir, settings: &str, routes: &str) -> Self {
        let (mail, data) = (SmtpPeer::plain(), folder.path().join("data"));
        mail_settings(&data, mail.port, settings);
        let served = Served::start(&data, &[], &[]);
        let house = Self {
            served,
            phone,
            mail,
            folder,
        };
        house.add(&[
            "ann",
            "--name",
            "Ann",
            "--mail",
            "ann@farm.example",
            "--phone",
            ANN,
            "--routes",
            routes,
        ]);
        house.add(&["bob", "--name", "Bob", "--mail", "bob@farm.example"]);
        house
    }

    fn add(&self, who: &[&str]) {
        let said = Command::new(HENHOUSE)
            .args(["roster", "add"])
            .args(who)
            .env("HENHOUSE_URL", &self.served.url)
            .env("HENHOUSE_TOKEN", self.token())
            .output()
            .unwrap();
        assert!(said.status.success(), "{said:?}");
    }

    fn token(&self) -> String {
        token(&self.folder.path().join("data"), None)
    }

    fn report(&self) {
        let asked = Client::new().post(format!("{}/api/v1/reports", self.served.url));
        let said = asked
            .json(&json!({ "text": "Root login on web-2" }))
            .send()
            .unwrap();
        assert_eq!(said.status(), 201);
    }

    fn get(&self, at: &str) -> Value {
        let asked = Client::new().get(format!("{}{at}", self.served.url));
        asked
            .bearer_auth(self.token())
            .send()
            .unwrap()
            .json()
            .unwrap()
    }

    fn ic(&self, number: &str) -> Value {
        self.get(&format!("/api/v1/cases/{number}"))["ic"].clone()
    }

    /// Ann's pages of the first case: by what, where it stands, what came of it.
    fn pages(&self) -> Vec<Value> {
        let all = self.get("/api/v1/cases/HH-1/deliveries")["deliveries"].clone();
        let all = all.as_array().unwrap().clone().into_iter();
        all.filter(|one| one["page"] == true && one["person"] == "ann")
            .collect()
    }

    /// The one by this route.
    fn page(&self, route: &str) -> Value {
        let mut pages = self.pages().into_iter();
        pages
            .find(|page| page["route"] == route)
            .unwrap_or_default()
    }

    fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        for _ in 0..800 {
            if holds(self) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{what}: {:#?}\n{}", self.pages(), self.served.log());
    }

    /// No secret and no number stands where it may be read.
    fn tells_nothing(&self) {
        let all = format!("{:?}{}", self.pages(), self.served.log());
        assert!(!all.contains(TOKEN) && !all.contains(ANN_DIALLED), "{all}");
    }
}

#[test]
fn the_gateway_of_these_tests_is_what_its_vendors_client_expects() {
    let said = PhonePeer::start().asked_by_its_client();
    assert_eq!(
        said,
        json!({
            "message": ["SM", "queued", null],
            "call": ["CA", "queued"],
            "no number": [400, 21211],
            "stranger": [401, 20003],
        })
    );
}

#[test]
fn a_page_by_text_message_is_one_segment_and_4_takes_it() {
    let house = House::start("sms");
    house.report();
    let sent = house.phone.expect("message", 1);
    let fields = &sent[0]["fields"];
    let text = fields["Body"].as_str().unwrap();
    assert_eq!(fields["To"], ANN_DIALLED);
    assert!(
        text.starts_with("HENHOUSE HH-1 ") && text.chars().count() <= 160,
        "{text}"
    );
    assert!(
        text.contains(" Reply 4 = take it, 5 = pass it on. http"),
        "{text}"
    );
    assert!(!text.contains("Root"), "neutral: {text}");
    // The short link leads to the page, and a look takes nothing.
    let link = text.rsplit(' ').next().unwrap();
    let page = Client::new().get(link).send().unwrap();
    assert!(page.url().path().starts_with("/ack/"), "{}", page.url());
    assert!(page.text().unwrap().contains("Please take it"));
    house.until("its receipt is kept", |house| {
        house.page("sms")["state"] == "done"
    });
    assert!(
        house.page("sms").to_string().contains("Twilio: delivered"),
        "{:#?}",
        house.pages()
    );
    assert_eq!(house.ic("HH-1"), Value::Null);
    // A stranger's number does nothing, and is answered nothing.
    let (code, said) = house.phone.writes(&house.served.url, "+15550199999", "4");
    assert!(code == 200 && !said.contains("<Message>"), "{said}");
    assert_eq!(house.ic("HH-1"), Value::Null);
    let (code, said) = house.phone.writes(&house.served.url, ANN_DIALLED, " 4 ");
    assert!(
        code == 200 && said.contains("HENHOUSE HH-1: you have it."),
        "{said}"
    );
    assert_eq!(house.ic("HH-1"), "ann");
    let (_, said) = house.phone.writes(&house.served.url, ANN_DIALLED, "4");
    assert!(said.contains("nothing waits for you"), "{said}");
    assert_eq!(
        house
            .phone
            .seen("message")
            .iter()
            .filter(|one| one["fields"]["To"] == ANN_DIALLED)
            .count(),
        1
    );
    house.tells_nothing();
}

#[test]
fn who_sleeps_through_two_calls_answers_the_third() {
    let house = House::start("voice");
    house.phone.answer(&["no-answer", "completed", "*4"]);
    house.report();
    let calls = house.phone.expect("call", 3);
    assert_eq!(calls[0]["fields"]["To"], ANN_DIALLED);
    let twiml = calls[0]["fields"]["Twiml"].as_str().unwrap();
    assert!(
        twiml.contains("This is Henhouse. H H 1 ") && twiml.contains("Press 4 to take it"),
        "{twiml}"
    );
    house.until("she has it", |house| house.ic("HH-1") == "ann");
    let keys = house.phone.expect("key", 2);
    assert!(
        keys[0]["said"]
            .as_str()
            .unwrap()
            .contains("HH-1 needs you. Press 4"),
        "{keys:#?}"
    );
    assert!(
        keys[1]["said"].as_str().unwrap().contains("you have it"),
        "{keys:#?}"
    );
    // Whoever is next was called meanwhile: nobody waits for a telephone that is not answered.
    house.until("the mail to Bob left", |house| house.mail.count() > 0);
    house.until("the last call is told", |house| {
        house.phone.seen("told").len() == 3
    });
    house.until("it is closed", |house| {
        house
            .pages()
            .iter()
            .any(|page| page["route"] == "voice" && page["state"] == "done")
    });
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(house.phone.seen("call").len(), 3, "it rings no more");
    house.tells_nothing();
}

#[test]
fn a_key_that_passes_it_on_calls_the_next_at_once() {
    let house = House::start("voice, sms");
    house.phone.answer(&["5"]);
    house.report();
    house.until("the mail to Bob left", |house| house.mail.count() > 0);
    assert_eq!(house.ic("HH-1"), Value::Null);
    let keys = house.phone.expect("key", 1);
    assert!(
        keys[0]["said"].as_str().unwrap().contains("passed on"),
        "{keys:#?}"
    );
    house.until("no other route of hers rings", |house| {
        house
            .pages()
            .iter()
            .all(|page| page["state"] != "queued" && page["state"] != "leased")
    });
    assert_eq!(house.phone.seen("message").len(), 0);
}

#[test]
fn the_vendor_is_down_and_the_next_route_answers() {
    let house = House::start("voice, mail");
    let boss = json!({ "person": "boss", "name": "Boss", "login": "boss", "role": "admin", "email": "boss@farm.example" });
    let asked = Client::new().post(format!("{}/api/v1/accounts", house.served.url));
    let said = asked.bearer_auth(house.token()).json(&boss).send().unwrap();
    assert_eq!(said.status(), 201, "{}", said.text().unwrap());
    house
        .phone
        .answer(&["503", "429", "500", "503", "503", "503"]);
    house.report();
    house.until("the mail left", |house| {
        house.page("mail")["state"] == "done"
    });
    house.until("the admins are told within a minute", |house| {
        let all = house.mail.received();
        all.iter()
            .any(|one| one.mail.contains("voice takes nothing since"))
    });
    let said = Client::new()
        .get(format!("{}/metrics", house.served.url))
        .send()
        .unwrap();
    let said = said.text().unwrap();
    let failing = |channel: &str| {
        let line = format!("henhouse_channel_failing_seconds{{channel=\"{channel}\"}} ");
        let value = said.lines().find_map(|seen| seen.strip_prefix(&line));
        value.unwrap().to_owned()
    };
    assert_ne!(failing("voice"), "0");
    assert_eq!(failing("mail"), "0");
    house.tells_nothing();
}

#[test]
fn a_message_that_did_not_arrive_brings_the_next_route_at_once() {
    let house = House::start("sms, mail");
    house.phone.answer(&["undelivered"]);
    house.report();
    // It is waited for less than the minute of silence.
    house.until("the mail left", |house| house.mail.count() > 0);
    let sms = house.page("sms");
    assert_eq!(sms["state"], "failed", "{sms:#?}");
    let said = sms.to_string();
    assert!(said.contains("Twilio: undelivered, error 30003"), "{said}");
}

#[test]
fn an_answer_that_was_lost_is_settled_by_what_the_gateway_says_later() {
    let house = House::start("sms");
    house.phone.answer(&["close"]);
    house.report();
    house.phone.expect("told", 1);
    std::thread::sleep(Duration::from_secs(8));
    assert_eq!(
        house.phone.seen("message").len(),
        1,
        "it has it, so it is not sent again"
    );
    let page = house.page("sms");
    assert!(page.to_string().contains("Twilio: sent"), "{page:#?}");
}

#[test]
fn what_is_not_signed_is_not_looked_at() {
    let house = House::start("sms");
    house.report();
    house.phone.expect("message", 1);
    let at = format!("{}/hooks/twilio/sms", house.served.url);
    let fields = format!("From=%2B15550100001&Body=4&AccountSid={ACCOUNT}");
    let send = |signature: Option<&str>| {
        let asked = Client::new().post(&at).body(fields.clone());
        let asked = asked.header("content-type", "application/x-www-form-urlencoded");
        let asked = match signature {
            Some(signature) => asked.header("x-twilio-signature", signature),
            None => asked,
        };
        asked.send().unwrap().status().as_u16()
    };
    assert_eq!(
        (send(None), send(Some("")), send(Some("AAAA"))),
        (401, 401, 401)
    );
    let status = format!(
        "{}/hooks/twilio/status/{}",
        house.served.url,
        house.phone.seen("message")[0]["fields"]["StatusCallback"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
    );
    let said = Client::new()
        .post(status)
        .body("MessageStatus=failed")
        .send()
        .unwrap();
    assert_eq!(said.status(), 401);
    assert_eq!(house.ic("HH-1"), Value::Null);
}

#[test]
fn several_pages_are_told_apart_and_a_test_confirms_a_number() {
    let house = House::start("sms");
    let (_, said) = house.phone.writes(&house.served.url, ANN_DIALLED, "4");
    assert!(said.contains("This number is confirmed"), "{said}");
    house.report();
    house.report();
    house.phone.expect("message", 2);
    house.until("both are noted", |house| {
        house
            .get("/api/v1/cases/HH-2/deliveries")
            .to_string()
            .contains("\"sms\"")
    });
    let (_, said) = house.phone.writes(&house.served.url, ANN_DIALLED, "4");
    assert!(
        said.contains("2 wait for you: HH-1, HH-2. Reply 4 HH-1 for one, 4 ALL for all."),
        "{said}"
    );
    let (code, _) = house
        .phone
        .delivers("SM42", &house.served.url, ANN_DIALLED, "4 2");
    assert_eq!(
        (code, house.ic("HH-2")),
        (401, Value::Null),
        "it has no whole id"
    );
    let (_, said) = house
        .phone
        .delivers(SID, &house.served.url, ANN_DIALLED, "4 2");
    assert!(said.contains("HH-2: you have it"), "{said}");
    // Its gateway delivers one again: it does nothing more.
    let (code, said) = house
        .phone
        .delivers(SID, &house.served.url, ANN_DIALLED, "4");
    assert!(code == 200 && !said.contains("<Message>"), "{said}");
    assert_eq!(
        (house.ic("HH-1"), house.ic("HH-2")),
        (Value::Null, json!("ann"))
    );
    let (_, said) = house.phone.writes(&house.served.url, ANN_DIALLED, "5");
    assert!(said.contains("HH-1: passed on"), "{said}");
}

#[test]
fn a_call_by_vonage_is_signed_by_our_key_and_4_takes_the_page() {
    let house = House::by_vonage("voice");
    house.phone.answer(&["forged", "completed", "*4"]);
    house.report();
    let calls = house.phone.expect("call", 3);
    assert_eq!(
        house.phone.seen("stranger"),
        Vec::<Value>::new(),
        "each token is ours and new"
    );
    let fields = &calls[0]["fields"];
    assert_eq!(
        fields["to"][0]["number"],
        ANN_DIALLED.trim_start_matches('+')
    );
    let text = fields["ncco"][0]["text"].as_str().unwrap();
    assert!(
        text.contains("This is Henhouse. H H 1 ") && text.contains("Press 4 to take it"),
        "{text}"
    );
    house.until("she has it", |house| house.ic("HH-1") == "ann");
    let forged = house.phone.seen("forged");
    assert_eq!(forged.len(), 6);
    assert!(forged.iter().all(|one| one["code"] == 401), "{forged:#?}");
    let keys = house.phone.expect("key", 3);
    for (key, said) in keys.iter().zip([
        "Nothing was pressed",
        "HH-1 needs you. Press 4",
        "you have it",
    ]) {
        assert!(key["said"].as_str().unwrap().contains(said), "{keys:#?}");
    }
    house.until("it is closed", |house| {
        let by_key = |page: &Value| page.to_string().contains("answered by key 4");
        house
            .pages()
            .iter()
            .any(|page| page["state"] == "done" && by_key(page))
    });
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(house.phone.seen("call").len(), 3, "it rings no more");
    house.tells_nothing();
}

#[test]
fn a_call_by_vonage_that_is_passed_on_or_refused_calls_the_next() {
    let house = House::by_vonage("voice");
    house.phone.answer(&["401", "5"]);
    house.report();
    let keys = house.phone.expect("key", 1);
    assert!(
        keys[0]["said"].as_str().unwrap().contains("passed on"),
        "{keys:#?}"
    );
    house.until("the mail to Bob left", |house| house.mail.count() > 0);
    assert_eq!(house.ic("HH-1"), Value::Null);
}

#[test]
fn who_calls_a_number_and_speaks_has_reported_before_anybody_wrote_it_down() {
    let house = House::start("sms");
    let call = |n: u8, to: &str| {
        json!({ "AccountSid": ACCOUNT, "CallSid": format!("CA{n:032x}"), "From": "+15550109999", "To": to,
            "CallStatus": "in-progress", "Direction": "inbound" })
    };
    let with = |call: &Value, more: Value| {
        let mut all = call.clone();
        all.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        all
    };
    let at = |path: &str| format!("{}/hooks/twilio/voicemail{path}", house.served.url);
    // Before anybody calls: a slip in the settings is said.
    let ready = Client::new().get(format!("{}/readyz", house.served.url));
    let ready = ready.send().unwrap().text().unwrap();
    assert!(
        ready.contains("calls to a number of [voicemail] become reports of the first project, because there is no project"),
        "{ready}"
    );
    let recording = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1";
    let first = call(1, LINE);
    let said = PhonePeer::sends(&at(""), &first);
    assert_eq!(said["record"]["action"], at("/kept"), "{said}");
    assert_eq!(said["record"]["transcribe_callback"], at("/text"), "{said}");
    assert_eq!(said["record"]["max_length"], "120");
    assert_eq!(
        house.get("/api/v1/cases")["cases"],
        json!([]),
        "nobody spoke yet"
    );

    let spoke = with(
        &first,
        json!({ "RecordingUrl": recording, "RecordingDuration": "20", "Digits": "hangup" }),
    );
    for _ in 0..2 {
        let said = PhonePeer::sends(&at("/kept"), &spoke);
        let words = said["said"].as_str().unwrap();
        assert!(words.contains("Your report is kept as H H 1."), "{said}");
    }
    let page = &house.phone.expect("message", 1)[0];
    assert_eq!(page["fields"]["To"], ANN_DIALLED, "somebody is called");
    let written = |words: &str| {
        json!({ "RecordingUrl": recording, "TranscriptionSid": "TR1", "TranscriptionStatus": "completed",
        "TranscriptionText": words })
    };
    let told = |number: &str| {
        house
            .get(&format!("/api/v1/cases/{number}/journal?limit=1000"))
            .to_string()
    };
    assert!(
        told("HH-1").contains(recording) && told("HH-1").contains("+15550109999"),
        "{}",
        told("HH-1")
    );
    for _ in 0..2 {
        let words = with(&first, written("The barn is on fire"));
        assert_eq!(PhonePeer::sends(&at("/text"), &words)["code"], 200);
    }
    assert_eq!(
        told("HH-1").matches("details_added").count(),
        1,
        "{}",
        told("HH-1")
    );

    assert!(told("HH-1").contains("The barn is on fire"));

    // Nobody heard of the recording, and then its words come; its project is not there.
    let words = with(&call(2, ASTRAY), written("Foxes"));
    assert_eq!(PhonePeer::sends(&at("/text"), &words)["code"], 200);
    assert!(told("HH-2").contains("Foxes") && told("HH-2").contains(recording));
    assert!(
        house
            .served
            .log()
            .contains("[voicemail] names a project that is not there")
    );

    for wrong in [
        with(&spoke, json!({ "To": "+15005550006" })),
        with(&spoke, json!({ "CallSid": "1" })),
    ] {
        let said = PhonePeer::sends(&at("/kept"), &wrong);
        let kept = said["said"].as_str().unwrap().contains("is kept as");
        assert!(!kept, "{said}");
    }
    let unsigned = Client::new().post(at("/kept")).body(format!(
        "To={}&CallSid=CA{:032x}",
        LINE.replace('+', "%2B"),
        9
    ));
    assert_eq!(
        unsigned
            .header("x-twilio-signature", "AAAA")
            .send()
            .unwrap()
            .status(),
        401
    );
    let cases = house.get("/api/v1/cases");
    assert_eq!(cases["cases"].as_array().unwrap().len(), 2, "{cases}");
    house.tells_nothing();
}

#[test]
fn a_telephone_reads_the_address_of_the_form_on_the_poster() {
    let house = House::start("sms");
    let asked = Client::new().get(format!("{}/projects/main/poster", house.served.url));
    let ann = token(&house.folder.path().join("data"), Some("ann"));
    let html = asked.bearer_auth(ann).send().unwrap().text().unwrap();
    let mut reader = Command::new(peers::python::python())
        .args(["-c", READ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut into = reader.stdin.take().unwrap();
    into.write_all(html.as_bytes()).unwrap();
    drop(into);
    let said = reader.wait_with_output().unwrap();
    let read = String::from_utf8_lossy(&said.stdout).into_owned();
    let address = read.trim().trim_start_matches("['").trim_end_matches("']");
    assert!(address.ends_with("/report/main"), "{read}: {html}");
    assert!(
        html.contains(&format!("<strong>{address}</strong>")),
        "{html}"
    );
}
