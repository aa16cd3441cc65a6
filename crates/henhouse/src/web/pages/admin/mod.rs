//! `/admin`: what whoever manages an installation does by browser: first steps, accounts and their sessions, and whether
//! Henhouse is well. Admins only, through the same operations as the API's.

mod account;
mod accounts;
mod begin;
mod factors;
mod health;

use axum::http::Method;

use super::frame::Frame;
use super::project::Tabs;
use crate::desk::{Desk, MAIL};
use crate::report::to_do::{ChannelReach, MailReach};
use crate::web::Call;
use crate::web::registry::Permission::Admin;
use crate::web::registry::Route;
use crate::web::words::{Words, key};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const SEE_OTHER: u16 = 303;

/// The pages for admins.
#[rustfmt::skip]
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page(GET, "/admin", "admin_page", Admin, "What is still to be set up, step by step, and where it is done.", begin::show),
        Route::page(POST, "/admin", "admin_form", Admin, "Names the organisation or the first project, or founds another project.", begin::change)
            .answers(SEE_OTHER),
        Route::page(GET, "/admin/accounts", "accounts_page", Admin, "Every account, and who on a contact sheet has none.", accounts::show),
        Route::page(POST, "/admin/accounts", "accounts_form", Admin, "Makes an account and asks its person to choose a password.", accounts::make)
            .answers(SEE_OTHER),
        Route::page(GET, "/admin/accounts/{person}", "account_page", Admin, "An account: what it may do, and where its person is signed in.", account::show),
        Route::page(POST, "/admin/accounts/{person}", "account_form", Admin, "Changes an account, or ends its sessions.", account::change)
            .answers(SEE_OTHER),
        Route::page(GET, "/admin/accounts/{person}/sign-in", "account_factors_page", Admin, "What somebody signs in with beside their password.", factors::show),
        Route::page(POST, "/admin/accounts/{person}/sign-in", "account_factors_form", Admin, "Takes off a passkey or an app that was lost.", factors::change)
            .answers(SEE_OTHER),
        Route::page(GET, "/admin/health", "health_page", Admin, "Is Henhouse well? Calls, the record, backups, and who watches the watcher.", health::show),
        Route::page(POST, "/admin/health", "health_form", Admin, "Sends a message to oneself, or lets the break-glass account open no more.", health::act)
            .answers(SEE_OTHER),
    ]
}

pub(super) fn tabs(words: Words, here: &str) -> Tabs {
    let all = [
        ("/admin", key("admin-begin")),
        ("/admin/accounts", key("admin-accounts")),
        ("/admin/health", key("admin-health")),
        ("/drill", key("drill-title")),
    ];
    let tab = |(path, label): (&str, &str)| {
        let words = words.say(label).into_owned();
        (path.to_owned(), words, path == here)
    };
    Tabs {
        all: all.into_iter().map(tab).collect(),
        ..Tabs::default()
    }
}

/// Whether mail leaves, as its channel saw it: in a drill too, which asks nobody to set mail up.
fn mail_of(desk: &Desk) -> (MailReach, Option<ChannelReach>) {
    let mut channels = desk.channels().into_iter();
    let channel = channels.find(|channel| channel.route == MAIL);
    let reach = channel.as_ref().map(|channel| channel.reach.clone());
    (reach.unwrap_or_else(|| desk.mail_reach()), channel)
}

async fn frame_of(call: &Call, title: &str) -> Frame {
    let frame = Frame::new(call, call.words().say(title));
    let frame = frame.at("/admin").worded("admin");
    frame.with_lines(&call.app.desk).await
}

#[cfg(test)]
mod tests;
