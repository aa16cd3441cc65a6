//! Values for reports coming in.

use super::{Choice, Sign};
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Reports coming in: what a reporter is shown and asked, and how reports are sorted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intake {
    /// The broad definition, shown beside the form; nothing is turned away by it (R23, R121).
    pub definition: String,
    /// "You are not in trouble", said before and after sending (R105).
    pub reassurance: String,
    /// Said to check first: is this expected, e.g. planned maintenance (R24)?
    pub expected_first: String,
    /// What to leave alone until the team says otherwise (R119, R120).
    pub do_not_delete: String,
    /// Telephone numbers that anybody may be shown, e.g. the on-call line (R26). The
    /// reporter sees them when the limit passes. Names are never shown (M24).
    #[serde(default)]
    pub public_numbers: Vec<PublicNumber>,
    /// What a reporter may notice, in plain words, by property (R122, R123).
    pub signs: Vec<Sign>,
    /// The three questions about a suspicious mail; any yes opens an event and pages
    /// (R107, R108). The values are `clicked`, `opened`, `entered`.
    pub phishing_questions: Vec<Choice>,
    /// Advice after "none of the three", once the mail was offered to be kept (R110, R111, M1).
    pub phishing_advice: Vec<String>,
    /// A staff mail without the known subject waits this long in the review queue, then
    /// it pages (M24).
    pub review_queue_limit_minutes: u32,
    /// Within this time, reports of outsiders after the first few are told in one page;
    /// none is dropped, and reports of signed-in staff are never bundled (M24).
    pub burst_window_minutes: u32,
    /// How many reports within the window page by themselves before bundling begins (M24).
    pub burst_after_reports: u32,
    /// What shares a page is gathered for at most this long before it leaves (M24).
    #[serde(default = "a_minute")]
    pub burst_gather_seconds: u32,
    /// True: somebody warns colleagues of a suspicious mail, or says why not (R110). An edition that does not say so asks
    /// nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn_colleagues: Option<bool>,
    /// The organisation's security team says within this long whether more than the project is hit (R118). An edition
    /// that does not say so asks nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wider_impact_limit_minutes: Option<u32>,
}

const fn a_minute() -> u32 {
    60
}

/// A telephone number that anybody may be shown (R26).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicNumber {
    /// What the line is, without a person's name.
    pub label: String,
    /// The number as it is dialled.
    pub number: String,
}
