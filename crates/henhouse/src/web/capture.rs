//! The capture line: one box for everything that is written down in a hurry. `!` is a lead, `-` a step,
//! `+` evidence, `@` asks somebody in, `#` a decision; anything else is a note. A name that nobody has is said. Understood here, so that
//! it works without a script.

/// What somebody wrote into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Captured {
    /// A note, as it was written.
    Note,
    /// An act: the command, and its fields.
    Act(&'static str, Vec<(&'static str, String)>),
    /// It names somebody who is not there: the name. Whoever wrote it must not believe that they were asked.
    Nobody(String),
}

/// What people write behind a mark who take the hint by its word, and what it stands for.
const NAMED: [(char, [&str; 2]); 4] = [
    ('!', ["lead ", "spur "]),
    ('-', ["step ", "schritt "]),
    ('+', ["evidence ", "beweis "]),
    ('#', ["decision ", "entscheidung "]),
];

/// Somebody who can be named: their id, and what they are called.
pub type Person = (String, String);

/// Reads a line. `by` is the name of whoever writes it: where a lead comes from, if nobody says.
#[must_use]
pub fn read(line: &str, people: &[Person], by: &str) -> Captured {
    let line = line.trim();
    let mut letters = line.chars();
    let (mark, rest) = (letters.next(), letters.as_str());
    // "- milk" is a list, "+1 555" a number, "#" alone nothing: a mark stands at its word.
    let at_its_word = rest.starts_with(|c: char| c.is_alphabetic());
    if !at_its_word {
        return Captured::Note;
    }
    let rest = mark.map_or(rest, |mark| without_name(mark, rest));
    let (words, owner) = owned(rest, people);
    if matches!(mark, Some('!' | '-'))
        && owner.is_none()
        && let Some(name) = strange_owner(rest)
    {
        return Captured::Nobody(name);
    }
    let mut fields = vec![("text", words)];
    fields.extend(owner.map(|owner| ("owner", owner)));
    match mark {
        Some('!') => {
            fields.push(("source", by.to_owned()));
            Captured::Act("add_lead", fields)
        }
        Some('-') => Captured::Act("add_step", fields),
        Some('#') => {
            let fields = vec![("text", rest.to_owned()), ("kind", "decision".to_owned())];
            Captured::Act("record_fact", fields)
        }
        Some('+') => Captured::Act("add_exhibit", vec![("label", rest.to_owned())]),
        Some('@') => match named(rest, people) {
            Some((person, message)) => {
                let mut fields = vec![("person", person)];
                if !message.is_empty() {
                    fields.push(("message", message));
                }
                Captured::Act("call_in", fields)
            }
            None => Captured::Nobody(first_word(rest)),
        },
        _ => Captured::Note,
    }
}

/// `!lead paw prints` is as good as `!paw prints`.
fn without_name(mark: char, words: &str) -> &str {
    let names = NAMED.iter().find(|(one, _)| *one == mark);
    let lower = words.to_lowercase();
    let written = names.and_then(|(_, names)| names.iter().find(|name| lower.starts_with(**name)));
    let rest = written
        .and_then(|name| words.get(name.len()..))
        .map(str::trim_start);
    rest.filter(|rest| !rest.is_empty()).unwrap_or(words)
}

/// The name at the end, where it looks like one.
fn strange_owner(words: &str) -> Option<String> {
    let (_, name) = words.rsplit_once(" @")?;
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    is_name.then(|| name.to_owned())
}

fn first_word(words: &str) -> String {
    let ends = |c: char| !(c.is_alphanumeric() || c == '_' || c == '-');
    words.split(ends).next().unwrap_or_default().to_owned()
}

/// `Renew the key @jane` is Jane's.
fn owned(words: &str, people: &[Person]) -> (String, Option<String>) {
    if let Some((before, name)) = words.rsplit_once(" @")
        && let Some((person, rest)) = named(name, people)
        && rest.is_empty()
    {
        return (before.trim_end().to_owned(), Some(person));
    }
    (words.to_owned(), None)
}

