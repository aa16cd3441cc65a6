//! The farm of the handbook's example: Farmer Jane, Spot the Dog and Farmer Dave, and the
//! chickens that escape. A story is told by commands and a clock, and read as mails.

use jiff::{SignedDuration, Timestamp};
use procedure::project::{Contact, Directory, PublicNumber};
use procedure::{
    Actor, Basis, Case, Draft, Entry, How, Notice, Order, Recipient, Text, Who, decide, notices,
    pulse,
};
use serde_json::{Value, json};

use crate::founding;
use crate::report::letter::Bare;
use crate::report::timeline::Log;
use crate::report::{Links, Scene, Words, mail};

/// When the story begins: Friday night in New York, Saturday in UTC.
const START: &str = "2026-11-21T03:12:00Z";
/// What stands where the hash of the journal's head would.
pub const HEAD: &str = "9f2c4a7e0b1d";

pub struct Farm {
    pub case: Case,
    pub basis: Basis,
    pub directory: Directory,
    pub entries: Vec<Entry>,
    pub told: Vec<Told>,
    pub now: Timestamp,
    pub drill: bool,
}

/// A mail with whom it goes to.
pub struct Told {
    pub to: Recipient,
    pub kind: &'static str,
    pub words: Words,
}

pub fn farm() -> Farm {
    let mut project = founding::empty_project("America/New_York").unwrap();
    for (person, roles) in [
        ("jane", json!(["responder"])),
        ("spot", json!(["responder"])),
        ("dave", json!(["responder"])),
        (
            "mabel",
            json!(["project_manager", "product_owner", "reviewer"]),
        ),
    ] {
        let member =
            json!({ "person": person, "roles": roles, "has_mail": true, "has_phone": true });
        project.roster.push(serde_json::from_value(member).unwrap());
    }
    let stakeholder = json!({ "id": "dairy", "outside": true, "ceiling": "amber" });
    project
        .stakeholders
        .push(serde_json::from_value(stakeholder).unwrap());
    for (id, class) in [("run", "host"), ("coop", "host")] {
        let asset = json!({ "id": id, "class": class, "environment": "production" });
        project.assets.push(serde_json::from_value(asset).unwrap());
    }
    let basis = Basis::new(founding::handbook(), project);
    Farm {
        case: Case::default(),
        basis,
        directory: directory(),
        entries: Vec::new(),
        told: Vec::new(),
        now: START.parse().unwrap(),
        drill: false,
    }
}

fn directory() -> Directory {
    let mut directory = Directory::default();
    for (id, name) in [
        ("jane", "Farmer Jane"),
        ("spot", "Spot the Dog"),
        ("dave", "Farmer Dave"),
        ("mabel", "Mabel Hatch"),
    ] {
        directory.people.insert(id.into(), contact(name, id));
    }
    directory
        .stakeholders
        .insert("dairy".into(), contact("The dairy next door", "dairy"));
    directory
        .assets
        .insert("run".into(), "The chicken run".into());
    directory.assets.insert("coop".into(), "The coop".into());
    directory.public_numbers.push(PublicNumber {
        label: "On duty".into(),
        number: "+1 555 0100".into(),
    });
    directory
}

fn contact(name: &str, id: &str) -> Contact {
    Contact {
        name: name.into(),
        mail: Some(Text::Plain(format!("{id}@farm.example"))),
        phone: Some(Text::from("+1 555 0199")),
        routes: Vec::new(),
    }
}

pub fn actor(name: &str) -> Actor {
    match name {
        "reporter" => Actor {
            who: Who::Reporter,
            how: How::Open,
        },
        "probe" => Actor {
            who: Who::Service("probe".to_owned()),
            how: How::Token("0123456789abcdef".to_owned()),
        },
        person => Actor::person(&person.into(), How::Session),
    }
}

