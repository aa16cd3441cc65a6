//! The API: one endpoint a file, its tests below it. This is its whole list.

mod accounts;
mod agenda;
pub(in crate::web) mod alert_routes;
pub(in crate::web) mod alert_rules;
mod alike;
mod backup;
mod break_glass;
mod case;
mod cases;
pub(in crate::web) mod clock;
mod commands;
mod conformance;
mod deliveries;
mod document;
mod events;
pub(in crate::web) mod exhibits;
pub(in crate::web) mod factors;
pub(in crate::web) mod journal;
mod line;
mod links;
mod measures;
mod now;
pub(in crate::web) mod on_call;
mod parts;
mod passkeys;
mod password;
mod playbooks;
mod probes;
mod problems;
pub(in crate::web) mod projects;
pub(in crate::web) mod published;
mod range;
mod receipts;
mod report;
pub(in crate::web) mod review;
mod search;
mod session;
mod sessions;
mod set_up;
pub(in crate::web) mod shadow;
mod shield;
mod sitrep;
pub(in crate::web) mod sources;
mod suspicious;
mod times;
mod tokens;
pub(in crate::web) mod upload;
mod verify;

use axum::http::Method;

use super::registry::{Param, Permission, Route};

use Permission::{Admin, Drill, Link, Myself, Public, SignedIn};

pub(super) use commands::order;
pub use journal::ANNEXED;
pub use line::Line;
pub(super) use now::to_do;
pub(super) use report::sign_in_first;

const AT: &[Param] = &[Param {
    name: "at",
    what: "at this instant instead of now",
}];

const WHILE: &[Param] = &[
    Param {
        name: "from",
        what: "from this instant on; now, if left out",
    },
    Param {
        name: "until",
        what: "up to this instant; two weeks, if left out",
    },
];

const LIST: &[Param] = &[
    Param {
        name: "status",
        what: "one or more, with commas: investigating, confirmed, false_alarm, ready_for_qa, closed",
    },
    Param {
        name: "phase",
        what: "one or more: initiate, assess, remediate, retrospective, done",
    },
    Param {
        name: "severity",
        what: "one or more: high, medium, low",
    },
    Param {
        name: "project",
        what: "the short name of a project",
    },
    Param {
        name: "property",
        what: "what is or may be harmed, one or more: confidentiality, integrity, availability, privacy",
    },
    Param {
        name: "client",
        what: "whose it is: ours, or the id of a client",
    },
    Param {
        name: "open",
        what: "true or false",
    },
    Param {
        name: "q",
        what: "the number or the title begins with this",
    },
    Param {
        name: "order",
        what: "updated (the default) or number, newest first in both",
    },
    Param {
        name: "cursor",
        what: "the place behind which the page begins, from `next` or the Link header",
    },
    Param {
        name: "limit",
        what: "1 to 200; 50 if left out",
    },
];
const AFTER: &[Param] = &[
    Param {
        name: "after",
        what: "only entries after this number",
    },
    Param {
        name: "limit",
        what: "1 to 1000; 200 if left out",
    },
];
const FOLLOW: &[Param] = &[Param {
    name: "after",
    what: "the number of the last entry that you have; `Last-Event-ID` goes before it",
}];

const FIND: &[Param] = &[
    Param {
        name: "q",
        what: "words that must all stand in one entry; the last may go on",
    },
    Param {
        name: "limit",
        what: "1 to 200; 50 if left out",
    },
];

const EXHIBIT: &[Param] = &[
    Param {
        name: "kind",
        what: "what sort of evidence, in the playbook's words",
    },
    Param {
        name: "label",
        what: "what it shows",
    },
    Param {
        name: "asset",
        what: "of which asset it was taken",
    },
    Param {
        name: "media",
        what: "its media type, if the Content-Type does not say it",
    },
    Param {
        name: "as",
        what: "in a drill, with an admin's token: who adds it",
    },
];
const EDITION: &[Param] = &[Param {
    name: "edition",
    what: "which edition of the playbook; the one in force, if nothing is said",
}];
const FORMAT: &[Param] = &[Param {
    name: "format",
    what: "json (the default) or text, a document",
}];

