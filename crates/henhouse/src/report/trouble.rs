//! What is said when a journal does not check out: to the admins by mail, to whoever runs the server by the probes.

use jiff::SignedDuration;

use super::Words;
use super::letter::Bare;
use super::time::span;

/// A project whose journal is damaged.
#[must_use]
pub fn of_project(slug: &str, sentence: &str) -> String {
    format!("project {slug} is damaged: {sentence}")
}

/// The installation's own journal is damaged.
#[must_use]
pub fn of_the_installation(sentence: &str) -> String {
    format!("the installation's record of accounts and tokens is damaged: {sentence}")
}

/// Cases whose journals are damaged. They are not named here.
#[must_use]
pub fn of_cases(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 case is damaged".to_owned()),
        count => Some(format!("{count} cases are damaged")),
    }
}

/// The database does not answer. Reports are taken all the same.
#[must_use]
pub fn of_the_database(for_so_long: jiff::SignedDuration) -> String {
    let span = span(for_so_long);
    format!("the database is away for {span}; reports and taps are kept on this node's disk")
}

/// The node started while its database was away and has never seen it.
#[must_use]
pub fn of_a_start_without(why: &str, known: Option<SignedDuration>) -> String {
    let known = known.map_or_else(String::new, |age| {
        format!(
            ", and knows projects and people as they were {} ago",
            span(age)
        )
    });
    format!("this node started without its database{known}: {why}")
}

/// The node's database is not its own.
#[must_use]
pub fn of_a_refused_database(why: &str) -> String {
    format!(
        "this node must not use its database: {why}. What it is told it keeps on its own disk, and calls people; nothing \
         of it is lost"
    )
}

/// So many reports wait for which this node has called nobody.
#[must_use]
pub fn of_those_not_called(reports: usize) -> Option<String> {
    (reports > 0).then(|| {
        format!("for {reports} of the reports that wait nobody was called from this node yet: look at the others, and telephone")
    })
}

/// Something waits in the spool.
#[must_use]
pub fn of_the_spool(waiting: usize, oldest: jiff::SignedDuration) -> String {
    let span = span(oldest);
    format!("{waiting} reports and taps wait on this node's disk, the oldest for {span}")
}

/// Time has not reached a case for so long.
#[must_use]
pub fn of_time(late: SignedDuration) -> String {
    format!(
        "time is late: what some case is owed was due {} ago and has not happened; restart the server, and call people \
         by phone meanwhile",
        span(late)
    )
}

/// No page has left for so long.
#[must_use]
pub fn of_pages(late: SignedDuration) -> String {
    format!(
        "pages wait: the oldest was due {} ago and was not tried; restart the server, and call people by phone meanwhile",
        span(late)
    )
}

/// No mail has left for so long.
#[must_use]
pub fn of_mail(late: SignedDuration) -> String {
    format!(
        "mail waits: the oldest was due {} ago and was not tried",
        span(late)
    )
}

/// Cases that owed something nobody would have woken for.
#[must_use]
pub fn of_unarmed(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 case owed something without a wake; it is armed again".to_owned()),
        count => Some(format!(
            "{count} cases owed something without a wake; they are armed again"
        )),
    }
}

/// What of the program itself does not answer.
#[must_use]
pub fn of_silence(part: &str) -> String {
    if part == DATABASE {
        return format!(
            "{part} takes nothing: nobody is called by this process; see that its disk has room and is sound, and call \
             people by phone meanwhile"
        );
    }
    format!(
        "{part} does not answer: nobody is called by this process; restart the server, and call people by phone meanwhile"
    )
}

/// The part of a process that is not in it.
pub const DATABASE: &str = "the database";

/// The last backup is too old.
#[must_use]
pub fn of_the_backup(age: Option<SignedDuration>) -> String {
    match age {
        Some(age) => format!("the last backup is {} old", span(age)),
        None => "there is no backup yet".to_owned(),
    }
}

/// An address of the settings is for a project that is not there.
#[must_use]
pub fn of_mail_turned_away(project: &str) -> String {
    format!(
        "mail to an address of [mail_in.addresses] is turned away, because there is no project {project}: correct the settings"
    )
}

/// An address for alerts is for a project that is not there, or for a source that its project does not have.
#[must_use]
pub fn of_alert_mail_astray(project: &str, source: Option<&str>) -> String {
    match source {
        None => format!(
            "no alert is made of mail to an address of [mail_in.alerts], because there is no project {project}: correct the settings"
        ),
        Some(source) => format!(
            "no alert is made of mail to an address of [mail_in.alerts], because the project {project} has no alert source {source}: \
             make one, or correct the settings"
        ),
    }
}

/// A number of the settings is for a project that is not there.
#[must_use]
pub fn of_calls_astray(project: &str) -> String {
    format!(
        "calls to a number of [voicemail] become reports of the first project, because there is no project {project}: correct the settings"
    )
}