impl Farm {
    /// Gives a command; it must be carried out.
    pub fn does(&mut self, who: &str, command: &str, mut fields: Value) -> &mut Self {
        fields["command"] = command.into();
        let command = serde_json::from_value(fields).unwrap();
        let order = Order::from(procedure::Command::clone(&command));
        let drafts = decide(&self.case, &self.basis, self.now, &actor(who), &order).unwrap();
        drafts.into_iter().for_each(|draft| self.append(draft));
        self.settle();
        self
    }

    /// The usual beginning.
    pub fn reported(&mut self) -> &mut Self {
        self.does(
            "reporter",
            "report",
            json!({
                "title": "The chickens are escaping",
                "text": "Half the flock is on the road.\nI saw a hole under the fence of the run.",
                "contact": "neighbour@example.org", "phone": "+1 555 0177", "route": "form",
            }),
        )
    }

    /// Moves the clock, letting everything happen on the way.
    pub fn later(&mut self, minutes: i64) -> &mut Self {
        let to = self.now + SignedDuration::from_mins(minutes);
        loop {
            let wake = procedure::agenda(&self.case, &self.basis, self.now).next_wake;
            match wake.filter(|wake| *wake <= to) {
                Some(wake) => {
                    self.now = self.now.max(wake);
                    self.settle();
                }
                None => {
                    self.now = to;
                    return self;
                }
            }
        }
    }

    fn settle(&mut self) {
        loop {
            let drafts = pulse(&self.case, &self.basis, self.now);
            if drafts.is_empty() {
                return;
            }
            drafts.into_iter().for_each(|draft| self.append(draft));
        }
    }

    /// Appends an entry and writes its mails, as the desk does.
    pub fn append(&mut self, draft: Draft) {
        let entry = Entry {
            seq: self.case.seq + 1,
            recorded_at: self.now,
            happened_at: draft.happened_at,
            actor: draft.actor,
            body: draft.body,
        };
        self.case.apply(&entry);
        for notice in notices(&self.case, &self.basis, &entry) {
            let words = self.mail(&entry, &notice);
            let (to, kind) = (notice.to, entry.body.kind());
            self.told.push(Told { to, kind, words });
        }
        self.entries.push(entry);
    }

    /// The mail about a notice.
    pub fn mail(&self, entry: &Entry, notice: &Notice) -> Words {
        let reporter = matches!(notice.to, Recipient::Reporter(_));
        let rings = notice.page && matches!(notice.to, Recipient::Person(_));
        let links = Links {
            case: "https://hen.example/cases/HH-142".to_owned(),
            receipt: reporter.then(|| "https://hen.example/receipt/x7Kq".to_owned()),
            suspicious: "https://hen.example/suspicious".to_owned(),
            act: rings.then(|| "https://hen.example/ack/Zb3v".to_owned()),
        };
        let scene = Scene {
            number: if self.drill { "DR-142" } else { "HH-142" },
            drill: self.drill,
            case: &self.case,
            basis: &self.basis,
            directory: &self.directory,
            entry,
            links: &links,
            head: HEAD,
        };
        mail::words(&scene, notice)
    }

    pub fn log(&self) -> Log<'_> {
        Log::new(&self.case, &self.basis, &self.directory, self.now)
    }

    /// The last mail to somebody: `jane`, `reporter`, `dairy`, `pager`.
    pub fn last_to(&self, who: &str) -> &Words {
        let is = |told: &&Told| name_of(&told.to) == who;
        &self
            .told
            .iter()
            .rfind(is)
            .unwrap_or_else(|| panic!("nothing was told to {who}"))
            .words
    }
}

pub fn name_of(to: &Recipient) -> &str {
    match to {
        Recipient::Person(person) => &person.0,
        Recipient::Stakeholder(id) => &id.0,
        Recipient::Reporter(_) => "reporter",
        Recipient::Pager => "pager",
    }
}

/// A mail as it is compared: with its bare form below.
pub fn show(words: &Words) -> String {
    let Words {
        subject,
        text,
        bare,
    } = words;
    let Bare {
        subject: bare_subject,
        text: bare_text,
        ..
    } = bare;
    format!(
        "Subject: {subject}\n\n{text}\n=== without content ===\nSubject: {bare_subject}\n\n{bare_text}"
    )
}
