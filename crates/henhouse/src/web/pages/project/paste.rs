//! `/projects/{slug}/paste`: a contact sheet pasted as a table. First it is checked: each line says what would become of
//! it, each wrong one what is wrong, and all of it stays in the box. Then its people are taken in; lines that are still
//! wrong stay in the box and lose nobody else their place.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use procedure::PersonId;
use procedure::basis::Member;

use super::columns::{Understood, understood};
use super::draft::{Draft, Everybody, mark};
use super::person::{Line, put};
use super::{Opened, csv};
use crate::report::Names;
use crate::web::Call;
use crate::web::pages::frame::{self, Frame};
use crate::web::pages::input::{Input, Look};
use crate::web::registry::Answer;
use crate::web::words::{Words, key};

/// A sheet holds no more people.
const LINES: usize = 500;
/// So many bytes of a form are read: ten thousand lines, so that they are answered and not cut off.
const BYTES: usize = 4 * 1024 * 1024;

#[derive(Template)]
#[template(path = "sheet_paste.html")]
struct PastePage {
    frame: Frame,
    slug: String,
    fields: Vec<Input>,
    /// The mark of what was checked; empty for nothing.
    checked: String,
    /// What was just done.
    done: Option<String>,
    /// What would become of each line that is right.
    right: Vec<(usize, String, String)>,
    /// What is wrong with the others.
    wrong: Vec<(usize, String, Vec<String>)>,
    /// Who would come off the sheet.
    off: String,
    /// The right ones can be taken in.
    take: Option<String>,
}

/// What was pasted, as it is understood.
#[derive(Default)]
struct Pasted {
    text: String,
    replace: bool,
    lines: Vec<Understood>,
    /// The row that names the columns, as it came.
    head: String,
    /// Whoever is known already.
    everybody: Everybody,
}

impl Pasted {
    fn right(&self) -> impl Iterator<Item = &Understood> {
        self.lines.iter().filter(|line| line.wrong.is_empty())
    }

    fn wrong(&self) -> impl Iterator<Item = &Understood> {
        self.lines.iter().filter(|line| !line.wrong.is_empty())
    }

    fn mark(&self) -> String {
        mark(&(&self.text, self.replace))
    }

    /// The lines that are wrong, to go on with.
    fn left(&self) -> String {
        let wrong = self.wrong().map(|line| line.row.raw.as_str());
        let head = (!self.head.is_empty()).then_some(self.head.as_str());
        head.into_iter().chain(wrong).collect::<Vec<_>>().join("\n")
    }
}

/// Shows the empty box.
pub(super) async fn show(call: Call) -> Answer {
    let opened = Opened::of(&call).await?;
    let frame = opened.frame(&call, "people-paste", "people");
    page(&call, &opened, 200, frame, (&Pasted::default(), None))
}

/// Checks what was pasted, or takes it in.
pub(super) async fn check(mut call: Call) -> Answer {
    let fields = call.form_up_to(BYTES).await?.without_nul()?;
    let opened = Opened::of(&call).await?;
    let (w, frame) = (call.words(), opened.frame(&call, "people-paste", "people"));
    let text = fields
        .get("table")
        .unwrap_or_default()
        .replace("\r\n", "\n");
    let rows = csv::rows(&text);
    let mut pasted = Pasted {
        text,
        replace: fields.get("mode") == Some("replace"),
        everybody: Everybody::of(&call).await?,
        ..Pasted::default()
    };
    if rows.is_empty() || rows.len() > LINES + 1 {
        let words = match rows.len() {
            0 => w.say("people-paste-empty").into_owned(),
            n => w
                .with("people-paste-long", "n", n)
                .and("most", LINES)
                .into(),
        };
        return page(
            &call,
            &opened,
            422,
            frame.wrong("table", words),
            (&pasted, None),
        );
    }
    let (lines, head) = understood(w, rows);
    (pasted.lines, pasted.head) = (lines, head.map_or_else(String::new, |head| head.raw));
    let seen = fields.get("checked") == Some(&*pasted.mark());
    if fields.get("act") == Some("take") && seen {
        return take(&call, &opened, frame, pasted).await;
    }
    let status = if pasted.wrong().next().is_some() {
        422
    } else {
        200
    };
    page(&call, &opened, status, frame, (&pasted, None))
}

async fn take(call: &Call, opened: &Opened, frame: Frame, pasted: Pasted) -> Answer {
    let w = call.words();
    let all_right = pasted.wrong().next().is_none();
    if pasted.right().next().is_none() || (pasted.replace && !all_right) {
        return page(call, opened, 422, frame, (&pasted, None));
    }
    let mut draft = Draft::of(opened);
    let mut named = Vec::new();
    for (_, id, whole) in placed(opened, &pasted) {
        put(&mut draft, id.clone(), &whole);
        named.push(id);
    }
    if pasted.replace {
        only(&mut draft, &named);
    }
    match draft.keep(call, opened).await {
        Err(problem) if matches!(problem.status, 409 | 422) => {
            let frame = frame.wrong("table", problem.detail);
            return page(call, opened, 422, frame, (&pasted, None));
        }
        kept => drop(kept?),
    }
    if all_right {
        return Ok(frame::lead_to(&format!(
            "/projects/{}?done=pasted",
            opened.slug()
        )));
    }
    // What is wrong stays in the box, to be mended.
    let (n, left) = (named.len(), pasted.wrong().count());
    let done = w.with("people-paste-done", "n", n).and("left", left).into();
    let opened = Opened::of(call).await?;
    let left = Pasted {
        text: pasted.left(),
        head: pasted.head.clone(),
        replace: false,
        everybody: pasted.everybody,
        lines: pasted
            .lines
            .into_iter()
            .filter(|line| !line.wrong.is_empty())
            .collect(),
    };
    page(call, &opened, 200, frame, (&left, Some(done)))
}

