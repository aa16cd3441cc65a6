//! Everything that is not the case itself and that a rule may look at.
//!
//! Immutable data, named by hash. The playbook in it is the one the case pinned; the
//! project part is live: a revision of the roster reaches every open case. Names,
//! numbers and addresses are sealed in the project's journal; here are only ids.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::id::{AssetId, DependencyId, PersonId, ScheduleId, StakeholderId, WindowId};
use crate::on_call::{Reading, Schedules};
use crate::playbook::Playbook;

/// What a rule may look at besides the case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Basis {
    /// The procedure's numbers, pinned by the case.
    pub playbook: Playbook,
    /// The project as it stands now.
    pub project: Project,
    /// The editions that the case followed before, oldest first (X30): what arose under
    /// one of them keeps its numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Playbook>,
}

impl Basis {
    /// The basis of a case before anything happened in it.
    #[must_use]
    pub fn new(playbook: Playbook, project: Project) -> Self {
        let earlier = Vec::new();
        Self {
            playbook,
            project,
            earlier,
        }
    }

    /// The same with the project as it stands now.
    #[must_use]
    pub fn with_project(&self, project: Project) -> Self {
        Self {
            project,
            ..self.clone()
        }
    }

    /// The same after the case moved to another edition.
    #[must_use]
    pub fn adopting(&self, playbook: Playbook, project: Project) -> Self {
        let mut earlier = self.earlier.clone();
        earlier.push(self.playbook.clone());
        Self {
            playbook,
            project,
            earlier,
        }
    }
}

/// A project as the engine sees it: ids and flags, no names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// Revision of this part; grows with each change.
    pub revision: u64,
    /// The contact sheet, in calling order.
    pub roster: Vec<Member>,
    /// Who is on call from when until when; may be empty.
    #[serde(default)]
    pub on_call: Vec<Duty>,
    /// Who is on call by rotations.
    #[serde(default, skip_serializing_if = "Schedules::is_empty")]
    pub schedules: Schedules,
    /// Who is called to restricted cases instead of the contact sheet, in order (M23);
    /// empty: the contact sheet without the one it is about.
    #[serde(default)]
    pub second_chain: Vec<PersonId>,
    /// Business hours, holidays and zone.
    pub calendar: Calendar,
    /// What the project runs and keeps.
    #[serde(default)]
    pub assets: Vec<Asset>,
    /// Services of others it depends on (R10).
    #[serde(default)]
    pub dependencies: Vec<DependencyId>,
    /// Who else hears of incidents.
    #[serde(default)]
    pub stakeholders: Vec<Stakeholder>,
    /// Planned maintenance (R24).
    #[serde(default)]
    pub maintenance: Vec<Maintenance>,
    /// What the project holds, for ties in the severity suggestion (R89).
    #[serde(default)]
    pub profile: Profile,
    /// The project has an address of its own that wakes whoever is on call.
    #[serde(default)]
    pub pager: bool,
    /// Reports are taken only from people who are signed in, and from programs with a token.
    #[serde(default)]
    pub known_reporters_only: bool,
    /// What was approved for everybody to read about its cases stands on a page that everybody can read.
    #[serde(default, skip_serializing_if = "is_off")]
    pub public_status: bool,
    /// The client's own procedure, if it takes precedence (X29).
    #[serde(default)]
    pub client_procedure: Option<String>,
    /// Where the team talks and where the ticket is (R45); opaque names.
    #[serde(default)]
    pub places: Vec<String>,
    /// The editions of the playbook that a case may follow, oldest first (X30).
    #[serde(default)]
    pub editions: Vec<ReviewedEdition>,
}

fn is_off(flag: &bool) -> bool {
    !*flag
}

/// An edition of the playbook that a case may follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewedEdition {
    /// The playbook's name; a client's own procedure has another one (X29).
    pub name: String,
    /// Which edition.
    pub edition: u32,
    /// Who looked at it before it came into force.
    pub review: Review,
}

/// Who looked at a playbook before it came into force (X30).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Nobody: the project began with it.
    #[default]
    Nobody,
    /// Its author alone, with a reason, because nobody answered (M16).
    OnePerson,
    /// Somebody other than its author.
    ByAnother,
}

