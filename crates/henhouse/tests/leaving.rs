//! Leaving another pager: a double that answers in the shapes of the vendor's API is read into a file, the plan says of each
//! object what becomes of it, and carrying it out again changes only what differs.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

mod leaving {
    pub mod double;
    mod grafana_oncall;
    mod opsgenie;
    mod pagerduty;
}
mod peers;
mod served;
