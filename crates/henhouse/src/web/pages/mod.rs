//! Pages for people: rendered on the server, complete without a script.

mod accessibility;
mod ack;
mod acts;
mod admin;
mod alike;
mod assess;
mod calendar;
mod case;
mod code;
mod conformance;
mod deed;
mod disrupt;
mod drill;
mod figures;
mod frame;
mod handover;
mod home;
mod icon;
mod input;
mod intake;
mod list;
mod me;
mod password;
mod places;
mod print;
mod problem;
mod project;
mod published;
mod push;
mod receipt;
mod report;
mod retro;
mod review;
mod set_up;
mod sign_in;
mod sitrep;
mod status;
mod style;
mod styleguide;
mod suspicious;
mod view;

use axum::http::Method;

use super::registry::Permission::{Drill, Link, Myself, Public, SignedIn};
use super::registry::Route;

#[cfg(test)]
pub(crate) use acts::keys_of_acts;
pub use problem::problem;

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const SEE_OTHER: u16 = 303;

/// Every page.
#[must_use]
pub fn routes() -> Vec<Route> {
    let mut all = for_reporters();
    all.extend(for_those_called());
    all.extend(for_the_signed_in());
    all.extend(for_oneself());
    all.extend(case::routes());
    all.extend(calendar::routes());
    all.extend(acts_of_a_case());
    all.extend(decisions_of_a_case());
    all.extend(project::routes());
    all.extend(review::routes());
    all.extend(suspicious::routes());
    all.extend(alike::routes());
    all.extend(for_readers());
    all.extend(admin::routes());
    all.extend(drill::routes());
    all.push(accessibility::route());
    all
}

/// What somebody without an account needs.
fn for_reporters() -> Vec<Route> {
    vec![
        Route::page(
            GET,
            "/report",
            "report_page",
            Public,
            "The form to report something.",
            report::show,
        ),
        Route::page(
            POST,
            "/report",
            "report_form",
            Public,
            "Takes a report and leads to its receipt.",
            report::send,
        )
        .answers(SEE_OTHER),
        Route::page(
            GET,
            "/report/{project}",
            "project_report_page",
            Public,
            "The form to report something to a project.",
            report::show,
        ),
        Route::page(
            POST,
            "/report/{project}",
            "project_report_form",
            Public,
            "Takes a report to a project and leads to its receipt.",
            report::send,
        )
        .answers(SEE_OTHER),
        Route::page(
            GET,
            "/receipt/{token}",
            "receipt_page",
            Link,
            "Where a report stands, for whoever made it.",
            receipt::show,
        ),
        Route::page(
            POST,
            "/receipt/{token}",
            "receipt_form",
            Link,
            "Adds to a report, or disagrees with how it is handled.",
            receipt::say,
        )
        .answers(SEE_OTHER),
    ]
}

/// What the links in our mails lead to, and the way in.
fn for_those_called() -> Vec<Route> {
    vec![
        Route::page(
            GET,
            "/ack/{token}",
            "ack_page",
            Link,
            "What a page's link leads to; nothing happens.",
            ack::show,
        ),
        Route::page(
            POST,
            "/ack/{token}",
            "ack_form",
            Link,
            "Takes it, passes it on, or joins.",
            ack::press,
        ),
        Route::page(
            GET,
            "/sign-in",
            "sign_in_page",
            Public,
            "The form to sign in.",
            sign_in::show,
        ),
        Route::page(
            POST,
            "/sign-in",
            "sign_in_form",
            Public,
            "Signs in and leads to where one wanted to go.",
            sign_in::begin,
        )
        .answers(SEE_OTHER),
        Route::page(
            POST,
            "/sign-out",
            "sign_out_form",
            Public,
            "Ends the session.",
            sign_in::end,
        )
        .answers(SEE_OTHER),
        Route::page(
            GET,
            "/password/{token}",
            "password_page",
            Link,
            "The form to choose one's own password.",
            password::show,
        ),
        Route::page(
            POST,
            "/password/{token}",
            "password_form",
            Link,
            "Takes the password that its person chose and signs them in.",
            password::choose,
        )
        .answers(SEE_OTHER),
        Route::page(
            GET,
            "/set-up/{token}",
            "set_up_page",
            Link,
            "The form for the first admin.",
            set_up::show,
        ),
        Route::page(
            POST,
            "/set-up/{token}",
            "set_up_form",
            Link,
            "Makes the first admin and signs them in.",
            set_up::make,
        )
        .answers(SEE_OTHER),
    ]
}

