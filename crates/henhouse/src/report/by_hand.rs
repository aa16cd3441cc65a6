//! How each act is given on a command line, with its fields, ready to be changed and sent: for pages
//! that cannot do it, for mails, and for whoever forgot a field at three in the morning.
//!
//! What is printed for a person is what that person can send now: each line is tried on the case before it is
//! printed. What only a human can say stands in it as a question. Where it would be refused, the line that leads there is printed in its place, and none where there
//! is nothing for them to do but to wait.

mod about;
mod choices;
mod examples;
mod slots;

use jiff::Timestamp;
use procedure::at::At;
use procedure::{
    Actor, Basis, Case, Command, How, Missing, Obligation, Order, PersonId, Refusal, decide,
};
use serde_json::Value;

use super::forms;
use super::typed::{self, REMARK};
pub use choices::{fits_lead, fits_step};
#[cfg(test)]
pub use examples::answered;
pub use examples::{EXAMPLES, fields, printed};
use slots::Slots;

/// So many lines lead to the one that is wanted, at most.
const STEPS: usize = 5;

/// An act with its fields: the line of a command line is printed from it, and a form begins with what
/// it knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByHand {
    /// The command.
    pub command: String,
    slots: Slots,
    /// The other choices, for whoever reads the line.
    remark: Option<String>,
}

impl ByHand {
    /// The act as it is usually given; nothing in it is known of any case.
    #[must_use]
    pub fn usual(command: &str) -> Self {
        Self {
            command: command.to_owned(),
            slots: Slots::example(fields(command)),
            remark: None,
        }
    }

    /// The act about something: its fields with their values, each a single word.
    #[must_use]
    pub fn about(command: &str, fields: &[(&str, &str)]) -> Self {
        let mut act = Self::usual(command);
        for (name, value) in fields {
            act.slots.put(name, *value);
        }
        act
    }

    /// The act that settles what is owed.
    #[must_use]
    pub fn settling(case: &Case, basis: &Basis, owed: &Obligation) -> Option<Self> {
        let command = owed.settle_with?;
        Some(Self::of_case(command, &owed.key, case, basis))
    }

    /// The act that settles one of the things that stand in the way.
    #[must_use]
    pub fn lacking(case: &Case, basis: &Basis, missing: &Missing) -> Self {
        let about = missing.about.as_deref().unwrap_or_default();
        Self::of_case(&missing.settle_with, about, case, basis)
    }

    /// The act about what is open in this case.
    #[must_use]
    pub fn about_what_is_open(case: &Case, basis: &Basis, command: &str) -> Self {
        Self::open(case, basis, command, "")
    }

    fn open(case: &Case, basis: &Basis, command: &str, key: &str) -> Self {
        let mut act = Self::of_case(command, key, case, basis);
        // What is chosen for somebody is sent unread: only where there is nothing else to choose, and no harm in it.
        let harmless = forms::find(command).is_none_or(|form| !form.grave);
        for ids in choices::open_ids(case, command) {
            match ids.as_slice() {
                [] => {}
                [only] if harmless => act.with_ids([only.as_str()]),
                [first, ..] => act.with_example(first),
            }
        }
        act
    }

    /// The whole line, to be changed and sent.
    #[must_use]
    pub fn line(&self, number: &str) -> String {
        if self.command == "acknowledge" {
            return format!("henhouse ack {number}");
        }
        let slots = self.slots.clone().asking(&self.command);
        let line = format!(
            "henhouse case do {number} {} {}",
            self.command,
            slots.line()
        );
        match &self.remark {
            Some(remark) => format!("{line}   {REMARK} {remark}"),
            None => line.trim_end().to_owned(),
        }
    }

    /// The line with a blank for whatever is not known, such as `reason="<reason>"`: nothing in it is invented. Of each
    /// blank its field, what is written, and whether it is wanted even where it is not usually given.
    #[must_use]
    pub fn blank_line(&self, number: &str, blanks: &[(&str, String, bool)]) -> String {
        let mut slots = self.slots.clone();
        for (name, written, always) in blanks {
            slots.blank(name, written, *always);
        }
        let line = format!(
            "henhouse case do {number} {} {}",
            self.command,
            slots.line()
        );
        line.trim_end().to_owned()
    }

    /// The one person whom it is about.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        let (_, who) = self.known().find(|(name, _)| *name == "person")?;
        who.as_str().map(PersonId::from)
    }

    /// It begins a step, and with it a disruption that waits for that.
    #[must_use]
    pub fn begins_a_disruption(&self, case: &Case) -> bool {
        let mut known = self.known().filter(|_| self.command == "start_step");
        let step = known.find(|(name, _)| *name == "step");
        let step = step.and_then(|(_, step)| step.as_str().map(str::to_owned));
        let mut all = case.part.disruption.disruptions.iter();
        step.is_some_and(|step| all.any(|one| one.is_waiting() && one.steps.contains(&step)))
    }

    /// What is known of its fields, as the API takes them.
    pub fn known(&self) -> impl Iterator<Item = (&str, Value)> {
        self.slots.known()
    }
}