/// Every route of the API.
#[must_use]
pub fn routes() -> Vec<Route> {
    let mut all = cases();
    all.extend(links());
    all.extend(projects());
    all.extend(people());
    all.extend(sign_in());
    all.extend(server());
    all
}

#[rustfmt::skip]
fn cases() -> Vec<Route> {
    vec![
        Route::api(Method::POST, "/api/v1/reports", "report", Public,
            "Report something: opens a case. Only `text` is needed, and nobody need be known.", report::open)
            .takes::<report::ReportRequest>(report::EXAMPLE).gives::<report::Receipt>(201),
        Route::api(Method::GET, "/api/v1/cases", "list_cases", SignedIn,
            "The cases that you may see, in pages.", cases::list)
            .query(LIST).gives::<cases::CaseList>(200),
        Route::api(Method::GET, "/api/v1/cases/{number}", "show_case", SignedIn,
            "One case as it stands now.", case::show).gives::<case::CaseAnswer>(200),
        Route::api(Method::GET, "/api/v1/cases/{number}/agenda", "show_agenda", SignedIn,
            "Who owes what by when, what may be done now, and when time acts next.", agenda::show)
            .gives::<agenda::Agenda>(200),
        Route::api(Method::GET, "/api/v1/cases/{number}/journal", "read_journal", SignedIn,
            "The entries of a case, oldest first.", journal::read)
            .query(AFTER).gives::<journal::JournalPage>(200),
        Route::api(Method::POST, "/api/v1/cases/{number}/commands", "command", SignedIn,
            "Ask the procedure to do something: it is done, or refused with the rule that says no.", commands::give)
            .takes::<commands::CommandRequest>(commands::EXAMPLE).gives::<commands::CommandAnswer>(200),
        Route::api(Method::POST, "/api/v1/cases/{number}/sitrep/preview", "preview_sitrep", SignedIn,
            "What each audience would read of a sitrep, and who gets it. Nothing is sent.", sitrep::preview)
            .takes::<commands::CommandRequest>(sitrep::EXAMPLE).gives::<sitrep::SitrepPreview>(200),
        Route::api(Method::GET, "/api/v1/cases/{number}/conformance", "show_conformance", SignedIn,
            "How the case stands to every rule of the procedure.", conformance::show)
            .gives::<conformance::Conformance>(200),
        Route::api(Method::GET, "/api/v1/cases/{number}/report", "show_incident_report", SignedIn,
            "The newest published edition of the incident report; null while none is.", published::show)
            .gives::<published::IncidentReport>(200),
        Route::api(Method::GET, "/api/v1/cases/{number}/metrics", "show_metrics", SignedIn,
            "The response metrics; unknown is an answer of its own.", measures::show)
            .gives::<procedure::Metrics>(200),
        Route::api(Method::GET, "/api/v1/cases/{number}/deliveries", "list_deliveries", SignedIn,
            "What left because of the case, to whom, and whether it arrived.", deliveries::list)
            .gives::<deliveries::Deliveries>(200),
        Route::api(Method::GET, "/api/v1/cases/{number}/events", "follow_case", SignedIn,
            "A stream that tells of each new entry (server-sent events; `id` is its number).", events::of_case)
            .query(FOLLOW).as_type("text/event-stream"),
        Route::api(Method::POST, "/api/v1/cases/{number}/exhibits", "add_exhibit", SignedIn,
            "Keep a file as evidence: the body is its bytes, the query says what it is.", exhibits::add)
            .query(EXHIBIT).gives::<exhibits::ExhibitAnswer>(201),
        Route::api(Method::GET, "/api/v1/cases/{number}/exhibits/{id}", "download_exhibit", SignedIn,
            "The bytes of an exhibit, as a download.", exhibits::download)
            .as_type("application/octet-stream"),
        Route::api(Method::GET, "/api/v1/now", "now", SignedIn,
            "What is asked of you in all open cases, soonest first.", now::show)
            .gives::<now::Now>(200),
        Route::api(Method::GET, "/api/v1/now/events", "follow_now", SignedIn,
            "A stream that tells when a case that you may see has changed.", events::of_mine)
            .as_type("text/event-stream"),
        Route::api(Method::GET, "/api/v1/review", "list_review", SignedIn,
            "Mail that waits until somebody has looked at it.", review::list)
            .gives::<review::MailQueue>(200),
        Route::api(Method::GET, "/api/v1/review/{mail}", "show_review", SignedIn,
            "One mail of the review queue, whether it waits or was settled.", review::show)
            .gives::<review::MailAnswer>(200),
        Route::api(Method::GET, "/api/v1/review/{mail}/mail", "download_review", SignedIn,
            "A mail of the review queue as it came, as a download.", review::download)
            .as_type("application/octet-stream"),
        Route::api(Method::POST, "/api/v1/review/{mail}/open", "open_review", SignedIn,
            "Open an event by a mail of the review queue; the mail becomes evidence.", review::open)
            .gives::<review::MailCase>(201),
        Route::api(Method::POST, "/api/v1/review/{mail}/join", "join_review", SignedIn,
            "Add a mail of the review queue to a case, as one more report of it.", review::join)
            .takes::<review::JoinMail>(review::JOIN).gives::<review::MailCase>(200),
        Route::api(Method::POST, "/api/v1/review/{mail}/dismiss", "dismiss_review", SignedIn,
            "Say that there is nothing to do about a mail of the review queue: it is counted.", review::dismiss)
            .answers(204),
        Route::api(Method::GET, "/api/v1/cases/{number}/alike", "case_alike", SignedIn,
            "What the mails of a case can be known again by, and where the same was seen.", alike::of_case)
            .gives::<alike::AlikeAnswer>(200),
        Route::api(Method::POST, "/api/v1/cases/{number}/gather", "gather", SignedIn,
            "Make other cases and waiting mails part of a case: reports and reporters all remain.", alike::gather)
            .takes::<alike::Gather>(alike::GATHER).gives::<alike::GatheredAnswer>(200),
        Route::api(Method::GET, "/api/v1/review/{mail}/alike", "review_alike", SignedIn,
            "What a mail of the review queue can be known again by, and where the same was seen.", alike::of_mail)
            .gives::<alike::AlikeAnswer>(200),
        Route::api(Method::POST, "/api/v1/warnings", "warn", SignedIn,
            "Show a warning of a suspicious mail as colleagues would get it, or send it.", alike::warn)
            .takes::<alike::Warn>(alike::WARN).gives::<alike::WarnAnswer>(200),
        Route::api(Method::POST, "/api/v1/suspicious", "report_suspicious", Public,
            "The three questions about a suspicious mail, with the mail itself: any yes opens an event.", suspicious::take)
            .takes::<suspicious::Suspicious>(suspicious::EXAMPLE).gives::<suspicious::SuspiciousAnswer>(201),
        Route::api(Method::GET, "/api/v1/search", "search", SignedIn,
            "Finds words in the cases that you may see; says how many were not searched.", search::find)
            .query(FIND).gives::<search::Found>(200),
    ]
}