/// The second page of the way in, and one's own profile.
#[rustfmt::skip]
fn for_oneself() -> Vec<Route> {
    vec![
        Route::page(GET, "/sign-in/code", "sign_in_code_page", Public, "The second page of a sign-in: a code, or at the break-glass account who and why.", code::show),
        Route::page(POST, "/sign-in/code", "sign_in_code_form", Public, "Takes the code and leads to where one wanted to go.", code::enter)
            .answers(SEE_OTHER),
        Route::page(GET, "/me", "me_page", Myself, "One's own name, and how one is called.", me::show),
        Route::page(POST, "/me", "me_form", Myself, "Takes another name, or sends a message to oneself.", me::change)
            .answers(SEE_OTHER),
        Route::page(GET, "/me/sign-in", "me_sign_in_page", Myself, "How one signs in: password, app, recovery codes.", me::secure::show),
        Route::page(POST, "/me/sign-in", "me_sign_in_form", Myself, "Changes how one signs in; asks for the password.", me::secure::change)
            .answers(SEE_OTHER),
        Route::page(GET, "/me/notifications", "me_push_page", Myself, "The devices on which one is told what one is called for.", me::push::show),
        Route::page(POST, "/me/notifications", "me_push_form", Myself, "Turns a device on or off, or sends a message to oneself.", me::push::change)
            .answers(SEE_OTHER),
        Route::page(GET, push::WORKER, "push_worker", Public, "The service worker that shows what is pushed.", push::file)
            .as_type("text/javascript"),
        Route::page(GET, push::MANIFEST, "manifest", Public, "By what a home screen knows these pages.", push::file)
            .as_type("application/manifest+json"),
        Route::page(GET, push::ICON, "icon", Public, "The hen on a home screen.", push::file)
            .as_type("image/svg+xml"),
        Route::page(GET, push::PICTURE, "icon_picture", Public, "The hen on a home screen that takes no SVG.", push::file)
            .as_type("image/png"),
        Route::page(POST, "/push/shown/{name}", "push_shown", Link, "A device says that it has shown a notice. Nothing is taken by it.", push::shown)
            .answers(204),
        Route::page(GET, "/me/sessions", "me_sessions_page", Myself, "Where one is signed in.", me::sessions::show),
        Route::page(POST, "/me/sessions", "me_sessions_form", Myself, "Ends one session, or every other one.", me::sessions::end)
            .answers(SEE_OTHER),
        Route::page(GET, "/me/tokens", "me_tokens_page", Myself, "One's tokens.", me::tokens::show),
        Route::page(POST, "/me/tokens", "me_tokens_form", Myself, "Makes a token, which is shown this once, or ends one.", me::tokens::change)
            .answers(SEE_OTHER),
    ]
}

/// What those who are signed in see, and what every page needs.
fn for_the_signed_in() -> Vec<Route> {
    vec![
        Route::page(
            GET,
            "/",
            "home_page",
            Public,
            "What is asked of me; to strangers, where to report and where to sign in.",
            home::front,
        ),
        Route::page(
            GET,
            "/now",
            "now_page",
            SignedIn,
            "What is asked of me, soonest first, and the open cases.",
            home::now,
        ),
        Route::page(
            GET,
            "/cases",
            "cases_page",
            SignedIn,
            "Every case that one may see, and finding one by its words.",
            list::show,
        ),
        Route::page(
            GET,
            "/cases/{number}/conformance",
            "conformance_page",
            SignedIn,
            "How a case stands to every rule, what was not kept first.",
            conformance::show,
        ),
        Route::page(
            GET,
            "/cases/{number}/report",
            "published_report_page",
            SignedIn,
            "The newest published edition of the incident report.",
            published::show,
        ),
        Route::page(
            POST,
            "/view",
            "view_form",
            Public,
            "Chooses light or dark, or the language, and leads back.",
            view::choose,
        )
        .answers(SEE_OTHER),
        Route::page(
            GET,
            style::CSS_PATH,
            "stylesheet",
            Public,
            "The stylesheet of every page.",
            style::show,
        )
        .as_type("text/css"),
        Route::page(
            GET,
            style::JS_PATH,
            "script",
            Public,
            "The script of every page; nothing needs it.",
            style::show,
        )
        .as_type("text/javascript"),
        Route::page(
            GET,
            style::JS_FOR_STRANGERS_PATH,
            "script_for_strangers",
            Public,
            "The script of pages for whoever is not signed in: without the keys.",
            style::show,
        )
        .as_type("text/javascript"),
        Route::page(
            GET,
            "/styleguide",
            "styleguide",
            Drill,
            "The parts that pages are made of, beside each other.",
            styleguide::show,
        ),
    ]
}

/// Everything that one may do in a case.
fn acts_of_a_case() -> Vec<Route> {
    vec![
        Route::page(
            GET,
            "/cases/{number}/acts",
            "acts_page",
            SignedIn,
            "What one may do in a case, by chapter, and what one may not.",
            acts::list,
        ),
        Route::page(
            GET,
            "/cases/{number}/acts/{command}",
            "act_page",
            SignedIn,
            "The form of a command, filled in with what is known.",
            acts::show,
        ),
        Route::page(
            POST,
            "/cases/{number}/acts/{command}",
            "act_form",
            SignedIn,
            "Gives the command to the case.",
            acts::send,
        )
        .answers(SEE_OTHER),
    ]
}

