//! What the columns of a pasted table mean, and each of its rows as a line of the contact sheet, or what is wrong with it.
//! The first row may name the columns, in English or German; without names they are known by what stands in them.

use std::collections::{BTreeMap, BTreeSet};

use procedure::PersonId;
use procedure::basis::Role;

use super::csv::Row;
use super::person::{Line, word_of};
use super::sheet::ROLES;
use crate::web::words::Words;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Id,
    Name,
    Mail,
    Phone,
    Routes,
    Roles,
    Skills,
}

/// A row as it is understood.
#[derive(Debug)]
pub(super) struct Understood {
    pub row: Row,
    /// Its own id, where the table has one.
    pub id: Option<PersonId>,
    pub line: Line,
    /// It says what they are; else somebody who is known stays what they are.
    pub says_roles: bool,
    /// What is wrong, a sentence each.
    pub wrong: Vec<String>,
}

/// The longest cell, in characters: a name, an address, a few roles.
const CELL_LIMIT: usize = 200;

/// The rows of a table, each understood or with what is wrong; and its first row, where that names the columns.
pub(super) fn understood(w: Words, mut rows: Vec<Row>) -> (Vec<Understood>, Option<Row>) {
    let named = rows
        .first()
        .map(|row| named(&row.cells))
        .unwrap_or_default();
    let head = (!named.is_empty()).then(|| rows.remove(0));
    let columns = if head.is_some() {
        named
    } else {
        guessed(&rows)
    };
    let mut all: Vec<Understood> = rows.into_iter().map(|row| one(w, &columns, row)).collect();
    twice(w, &mut all);
    (all, head)
}

/// The columns that a first row names. Two of them make it one.
fn named(cells: &[String]) -> BTreeMap<Column, usize> {
    let mut columns = BTreeMap::new();
    for (at, cell) in cells.iter().enumerate() {
        let column =
            match cell.to_lowercase().as_str() {
                "person" | "id" | "login" | "kürzel" => Column::Id,
                "name" | "who" | "full name" | "display name" => Column::Name,
                "mail" | "email" | "e-mail" | "email address" | "mail address"
                | "e-mail-adresse" => Column::Mail,
                "phone" | "telephone" | "mobile" | "phone number" | "telefon" | "handy"
                | "mobil" => Column::Phone,
                "routes" | "route" | "wege" | "weg" => Column::Routes,
                "roles" | "role" | "rolle" | "rollen" => Column::Roles,
                "skills" | "skill" | "kenntnisse" => Column::Skills,
                _ => continue,
            };
        columns.entry(column).or_insert(at);
    }
    if columns.len() > 1 || (cells.len() == 1 && columns.len() == 1) {
        columns
    } else {
        BTreeMap::new()
    }
}

/// The columns by what stands in them: an `@` is mail, a `+` with digits a telephone, known words are roles, and the
/// first that is none of these is the name.
fn guessed(rows: &[Row]) -> BTreeMap<Column, usize> {
    let width = rows
        .iter()
        .map(|row| row.cells.len())
        .max()
        .unwrap_or_default();
    let mut columns = BTreeMap::new();
    for at in 0..width.min(16) {
        let cells: Vec<&str> = rows
            .iter()
            .take(50)
            .filter_map(|row| Some(row.cells.get(at)?.as_str()))
            .collect();
        let most = |is: &dyn Fn(&str) -> bool| {
            let said = cells.iter().filter(|cell| !cell.is_empty()).count();
            said > 0 && cells.iter().filter(|cell| is(cell)).count() * 2 > said
        };
        let column = if most(&|cell| cell.contains('@')) {
            Column::Mail
        } else if most(&|cell| cell.chars().filter(char::is_ascii_digit).count() > 5) {
            Column::Phone
        } else if most(&|cell| {
            !cell.is_empty() && words(cell).iter().all(|word| role(word).is_some())
        }) {
            Column::Roles
        } else {
            Column::Name
        };
        columns.entry(column).or_insert(at);
    }
    columns
}

fn one(w: Words, columns: &BTreeMap<Column, usize>, row: Row) -> Understood {
    let cell = |column| {
        let at = columns.get(&column).copied();
        at.and_then(|at| row.cells.get(at))
            .cloned()
            .unwrap_or_default()
    };
    let mut wrong = Vec::new();
    let (roles, strange) = roles(&cell(Column::Roles));
    let says_roles = !cell(Column::Roles).is_empty();
    let skills = cell(Column::Skills);
    let skills = skills
        .split([',', ';', '/'])
        .map(str::trim)
        .filter(|skill| !skill.is_empty());
    let line = Line {
        name: cell(Column::Name),
        mail: cell(Column::Mail),
        phone: cell(Column::Phone),
        routes: cell(Column::Routes),
        roles,
        skills: skills.map(str::to_owned).collect(),
    };
    let id = Some(cell(Column::Id)).filter(|id| !id.is_empty());
    if row.torn {
        wrong.push(w.say("people-line-quote").into_owned());
    }
    if row.raw.contains(char::REPLACEMENT_CHARACTER) {
        wrong.push(w.say("people-line-letters").into_owned());
    }
    if row
        .cells
        .iter()
        .any(|cell| cell.chars().count() > CELL_LIMIT)
    {
        wrong.push(w.with("people-line-long", "n", CELL_LIMIT).into());
        return Understood {
            id: None,
            line: Line::default(),
            says_roles,
            row,
            wrong,
        };
    }
    if line.name.is_empty() {
        wrong.push(w.say("people-line-name").into_owned());
    }
    // A phone number begins with a plus; nothing else of a sheet begins as a spreadsheet's formula does.
    let texts = [&line.name, &line.mail, &line.routes, &cell(Column::Id)];
    if texts
        .iter()
        .any(|text| text.starts_with(['=', '+', '-', '@', '\t']))
    {
        wrong.push(w.say("people-line-formula").into_owned());
    }
    wrong.extend(line.wrong().into_iter().map(|(_, words)| words));
    for word in strange {
        let known = ROLES.map(|role| word_of(role).replace('_', " ")).join(", ");
        wrong.push(
            w.with("people-line-role", "word", word)
                .and("known", known)
                .into(),
        );
    }
    Understood {
        id: id.map(PersonId),
        line,
        says_roles,
        row,
        wrong,
    }
}

