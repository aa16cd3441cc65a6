//! `/projects/{slug}`: the contact sheet. Who is called, in which order, how, when that was last tried, and every hole in
//! words. People are moved by buttons, and a tap sends a message to oneself.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use jiff::{SignedDuration, Timestamp};
use procedure::basis::{Member, Role};
use procedure::project::{By, Contact, Warning};
use procedure::{PersonId, Text};

use super::draft::Draft;
use super::{Opened, Tabs};
use crate::desk::{ANSWERED, Came, MAIL, Tested};
use crate::report::to_do::ChannelReach;
use crate::report::{Names, Times, routes};
use crate::web::fields::escaped;
use crate::web::pages::frame::{self, Frame};
use crate::web::pages::me::{MESSAGES, person};
use crate::web::registry::Answer;
use crate::web::words::{Words, key};
use crate::web::{Call, Problem};

/// An address that nobody tried for so long is said to be old.
const OLD: SignedDuration = SignedDuration::from_hours(24 * 90);

#[derive(Template)]
#[template(path = "sheet.html")]
struct SheetPage {
    frame: Frame,
    slug: String,
    name: String,
    tabs: Tabs,
    may_change: bool,
    done: Option<String>,
    /// That the reader is not on it, and what would put them there.
    not_on_it: Option<String>,
    /// Who is called to a report, in order.
    called: Vec<Row>,
    /// What stands behind the last of them.
    behind: String,
    /// Behind the last of them nobody is left.
    ends: bool,
    /// Who else is on it.
    others: Vec<Row>,
    /// What else is missing.
    holes: Vec<String>,
    report: String,
}

struct Row {
    id: String,
    /// The id as it stands in an address.
    link: String,
    name: String,
    roles: String,
    skills: String,
    mail: Option<String>,
    phone: Option<String>,
    /// By what they are paged, in order, where it is not by mail alone. Not where it leads: whoever knows a topic reads it.
    paged_by: Option<String>,
    /// When that was last tried, in words, and whether it is long ago or failed.
    tested: String,
    stale: bool,
    own: bool,
    first: bool,
    last: bool,
}

/// Shows it.
pub(super) async fn show(call: Call) -> Answer {
    let opened = Opened::of(&call).await?;
    let frame = opened.frame(&call, "people-sheet", "people");
    page(&call, &opened, 200, frame).await
}

/// Moves somebody, or takes them off it.
pub(super) async fn change(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let opened = Opened::of(&call).await?;
    let who = PersonId::from(fields.get("person").unwrap_or_default());
    let act = fields.get("act").unwrap_or_default().to_owned();
    let mut draft = Draft::of(&opened);
    let roster = &mut draft.project.roster;
    let Some(place) = roster.iter().position(|member| member.person == who) else {
        return Ok(frame::lead_to(&format!(
            "/projects/{}?done=gone",
            opened.slug()
        )));
    };
    match act.as_str() {
        "up" | "down" => {
            let Some(other) = neighbour(roster, place, act == "up") else {
                return Ok(frame::lead_to(&format!("/projects/{}", opened.slug())));
            };
            roster.swap(place, other);
        }
        "off" => {
            roster.remove(place);
            draft.project.second_chain.retain(|person| *person != who);
            draft.project.on_call.retain(|duty| duty.person != who);
        }
        _ => return Err(Problem::field("/act", "There is no such button here.")),
    }
    draft.keep(&call, &opened).await?;
    let (slug, who) = (opened.slug(), escaped(&who.0));
    let done = if act == "off" { "off" } else { "moved" };
    Ok(frame::lead_to(&format!(
        "/projects/{slug}?done={done}&who={who}#p-{who}"
    )))
}

/// Whoever stands before or behind in the same part of the sheet: among those who are called, or among the others.
fn neighbour(roster: &[Member], place: usize, up: bool) -> Option<usize> {
    let called = |place: &usize| roster[*place].roles.contains(&Role::Responder);
    let same = called(&place);
    let is_same = |other: &usize| called(other) == same;
    match up {
        true => (0..place).rev().find(is_same),
        false => (place + 1..roster.len()).find(is_same),
    }
}

