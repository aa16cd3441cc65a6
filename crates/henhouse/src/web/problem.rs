//! What went wrong, for programs and people: RFC 9457, with a stable type and what to do.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use procedure::{Missing, Refusal, RefusalKind};
use schemars::JsonSchema;
use serde::Serialize;

use crate::auth::{DeadToken, LoginRefused};
use crate::desk::{DeskError, StoreError};

/// A problem. The detail says what is safe to say and the next step.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Problem {
    /// Names the sort of problem; stable, and a page of this server explains it.
    #[serde(rename = "type")]
    pub kind: String,
    /// The sort of problem in a few words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What is the matter, and what to do.
    pub detail: String,
    /// The field that is meant, as a JSON pointer or a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Every field that is wrong, the one above first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<Box<WrongFields>>,
    /// What a refusal of the procedure says beyond that.
    #[serde(flatten)]
    pub refusal: Option<Box<Refused>>,
    /// The line of a command line that would do, with what is so in this case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<Box<ByHand>>,
    /// Seconds after which to try again.
    #[serde(skip)]
    pub retry_after: Option<u16>,
}

/// A line of a command line.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct ByHand(String);

/// Fields that cannot be taken.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct WrongFields(Vec<WrongField>);

/// A field that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WrongField {
    /// The field, as a JSON pointer or a name.
    pub field: String,
    /// What is wrong with it, and what would do.
    pub detail: String,
}

/// A refusal of the procedure: which rule, and what would make it a yes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Refused {
    /// The rule that says no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_name: Option<&'static str>,
    /// What would make it a yes.
    pub yes_when: String,
    /// The rule may be waived by naming it with a reason.
    pub waivable: bool,
    /// Raising the severity to High would let it happen now.
    pub high_would_allow: bool,
    /// Everything that is missing, where it is known which command settles each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Lacking>,
}

/// One of the things that are missing.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Lacking {
    /// The rule that asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_name: Option<&'static str>,
    /// What is missing, and what would do.
    pub detail: String,
    /// The command that settles it.
    pub command: String,
    /// The line of a command line that does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<String>,
}

impl From<Missing> for Lacking {
    fn from(missing: Missing) -> Self {
        Self {
            rule: missing.rule.map(procedure::Rule::id),
            rule_name: missing.rule.map(procedure::Rule::name),
            detail: format!("{} {}", missing.sentence, missing.yes_when),
            command: missing.settle_with,
            by_hand: None,
        }
    }
}

/// Every sort of problem: last part of its address, status, title, what it means.
pub const KINDS: &[(&str, u16, &str, &str)] = &[
    (
        "not-json",
        400,
        "Not JSON",
        "The body cannot be read as JSON. The detail says where.",
    ),
    (
        "sign-in",
        401,
        "Sign in first",
        "Sign in, or send `Authorization: Bearer <token>`. A token that was revoked or has run out does not open anything.",
    ),
    (
        "needs-code",
        401,
        "A code is asked for",
        "The password is right, and more is asked for: a code of an app or a recovery code, as `code`; at the break-glass account, `who` and `why`.",
    ),
    (
        "not-allowed",
        403,
        "Not allowed",
        "You may see this and may not do that. Somebody else may: the detail says who.",
    ),
    (
        "other-site",
        403,
        "Sent from another site",
        "A change that a browser sends must come from a page of this server. Load the page again and send it from there.",
    ),
    (
        "not-found",
        404,
        "Not found",
        "There is nothing here, or nothing for you. Which of the two is never told.",
    ),
    (
        "wrong-method",
        405,
        "Not that way",
        "The address exists, and cannot be asked with this method. See /api/v1/openapi.json.",
    ),
    (
        "refused",
        409,
        "The procedure says no",
        "A rule says no: its id, its name, and what would make it a yes. Where `waivable` is true, name the rule under `waive` with a reason.",
    ),
    (
        "conflict",
        409,
        "Somebody was faster",
        "It was true a moment ago and is not any more. Look at the case again.",
    ),
    (
        "stale",
        412,
        "Changed meanwhile",
        "Somebody changed it after you loaded it. Load it again and repeat your change.",
    ),
    (
        "too-large",
        413,
        "Too large",
        "The body is larger than this address takes. The detail says how much it takes.",
    ),
    (
        "no-such-part",
        416,
        "No such part",
        "The part that Range asks for begins behind the end of the file.",
    ),
    (
        "bad-input",
        422,
        "Cannot be read",
        "A field is missing, unknown, or says something impossible. The field is named.",
    ),
    (
        "key-reused",
        422,
        "Idempotency key used before",
        "This Idempotency-Key belongs to another request of yours. Use a new one.",
    ),
    (
        "precondition-needed",
        428,
        "Say what you edited",
        "Send If-Match with the ETag that you loaded, so that nobody's change is lost.",
    ),
    (
        "too-many-tries",
        429,
        "Too many tries",
        "Wait as long as Retry-After says.",
    ),
    (
        "fault",
        500,
        "A fault in Henhouse",
        "This is not your doing. Report it with the time at which it happened.",
    ),
    (
        "damaged",
        500,
        "The record is damaged",
        "A stored journal does not check out and is not shown. Run `henhouse verify`.",
    ),
    (
        "unavailable",
        503,
        "Not able to just now",
        "Nothing that was accepted is lost; the detail says if this may have been written. Try again after Retry-After, under the same key; if it matters, telephone.",
    ),
];

