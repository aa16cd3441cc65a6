//! Pages for people: rendered on the server, complete without a script.

mod ack;
mod acts;
mod case;
mod code;
mod conformance;
mod frame;
mod home;
mod intake;
mod list;
mod me;
mod password;
mod places;
mod problem;
mod published;
mod receipt;
mod report;
mod set_up;
mod sign_in;
mod style;
mod styleguide;
mod view;

use axum::http::Method;

use super::registry::Permission::{Drill, Link, Myself, Public, SignedIn};
use super::registry::Route;

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
    all.extend(acts_of_a_case());
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
            "/cases/{number}",
            "case_page",
            SignedIn,
            "A case: where it stands, what is owed, what happened.",
            case::show,
        ),
        Route::page(
            POST,
            "/cases/{number}",
            "case_form",
            SignedIn,
            "Adds a note, ticks the checklist, or takes command.",
            case::act,
        )
        .answers(SEE_OTHER),
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
