//! Shifts as a calendar reads them: iCalendar (RFC 5545), the few lines of it that a shift needs. Only numbers and
//! hours: a calendar is seen by more eyes than a case.

use jiff::Timestamp;

use super::time;

/// The most bytes of a line; a longer one goes on in the next (RFC 5545, 3.1).
const LINE: usize = 75;
/// How often calendars may look again (RFC 7986, 5.7).
const AGAIN: &str = "PT15M";

/// A shift to be told.
pub struct Shift<'a> {
    /// Names it for ever, in the whole world.
    pub uid: String,
    /// The case's number.
    pub number: &'a str,
    /// When it was planned.
    pub planned_at: Timestamp,
    /// From this instant on.
    pub from: Timestamp,
    /// Up to, not including.
    pub until: Timestamp,
    /// As Incident Commander.
    pub ic: bool,
    /// It was cancelled.
    pub cancelled: bool,
    /// The page of the case's people.
    pub url: String,
}

/// Time on call to be told.
pub struct OnCall {
    /// Names it for ever, in the whole world.
    pub uid: String,
    /// What is said of it: of whose, or in which schedule.
    pub said: String,
    /// From this instant on.
    pub from: Timestamp,
    /// Up to, not including.
    pub until: Timestamp,
    /// The page of the schedule.
    pub url: String,
}

/// The calendar of somebody's shifts and time on call, or of a schedule, as seen at `now`.
#[must_use]
pub fn feed(shifts: &[Shift], on_call: &[OnCall], drill: bool, now: Timestamp) -> String {
    let mut out = String::new();
    let first = if drill { "DRILL " } else { "" };
    put(&mut out, "BEGIN:VCALENDAR");
    put(&mut out, "VERSION:2.0");
    put(&mut out, "PRODID:-//Henhouse//Shifts//EN");
    put(&mut out, "METHOD:PUBLISH");
    put(&mut out, &format!("NAME:{first}Henhouse shifts"));
    put(&mut out, &format!("X-WR-CALNAME:{first}Henhouse shifts"));
    put(
        &mut out,
        &format!("REFRESH-INTERVAL;VALUE=DURATION:{AGAIN}"),
    );
    for shift in shifts {
        let post = if shift.ic {
            "Incident Commander"
        } else {
            "on shift"
        };
        let long = time::span(shift.until.duration_since(shift.from));
        let status = if shift.cancelled {
            "CANCELLED"
        } else {
            "CONFIRMED"
        };
        put(&mut out, "BEGIN:VEVENT");
        put(&mut out, &format!("UID:{}", escaped(&shift.uid)));
        put(&mut out, &format!("DTSTAMP:{}", instant(now)));
        put(&mut out, &format!("CREATED:{}", instant(shift.planned_at)));
        put(&mut out, &format!("DTSTART:{}", instant(shift.from)));
        put(&mut out, &format!("DTEND:{}", instant(shift.until)));
        put(&mut out, &format!("SEQUENCE:{}", u8::from(shift.cancelled)));
        put(&mut out, &format!("STATUS:{status}"));
        let summary = escaped(&format!("{first}{}: {post}", shift.number));
        put(&mut out, &format!("SUMMARY:{summary}"));
        put(
            &mut out,
            &format!("DESCRIPTION:{}", escaped(&format!("{long}. {}", shift.url))),
        );
        put(&mut out, &format!("URL:{}", shift.url));
        put(&mut out, "END:VEVENT");
    }
    for one in on_call {
        let long = time::span(one.until.duration_since(one.from));
        let summary = escaped(&format!("{first}On call: {}", one.said));
        let description = escaped(&format!("{long}. {}", one.url));
        put(&mut out, "BEGIN:VEVENT");
        put(&mut out, &format!("UID:{}", escaped(&one.uid)));
        put(&mut out, &format!("DTSTAMP:{}", instant(now)));
        put(&mut out, &format!("DTSTART:{}", instant(one.from)));
        put(&mut out, &format!("DTEND:{}", instant(one.until)));
        put(&mut out, "TRANSP:TRANSPARENT");
        put(&mut out, &format!("SUMMARY:{summary}"));
        put(&mut out, &format!("DESCRIPTION:{description}"));
        put(&mut out, &format!("URL:{}", one.url));
        put(&mut out, "END:VEVENT");
    }
    put(&mut out, "END:VCALENDAR");
    out
}

fn instant(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text as a value (RFC 5545, 3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A line with its end, folded between characters.
fn put(out: &mut String, line: &str) {
    let mut room = LINE;
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = LINE - 1;
        }
        room -= c.len_utf8();
        out.push(c);
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    #[test]
    fn a_shift_is_told_by_number_and_hours_in_folded_lines() {
        let at = |at: &str| at.parse::<Timestamp>().unwrap();
        let shift = Shift {
            uid: "one,two;three".to_owned(),
            number: "HH-142",
            planned_at: at("2026-03-02T03:00:00Z"),
            from: at("2026-03-02T06:00:00Z"),
            until: at("2026-03-02T09:00:00Z"),
            ic: true,
            cancelled: false,
            url: format!(
                "https://henhouse.example/cases/HH-142/people?{}",
                "ü".repeat(60)
            ),
        };
        let told = feed(&[shift], &[], true, at("2026-03-02T03:12:00Z"));
        for must in [
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
            "UID:one\\,two\\;three\r\n",
            "DTSTART:20260302T060000Z\r\nDTEND:20260302T090000Z\r\n",
            "SUMMARY:DRILL HH-142: Incident Commander\r\n",
            "DESCRIPTION:3 hours. https",
            "STATUS:CONFIRMED\r\n",
        ] {
            assert!(told.contains(must), "{must}: {told}");
        }
        assert!(told.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"), "{told}");
        let mut lines = told.split("\r\n");
        assert!(
            lines.all(|line| line.len() <= LINE && !line.contains('\n')),
            "{told}"
        );
        let unfolded = told.replace("\r\n ", "");
        assert!(unfolded.contains(&"ü".repeat(60)), "{unfolded}");
    }
}