impl Problem {
    /// A problem of one of the [`KINDS`].
    #[must_use]
    pub fn new(slug: &str, detail: impl Into<String>) -> Self {
        let fault = &KINDS[KINDS.len() - 3];
        let (slug, status, title, _) = KINDS.iter().find(|kind| kind.0 == slug).unwrap_or(fault);
        Self {
            kind: format!("/problems/{slug}"),
            title,
            status: *status,
            detail: detail.into(),
            field: None,
            errors: None,
            refusal: None,
            by_hand: None,
            retry_after: None,
        }
    }

    /// It is not there, or not for you.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(
            "not-found",
            format!("There is no such {what}, or it is not open to you."),
        )
    }

    /// A field cannot be taken.
    #[must_use]
    pub fn field(field: impl Into<String>, detail: impl Into<String>) -> Self {
        let (field, detail) = (field.into(), detail.into());
        Self::fields(vec![WrongField { field, detail }])
    }

    /// Some fields cannot be taken.
    #[must_use]
    pub fn fields(errors: Vec<WrongField>) -> Self {
        let first = errors.first();
        let said = first.map_or_else(String::new, |wrong| wrong.detail.clone());
        let mut problem = match errors.len() {
            0 | 1 => Self::new("bad-input", said),
            n => Self::new(
                "bad-input",
                format!("{said} {} fields are wrong in all.", n),
            ),
        };
        problem.field = first.map(|wrong| wrong.field.clone());
        problem.errors = (!errors.is_empty()).then(|| Box::new(WrongFields(errors)));
        problem
    }

    /// Every field that is wrong.
    #[must_use]
    pub fn wrong_fields(&self) -> &[WrongField] {
        self.errors.as_ref().map_or(&[], |errors| &errors.0)
    }

    /// The same with the fields told otherwise.
    #[must_use]
    pub fn with_fields(mut self, told: impl Fn(&str) -> String) -> Self {
        self.field = self.field.as_deref().map(&told);
        for wrong in self.errors.iter_mut().flat_map(|errors| &mut errors.0) {
            wrong.field = told(&wrong.field);
        }
        self
    }

    /// The first of two readings that failed, with the wrong fields of both; else what was read.
    ///
    /// # Errors
    /// Where either cannot be read.
    pub fn both<A, B>(a: Result<A, Self>, b: Result<B, Self>) -> Result<(A, B), Self> {
        match (a, b) {
            (Ok(a), Ok(b)) => Ok((a, b)),
            (Err(a), Err(b)) if a.errors.is_some() && b.errors.is_some() => {
                Err(Self::fields([a.wrong_fields(), b.wrong_fields()].concat()))
            }
            (Err(problem), _) | (_, Err(problem)) => Err(problem),
        }
    }

    /// Nobody is known.
    #[must_use]
    pub fn sign_in() -> Self {
        Self::new(
            "sign-in",
            "Sign in, or send a token: `Authorization: Bearer <token>`.",
        )
    }

    /// The token that was sent opens nothing.
    #[must_use]
    pub fn dead_token(dead: DeadToken) -> Self {
        Self::new(
            "sign-in",
            format!("{dead} Ask an admin for a new one, or sign in."),
        )
    }

    /// The session that was sent is over.
    #[must_use]
    pub fn session_over() -> Self {
        Self::new("sign-in", "You were signed out meanwhile: sign in again.")
    }

    /// The same with the line of a command line that would do.
    #[must_use]
    pub fn written_so(mut self, line: Option<String>) -> Self {
        self.by_hand = line.map(|line| Box::new(ByHand(line)));
        self
    }

    /// Known, and may not.
    #[must_use]
    pub fn not_allowed(detail: impl Into<String>) -> Self {
        Self::new("not-allowed", detail)
    }

    /// Whether signing in would help.
    #[must_use]
    pub fn is_sign_in(&self) -> bool {
        self.kind == "/problems/sign-in"
    }

    /// The database is away, and this needs it.
    #[must_use]
    pub fn away() -> Self {
        Self::store(&StoreError::Away(String::new()))
    }

    /// The status, as the protocol's type.
    #[must_use]
    pub fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn refused(refusal: Refusal) -> Self {
        let slug = match refusal.kind {
            RefusalKind::Rule => "refused",
            RefusalKind::Forbidden => "not-allowed",
            RefusalKind::Invalid => "bad-input",
            RefusalKind::Conflict => "conflict",
        };
        if !refusal.fields.is_empty() {
            let wrong = refusal.fields.into_iter();
            let wrong = wrong.map(|wrong| WrongField {
                field: wrong.field,
                detail: wrong.detail,
            });
            return Self::fields(wrong.collect());
        }
        let mut problem = Self::new(slug, format!("{} {}", refusal.sentence, refusal.yes_when));
        problem.refusal = Some(Box::new(Refused {
            rule: refusal.rule.map(procedure::Rule::id),
            rule_name: refusal.rule.map(procedure::Rule::name),
            yes_when: refusal.yes_when,
            waivable: refusal.waivable,
            high_would_allow: refusal.high_would_allow,
            missing: refusal.missing.into_iter().map(Lacking::from).collect(),
        }));
        problem
    }

    /// The same with the lines that settle what is missing, in its order.
    #[must_use]
    pub fn settled_by(mut self, lines: Vec<Option<String>>) -> Self {
        let missing = self.refusal.iter_mut().flat_map(|said| &mut said.missing);
        let mut told = std::collections::BTreeSet::new();
        for (lacking, line) in missing.zip(lines) {
            // A line that leads to several of them is told once.
            lacking.by_hand = line.filter(|line| told.insert(line.clone()));
        }
        self
    }

    fn store(error: &StoreError) -> Self {
        let mut problem = match error {
            StoreError::Conflict(_) => Self::new("conflict", "Somebody was faster. Try again."),
            StoreError::Full => Self::new(
                "unavailable",
                "The disk is full: nothing was written. Telephone, and tell an admin.",
            ),
            StoreError::Io(_) => Self::new(
                "unavailable",
                "The disk failed: this is not kept. Send it again; if it cannot wait, telephone, and tell an admin.",
            ),
            StoreError::Corrupt(_) => Self::new(
                "fault",
                "The database cannot be read as it was written: this is not kept. If it cannot wait, telephone, and tell an \
                 admin: see that the disk is sound, then run `henhouse verify`.",
            ),
            StoreError::Busy(_) => Self::new("unavailable", "Too much to do at once. Try again."),
            StoreError::Closed => Self::new("unavailable", "The server is stopping. Try again."),
            StoreError::Away(_) => Self::new(
                "unavailable",
                "The database cannot be reached: this was not written, and what was accepted before is \
                 safe. Try again; if it cannot wait, telephone.",
            ),
            StoreError::Unknown => Self::new(
                "unavailable",
                "The database went away while this was being written, so it may be there or not. Send it \
                 again with the same Idempotency-Key: then it counts once. If it cannot wait, telephone.",
            ),
            _ => Self::new(
                "fault",
                "The store cannot do this. An admin finds more in the log.",
            ),
        };
        if problem.status == 503 {
            problem.retry_after = Some(match error {
                StoreError::Full => 30,
                StoreError::Away(_) | StoreError::Unknown | StoreError::Io(_) => 5,
                _ => 1,
            });
        }
        problem
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::refused(refusal)
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Refused(refusal) => Self::refused(*refusal),
            DeskError::NotFound(what) => Self::not_found(what),
            DeskError::BadInput { field, sentence } => Self::field(field, sentence),
            DeskError::KeyReused => Self::new("key-reused", error.to_string()),
            DeskError::Damaged(_) => {
                tracing::error!(%error, "a journal is damaged");
                Self::new("damaged", error.to_string())
            }
            DeskError::Newer(_) => {
                let mut problem = Self::new("unavailable", error.to_string());
                problem.retry_after = Some(5);
                problem
            }
            DeskError::ShareTaken => {
                let mut problem = Self::new(
                    "unavailable",
                    "The database is away, and much that was reported from your network address waits for it already. This \
                     report is not kept: please telephone now, so that somebody hears of it. What was taken before is safe.",
                );
                problem.retry_after = Some(60);
                problem
            }
            DeskError::Store(error) => {
                tracing::error!(%error, "the store could not");
                Self::store(&error)
            }
            DeskError::Bug(_) => {
                tracing::error!(%error, "a fault");
                Self::new("fault", "A fault in Henhouse. Nothing was written.")
            }
        }
    }
}