/// Sends a message to oneself.
pub(super) async fn test(mut call: Call) -> Answer {
    call.form().await?;
    let opened = Opened::of(&call).await?;
    let person = person(&call)?;
    call.app.gate.count_message(&person, MESSAGES)?;
    let actor = call.known()?.actor();
    let sent = call.app.desk.test_message(actor, person).await?;
    let done = if sent > 0 { "test" } else { "no-test" };
    Ok(frame::lead_to(&format!(
        "/projects/{}?done={done}",
        opened.slug()
    )))
}

async fn page(call: &Call, opened: &Opened, status: u16, frame: Frame) -> Answer {
    let w = call.words();
    let me = call.known()?.person.clone().map(PersonId);
    let tested = call.app.desk.tested().await?;
    let taken = call.app.desk.last_taken().await?;
    let now = call.app.desk.clock().wall();
    let channels = call.app.desk.channels();
    let mut unconfirmed = BTreeSet::new();
    for (person, contact) in &opened.state.directory.people {
        let numbers = call
            .app
            .desk
            .unconfirmed(&person.0, &contact.ways())
            .await?;
        if !numbers.is_empty() {
            unconfirmed.insert(person.clone());
        }
    }
    let (called, others): (Vec<&Member>, Vec<&Member>) = opened
        .facts
        .roster
        .iter()
        .partition(|member| member.roles.contains(&Role::Responder));
    let looks = Looks {
        opened,
        w,
        me: me.as_ref(),
        tested: &tested,
        taken: &taken,
        channels: &channels,
        unconfirmed: &unconfirmed,
        now,
        times: opened.times(call),
    };
    let names = Names::new(&opened.state.directory);
    let page = SheetPage {
        slug: opened.slug().to_owned(),
        name: opened.name().to_owned(),
        tabs: opened.tabs(w, ""),
        may_change: opened.may_change,
        done: done(call, opened),
        not_on_it: me
            .as_ref()
            .filter(|me| opened.facts.member(me).is_none())
            .map(|me| w.with("people-not-on-it", "id", me.0.as_str()).into()),
        behind: behind(w, names, &called),
        ends: called.len() < 2,
        holes: holes(w, opened, &called),
        called: looks.rows(&called),
        others: looks.rows(&others),
        report: format!("{}/report/{}", call.app.desk.site().base_url, opened.slug()),
        frame,
    };
    frame::page(status, &page)
}

/// What was just done.
fn done(call: &Call, opened: &Opened) -> Option<String> {
    let (query, w) = (call.page_query(), call.words());
    let who = PersonId::from(query.get("who").unwrap_or_default());
    let who = Names::new(&opened.state.directory).person(&who);
    Some(match query.get("done")? {
        "moved" => w.with("people-done-moved", "who", who).into(),
        "off" => w.with("people-done-off", "who", who).into(),
        "kept" => w.with("people-done-kept", "who", who).into(),
        "pasted" => w.say("people-done-pasted").into_owned(),
        "gone" => w.say("people-done-gone").into_owned(),
        "test" => w.say("people-done-test").into_owned(),
        "no-test" => w.say("people-done-no-test").into_owned(),
        _ => return None,
    })
}

/// What is said behind the last who is called.
fn behind(w: Words, names: Names, called: &[&Member]) -> String {
    match called {
        [] => w.say("people-nobody").into_owned(),
        [only] => w
            .with("people-behind-one", "who", names.person(&only.person))
            .into(),
        [first, .., last] => {
            let (first, last) = (names.person(&first.person), names.person(&last.person));
            w.with("people-behind", "last", last)
                .and("first", first)
                .into()
        }
    }
}

