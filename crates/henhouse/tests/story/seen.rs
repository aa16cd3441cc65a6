//! Which rules the stories have shown: kept, and broken.

use std::collections::BTreeSet;

use serde_json::Value;

/// Rules by id, as conformance reports showed them.
#[derive(Default)]
pub struct Seen {
    /// Kept.
    pub done: BTreeSet<String>,
    /// Late, waived or missing.
    pub broken: BTreeSet<String>,
}

impl Seen {
    /// Counts what a story saw of one rule.
    pub fn see(&mut self, rule: &str, outcome: &str) {
        match outcome {
            "done" => self.done.insert(rule.to_owned()),
            "late" | "waived" | "missing" => self.broken.insert(rule.to_owned()),
            _ => false,
        };
    }

    /// Counts a whole report.
    pub fn read(&mut self, findings: &[Value]) {
        for finding in findings {
            if let (Some(rule), Some(outcome)) =
                (finding["rule"].as_str(), finding["outcome"].as_str())
            {
                self.see(rule, outcome);
            }
        }
    }

    /// Adds what another story saw.
    pub fn add(&mut self, other: Self) {
        self.done.extend(other.done);
        self.broken.extend(other.broken);
    }
}

/// What no story can show, each with its reason. A reason that no longer holds fails the count:
/// the list can only shrink.
pub struct Exceptions(pub &'static [(&'static str, &'static str)]);

impl Exceptions {
    /// What is wrong with the count: a rule neither seen nor excepted, or excepted and seen.
    pub fn faults<'a>(&'a self, seen: &'a BTreeSet<String>, how: &'a str) -> Vec<String> {
        let excepted = |rule: &str| self.0.iter().any(|(named, _)| *named == rule);
        let every = procedure::Rule::ALL.iter().map(|rule| rule.id());
        let never = every
            .filter(|rule| !seen.contains(*rule) && !excepted(rule))
            .map(|rule| format!("{rule} is never seen {how}"));
        let named = self.0.iter().map(|(rule, _)| *rule);
        let after_all = named
            .filter(|rule| seen.contains(*rule))
            .map(|rule| format!("{rule} is seen {how} after all: take it off the list"));
        never.chain(after_all).collect()
    }
}

/// No story shows these as late, waived or missing.
pub const NEVER_BROKEN: Exceptions = Exceptions(&[
    (
        "R3",
        "a phase cannot be jumped: the commands are refused, and no waiver opens that",
    ),
    (
        "R4",
        "nobody is turned away; a reporter without a name makes it not applicable",
    ),
    (
        "R6",
        "nothing is assessed or ended before somebody has command",
    ),
    (
        "R8",
        "a verdict without a reason is refused, and nothing ends without a verdict",
    ),
    (
        "R9",
        "confirming without a severity is refused, and nothing ends unconfirmed",
    ),
    (
        "R23",
        "no report is turned away; one that fits the definition makes it not applicable",
    ),
    (
        "R24",
        "Henhouse itself looks at the maintenance calendar with each report",
    ),
    (
        "R25",
        "Henhouse itself pages whoever is on call with the report; a gap is the project's, and its own warning",
    ),
    (
        "R27",
        "Henhouse itself makes the calls, and an advancing clock makes each in time",
    ),
    (
        "R28",
        "command has no gap and no overlap, by how it is kept",
    ),
    (
        "R29",
        "a report opens a case or joins one; there is no third way",
    ),
    (
        "R30",
        "nothing comes to rest before a verdict: refused by R3",
    ),
    ("R31", "the noun is derived from the status"),
    (
        "R32",
        "the form is drawn from the case; an IC is there before anything ends",
    ),
    ("R33", "as R9: nothing ends with the severity unknown"),
    (
        "R38",
        "one act sets the status and closes; without a reason it is refused",
    ),
    (
        "R41",
        "one act records all three; without a severity it is refused",
    ),
    (
        "R42",
        "an initial sitrep without summary is refused, and none at all is refused by R3",
    ),
    (
        "R43",
        "the form of a sitrep is drawn by Henhouse; without prose it is refused",
    ),
    (
        "R46",
        "a template helps and never binds: there is nothing to break",
    ),
    ("R49", "a lead without a source is refused"),
    (
        "R57",
        "a good step, and no duty: where none was taken it is not applicable",
    ),
    ("R60", "it permits, at High, and asks for nothing"),
    (
        "R72",
        "Henhouse itself stops calling and reminding at the spin-down",
    ),
    ("R73", "closing without it is refused by R3"),
    (
        "R89",
        "it is how the suggestion is made; a graver choice makes it not applicable",
    ),
    ("R93", "it permits, at High, and asks for nothing"),
    ("R97", "Henhouse itself keeps the hours"),
    ("R100", "no choice is less grave than the Low it suggests"),
    ("R101", "no choice is less grave than the Low it suggests"),
    ("R104", "a report by another way makes it not applicable"),
    (
        "R106",
        "only the team can end a case: everybody else is refused",
    ),
    (
        "R107",
        "the questions are on every way in; a report of anything else makes it not applicable",
    ),
    ("R108", "the answer is the report: any yes opens the event"),
    (
        "R111",
        "a mail that nobody acted upon opens no event, see tests/phishing.rs",
    ),
    (
        "R112",
        "a mail in the spam folder opens no event, see tests/phishing.rs",
    ),
    (
        "R114",
        "Henhouse itself reads the subject, and opens in time what waited; see tests/mail_in",
    ),
    (
        "R115",
        "Henhouse itself keeps the mail before it reads it; see tests/phishing.rs",
    ),
    (
        "R116",
        "no way to be reached is allowed, and makes it not applicable",
    ),
    (
        "R120",
        "what loses memory is refused below High without that word, and no story stops a machine at High",
    ),
    ("R122", "Henhouse itself raises the flag with the sign"),
    (
        "R123",
        "it is how the suggestion is made; a human may choose otherwise",
    ),
    (
        "X5",
        "Henhouse itself withholds from outsiders what somebody else wrote",
    ),
    ("X9", "a theory that claims a deed is refused"),
    (
        "X14",
        "whoever does not use the template makes it not applicable",
    ),
    ("X17", "Henhouse itself draws the panel into each sitrep"),
    ("X24", "activation by anybody else is refused"),
    ("X37", "reopening without a reason is refused"),
    (
        "X42",
        "what stands after a false alarm stays owed, and open, until somebody deals with it",
    ),
]);

/// No story shows these as kept.
pub const NEVER_DONE: Exceptions = Exceptions(&[
    (
        "R111",
        "a mail that nobody acted upon opens no event, see tests/phishing.rs",
    ),
    (
        "R112",
        "a mail in the spam folder opens no event, see tests/phishing.rs",
    ),
    ("R114", "no story begins with a mail, see tests/mail_in"),
    ("R115", "no story begins with a mail, see tests/phishing.rs"),
]);
