//! Who is on call, on the command line and in calendars: the feeds are read by PyPI's `icalendar` and
//! `recurring-ical-events`.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

mod peers;
mod served;

use std::path::PathBuf;
use std::process::{Command, Output};

use reqwest::blocking::Client;
use serde_json::json;
use served::{Served, token};
use tempfile::TempDir;

/// Reads a calendar as programs do: what happens on the days of a clock change, in local time.
const READ: &str = "
import sys, datetime, zoneinfo, icalendar, recurring_ical_events as r
zone = zoneinfo.ZoneInfo('Europe/Berlin')
calendar = icalendar.Calendar.from_ical(open(sys.argv[1], 'rb').read())
ids = [str(e['UID']) for e in calendar.walk('VEVENT')]
assert len(ids) == len(set(ids)) and ids, ids
day = lambda text: datetime.datetime.fromisoformat(text).replace(tzinfo=zone)
for e in sorted(r.of(calendar).between(day(sys.argv[2]), day(sys.argv[3])), key=lambda e: e['DTSTART'].dt):
    local = lambda name: e[name].dt.astimezone(zone).strftime('%d.%m. %H:%M')
    print(local('DTSTART'), local('DTEND'), e['SUMMARY'])
";

struct House {
    served: Served,
    folder: TempDir,
}

impl House {
    /// Ann and Bob are on the contact sheet and take turns of a day in Berlin.
    fn start() -> Self {
        henhouse::tls::install_provider();
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let served = Served::start(&data, &[], &[]);
        let house = Self { served, folder };
        for who in ["ann", "bob"] {
            house.works(
                None,
                &[
                    "roster",
                    "add",
                    who,
                    "--name",
                    who,
                    "--mail",
                    "x@farm.example",
                ],
            );
        }
        let schedule = json!({ "zone": "Europe/Berlin", "rotations": { "days": {
            "unit": "day", "length": 1, "start": "2026-01-01T09:00:00",
            "seats": [{ "person": "ann" }, { "person": "bob" }] } } });
        let file = house.folder.path().join("hands.json");
        std::fs::write(&file, schedule.to_string()).unwrap();
        let file = file.display().to_string();
        house.works(
            None,
            &["on-call", "set", "hands", &file, "--title", "Farm hands"],
        );
        house
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, person: Option<&str>, words: &[&str]) -> Output {
        let token = token(&self.data(), person);
        let mut command = Command::new(env!("CARGO_BIN_EXE_henhouse"));
        let command = command.args(["--url", &self.served.url, "--token", &token]);
        command.args(words).output().unwrap()
    }

    fn works(&self, person: Option<&str>, words: &[&str]) -> String {
        let said = self.run(person, words);
        let told = String::from_utf8_lossy(&said.stderr);
        assert!(said.status.success(), "{words:?}: {told}");
        String::from_utf8_lossy(&said.stdout).into_owned()
    }
}

#[test]
fn it_is_shown_taken_swapped_and_ended_on_the_command_line() {
    let house = House::start();
    let shown = house.works(None, &["on-call", "show", "--at", "2027-03-01T12:00:00Z"]);
    assert!(
        shown.contains("hands") && shown.contains("(rotation days)"),
        "{shown}"
    );
    let list = |from: &str, until: &str| {
        house.works(
            None,
            &[
                "on-call", "schedule", "hands", "--from", from, "--until", until,
            ],
        )
    };
    let before = list("2027-03-01T08:00:00Z", "2027-03-02T08:00:00Z");
    let (who, other) = if before.contains(" ann (") {
        ("ann", "bob")
    } else {
        ("bob", "ann")
    };
    let (from, until) = ("2027-03-01T10:00:00Z", "2027-03-01T12:00:00Z");
    house.works(
        Some(other),
        &["on-call", "take", "hands", "--from", from, "--until", until],
    );
    let taken = list("2027-03-01T08:00:00Z", "2027-03-02T08:00:00Z");
    assert!(
        taken.contains(&format!(" {other} (stands in (c")),
        "{taken}"
    );
    let cover = taken
        .split("stands in (")
        .nth(1)
        .and_then(|rest| rest.split(')').next())
        .unwrap();
    house.works(Some(other), &["on-call", "end", "hands", cover]);
    assert_eq!(list("2027-03-01T08:00:00Z", "2027-03-02T08:00:00Z"), before);
    let offer = [
        "on-call", "offer", "hands", "--to", other, "--from", from, "--until", until,
    ];
    let said = house.works(Some(who), &offer);
    let number = said
        .split("Swap ")
        .nth(1)
        .and_then(|rest| rest.split(':').next())
        .unwrap();
    assert!(
        !house
            .run(Some(who), &["on-call", "accept", number])
            .status
            .success()
    );
    house.works(Some(other), &["on-call", "accept", number]);
    assert!(list(from, until).contains(&format!(" {other} (stands in")));
    house.works(None, &["on-call", "remove", "hands"]);
    let shown = house.works(None, &["on-call", "show"]);
    assert!(shown.contains("Nobody is on call"), "{shown}");
}

#[test]
fn other_programs_read_the_calendars() {
    let house = House::start();
    let now = henhouse::clock::Clock::real().wall();
    let far = now + jiff::SignedDuration::from_hours(24 * 20);
    let client = Client::new();
    let made = client
        .post(format!("{}/me/calendar", house.served.url))
        .bearer_auth(token(&house.data(), Some("ann")))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("act=make");
    let page = made.send().unwrap().text().unwrap();
    let link = page
        .split("/calendar/")
        .nth(1)
        .and_then(|rest| rest.split(".ics").next())
        .unwrap();
    let read = |path: &str| {
        let got = client
            .get(format!("{}/calendar/{path}", house.served.url))
            .send()
            .unwrap();
        assert_eq!(got.status(), 200);
        let file = house.folder.path().join("read.ics");
        std::fs::write(&file, got.bytes().unwrap()).unwrap();
        let day = |at: jiff::Timestamp| at.strftime("%Y-%m-%d").to_string();
        let said = Command::new(peers::python::python())
            .args(["-c", READ, file.to_str().unwrap(), &day(now), &day(far)])
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&said.stderr);
        assert!(said.status.success(), "{told}");
        String::from_utf8_lossy(&said.stdout).into_owned()
    };
    let own = read(&format!("{link}.ics"));
    assert!(own.lines().count() >= 9, "every other day: {own}");
    for line in own.lines() {
        assert!(line.ends_with("On call: Farm hands"), "{line}");
        assert_eq!(
            line.matches(" 09:00").count(),
            2,
            "from nine to nine: {line}"
        );
    }
    let all = read(&format!("{link}/main/hands.ics"));
    assert_eq!(
        all.matches("On call: ann (Farm hands)").count(),
        own.lines().count(),
        "{all}"
    );
    assert!(all.contains("On call: bob (Farm hands)"), "{all}");
    let wrong = client.get(format!(
        "{}/calendar/{link}/main/none.ics",
        house.served.url
    ));
    assert_eq!(wrong.send().unwrap().status(), 404);
}
