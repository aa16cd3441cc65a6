//! A schedule over a while: spans in which the same people are on call for the same reasons, and the gaps between them.

use alloc::vec::Vec;

use jiff::{SignedDuration, Timestamp};

use super::{OnCall, Reading, Rotation};

/// A while is cut into at most so many pieces; what lies behind the last is not told.
pub const SPANS_LIMIT: usize = 20_000;
/// And no further than so, whatever is asked for.
const FAR: SignedDuration = SignedDuration::from_hours(10 * 366 * 24);

/// A span in which nothing changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span<'a> {
    /// From this instant on.
    pub from: Timestamp,
    /// Up to, not including.
    pub until: Timestamp,
    /// Who is on call, and why; nobody: a gap.
    pub on_call: OnCall<'a>,
}

impl Span<'_> {
    /// Whether nobody is on call.
    #[must_use]
    pub fn is_gap(&self) -> bool {
        self.on_call.people.is_empty()
    }
}

impl<'a> Reading<'a> {
    /// The whole of a while, in order, without a hole.
    #[must_use]
    pub fn spans(&self, from: Timestamp, until: Timestamp) -> Vec<Span<'a>> {
        let mut spans: Vec<Span<'a>> = Vec::new();
        let edges = self.edges(from, until);
        for (at, end) in edges.iter().zip(edges.iter().skip(1)) {
            let on_call = self.on_call_at(*at);
            match spans.last_mut() {
                Some(last) if last.on_call == on_call => last.until = *end,
                _ => spans.push(Span {
                    from: *at,
                    until: *end,
                    on_call,
                }),
            }
        }
        spans
    }

    /// When nobody is on call, in order.
    #[must_use]
    pub fn gaps(&self, from: Timestamp, until: Timestamp) -> Vec<(Timestamp, Timestamp)> {
        let mut gaps: Vec<(Timestamp, Timestamp)> = Vec::new();
        for span in self.spans(from, until).into_iter().filter(Span::is_gap) {
            match gaps.last_mut() {
                Some(last) if last.1 == span.from => last.1 = span.until,
                _ => gaps.push((span.from, span.until)),
            }
        }
        gaps
    }

    /// Every instant at which the answer may change, with both ends.
    fn edges(&self, from: Timestamp, until: Timestamp) -> Vec<Timestamp> {
        let mut edges = Vec::new();
        if from >= until {
            return edges;
        }
        let until = from.checked_add(FAR).map_or(until, |far| until.min(far));
        let cut = |edges: &mut Vec<Timestamp>| {
            edges.retain(|at| from <= *at && *at <= until);
            edges.sort_unstable();
            edges.dedup();
            edges.truncate(SPANS_LIMIT + 1);
        };
        for cover in &self.schedule.covers {
            edges.extend([cover.from, cover.until]);
        }
        for rotation in self.schedule.rotations.values() {
            self.handovers(rotation, (from, until), &mut edges);
            if edges.len() > 4 * SPANS_LIMIT {
                cut(&mut edges);
            }
        }
        edges.extend([from, until]);
        cut(&mut edges);
        edges
    }

    fn handovers(
        &self,
        rotation: &Rotation,
        (from, until): (Timestamp, Timestamp),
        out: &mut Vec<Timestamp>,
    ) {
        let Some(zone) = self.zone(Some(rotation)) else {
            return;
        };
        let Some(begin) = rotation.handover(zone, 0) else {
            return;
        };
        out.extend([begin, rotation.over_at(zone)]);
        rotation.edges(zone, self.holidays, (from, until), out);
        let Some(turn) = rotation.turn_at(zone, from.max(begin)) else {
            return;
        };
        let last = until.min(rotation.over_at(zone));
        let numbers = turn.number.saturating_add(1)..;
        let handovers = numbers.map_while(|number| rotation.handover(zone, number));
        out.extend(handovers.take_while(|at| *at < last).take(SPANS_LIMIT));
    }
}