/// What else is missing, a sentence each.
fn holes(w: Words, opened: &Opened, called: &[&Member]) -> Vec<String> {
    let names = Names::new(&opened.state.directory);
    let contact = |person: &PersonId| opened.state.directory.people.get(person);
    let mut holes = Vec::new();
    for member in called {
        let who = names.person(&member.person);
        let contact = contact(&member.person);
        match contact.map(|contact| (contact.takes_messages(), contact.phone.is_some())) {
            Some((true, true)) => {}
            Some((true, false)) => holes.push(w.with("people-hole-phone", "who", who).into()),
            Some((false, true)) => holes.push(w.with("people-hole-mail", "who", who).into()),
            _ => holes.push(w.with("people-hole-both", "who", who).into()),
        }
    }
    let warnings = opened.state.warnings();
    let said = warnings.iter().filter_map(|warning| match warning {
        Warning::NobodyDecides => Some(w.say("people-hole-decider").into_owned()),
        Warning::DecidersStandIn => Some(w.say("people-hole-stand-in").into_owned()),
        Warning::DeciderWithoutPhone(person) => {
            let who = names.person(person);
            Some(w.with("people-hole-decider-phone", "who", who).into())
        }
        Warning::ReachesNobody(person) => {
            let who = names.person(person);
            Some(w.with("people-hole-about", "who", who).into())
        }
        Warning::OutOfReach(person) if !called.iter().any(|member| member.person == *person) => {
            let who = names.person(person);
            Some(w.with("people-hole-both", "who", who).into())
        }
        _ => None,
    });
    holes.extend(said);
    if opened.state.directory.public_numbers.is_empty() {
        holes.push(w.say("people-hole-number").into_owned());
    }
    holes
}

/// By what the lines are made.
struct Looks<'a> {
    opened: &'a Opened,
    w: Words,
    me: Option<&'a PersonId>,
    tested: &'a BTreeMap<String, Tested>,
    taken: &'a BTreeMap<(String, String), Timestamp>,
    channels: &'a [ChannelReach],
    /// Whose number nobody has answered from.
    unconfirmed: &'a BTreeSet<PersonId>,
    now: Timestamp,
    times: Times,
}