/// One line of the contact sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// What they are to the project.
    pub roles: BTreeSet<Role>,
    /// What they can do (X7).
    #[serde(default)]
    pub skills: BTreeSet<String>,
    /// A telephone number is on file (R63).
    #[serde(default)]
    pub has_phone: bool,
    /// A mail address, or another way to be written to, is on file.
    #[serde(default)]
    pub has_mail: bool,
}

/// What a person is to a project. One person may be several things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// On the incident response team: is called, may command.
    Responder,
    /// One of "the leads": is asked before a disruption (M5).
    Decider,
    /// Project manager.
    ProjectManager,
    /// Product owner: approves what customers are told (R17).
    ProductOwner,
    /// The organisation's security team.
    Security,
    /// May speak to the outside when named Communications Officer (X5).
    Communications,
    /// May review other people's work from outside the team (M16).
    Reviewer,
    /// May see unrestricted cases of the project.
    Observer,
}

/// A person on call for a span of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// Who.
    pub person: PersonId,
    /// From this instant on.
    pub from: Timestamp,
    /// Up to, not including.
    pub until: Timestamp,
}

/// Something the project runs or keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// Which.
    pub id: AssetId,
    /// Its class, naming the evidence list that fits (M21), such as `host`.
    pub class: String,
    /// Where it runs.
    pub environment: Environment,
    /// Stopping it loses data for good.
    #[serde(default)]
    pub volatile: bool,
}

/// Where an asset runs (R123).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// Serves people.
    Production,
    /// Looks like production and serves nobody.
    Staging,
    /// Anything else.
    Test,
}

/// Somebody who hears of incidents without responding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Stakeholder {
    /// Who.
    pub id: StakeholderId,
    /// Inside the organisation, or a client or other outsider (X5).
    pub outside: bool,
    /// Hears of every incident without being added (X17).
    #[serde(default)]
    pub standing: bool,
    /// The strictest marking they may receive.
    pub ceiling: Marking,
}

/// How far a text may travel (Traffic Light Protocol 2.0), least strict first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Marking {
    /// TLP:CLEAR, anyone.
    Clear,
    /// TLP:GREEN, the community.
    Green,
    /// TLP:AMBER, the organisation and its clients.
    #[default]
    Amber,
    /// TLP:AMBER+STRICT, the organisation.
    AmberStrict,
    /// TLP:RED, those present. It implies a restricted case.
    Red,
}

/// Planned work during which trouble is expected (R24).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Maintenance {
    /// Which window.
    pub id: WindowId,
    /// From this instant on.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub from: Timestamp,
    /// Up to, not including.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub until: Timestamp,
    /// What is worked on; empty means everything.
    #[serde(default)]
    pub assets: BTreeSet<AssetId>,
}

/// What the project holds; `None` is "nobody has said".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// High-value assets.
    #[serde(default)]
    pub high_value_assets: Option<bool>,
    /// Sensitive personally identifiable information.
    #[serde(default)]
    pub sensitive_pii: Option<bool>,
}

impl Project {
    /// The line of this person on the contact sheet.
    #[must_use]
    pub fn member(&self, person: &PersonId) -> Option<&Member> {
        self.roster.iter().find(|member| &member.person == person)
    }

    /// Whether the person has the role here.
    #[must_use]
    pub fn has_role(&self, person: &PersonId, role: Role) -> bool {
        self.member(person)
            .is_some_and(|member| member.roles.contains(&role))
    }

