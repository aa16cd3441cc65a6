//! When it takes long: forecasts, plans, shifts, rest.

use jiff::SignedDuration;
use procedure::Body;
use procedure::chapters::endurance::{LongPlanned, ShiftAs, ShiftPlanned};
use procedure::playbook::Response;

use super::{Teller, because};
use crate::report::severity;
use crate::report::time::span;

pub(super) fn says(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    Some(match body {
        Body::ForecastRecorded(forecast) => {
            format!(
                "{who} thinks that it takes {} more.",
                long(forecast.minutes)
            )
        }
        Body::PlanOpened(opened) if opened.forecast => {
            "It is expected to take long: the IC plans how it goes on.".to_owned()
        }
        Body::PlanOpened(_) => "It takes long: the IC plans how it goes on.".to_owned(),
        Body::LongPlanned(planned) => self::planned(t, planned),
        Body::ShiftPlanned(shift) => self::shift(t, shift),
        Body::ShiftCancelled(cancelled) => format!(
            "{who} cancelled shift {} of {}.",
            cancelled.shift,
            t.names.person(&cancelled.person)
        ),
        Body::SentHome(sent) => {
            format!("{who} sent {} home to rest.", t.names.person(&sent.person))
        }
        _ => return None,
    })
}

fn planned(t: &Teller, planned: &LongPlanned) -> String {
    let mode = match planned.mode {
        Response::AroundTheClock => "around the clock",
        Response::BusinessHours => "in business hours",
    };
    let breach = if planned.breach_ongoing {
        "a breach goes on"
    } else {
        "no breach goes on"
    };
    let severity = severity(planned.severity);
    let next = planned.next_ic.as_ref();
    let next = next.map(|next| format!(", {} commands next", t.names.person(next)));
    format!(
        "{} planned that the work goes on {mode} (severity {severity}, {breach}){}{}",
        t.who,
        next.unwrap_or_default(),
        because(planned.reason.as_ref())
    )
}

fn shift(t: &Teller, shift: &ShiftPlanned) -> String {
    let duty = match shift.duty {
        ShiftAs::Ic => " as Incident Commander",
        ShiftAs::Responder => "",
    };
    let mut said = format!(
        "{} planned shift {}: {}{duty}, from {} to {}.",
        t.who,
        shift.shift,
        t.names.person(&shift.person),
        t.times.at(shift.from),
        t.times.at(shift.until)
    );
    if shift.over_minutes > 0 {
        let over = long(shift.over_minutes);
        said.push_str(&format!(" That is {over} longer than a shift should be."));
    }
    if shift.rest_short_minutes > 0 {
        let short = long(shift.rest_short_minutes);
        said.push_str(&format!(" The rest beside it is {short} too short."));
    }
    said
}

fn long(minutes: u32) -> String {
    span(SignedDuration::from_mins(i64::from(minutes)))
}