impl From<LoginRefused> for Problem {
    fn from(refused: LoginRefused) -> Self {
        match refused {
            LoginRefused::Wrong
            | LoginRefused::Passkey
            | LoginRefused::PasskeyCopied
            | LoginRefused::NoPasskeys => Self::new("sign-in", refused.to_string()),
            LoginRefused::NeedsCode | LoginRefused::NeedsReason => {
                Self::new("needs-code", refused.to_string())
            }
            LoginRefused::WrongCode | LoginRefused::Over => {
                let mut problem = Self::new("sign-in", refused.to_string());
                problem.field = Some("/code".to_owned());
                problem
            }
            LoginRefused::NotAgain => Self::field("/password", refused.to_string()),
            LoginRefused::ChooseOwn => Self::field("/new_password", refused.to_string()),
            LoginRefused::TooMany(seconds) => {
                let mut problem = Self::new("too-many-tries", refused.to_string());
                problem.retry_after = Some(u16::try_from(seconds).unwrap_or(u16::MAX));
                problem
            }
            LoginRefused::Desk(error) => error.into(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (self.status_code(), body).into_response();
        let headers = response.headers_mut();
        let json = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, json);
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == 401 {
            let bearer = HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, bearer);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_is_away_says_what_is_safe_and_when_to_come_back() {
        for (error, words) in [
            (StoreError::Away("x".to_owned()), "was not written"),
            (StoreError::Unknown, "same Idempotency-Key"),
            (StoreError::Io("x".to_owned()), "is not kept"),
        ] {
            let problem = Problem::from(DeskError::Store(error));
            assert_eq!((problem.status, problem.retry_after), (503, Some(5)));
            assert!(problem.detail.contains(words), "{}", problem.detail);
        }
    }

    #[test]
    fn every_kind_is_found_by_its_own_name() {
        for (slug, status, title, _) in KINDS {
            let problem = Problem::new(slug, "x");
            assert_eq!((problem.status, problem.title), (*status, *title));
            assert_eq!(problem.kind, format!("/problems/{slug}"));
        }
        assert_eq!(Problem::new("no such thing", "x").status, 500);
    }
}