#[rustfmt::skip]
fn links() -> Vec<Route> {
    vec![
        Route::api(Method::GET, "/api/v1/receipts/{token}", "show_receipt", Link,
            "Where a report stands, for whoever holds its receipt.", receipts::show)
            .gives::<receipts::ReceiptAnswer>(200),
        Route::api(Method::POST, "/api/v1/receipts/{token}", "say_by_receipt", Link,
            "Add details to a report, or disagree with what became of it.", receipts::say)
            .takes::<commands::CommandRequest>(receipts::EXAMPLE).gives::<commands::CommandAnswer>(200),
        Route::api(Method::GET, "/api/v1/links/{token}", "show_call", Link,
            "What the link in a page leads to. Looking never acts.", links::show)
            .gives::<links::CalledAnswer>(200),
        Route::api(Method::POST, "/api/v1/links/{token}", "answer_call", Link,
            "Take the case, pass it on or join, by the link in a page; a link acts once.", links::press)
            .takes::<links::PressRequest>(links::EXAMPLE).gives::<links::CalledAnswer>(200),
    ]
}

#[rustfmt::skip]
fn projects() -> Vec<Route> {
    vec![
        Route::api(Method::GET, "/api/v1/projects", "list_projects", SignedIn,
            "The projects that you may see.", projects::list).gives::<projects::Projects>(200),
        Route::api(Method::POST, "/api/v1/projects", "found_project", Admin,
            "Found a project with nobody in it yet.", projects::found)
            .takes::<projects::NewProject>(projects::NEW_EXAMPLE).gives::<projects::ProjectAnswer>(201),
        Route::api(Method::GET, "/api/v1/projects/{slug}", "show_project", SignedIn,
            "A project, whole, with its revision as ETag.", projects::show)
            .gives::<projects::ProjectAnswer>(200),
        Route::api(Method::PUT, "/api/v1/projects/{slug}", "replace_project", Admin,
            "Replace a project; If-Match names the revision that you edited.", projects::replace)
            .takes::<projects::ProjectRequest>(projects::EXAMPLE).gives::<projects::ProjectAnswer>(200),
        Route::api(Method::GET, "/api/v1/projects/{slug}/sources", "list_sources", Admin,
            "The programs that may send alerts to a project, those that were withdrawn included.", sources::list)
            .gives::<sources::Sources>(200),
        Route::api(Method::POST, "/api/v1/projects/{slug}/sources", "add_source", Admin,
            "Let a program send alerts. Its key is shown once.", sources::add)
            .takes::<sources::SourceRequest>(sources::EXAMPLE).gives::<sources::Added>(201),
        Route::api(Method::GET, "/api/v1/projects/{slug}/alert-routes", "show_alert_routes", Admin,
            "Whom the events of a project's alerts call first, and how many alerts were only kept.", alert_routes::show)
            .gives::<alert_routes::Routes>(200),
        Route::api(Method::PUT, "/api/v1/projects/{slug}/alert-routes", "set_alert_routes", Admin,
            "Say whom the events of a project's alerts call first: the routes as a whole, in the order in which they are asked.", alert_routes::set)
            .takes::<alert_routes::RoutesRequest>(alert_routes::EXAMPLE).gives::<alert_routes::Routes>(200),
        Route::api(Method::GET, "/api/v1/projects/{slug}/alert-rules", "show_alert_rules", Admin,
            "What becomes of a project's alerts, and what was held back.", alert_rules::show)
            .gives::<alert_rules::Rules>(200),
        Route::api(Method::PUT, "/api/v1/projects/{slug}/alert-rules", "set_alert_rules", Admin,
            "Say what becomes of a project's alerts: the rules as a whole, in the order in which they are asked.", alert_rules::set)
            .takes::<alert_rules::RulesRequest>(alert_rules::EXAMPLE).gives::<alert_rules::Rules>(200),
        Route::api(Method::POST, "/api/v1/projects/{slug}/alert-rules/try", "try_alert", Admin,
            "What would become of an alert, were it sent now. Nothing is kept of it.", alert_rules::attempt)
            .takes::<alert_rules::TryRequest>(alert_rules::TRY_EXAMPLE).gives::<alert_rules::Tried>(200),
        Route::api(Method::DELETE, "/api/v1/projects/{slug}/sources/{id}", "withdraw_source", Admin,
            "Let the key of an alert source open nothing any more.", sources::withdraw).answers(204),
        Route::api(Method::GET, "/api/v1/projects/{slug}/shadow", "show_shadow", SignedIn,
            "The sources in shadow, whom Henhouse would have called for their alerts, and whom the other pager called.", shadow::show)
            .gives::<shadow::ShadowAnswer>(200),
        Route::api(Method::PUT, "/api/v1/projects/{slug}/shadow/theirs", "set_shadow_theirs", Admin,
            "Say whom the other pager called, in the place of what was said before.", shadow::theirs)
            .takes::<shadow::TheirsRequest>(shadow::THEIRS).answers(204),
        Route::api(Method::PUT, "/api/v1/projects/{slug}/sources/{id}/shadow", "begin_shadow", Admin,
            "Let a source call nobody until a day that is given; the people of the project and the admins hear of it.", shadow::begin)
            .takes::<shadow::ShadowRequest>(shadow::EXAMPLE).answers(204),
        Route::api(Method::DELETE, "/api/v1/projects/{slug}/sources/{id}/shadow", "end_shadow", Admin,
            "Let a source in shadow call people from now on.", shadow::end).answers(204),
        Route::api(Method::GET, "/api/v1/projects/{slug}/on-call", "show_on_call", SignedIn,
            "Who is on call, and why, in every schedule of a project.", on_call::show)
            .query(AT).gives::<on_call::OnCallAnswer>(200),
        Route::api(Method::GET, "/api/v1/projects/{slug}/schedules/{schedule}", "show_schedule", SignedIn,
            "A schedule over a while: who is on call when, and the gaps.", on_call::schedule)
            .query(WHILE).gives::<on_call::ScheduleAnswer>(200),
        Route::api(Method::PUT, "/api/v1/projects/{slug}/schedules/{schedule}", "set_schedule", Admin,
            "Set a schedule, new or in the place of the one of that name.", on_call::set)
            .takes::<on_call::ScheduleRequest>(on_call::SCHEDULE).gives::<on_call::OnCallAnswer>(200),
        Route::api(Method::DELETE, "/api/v1/projects/{slug}/schedules/{schedule}", "remove_schedule", Admin,
            "Remove a schedule.", on_call::remove).answers(204),
        Route::api(Method::PUT, "/api/v1/projects/{slug}/teams/{team}", "set_team", Admin,
            "Say who is in a team, that is, on call together.", on_call::team)
            .takes::<on_call::TeamRequest>(on_call::TEAM).gives::<on_call::OnCallAnswer>(200),
        Route::api(Method::PUT, "/api/v1/projects/{slug}/policies/{policy}", "set_policy", Admin,
            "Set an escalation policy, new or in the place of the one of that name.", on_call::policy)
            .takes::<on_call::PolicyRequest>(on_call::POLICY).gives::<on_call::OnCallAnswer>(200),
        Route::api(Method::DELETE, "/api/v1/projects/{slug}/policies/{policy}", "remove_policy", Admin,
            "Remove an escalation policy that is not used.", on_call::remove_policy).answers(204),
        Route::api(Method::PUT, "/api/v1/projects/{slug}/policy", "use_policy", Admin,
            "Say by which escalation policy people are called before the contact sheet; null is the handbook's way alone.", on_call::use_policy)
            .takes::<on_call::UseRequest>(on_call::USED).gives::<on_call::OnCallAnswer>(200),
        Route::api(Method::POST, "/api/v1/projects/{slug}/schedules/{schedule}/covers", "stand_in", SignedIn,
            "Stand in for a while; an admin names anybody.", on_call::cover)
            .takes::<on_call::CoverRequest>(on_call::COVER).gives::<on_call::OnCallAnswer>(200),
        Route::api(Method::DELETE, "/api/v1/projects/{slug}/schedules/{schedule}/covers/{cover}", "end_cover", SignedIn,
            "Let whoever stands in do so no more.", on_call::end_cover).answers(204),
        Route::api(Method::POST, "/api/v1/projects/{slug}/schedules/{schedule}/swaps", "offer_swap", SignedIn,
            "Offer your time on call to somebody, perhaps for some of theirs.", on_call::offer)
            .takes::<on_call::SwapRequest>(on_call::SWAP).gives::<on_call::OnCallAnswer>(200),
        Route::api(Method::POST, "/api/v1/projects/{slug}/swaps/{swap}", "answer_swap", SignedIn,
            "Answer a swap that was offered to you, or take your own back.", on_call::answer)
            .takes::<on_call::SwapReply>(on_call::ANSWER).gives::<on_call::OnCallAnswer>(200),
        Route::api(Method::GET, "/api/v1/projects/{slug}/playbook", "show_playbook", SignedIn,
            "The procedure that new cases follow, and the editions that wait for review.", playbooks::show)
            .query(FORMAT).gives::<playbooks::PlaybookAnswer>(200),
        Route::api(Method::POST, "/api/v1/projects/{slug}/playbook", "propose_playbook", SignedIn,
            "Propose another edition of the playbook.", playbooks::propose)
            .takes::<playbooks::Proposal>(playbooks::EXAMPLE).gives::<playbooks::PlaybookAnswer>(201),
        Route::api(Method::GET, "/api/v1/projects/{slug}/playbook/check", "check_playbook", SignedIn,
            "What stands in the way of working by the playbook in this project.", playbooks::check)
            .query(EDITION).gives::<playbooks::Checked>(200),
        Route::api(Method::POST, "/api/v1/projects/{slug}/playbook/review", "review_playbook", SignedIn,
            "Accept a proposed edition, or turn it down; its author may not, as a rule.", playbooks::review)
            .takes::<playbooks::Review>(playbooks::REVIEW_EXAMPLE).gives::<playbooks::PlaybookAnswer>(200),
    ]
}