    /// Everyone with the role, in calling order.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &Member> {
        self.roster
            .iter()
            .filter(move |member| member.roles.contains(&role))
    }

    /// Who is on call at this instant, each once: first those whose time is written down one by one, then those of
    /// every schedule that is called (R25).
    #[must_use]
    pub fn on_call_at(&self, at: Timestamp) -> Vec<&PersonId> {
        let on = |duty: &&Duty| duty.from <= at && at < duty.until;
        let duties = self.on_call.iter().filter(on).map(|duty| &duty.person);
        let mut people: Vec<&PersonId> = duties.collect();
        for schedule in self.schedules.all.values().filter(|one| one.called) {
            let reading = self.schedules.read(schedule, self.calendar.holidays());
            for standing in reading.on_call_at(at).people {
                if !people.contains(&standing.person) {
                    people.push(standing.person);
                }
            }
        }
        people
    }

    /// A schedule with what is needed to read it.
    #[must_use]
    pub fn reading(&self, id: &ScheduleId) -> Option<Reading<'_>> {
        self.schedules.reading(id, self.calendar.holidays())
    }

    /// When nobody at all is on call in a while, in order: neither by a time that is written down nor by a schedule that
    /// is called (X33). Nothing where nobody was ever to be.
    #[must_use]
    pub fn on_call_gaps(&self, from: Timestamp, until: Timestamp) -> Vec<(Timestamp, Timestamp)> {
        let called = self.schedules.all.values().filter(|one| one.called);
        let called: Vec<_> = called.collect();
        if called.is_empty() && self.on_call.is_empty() {
            return Vec::new();
        }
        let duties = self.on_call.iter().map(|duty| (duty.from, duty.until));
        let mut taken: Vec<_> = duties.collect();
        for schedule in called {
            let reading = self.schedules.read(schedule, self.calendar.holidays());
            let spans = reading.spans(from, until).into_iter();
            let held = spans.filter(|span| !span.is_gap());
            taken.extend(held.map(|span| (span.from, span.until)));
        }
        taken.sort_unstable();
        let (mut gaps, mut covered) = (Vec::new(), from);
        for (begins, ends) in taken {
            if begins > covered && covered < until {
                gaps.push((covered, begins.min(until)));
            }
            covered = covered.max(ends);
        }
        if covered < until {
            gaps.push((covered, until));
        }
        gaps
    }

    /// Who is called, in order: the second chain of a restricted case, else the responders; never
    /// the one it is about. Where that leaves nobody, those stand in who answer for the project
    /// in another way: a report about the only responder still reaches somebody (M23).
    #[must_use]
    pub fn call_order(&self, restricted: bool, subject: Option<&PersonId>) -> Vec<PersonId> {
        let others = |people: Vec<&PersonId>| -> Vec<PersonId> {
            let callable = people.into_iter().filter(|person| Some(*person) != subject);
            callable.cloned().collect()
        };
        let with = |role| others(self.with_role(role).map(|member| &member.person).collect());
        if restricted {
            let chain = others(self.second_chain.iter().collect());
            if !chain.is_empty() {
                return chain;
            }
        }
        let responders = with(Role::Responder);
        if !responders.is_empty() || !(restricted || subject.is_some()) {
            return responders;
        }
        let mut stand_in = with(Role::ProjectManager);
        for role in [Role::Security, Role::Decider, Role::ProductOwner] {
            stand_in.extend(with(role));
        }
        let mut seen = BTreeSet::new();
        stand_in.retain(|person| seen.insert(person.clone()));
        stand_in
    }

    /// Who decides about disruptions: the deciders, else project manager and product owner (M5).
    #[must_use]
    pub fn deciders(&self) -> Vec<&PersonId> {
        let named: Vec<_> = self.with_role(Role::Decider).map(|m| &m.person).collect();
        if !named.is_empty() {
            return named;
        }
        let stands_in = |m: &&Member| {
            m.roles.contains(&Role::ProjectManager) || m.roles.contains(&Role::ProductOwner)
        };
        self.roster
            .iter()
            .filter(stands_in)
            .map(|m| &m.person)
            .collect()
    }

    /// Who reviewed this edition of the playbook, as far as the project knows.
    #[must_use]
    pub fn review_of(&self, edition: u32) -> Review {
        let listed = self.editions.iter().find(|e| e.edition == edition);
        listed.map_or(Review::Nobody, |e| e.review)
    }

    /// The asset of that id.
    #[must_use]
    pub fn asset(&self, id: &AssetId) -> Option<&Asset> {
        self.assets.iter().find(|asset| &asset.id == id)
    }
}
