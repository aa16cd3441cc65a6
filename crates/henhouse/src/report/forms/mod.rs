//! Every command of the engine as a form: which fields it has, and with what each is filled in. The
//! shape alone: the words stand in the word files under keys made of the names here, and what there
//! is to choose from comes from the case.

mod assess;
mod calling;
mod closing;
mod command;
mod disruption;
mod evidence;
mod record;
mod retrospective;
mod sets;
mod work;

pub use sets::{STEP_KIND, Set};

/// A chapter of the procedure, as the list of acts shows them.
pub struct Chapter {
    /// Names it in the word files: `acts-<name>`.
    pub name: &'static str,
    /// Its forms, what is done first coming first.
    pub forms: &'static [Form],
}

/// A command as a form.
#[derive(Debug)]
pub struct Form {
    /// The command.
    pub command: &'static str,
    /// Its fields, in the order in which they are asked.
    pub fields: &'static [Field],
    /// It harms: nothing undoes what it does, or what others do because of it, and no second person has to agree first.
    pub grave: bool,
}

/// A field of a form.
#[derive(Debug)]
pub struct Field {
    /// Its place in the command's JSON, with dots: `impact.privacy`.
    pub name: &'static str,
    /// With what it is filled in.
    pub control: Control,
    /// How much it is wanted.
    pub wanted: Wanted,
}

/// How much a field is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The command is refused without it.
    Always,
    /// Asked, and may be left out.
    Often,
    /// Folded away.
    Seldom,
}

/// With what a field is filled in, and what becomes of it in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// A few words.
    Line,
    /// A text.
    Long,
    /// Several words with commas between them: a list of strings.
    Words,
    /// A tick: true, or left out.
    Tick,
    /// Yes or no: true or false.
    YesNo,
    /// A whole number.
    Number,
    /// A time that is planned.
    Time,
    /// A time that is claimed, no surer than it sounds.
    Claim,
    /// One of a fixed set of words.
    Choice(Set),
    /// Some of them.
    Choices(Set),
    /// One of what there is.
    One(Of),
    /// Some of it.
    Some(Of),
    /// One of what has a plain number: a number.
    Nth(Of),
    /// An entry of the journal: its number.
    Entry,
    /// Some of them.
    Entries,
    /// Another case, by the number that people say: its journal's id.
    OtherCase,
    /// The blocks of a briefing: a text each, by id.
    Blocks,
    /// The criteria of severity: an answer each, by id.
    Criteria,
    /// Ours, or a client's.
    Whose,
}

/// What there is to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// People of the project and of the response.
    Person,
    /// Machines, services, data sets.
    Asset,
    /// Those who are told and do not respond.
    Stakeholder,
    /// Services of others.
    Dependency,
    /// Leads that are open.
    Lead,
    /// Steps that are open.
    Step,
    /// Disruptions that are not over.
    Disruption,
    /// Holds in force.
    Hold,
    /// Drafts of what customers are told.
    Notice,
    /// What went ahead against a rule.
    Deviation,
    /// Causes.
    Cause,
    /// Follow-ups that are open.
    FollowUp,
    /// Calls that are open.
    Call,
    /// Redactions that wait.
    Redaction,
    /// Reports.
    Report,
    /// Shifts that are to come.
    Shift,
    /// Evidence.
    Exhibit,
    /// Lines of the curated timeline.
    Line,
    /// Items of the checklists.
    Item,
    /// Classes of assets that have an evidence list.
    Class,
    /// Items of the evidence lists.
    EvidenceItem,
    /// Methods of cause analysis.
    Method,
    /// Outcome lists.
    OutcomeList,
    /// Sections of the report.
    Section,
    /// Ways of discovery.
    Discovery,
    /// What an actor may have done.
    Threat,
    /// Examples of a severity.
    Pick,
    /// Templates of steps.
    Template,
    /// Skills on the roster.
    Skill,
    /// Published sitreps.
    Sitrep,
    /// What a false alarm left in force.
    Standing,
}

/// Every chapter, in the order of a case.
pub const CHAPTERS: &[Chapter] = &[
    calling::TOLD,
    assess::ASSESS,
    command::COMMAND,
    record::RECORD,
    work::WORK,
    evidence::EVIDENCE,
    disruption::DISRUPTION,
    calling::SITREPS,
    command::ENDURANCE,
    disruption::CONTINGENCY,
    disruption::CUSTOMERS,
    record::SECRECY,
    closing::CLOSING,
    retrospective::RETROSPECTIVE,
];

/// Commands that have no form, each with the reason.
pub const WITHOUT: &[(&str, &str)] = &[
    ("report", "has a page of its own, open to everybody"),
    ("receive_merged", "given by the desk when cases are merged"),
    (
        "change_basis",
        "given by the desk when a project is revised",
    ),
    (
        "note_undelivered",
        "given by a channel that could not deliver",
    ),
];

/// The form of a command.
#[must_use]
pub fn find(command: &str) -> Option<&'static Form> {
    let all = CHAPTERS.iter().flat_map(|chapter| chapter.forms);
    all.into_iter().find(|form| form.command == command)
}

impl Form {
    /// The field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field that holds what a JSON pointer leads to.
    #[must_use]
    pub fn field_at(&self, pointer: &str) -> Option<&'static Field> {
        let name = pointer.trim_start_matches('/').replace('/', ".");
        let within = |field: &&Field| {
            let rest = name.strip_prefix(field.name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let inside = |field: &&Field| {
            let rest = field.name.strip_prefix(name.as_str());
            !name.is_empty() && rest.is_some_and(|rest| rest.starts_with('.'))
        };
        let mut fields = self.fields.iter();
        let mut others = self.fields.iter();
        fields.find(within).or_else(|| others.find(inside))
    }
}

const fn form(command: &'static str, fields: &'static [Field]) -> Form {
    Form {
        command,
        fields,
        grave: false,
    }
}

const fn grave(command: &'static str, fields: &'static [Field]) -> Form {
    Form {
        command,
        fields,
        grave: true,
    }
}

const fn must(name: &'static str, control: Control) -> Field {
    Field {
        name,
        control,
        wanted: Wanted::Always,
    }
}

const fn may(name: &'static str, control: Control) -> Field {
    Field {
        name,
        control,
        wanted: Wanted::Often,
    }
}

const fn rare(name: &'static str, control: Control) -> Field {
    Field {
        name,
        control,
        wanted: Wanted::Seldom,
    }
}

#[cfg(test)]
mod tests;