impl Looks<'_> {
    fn rows(&self, members: &[&Member]) -> Vec<Row> {
        let last = members.len().saturating_sub(1);
        let rows = members.iter().enumerate();
        rows.map(|(n, member)| self.row(member, n == 0, n == last))
            .collect()
    }

    fn row(&self, member: &Member, first: bool, last: bool) -> Row {
        let directory = &self.opened.state.directory;
        let contact = directory.people.get(&member.person);
        let plain = |text: Option<&Text>| text.and_then(Text::plain).map(str::to_owned);
        let roles = member.roles.iter().map(|role| self.w.say(role_key(*role)));
        let (tested, stale) = self.tested(&member.person);
        Row {
            name: Names::new(directory).person(&member.person),
            roles: roles.collect::<Vec<_>>().join(", "),
            skills: member.skills.iter().cloned().collect::<Vec<_>>().join(", "),
            mail: plain(contact.and_then(|contact| contact.mail.as_ref())),
            phone: plain(contact.and_then(|contact| contact.phone.as_ref())),
            paged_by: contact.and_then(|contact| self.paged_by(&member.person, contact)),
            own: self.me == Some(&member.person),
            link: escaped(&member.person.0).replace('/', "%2F"),
            id: member.person.0.clone(),
            tested,
            stale,
            first,
            last,
        }
    }

    fn tested(&self, person: &PersonId) -> (String, bool) {
        let Some(tested) = self.tested.get(&person.0) else {
            return self.taken(person);
        };
        let at = self.times.dated(tested.at);
        let said = match tested.came {
            Came::Taken => self.w.with("people-tested", "at", at),
            Came::Waiting => self.w.with("people-tested-waits", "at", at),
            Came::Refused => self.w.with("people-tested-refused", "at", at),
        };
        let said = self.by_route(said.into(), &tested.routes);
        let refused = tested.routes.values().any(|came| *came == Came::Refused);
        let old = self.now.duration_since(tested.at) > OLD;
        (said, old || refused || tested.came == Came::Refused)
    }

    /// What is known of somebody who never asked for a message to themselves: whether anything of theirs was taken.
    fn taken(&self, person: &PersonId) -> (String, bool) {
        let answered = (person.0.clone(), ANSWERED.to_owned());
        if let Some(at) = self.taken.get(&answered) {
            let said = self
                .w
                .with("people-tested-answered", "at", self.times.dated(*at));
            return (said.into(), self.now.duration_since(*at) > OLD);
        }
        let theirs = self.taken.iter().filter(|((who, _), _)| *who == person.0);
        let Some(at) = theirs.map(|(_, at)| *at).max() else {
            return (self.w.say("people-tested-never").into_owned(), true);
        };
        let said = self
            .w
            .with("people-tested-taken", "at", self.times.dated(at));
        (said.into(), self.now.duration_since(at) > OLD)
    }

    /// What came of it by each route, where there are several.
    fn by_route(&self, mut said: String, routes: &BTreeMap<String, Came>) -> String {
        if routes.keys().all(|route| route == MAIL) {
            return said;
        }
        for (route, came) in routes {
            let route = route.as_str();
            let words: String = match came {
                Came::Taken => self.w.with("people-route-taken", "route", route),
                Came::Waiting => self.w.with("people-route-waits", "route", route),
                Came::Refused => self.w.with("people-route-refused", "route", route),
            }
            .into();
            said.push(' ');
            said.push_str(&words);
        }
        said
    }

    fn paged_by(&self, person: &PersonId, contact: &Contact) -> Option<String> {
        let way = |(by, to): (By, &str)| -> String {
            let channel = routes::channel(by, to);
            let words = match self.taken.get(&(person.0.clone(), channel.clone())) {
                Some(at) => self
                    .w
                    .with("people-route-last", "route", channel)
                    .and("at", self.times.dated(*at)),
                None => self.w.with("people-route-never", "route", channel),
            };
            words.into()
        };
        let ways = contact.ways();
        let words: Vec<String> = ways.iter().copied().map(way).collect();
        let mut said: String = self
            .w
            .with("people-paged-by", "routes", words.join("; "))
            .into();
        if self.unconfirmed.contains(person) {
            said.push(' ');
            said.push_str(&self.w.say("people-route-unconfirmed"));
        }
        for channel in self.channels.iter().filter(|channel| channel.broken) {
            let theirs = |(by, to): &(By, &str)| routes::channel(*by, to) == channel.route;
            if let Some(since) = channel.failing_since.filter(|_| ways.iter().any(theirs)) {
                let broken: String = self
                    .w
                    .with("people-route-broken", "route", channel.route.as_str())
                    .and("at", self.times.dated(since))
                    .into();
                said.push(' ');
                said.push_str(&broken);
            }
        }
        (!contact.routes.is_empty()).then_some(said)
    }
}

/// Every role, in the order in which forms show them.
pub(super) const ROLES: [Role; 8] = [
    Role::Responder,
    Role::Decider,
    Role::ProjectManager,
    Role::ProductOwner,
    Role::Security,
    Role::Communications,
    Role::Reviewer,
    Role::Observer,
];

/// The name of the text that says what somebody is to a project.
pub(super) const fn role_key(role: Role) -> &'static str {
    match role {
        Role::Responder => key("people-role-responder"),
        Role::Decider => key("people-role-decider"),
        Role::ProjectManager => key("people-role-manager"),
        Role::ProductOwner => key("people-role-owner"),
        Role::Security => key("people-role-security"),
        Role::Communications => key("people-role-communications"),
        Role::Reviewer => key("people-role-reviewer"),
        Role::Observer => key("people-role-observer"),
    }
}