#[rustfmt::skip]
fn people() -> Vec<Route> {
    vec![
        Route::api(Method::POST, "/api/v1/session", "sign_in", Public,
            "Sign in with login and password; answers with a cookie.", session::begin)
            .takes::<session::Login>(session::EXAMPLE).gives::<session::Me>(200),
        Route::api(Method::GET, "/api/v1/session", "who_am_i", SignedIn,
            "Who you are to this server.", session::show).gives::<session::Me>(200),
        Route::api(Method::DELETE, "/api/v1/session", "sign_out", SignedIn,
            "End this session.", session::end).answers(204),
        Route::api(Method::POST, "/api/v1/set-up/{link}", "set_up", Link,
            "Make the first admin, with the link that the server printed; it works once.", set_up::make)
            .takes::<set_up::FirstAdmin>(set_up::EXAMPLE).gives::<session::Me>(201),
        Route::api(Method::POST, "/api/v1/password/{link}", "choose_password", Link,
            "Choose the password of your account, with the link that was mailed to you; it works once.", password::choose)
            .takes::<password::Chosen>(password::EXAMPLE).gives::<session::Me>(200),
        Route::api(Method::GET, "/api/v1/accounts", "list_accounts", Admin,
            "Every account.", accounts::list).gives::<accounts::Accounts>(200),
        Route::api(Method::POST, "/api/v1/accounts", "create_account", Admin,
            "Make an account.", accounts::create)
            .takes::<accounts::AccountRequest>(accounts::EXAMPLE).gives::<accounts::AccountAnswer>(201),
        Route::api(Method::PATCH, "/api/v1/accounts/{person}", "change_account", Admin,
            "Change an account's name, role or password, or lock it out.", accounts::change)
            .takes::<accounts::ChangeRequest>(accounts::CHANGE_EXAMPLE).gives::<accounts::AccountAnswer>(200),
        Route::api(Method::POST, "/api/v1/accounts/{person}/password-link", "ask_for_password", Admin,
            "Ask the person of an account to choose a password: by mail, or by a link that the owner of the data directory hands over. The password that they had ends, with its sessions and tokens.", accounts::link)
            .takes::<accounts::LinkRequest>(accounts::LINK_EXAMPLE).gives::<accounts::LinkAnswer>(201),
        Route::api(Method::GET, "/api/v1/tokens", "list_tokens", SignedIn,
            "Your tokens; for an admin, all of them.", tokens::list).gives::<tokens::Tokens>(200),
        Route::api(Method::POST, "/api/v1/tokens", "issue_token", SignedIn,
            "Issue a token. It is shown once. Only an admin issues one for a program, and for somebody else only the owner of the data directory.", tokens::issue)
            .takes::<tokens::TokenRequest>(tokens::EXAMPLE).gives::<tokens::Issued>(201),
        Route::api(Method::DELETE, "/api/v1/tokens/{id}", "revoke_token", SignedIn,
            "Revoke a token by its id.", tokens::revoke).answers(204),
    ]
}