/// Acts that have a page of their own.
#[rustfmt::skip]
fn decisions_of_a_case() -> Vec<Route> {
    vec![
        Route::page(GET, "/cases/{number}/assess", "assess_begin", SignedIn, "Leads to the first open question of the assessment.", assess::begin)
            .answers(SEE_OTHER),
        Route::page(GET, "/cases/{number}/assess/check", "assess_check_page", SignedIn, "All answers, and the severity that they suggest with its rules.", assess::check),
        Route::page(POST, "/cases/{number}/assess/check", "assess_check_form", SignedIn, "Confirms it with a severity, or sets another one.", assess::decide)
            .answers(SEE_OTHER),
        Route::page(GET, "/cases/{number}/assess/{step}", "assess_page", SignedIn, "A question of the assessment.", assess::show),
        Route::page(POST, "/cases/{number}/assess/{step}", "assess_form", SignedIn, "Takes an answer and leads to the next question.", assess::answer)
            .answers(SEE_OTHER),
        Route::page(GET, "/cases/{number}/sitrep", "sitrep_page", SignedIn, "A sitrep, begun from the record.", sitrep::show),
        Route::page(POST, "/cases/{number}/sitrep", "sitrep_form", SignedIn, "Shows it as each audience reads it, sends it, or says that nothing has changed.", sitrep::send)
            .answers(SEE_OTHER),
        Route::page(GET, "/cases/{number}/sitrep/{sitrep}", "sitrep_sent_page", SignedIn, "Where a sitrep went, and what was held back.", sitrep::sent),
        Route::page(GET, "/cases/{number}/disrupt", "disrupt_ask_page", SignedIn, "Asks for a disruption, with the rule of the severity beside the button.", disrupt::ask),
        Route::page(POST, "/cases/{number}/disrupt", "disrupt_ask_form", SignedIn, "Asks for a disruption; at High it begins.", disrupt::request)
            .answers(SEE_OTHER),
        Route::page(GET, "/cases/{number}/disrupt/{disruption}", "disrupt_page", SignedIn, "A disruption: may it begin, who was asked, until when one waits.", disrupt::look),
        Route::page(POST, "/cases/{number}/disrupt/{disruption}", "disrupt_form", SignedIn, "Begins it, answers, notes who was reached, tells people, ends it.", disrupt::act)
            .answers(SEE_OTHER),
        Route::page(GET, "/cases/{number}/handover", "handover_page", SignedIn, "Command on its way: the offer with its briefing, the read-back, the take-over.", handover::show),
        Route::page(POST, "/cases/{number}/handover", "handover_form", SignedIn, "Offers, accepts or declines command, or takes it in two steps.", handover::act)
            .answers(SEE_OTHER),
    ]
}

/// What is read afterwards, and where it is written.
#[rustfmt::skip]
fn for_readers() -> Vec<Route> {
    vec![
        Route::page(GET, "/cases/{number}/retrospective", "retrospective_page", SignedIn, "Looking back at a case: log, timeline, causes, lessons, follow-ups.", retro::show),
        Route::page(POST, "/cases/{number}/retrospective", "retrospective_form", SignedIn, "Takes an entry over into the timeline, leaves a line out, or says it in other words.", retro::press)
            .answers(SEE_OTHER),
        Route::page(GET, "/cases/{number}/print/briefing", "briefing_print", SignedIn, "Where a case stands, on paper, in the order of an incident briefing.", print::briefing),
        Route::page(GET, "/cases/{number}/print/log", "log_print", SignedIn, "What happened, on paper, of everybody or of one person.", print::log),
        Route::page(GET, "/cases/{number}/print/sitrep", "sitrep_print", SignedIn, "A sitrep on paper.", print::sitrep),
        Route::page(GET, "/figures", "figures_page", SignedIn, "What the figures of the cases say, a quarter beside the one before.", figures::show),
        Route::page(GET, "/figures.csv", "figures_table", SignedIn, "The figures of a quarter for a spreadsheet, case by case.", figures::table)
            .as_type("text/csv; charset=utf-8"),
        Route::page(GET, "/status/{token}", "status_page", Link, "What outsiders read about a case: approved words, how it stands, when they hear more.", status::by_link),
        Route::page(GET, "/status/{token}/feed", "status_feed", Link, "The same as a feed (Atom).", status::feed_by_link)
            .as_type(status::KIND),
        Route::page(GET, "/public/{slug}", "public_status_page", Public, "What everybody reads about a project that shows it.", status::of_project),
        Route::page(GET, "/public/{slug}/feed", "public_status_feed", Public, "The same as a feed (Atom).", status::feed_of_project)
            .as_type(status::KIND),
        Route::page(GET, "/cases/{number}/status", "team_status_page", SignedIn, "What outsiders read about a case, and saying something new.", status::compose),
        Route::page(POST, "/cases/{number}/status", "team_status_form", SignedIn, "Checks words for outsiders, lets them out, or changes the private link.", status::send)
            .answers(SEE_OTHER),
    ]
}