/// The sheet has these people and no others, in this order.
fn only(draft: &mut Draft, named: &[PersonId]) {
    let project = &mut draft.project;
    let mut members: BTreeMap<PersonId, Member> = project
        .roster
        .drain(..)
        .map(|member| (member.person.clone(), member))
        .collect();
    project.roster = named
        .iter()
        .filter_map(|person| members.remove(person))
        .collect();
    project.on_call.retain(|duty| named.contains(&duty.person));
    project.second_chain.retain(|person| named.contains(person));
}

/// Each line that is right with whose it is, and what they are then: what an empty cell does not say stays.
fn placed<'a>(opened: &Opened, pasted: &'a Pasted) -> Vec<(&'a Understood, PersonId, Line)> {
    let people = &opened.state.directory.people;
    let mut given: BTreeSet<PersonId> = BTreeSet::new();
    let mut all = Vec::new();
    for line in pasted.right() {
        let known = line.id.clone().or_else(|| meant(opened, &line.line));
        let id = known.filter(|id| !given.contains(id)).unwrap_or_else(|| {
            let taken = |id: &PersonId| people.contains_key(id) || given.contains(id);
            let Line { name, mail, .. } = &line.line;
            pasted.everybody.id(name, mail, taken)
        });
        given.insert(id.clone());
        let mut whole = line.line.clone();
        if let Some(member) = opened.facts.member(&id) {
            let before = Line::of(opened, member);
            let or = |new: String, old: String| if new.is_empty() { old } else { new };
            whole.mail = or(whole.mail, before.mail);
            whole.phone = or(whole.phone, before.phone);
            whole.routes = or(whole.routes, before.routes);
            if !line.says_roles {
                whole.roles = before.roles;
            }
            if whole.skills.is_empty() {
                whole.skills = before.skills;
            }
        }
        all.push((line, id, whole));
    }
    all
}

/// Whoever on the sheet has this address, or else this very name.
fn meant(opened: &Opened, line: &Line) -> Option<PersonId> {
    let roster = || opened.facts.roster.iter();
    let same_mail = |member: &&Member| {
        let mail = Line::of(opened, member).mail;
        !mail.is_empty() && mail.eq_ignore_ascii_case(&line.mail)
    };
    let same_name = |member: &&Member| Line::of(opened, member).name == line.name;
    let known = roster()
        .find(same_mail)
        .or_else(|| roster().find(same_name));
    known.map(|member| member.person.clone())
}

fn page(
    call: &Call,
    opened: &Opened,
    status: u16,
    frame: Frame,
    (pasted, done): (&Pasted, Option<String>),
) -> Answer {
    let w = call.words();
    let placed = placed(opened, pasted);
    let right = placed.iter().map(|(line, id, whole)| {
        let what = match opened.facts.member(id) {
            None if pasted.everybody.has(id) => {
                w.with("people-paste-known", "id", id.0.as_str()).into()
            }
            _ => becomes(w, opened, id, whole),
        };
        (line.row.line, whole.name.clone(), what)
    });
    let wrong = pasted.wrong().map(|line| {
        let raw: String = line.row.raw.chars().take(120).collect();
        (line.row.line, raw, line.wrong.clone())
    });
    let checked = !pasted.lines.is_empty() && done.is_none();
    let may_take =
        checked && !placed.is_empty() && (!pasted.replace || pasted.wrong().next().is_none());
    let off = if pasted.replace && may_take {
        let names = Names::new(&opened.state.directory);
        let stays = |member: &&Member| !placed.iter().any(|(_, id, _)| *id == member.person);
        names.people(
            opened
                .facts
                .roster
                .iter()
                .filter(stays)
                .map(|member| &member.person),
        )
    } else {
        String::new()
    };
    let mode = |value: &str, id: &str, on: bool| (value.to_owned(), w.say(id).into_owned(), on);
    let modes = vec![
        mode("add", key("people-paste-add"), !pasted.replace),
        mode("replace", key("people-paste-replace"), pasted.replace),
    ];
    let fields = [
        Input::long("table", 10, w.say("people-paste-table"), &pasted.text)
            .hint(w.say("people-paste-hint"))
            .needed(),
        Input::choice("mode", Look::Radios, w.say("people-paste-mode"), modes),
    ];
    let page = PastePage {
        slug: opened.slug().to_owned(),
        fields: fields.into_iter().map(|field| field.told(&frame)).collect(),
        checked: if checked {
            pasted.mark()
        } else {
            String::new()
        },
        done,
        take: may_take.then(|| w.with("people-paste-take", "n", placed.len()).into()),
        right: right.collect(),
        wrong: wrong.collect(),
        off,
        frame,
    };
    frame::page(status, &page)
}

/// What becomes of somebody: new, other than before, or the same.
fn becomes(w: Words, opened: &Opened, id: &PersonId, whole: &Line) -> String {
    match opened.facts.member(id) {
        None => w.say("people-paste-new").into_owned(),
        Some(member) if Line::of(opened, member) == *whole => {
            w.say("people-paste-same").into_owned()
        }
        Some(_) => w.say("people-paste-changed").into_owned(),
    }
}