#[rustfmt::skip]
fn sign_in() -> Vec<Route> {
    vec![
        Route::api(Method::GET, "/api/v1/sessions", "list_sessions", Myself,
            "Where you are signed in.", sessions::list).gives::<sessions::Sessions>(200),
        Route::api(Method::DELETE, "/api/v1/sessions", "end_other_sessions", Myself,
            "End every session of yours but this one; with a token, all.", sessions::end_others).gives::<sessions::Ended>(200),
        Route::api(Method::DELETE, "/api/v1/sessions/{id}", "end_session", Myself,
            "End one of your sessions by its id.", sessions::end).answers(204),
        Route::api(Method::GET, "/api/v1/accounts/{person}/sessions", "list_sessions_of", Admin,
            "Where somebody is signed in.", sessions::list_of).gives::<sessions::Sessions>(200),
        Route::api(Method::DELETE, "/api/v1/accounts/{person}/sessions", "end_sessions_of", Admin,
            "End every session of somebody.", sessions::end_all_of).gives::<sessions::Ended>(200),
        Route::api(Method::DELETE, "/api/v1/accounts/{person}/sessions/{id}", "end_session_of", Admin,
            "End one session of somebody by its id.", sessions::end_of).answers(204),
        Route::api(Method::GET, "/api/v1/factors", "list_factors", Myself,
            "What you sign in with beside your password.", factors::list).gives::<factors::FactorsAnswer>(200),
        Route::api(Method::POST, "/api/v1/factors/app", "begin_app", Myself,
            "Begin to put on an app that shows codes; it is asked for once a first code has come. In a browser only.", factors::begin_app)
            .takes::<factors::Again>(factors::AGAIN_EXAMPLE).gives::<factors::NewAppAnswer>(201),
        Route::api(Method::POST, "/api/v1/factors/app/confirm", "confirm_app", Myself,
            "Put the app on with its first code; answers recovery codes, which are shown this once. Every other session of yours ends.", factors::confirm_app)
            .takes::<factors::FirstCode>(factors::CODE_EXAMPLE).gives::<factors::Codes>(200),
        Route::api(Method::POST, "/api/v1/factors/app/remove", "remove_app", Myself,
            "Take the app off, with its recovery codes: the password is enough again.", factors::remove_app)
            .takes::<factors::Again>(factors::AGAIN_EXAMPLE).answers(204),
        Route::api(Method::POST, "/api/v1/factors/recovery-codes", "new_recovery_codes", Myself,
            "Make another set of recovery codes, which are shown this once; those before work no more.", factors::new_codes)
            .takes::<factors::Again>(factors::AGAIN_EXAMPLE).gives::<factors::Codes>(200),
        Route::api(Method::POST, "/api/v1/factors/passkeys", "begin_passkey", Myself,
            "Begin to make a passkey: answers what a device is asked, for `navigator.credentials.create`. Without a password only within ten minutes of signing in. In a browser only.", passkeys::begin)
            .takes::<passkeys::NewPasskey>(passkeys::NEW_EXAMPLE).gives::<passkeys::Asks>(201),
        Route::api(Method::POST, "/api/v1/factors/passkeys/confirm", "confirm_passkey", Myself,
            "Keep the passkey that a device made: from now on it signs you in without the password. Every other session of yours ends.", passkeys::confirm)
            .takes::<passkeys::Answered>(passkeys::ANSWER_EXAMPLE).answers(204),
        Route::api(Method::POST, "/api/v1/factors/passkeys/{id}/remove", "remove_passkey", Myself,
            "End one of your passkeys by its id. Every other session of yours ends.", passkeys::remove)
            .takes::<factors::Again>(factors::AGAIN_EXAMPLE).answers(204),
        Route::api(Method::POST, "/api/v1/session/passkey", "begin_passkey_session", Public,
            "Begin to sign in with a passkey: answers what a device is asked, for `navigator.credentials.get`. It waits five minutes and takes one answer.", passkeys::ask).gives::<passkeys::Asks>(201),
        Route::api(Method::POST, "/api/v1/session/passkey/confirm", "passkey_session", Public,
            "Sign in with what a device signed; the browser gets its session.", passkeys::enter)
            .takes::<passkeys::Answered>(passkeys::ANSWER_EXAMPLE).gives::<session::Me>(200),
        Route::api(Method::GET, "/api/v1/accounts/{person}/factors", "list_factors_of", Admin,
            "What somebody signs in with beside their password.", factors::list_of).gives::<factors::FactorsAnswer>(200),
        Route::api(Method::POST, "/api/v1/password", "change_password", Myself,
            "Choose another password. Every other session of yours ends, and every token.", factors::change_password)
            .takes::<factors::PasswordChange>(factors::PASSWORD_EXAMPLE).gives::<factors::PasswordChanged>(200),
        Route::api(Method::POST, "/api/v1/admin/break-glass", "make_break_glass", Admin,
            "Make the break-glass account, or new halves for it: shown this once, and only to the owner of the data directory.", break_glass::make)
            .takes::<break_glass::MakeRequest>(break_glass::EXAMPLE).gives::<break_glass::Made>(201),
        Route::api(Method::DELETE, "/api/v1/admin/break-glass", "end_break_glass", Admin,
            "Let the break-glass account open no more; whoever is in by it is out.", break_glass::end).answers(204),
        Route::api(Method::DELETE, "/api/v1/accounts/{person}/factors", "reset_factors", Admin,
            "Take everything off somebody that they sign in with beside their password (app, recovery codes, passkeys), because they lost it. Their sessions end, and they are told.", factors::reset).answers(204),
    ]
}

