//! The sitrep in its form (R43): subject, severity, IC, responders, and prose. Nothing else
//! stands in the head; who works on what, the next time and the link follow the prose.

use jiff::Timestamp;
use procedure::at::At;
use procedure::chapters::commander::Post;
use procedure::chapters::endurance::ShiftAs;
use procedure::chapters::sitreps::{self, Line, Moved, Panel, Part, SitrepPublished};
use procedure::{Recipient, Text};

use super::body::{self, Body};
use super::status::{State, state};
use super::subject::{cut, fixed, nameless};
use super::{Names, Scene, Times, Words, marking, text};

/// The most of a lead or step that its line in the panel says, in characters.
const LINE_LIMIT: usize = 70;
const KNOWN: &str = "What we know";
const DOING: &str = "What we are doing, and who";
const NEED: &str = "What we need";
const OUTSIDE: &str = "What people outside read";

/// A fact at the head of a printed sitrep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Which.
    Number,
    /// When it went out.
    At,
    /// The severity at that moment.
    Severity,
    /// Who commanded.
    Ic,
    /// Who else responded.
    Responders,
    /// When the next one was promised.
    Next,
}

/// The head of a sitrep on paper.
#[must_use]
pub fn facts(names: Names, times: &Times, sitrep: &sitreps::Sitrep) -> Vec<(Fact, String)> {
    let said = &sitrep.said;
    let severity = super::severity(said.severity).to_owned();
    let mut facts = vec![
        (Fact::Number, said.number.to_string()),
        (Fact::At, times.dated(sitrep.mark.at)),
        (Fact::Severity, severity),
        (Fact::Ic, names.person(&said.ic)),
        (Fact::Responders, names.people(&said.responders)),
    ];
    facts.extend(said.next.map(|next| (Fact::Next, times.dated(next))));
    facts.retain(|(_, said)| !said.is_empty());
    facts
}

/// What a sitrep says, part by part, each with its heading; empty where nothing had changed.
#[must_use]
pub fn parts(said: &SitrepPublished) -> Vec<(&'static str, String)> {
    let parts = [
        ("Summary", &said.summary),
        (KNOWN, &said.known),
        (DOING, &said.doing),
        (NEED, &said.need),
        (OUTSIDE, &said.outside),
    ];
    let written = parts.into_iter();
    let written = written.filter_map(|(title, words)| Some((title, words.as_ref()?)));
    written
        .map(|(title, words)| (title, text(words).to_owned()))
        .collect()
}

/// The sitrep, as one recipient reads it.
pub(super) fn words(scene: &Scene, to: &Recipient, said: &SitrepPublished) -> Words {
    let subjects = &scene.basis.playbook.messages.subjects;
    let template = if said.is_final {
        &subjects.final_sitrep
    } else {
        &subjects.sitrep
    };
    let outside = is_outside(scene, to);
    let link = &scene.links.case;
    let subject = match outside {
        true => nameless(scene, template),
        false => fixed(scene, template),
    };
    let text = match outside {
        true => to_outsiders(scene, said),
        false => Body::new(scene)
            .say(head(scene.names(), said))
            .maybe(moved(scene.names(), said))
            .maybe(note(scene, said))
            .maybe(said.summary.as_ref().map(text))
            .maybe(part(KNOWN, said.known.as_ref()))
            .maybe(part(DOING, said.doing.as_ref()))
            .maybe(part(NEED, said.need.as_ref()))
            .say(next(scene, said))
            .maybe(panel(scene, &said.panel))
            .link(&format!("The {}", scene.case.noun()), link),
    };
    let text = text.say(footer(scene, said));
    let number = body::number(scene);
    let wanted = format!("There is a new sitrep of {}.", scene.number);
    let title = format!("[sitrep] {number}");
    let bare = match outside {
        true => body::bare_of_outsiders(scene, &title, &wanted),
        false => body::bare(scene, &title, &wanted, link),
    };
    text.finish(subject, bare)
}

/// What people outside read, which is shorter: how it stands and since when, what was written for them, and when
/// they hear more. Nothing else that anybody wrote: neither the summary nor the reporter's words, no names, no inner
/// work. And no link: the case opens only to those who sign in, and the status page's link is the team's to give.
fn to_outsiders(scene: &Scene, said: &SitrepPublished) -> Body {
    let severity = super::severity(said.severity);
    let (state, since) = state(scene.case);
    let stands = match state {
        State::LookingInto => "We are looking into it",
        State::WorkingOn => "We are working on it",
        State::Contained => "It is contained",
        State::Fixed => "It works again",
        State::Over => "It is over",
        State::NoIncident => "It was no incident",
    };
    Body::new(scene)
        .say(format!(
            "{stands}, since {}.\nSeverity: {severity}",
            scene.times().at(since)
        ))
        .maybe(note(scene, said))
        .maybe(said.outside.as_ref().map(text))
        .say(match promised(scene, said) {
            Some(next) => format!("You hear more by {}.", scene.times().at(next)),
            None => "No further news is planned.".to_owned(),
        })
}

/// The head: three lines, in the words of the example.
fn head(names: Names, said: &SitrepPublished) -> String {
    let severity = super::severity(said.severity);
    let responders = match names.people(&said.responders) {
        none if none.is_empty() => "nobody else yet".to_owned(),
        some => some,
    };
    format!(
        "Severity: {severity}\nIC: {}\nResponders: {responders}",
        names.person(&said.ic)
    )
}