/// Somebody at a command line, before a case as it stands.
#[derive(Clone, Copy)]
pub struct Hand<'a> {
    /// The number that people say, such as `HH-142`.
    pub number: &'a str,
    /// The case.
    pub case: &'a Case,
    /// Its basis.
    pub basis: &'a Basis,
    /// Case time.
    pub now: Timestamp,
    /// Who would send the line. What is owed is else sent by whoever owes it.
    pub person: Option<&'a PersonId>,
}

impl Hand<'_> {
    /// The line that settles what is owed or leads there, with the numbers and the people of this very case:
    /// for whoever owes it, the one who asks if they do.
    #[must_use]
    pub fn settle(&self, owed: &Obligation) -> Option<String> {
        let command = owed.settle_with?;
        let people = self.at().asked(owed);
        let asks = self.person.filter(|person| people.contains(person));
        let owner = asks.or(people.first());
        match owner {
            Some(person) => self.of(person).leading(command, &owed.key, STEPS),
            None => Some(self.line(command, &owed.key)),
        }
    }

    /// The line that settles one of the things that stand in the way of `wanted`; what is wanted itself is
    /// printed as it is sent in the end.
    #[must_use]
    pub fn missing(&self, missing: &Missing, wanted: &str) -> Option<String> {
        let command = missing.settle_with.as_str();
        let about = missing.about.as_deref().unwrap_or_default();
        if command == wanted || self.person.is_none() {
            return Some(self.line(command, about));
        }
        self.leading(command, about, STEPS)
    }

    /// The line of a command about what is open in this case, for whoever left out a field or named something
    /// else; what they have said of it stays. Nothing where it takes no fields.
    #[must_use]
    pub fn example(&self, command: &str, said: &Value) -> Option<String> {
        if fields(command).is_empty() {
            return None;
        }
        let question = said["question"].as_str();
        let question = question.filter(|_| command == "answer_question");
        let key = question.map(|question| format!("question:{question}"));
        let act = ByHand::open(self.case, self.basis, command, &key.unwrap_or_default());
        Some(act.line(self.number))
    }

    fn at(&self) -> At<'_> {
        At::new(self.case, self.basis, self.now)
    }

    fn of<'b>(&'b self, person: &'b PersonId) -> Hand<'b> {
        Hand {
            person: Some(person),
            ..*self
        }
    }

    fn line(&self, command: &str, about: &str) -> String {
        ByHand::of_case(command, about, self.case, self.basis).line(self.number)
    }

    /// The line, if this person can send it now; else the first of those that lead there which they can.
    fn leading(&self, command: &str, about: &str, steps: usize) -> Option<String> {
        let act = ByHand::of_case(command, about, self.case, self.basis);
        let said = |person| choices::has_said(&act, self.at(), person);
        if self.person.is_some_and(said) {
            return None;
        }
        let refused = match self.tried(&act) {
            Ok(()) => return Some(act.line(self.number)),
            Err(refused) => refused?,
        };
        let alone = act.alone();
        if let Some(act) = alone.filter(|act| self.tried(act).is_ok()) {
            return Some(act.line(self.number));
        }
        if steps == 0 {
            return None;
        }
        let next = |missing: &Missing| {
            let about = missing.about.as_deref().unwrap_or_default();
            self.leading(&missing.settle_with, about, steps - 1)
        };
        refused.missing.iter().find_map(next)
    }

    /// What would become of it; nothing to say where it cannot be read.
    fn tried(&self, act: &ByHand) -> Result<(), Option<Box<Refusal>>> {
        let person = self.person.ok_or(None)?;
        let words = typed::parted(&act.slots.line());
        let mut body = typed::fields(&words).map_err(|_| None)?;
        let names = typed::unread_times(&mut body);
        let zone = self.basis.project.calendar.rules();
        typed::read_times(&mut body, names, self.now, zone).map_err(|_| None)?;
        body.insert("command".to_owned(), act.command.as_str().into());
        let command: Command = serde_json::from_value(body.into()).map_err(|_| None)?;
        let (actor, order) = (Actor::person(person, How::Session), Order::from(command));
        let decided = decide(self.case, self.basis, self.now, &actor, &order);
        decided.map(drop).map_err(|refused| Some(Box::new(refused)))
    }
}

/// The whole line about these numbers, such as `D-2`, as it is usually written.
#[must_use]
pub fn line_about(number: &str, command: &str, ids: &[&str]) -> String {
    let mut act = ByHand::usual(command);
    act.with_ids(ids.iter().copied());
    act.line(number)
}

/// The whole line as it is usually written, to be changed and sent.
#[must_use]
pub fn line(number: &str, command: &str) -> String {
    ByHand::usual(command).line(number)
}
