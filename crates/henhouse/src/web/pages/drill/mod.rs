//! `/drill` and `/cases/{number}/drill`: begins a canned drill, and conducts it: the clock of a drill installation, what
//! happens meanwhile, and the score sheet. Whoever conducts it plays a part, of which the journal says so; the case itself
//! has the same pages and rules as any other.

mod begin;
mod control;

use axum::http::Method;
use procedure::{Actor, How, Who};

use crate::report::Times;
use crate::report::drills::Drill;
use crate::web::registry::Permission::{Admin, SignedIn};
use crate::web::registry::Route;
use crate::web::words::key;
use crate::web::{Call, Problem};

/// The pages of drills.
#[rustfmt::skip]
pub(super) fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    vec![
        Route::page(get.clone(), "/drill", "drill_page", Admin, "Canned drills to begin, and the clock of a drill.", begin::show),
        Route::page(post.clone(), "/drill", "drill_form", Admin, "Begins a canned drill, or moves the clock of a drill.", begin::act)
            .answers(super::SEE_OTHER),
        Route::page(get, "/cases/{number}/drill", "drill_control_page", SignedIn, "The score sheet of a case; to whoever conducts it, its clock and what happens meanwhile.", control::show),
        Route::page(post, "/cases/{number}/drill", "drill_control_form", SignedIn, "Gives what happens meanwhile, or moves the clock of a drill; for admins.", control::act)
            .answers(super::SEE_OTHER),
    ]
}

/// Whoever conducts a drill, in the part that they play: nobody on the team, so that nothing they say gives them command.
fn conductor(call: &Call) -> Result<Actor, Problem> {
    let known = call.known()?;
    let who = known.person.as_deref().unwrap_or(&known.name);
    Ok(Actor {
        who: Who::Service(format!("drill ({who})")),
        how: How::Drill,
    })
}

/// The clock of a drill as a page shows it.
struct Dial {
    now: String,
    /// When something is due next, if anything is.
    next: Option<String>,
    /// How fast it can go by itself: how often as fast as a real one, the name of the words, whether it does so now.
    speeds: [(u32, &'static str, bool); 4],
}

impl Dial {
    /// In a drill installation; elsewhere time is real.
    async fn of(call: &Call, times: &Times) -> Result<Option<Self>, Problem> {
        let desk = &call.app.desk;
        if !desk.site().drill {
            return Ok(None);
        }
        let speed = desk.clock_speed();
        let speeds = [
            (0, key("drill-speed-0")),
            (1, key("drill-speed-1")),
            (10, key("drill-speed-10")),
            (60, key("drill-speed-60")),
        ];
        Ok(Some(Self {
            now: times.dated(desk.now()),
            next: desk
                .next_wake()
                .await?
                .map(|at| call.words().both(times, at)),
            speeds: speeds.map(|(n, words)| (n, words, n == speed)),
        }))
    }
}

/// Moves the clock as a button says; false where the button is none of the clock's.
async fn move_clock(call: &Call, button: &str) -> Result<bool, Problem> {
    use crate::web::api::clock::move_to;
    let desk = &call.app.desk;
    let Some((what, how)) = button.split_once(' ') else {
        return Ok(false);
    };
    let minutes = match (what, how.parse::<u32>()) {
        ("speed", Ok(speed)) => {
            desk.set_clock_speed(speed).await?;
            return Ok(true);
        }
        ("minutes", Ok(minutes)) => Some(minutes),
        ("until", Err(_)) if how == "due" => None,
        _ => return Ok(false),
    };
    let to = match minutes {
        Some(minutes) => {
            let step = jiff::SignedDuration::from_mins(i64::from(minutes));
            let to = desk.now().checked_add(step);
            Some(to.map_err(|_| Problem::field("/clock", "So far it cannot be moved."))?)
        }
        None => desk.next_wake().await?,
    };
    // Nothing is due: there is nowhere to go.
    if let Some(to) = to {
        move_to(desk, to.max(desk.now())).await?;
    }
    Ok(true)
}

/// A canned drill as it is listed.
struct Canned {
    id: String,
    name: String,
    trains: String,
    hours: u32,
    injects: usize,
}

impl From<Drill> for Canned {
    fn from(drill: Drill) -> Self {
        Self {
            injects: drill.injects.len(),
            id: drill.id,
            name: drill.name,
            trains: drill.trains,
            hours: drill.hours,
        }
    }
}

#[cfg(test)]
mod tests;