/// The roles that a cell names, a responder where it names none; and the words that are none.
fn roles(cell: &str) -> (BTreeSet<Role>, Vec<String>) {
    let (mut known, mut strange) = (BTreeSet::new(), Vec::new());
    for word in words(cell) {
        match role(&word) {
            Some(role) => drop(known.insert(role)),
            None => strange.push(word),
        }
    }
    if known.is_empty() && strange.is_empty() {
        known.insert(Role::Responder);
    }
    (known, strange)
}

/// The words of a cell of roles: parted by commas and the like where there are any, else by blanks.
fn words(cell: &str) -> Vec<String> {
    let apart = [',', ';', '/', '|', '+'];
    let plain = cell.to_lowercase();
    let whole = role(plain.trim()).is_some();
    let parts: Vec<&str> = match (whole, plain.contains(apart)) {
        (true, _) => vec![plain.trim()],
        (false, true) => plain.split(apart).collect(),
        (false, false) => plain.split_whitespace().collect(),
    };
    let parts = parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

fn role(word: &str) -> Option<Role> {
    Some(match word.replace(['_', '-'], " ").as_str() {
        "responder" | "helfer" | "einsatz" | "on call" => Role::Responder,
        "decider" | "lead" | "entscheider" | "entscheiderin" => Role::Decider,
        "project manager" | "pm" | "projektleitung" | "projektleiter" | "projektleiterin" => {
            Role::ProjectManager
        }
        "product owner" | "po" => Role::ProductOwner,
        "security" | "security team" | "sicherheit" => Role::Security,
        "communications" | "communications officer" | "comms" | "kommunikation" => {
            Role::Communications
        }
        "reviewer" | "prüfer" | "prüferin" => Role::Reviewer,
        "observer" | "beobachter" | "beobachterin" => Role::Observer,
        _ => return None,
    })
}

/// Says where one person stands in two lines: the later one is wrong.
fn twice(w: Words, all: &mut [Understood]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for one in all {
        let mail =
            (!one.line.mail.is_empty()).then(|| format!("mail {}", one.line.mail.to_lowercase()));
        let keys = [one.id.as_ref().map(|id| format!("id {}", id.0)), mail];
        for key in keys.into_iter().flatten() {
            match seen.get(&key) {
                Some(first) => one
                    .wrong
                    .push(w.with("people-line-twice", "line", *first).into()),
                None => drop(seen.insert(key, one.row.line)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::csv::rows;
    use super::*;

    fn read(text: &str) -> Vec<Understood> {
        understood(Words::default(), rows(text)).0
    }

    #[test]
    fn columns_are_known_by_their_names_or_by_what_stands_in_them() {
        for text in [
            "Telefon;E-Mail;Name;Rolle\n+1 555 0100;jane@example.org;Jane Doe;PM, responder",
            "Jane Doe\tjane@example.org\t+1 555 0100\tpm/responder",
        ] {
            let all = read(text);
            let line = &all[0].line;
            assert_eq!(
                (all.len(), line.name.as_str(), line.mail.as_str()),
                (1, "Jane Doe", "jane@example.org"),
                "{text}"
            );
            assert_eq!(line.phone, "+1 555 0100");
            assert_eq!(line.roles, [Role::Responder, Role::ProjectManager].into());
            assert!(all[0].wrong.is_empty(), "{:?}", all[0].wrong);
        }
    }

    #[test]
    fn what_is_wrong_with_a_line_is_said_and_nothing_else_of_the_table_suffers() {
        let text = "name,mail,phone,roles\n\
            Jane,jane@example.org,+1 555 0100,responder\n\
            =cmd|' /C calc'!A0,x@example.org,,responder\n\
            ,nobody@example.org,,\n\
            Bob,bob(at)example.org,555 0100,captain\n\
            Jo,JANE@example.org,,\n\
            J\u{fffd}rgen,j@example.org,,\n";
        let wrong: Vec<usize> = read(text).iter().map(|one| one.wrong.len()).collect();
        assert_eq!(wrong, [0, 1, 1, 3, 1, 1]);
    }
}