/// Who had a role until now, and who has it (X4).
fn moved(names: Names, said: &SitrepPublished) -> Option<String> {
    let line = |moved: &Moved| {
        let (from, to) = (names.person(&moved.from), names.person(&moved.to));
        match moved.role {
            Post::IncidentCommander => format!("{from} handed command over; {to} is IC now."),
            _ => format!("{from} spoke for the team until now; {to} does from here on."),
        }
    };
    let lines: Vec<String> = said.moved.iter().map(line).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// What sort of sitrep it is, where that is not the usual one.
fn note(scene: &Scene, said: &SitrepPublished) -> Option<String> {
    let sitreps = &scene.case.part.sitreps.sitreps;
    let before = sitreps
        .iter()
        .rev()
        .find(|sitrep| sitrep.said.number < said.number);
    let unchanged = match before {
        Some(before) if said.no_change => {
            format!("No change since {}.", scene.times().at(before.mark.at))
        }
        None if said.no_change => "No change.".to_owned(),
        _ => String::new(),
    };
    let corrects = said
        .correction_of
        .map(|of| format!("This corrects sitrep {of}; please use this one."));
    let closing = said
        .is_final
        .then(|| "This is the final sitrep.".to_owned());
    let said: Vec<String> = [Some(unchanged), corrects, closing]
        .into_iter()
        .flatten()
        .collect();
    let said = said.join(" ");
    (!said.trim().is_empty()).then(|| said.trim().to_owned())
}

fn part(title: &str, words: Option<&Text>) -> Option<String> {
    words.map(|words| format!("{title}:\n{}", text(words)))
}

/// When the next one comes: as promised, else as the cadence asks.
fn promised(scene: &Scene, said: &SitrepPublished) -> Option<Timestamp> {
    let at = At::new(scene.case, scene.basis, scene.entry.recorded_at);
    let due = said.next.or_else(|| sitreps::due(at).map(|next| next.due));
    due.filter(|_| !said.is_final)
}

fn next(scene: &Scene, said: &SitrepPublished) -> String {
    match promised(scene, said) {
        Some(next) => format!("Next sitrep by {}.", scene.times().at(next)),
        None => "No further sitrep is planned.".to_owned(),
    }
}

/// Who works on what (X17).
fn panel(scene: &Scene, panel: &Panel) -> Option<String> {
    let (names, work) = (scene.names(), &scene.case.part.work);
    let team = panel.team.iter();
    let team = team.map(|(person, part)| {
        let posts = panel.posts.get(person).into_iter().flatten();
        let words = std::iter::once(part_word(*part)).chain(posts.map(|post| post_word(*post)));
        let words: Vec<&str> = words.collect();
        format!("  {}: {}", names.person(person), words.join(", "))
    });
    let line = |line: &Line, words: Option<&Text>| {
        let owner = line.owner.as_ref().map(|owner| names.person(owner));
        let owner = owner.unwrap_or_else(|| "nobody yet".to_owned());
        let words = words
            .and_then(Text::plain)
            .map(|words| format!(" {}", cut(words, LINE_LIMIT)));
        format!("  {}{}: {owner}", line.id, words.unwrap_or_default())
    };
    // A lead may be marked more strictly than the sitrep: then only its number is said.
    let may = |id: &str| {
        work.lead(id)
            .filter(|lead| lead.marking <= scene.case.marking())
    };
    let leads = panel
        .leads
        .iter()
        .map(|lead| line(lead, may(&lead.id).map(|lead| &lead.text)));
    let steps = panel
        .steps
        .iter()
        .map(|step| line(step, work.step(&step.id).map(|step| &step.text)));
    let shifts = panel.shifts.iter().map(|shift| {
        let (from, until) = (scene.times().at(shift.from), scene.times().at(shift.until));
        let duty = match shift.duty {
            ShiftAs::Ic => " as IC",
            ShiftAs::Responder => "",
        };
        format!(
            "  On shift {from} to {until}: {}{duty}",
            names.person(&shift.person)
        )
    });
    let lines: Vec<String> = team.chain(leads).chain(steps).chain(shifts).collect();
    (!lines.is_empty()).then(|| format!("Who works on what:\n{}", lines.join("\n")))
}

fn part_word(part: Part) -> &'static str {
    match part {
        Part::IncidentCommander => "Incident Commander",
        Part::Deputy => "deputy",
        Part::Responder => "responder",
    }
}

fn post_word(post: Post) -> &'static str {
    match post {
        Post::IncidentCommander => "Incident Commander",
        Post::Communications => "Communications Officer",
        Post::Responder => "responder",
        Post::Deputy => "deputy",
        Post::Assistant => "assistant of the IC",
        Post::Scribe => "writes things down",
    }
}

/// Whether somebody stands outside the organisation.
pub(super) fn is_outside(scene: &Scene, to: &Recipient) -> bool {
    let Recipient::Stakeholder(id) = to else {
        return false;
    };
    let mut known = scene.basis.project.stakeholders.iter();
    known
        .find(|known| &known.id == id)
        .is_none_or(|known| known.outside)
}

/// Marking, number, and the journal's head, so that each mailbox is a witness.
fn footer(scene: &Scene, said: &SitrepPublished) -> String {
    let head = match scene.head {
        "" => String::new(),
        head => format!("\nJournal entry {}: {head}", scene.entry.seq),
    };
    let sent = scene.times().dated(scene.entry.recorded_at);
    format!(
        "-- \n{}: {}\n{}, sitrep {}, {sent}{head}",
        marking::word(said.marking),
        marking::meaning(said.marking),
        scene.number,
        said.number
    )
}