/// The person whom the words begin with, by id, whole name or first name, and what follows.
fn named(words: &str, people: &[Person]) -> Option<(String, String)> {
    let lower = words.to_lowercase();
    let begins = |name: &str| {
        let rest = lower.strip_prefix(&name.to_lowercase())?;
        let ends = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        ends.then(|| words.len() - rest.len())
    };
    let mut best: Option<(usize, &str)> = None;
    for (id, name) in people {
        let first = name.split(' ').next().unwrap_or_default();
        for called in [id.as_str(), name.as_str(), first] {
            if let Some(length) = begins(called).filter(|_| !called.is_empty())
                && best.is_none_or(|(so_far, _)| length > so_far)
            {
                best = Some((length, id));
            }
        }
    }
    let (length, id) = best?;
    let rest = words.get(length..).unwrap_or_default();
    let rest = rest.trim_start_matches([',', ':']).trim();
    Some((id.to_owned(), rest.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> Vec<Person> {
        let person = |id: &str, name: &str| (id.to_owned(), name.to_owned());
        vec![
            person("jane", "Jane Doe"),
            person("dave", "Farmer Dave"),
            person("jan", "Jan"),
        ]
    }

    fn act(line: &str) -> Option<(&'static str, Vec<(&'static str, String)>)> {
        match read(line, &people(), "Spot") {
            Captured::Act(command, fields) => Some((command, fields)),
            Captured::Note | Captured::Nobody(_) => None,
        }
    }

    fn fields(pairs: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
        let pairs = pairs
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        pairs.collect()
    }

    #[test]
    fn a_mark_at_its_word_says_what_it_is() {
        let lead = fields(&[("text", "paw prints"), ("owner", "jan"), ("source", "Spot")]);
        assert_eq!(act("!paw prints @jan"), Some(("add_lead", lead)));
        let step = fields(&[("text", "mend the fence"), ("owner", "dave")]);
        assert_eq!(
            act("-mend the fence @Farmer Dave"),
            Some(("add_step", step))
        );
        let decided = fields(&[("text", "we wait"), ("kind", "decision")]);
        assert_eq!(act("#we wait"), Some(("record_fact", decided)));
        let shown = fields(&[("label", "photo of the hole")]);
        assert_eq!(act("+photo of the hole"), Some(("add_exhibit", shown)));
        let asked = fields(&[("person", "jane"), ("message", "bring a lamp")]);
        assert_eq!(act("@Jane Doe: bring a lamp"), Some(("call_in", asked)));
    }

    #[test]
    fn everything_else_is_a_note() {
        for line in ["a note", "- a list", "+1 555 0100", "# 3", "!", ""] {
            assert_eq!(read(line, &people(), "Spot"), Captured::Note, "{line}");
        }
    }

    #[test]
    fn somebody_who_is_not_there_is_named() {
        for (line, name) in [
            ("@nobody here", "nobody"),
            ("@janet is in", "janet"),
            ("-mend it @zoe", "zoe"),
            ("!paw prints @zoe", "zoe"),
        ] {
            let nobody = Captured::Nobody(name.to_owned());
            assert_eq!(read(line, &people(), "Spot"), nobody, "{line}");
        }
    }

    #[test]
    fn the_hint_taken_by_its_word_says_the_same() {
        for (line, same) in [
            ("!lead paw prints", "!paw prints"),
            ("-Step mend it @jan", "-mend it @jan"),
            ("#Entscheidung we wait", "#we wait"),
            ("+evidence photo", "+photo"),
        ] {
            assert_eq!(act(line), act(same), "{line}");
        }
        let alone = fields(&[("text", "lead"), ("source", "Spot")]);
        assert_eq!(act("!lead"), Some(("add_lead", alone)));
    }

    #[test]
    fn a_name_in_the_middle_is_part_of_the_words() {
        let step = fields(&[("text", "ask @jane about it")]);
        assert_eq!(act("-ask @jane about it"), Some(("add_step", step)));
    }
}