#[rustfmt::skip]
fn server() -> Vec<Route> {
    vec![
        Route::api(Method::GET, "/api/v1/openapi.json", "openapi", Public,
            "This document.", document::show),
        Route::api(Method::GET, "/api/v1/drill/clock", "show_clock", Drill,
            "Where the clock of the drill stands.", clock::show).gives::<clock::ClockAnswer>(200),
        Route::api(Method::POST, "/api/v1/drill/clock", "move_clock", Drill,
            "Move the clock of the drill forward; answers when everything on the way has happened.", clock::advance)
            .takes::<clock::ClockRequest>(clock::EXAMPLE).gives::<clock::ClockAnswer>(200),
        Route::api(Method::POST, "/api/v1/admin/verify", "verify", Admin,
            "Check every journal, text and exhibit of the installation.", verify::run),
        Route::api(Method::POST, "/api/v1/admin/backup", "make_backup", Admin,
            "Make a backup of the installation while it is served.", backup::make)
            .takes::<backup::BackupRequest>(backup::EXAMPLE),
        Route::api(Method::GET, "/problems/{slug}", "explain_problem", Public,
            "What a sort of problem means and what to do.", problems::show)
            .as_type("text/plain; charset=utf-8"),
        Route::api(Method::GET, "/healthz", "healthz", Public,
            "The process runs.", probes::health).as_type("text/plain; charset=utf-8"),
        Route::api(Method::GET, "/readyz", "readyz", Public,
            "The server can do its work now.", probes::ready).as_type("text/plain; charset=utf-8"),
        Route::api(Method::GET, "/metrics", "metrics", Public,
            "Figures about the server, for Prometheus. Nothing about any case.", probes::metrics)
            .as_type(probes::METRICS_TYPE),
    ]
}