/// The mail to an admin about a backup that is too old.
#[must_use]
pub fn backup_letter(age: Option<SignedDuration>, failed: Option<&str>) -> Words {
    let subject = "Henhouse: the last backup is too old".to_owned();
    let what = of_the_backup(age);
    let why = match failed {
        Some(why) => format!("The last try failed: {why}."),
        None => "No try of this server has failed: perhaps it was not running.".to_owned(),
    };
    let text = format!(
        "If this machine were lost now, so would be everything since: {what}.\n\n{why}\n\nLook at the place where \
         backups go, and run `henhouse backup` on the server. You are told once a day until there is a new one.\n"
    );
    let bare = Bare {
        subject: subject.clone(),
        text: "The last backup is too old. Run `henhouse backup` on the server.\n".to_owned(),
        ..Bare::default()
    };
    Words {
        subject,
        text,
        bare,
    }
}

/// To an admin: pages leave by a channel no more since then, or, without a time, they leave again.
#[must_use]
pub fn channel_letter(route: &str, since: Option<jiff::Timestamp>, said: &str) -> Words {
    let (subject, text) = match since {
        None => (
            format!("Henhouse: {route} works again"),
            format!("Pages leave by {route} again. Nothing is asked of you.\n"),
        ),
        Some(since) => {
            let at = since.strftime("%H:%M UTC");
            let said = match said {
                "" => String::new(),
                said => format!(" What is said there: {said}."),
            };
            let text = format!(
                "Since {at} nothing leaves by {route}.{said} Each page goes on being tried there, and by the next route of \
                 its person. Who has no other route is not reached: telephone meanwhile.\n\nLook at the settings of this \
                 channel and at its other side. `/admin/health` says how it is.\n"
            );
            (format!("Henhouse: {route} takes nothing since {at}"), text)
        }
    };
    to_health(subject, text)
}

/// A letter to the admins; where little may be said, it leads to the page of health.
pub(super) fn to_health(subject: String, text: String) -> Words {
    let bare = Bare {
        subject: subject.clone(),
        text: format!("{subject}. Look at /admin/health.\n"),
        ..Bare::default()
    };
    Words {
        subject,
        text,
        bare,
    }
}

/// The mail about hours in which nobody will be on call.
#[must_use]
pub fn gap_letter(gaps: &[String], project: &str, url: &str) -> Words {
    let subject = format!("Henhouse: nobody will be on call in {project}");
    let listed: String = gaps
        .iter()
        .take(50)
        .map(|gap| format!("- {gap}\n"))
        .collect();
    let more = match gaps.len().saturating_sub(50) {
        0 => String::new(),
        n => format!("- and {n} more\n"),
    };
    let text = format!(
        "In the week ahead:\n\n{listed}{more}\nA report then calls the contact sheet, one after the other. Plan somebody for \
         these hours, or stand in:\n{url}\n\nYou are told once a day at most, and only of what is new.\n"
    );
    let bare = Bare {
        subject: "Henhouse: nobody will be on call".to_owned(),
        text: format!("There are hours in the week ahead without anybody on call. {url}\n"),
        ..Bare::default()
    };
    Words {
        subject,
        text,
        bare,
    }
}

/// What a damaged journal is of.
pub enum Of<'a> {
    /// The installation itself.
    Installation,
    /// A project, by its short name.
    Project(&'a str),
    /// A case, by its number, unless that must not be said.
    Case(Option<&'a str>),
}

/// The mail to an admin about one damaged journal.
#[must_use]
pub fn letter(of: &Of, sentence: &str) -> Words {
    let (what, goes_on) = match of {
        Of::Installation => (
            "The record of the installation, which says who was given an account or a token,"
                .to_owned(),
            "Everything goes on: reports, cases, accounts. What the record says of accounts and tokens can no longer be \
             trusted: look through both, and end what you do not know.",
        ),
        Of::Project(project) => (
            format!("The record of the project {project}"),
            "Reports to it are still taken, and people are called by what can still be read of it: the newest contact \
             sheet that holds, and where there is none, you. Nothing about the project can be changed until it is \
             repaired.",
        ),
        Of::Case(Some(number)) => (
            format!("The record of {number}"),
            "Nobody can work in it, and time does not act on it: nobody is called or reminded because of it. Tell the \
             people who are in it.",
        ),
        Of::Case(None) => (
            "The record of a case".to_owned(),
            "Nobody can work in it, and time does not act on it.",
        ),
    };
    let subject = "Henhouse: a record is damaged".to_owned();
    let text = format!(
        "{what} is damaged: {sentence}.\n\n{goes_on}\n\nStop the server, run `henhouse verify`, and put back the data \
         directory from a backup, or ask somebody who knows the disk. Then start the server again.\n"
    );
    let bare = Bare {
        subject: subject.clone(),
        text: "A record is damaged. Run `henhouse verify` on the server.\n".to_owned(),
        ..Bare::default()
    };
    Words {
        subject,
        text,
        bare,
    }
}
