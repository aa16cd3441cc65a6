//! One question to the object store, asked again while another try may help.

use std::io::{self, Read as _};
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use reqwest::blocking::Response;
use reqwest::{Method, StatusCode};
use rusty_s3::S3Action;

use super::Bucket;

/// A signature is good for so long.
const VALID: Duration = Duration::from_secs(600);
/// So often is asked when nobody answers, or the answer is that it does not work now.
const TRIES: u32 = 4;
/// Before the second try; three times as long before each further one.
const PAUSE: Duration = Duration::from_millis(200);
/// No answer that we read as a text is longer.
const LONGEST: u64 = 8 << 20;

/// What goes with a question.
#[derive(Default)]
pub(super) struct Sent {
    /// Headers; those that begin with `x-amz-` are signed.
    pub headers: Vec<(&'static str, String)>,
    /// What is written.
    pub body: Bytes,
    /// Only if nothing has this name yet, where the store knows that.
    pub only_new: bool,
}

impl Bucket {
    /// Asks; answers only what was answered well.
    ///
    /// # Errors
    /// `NotFound`; `AlreadyExists` for what is only to be new; else what was said last.
    pub(super) fn ask<'a, A: S3Action<'a>>(
        &self,
        mut action: A,
        sent: &Sent,
    ) -> io::Result<Response> {
        for (name, value) in &sent.headers {
            if name.starts_with("x-amz-") {
                action.headers_mut().insert(*name, value.clone());
            }
        }
        let (mut tries, mut pause) = (0, PAUSE);
        loop {
            let only_new = sent.only_new && !self.0.overwrites.load(Ordering::Relaxed);
            let trouble = match self.ask_once(&action, sent, only_new) {
                Ok(answer) if answer.status() == StatusCode::NOT_IMPLEMENTED && only_new => {
                    self.0.overwrites.store(true, Ordering::Relaxed);
                    continue;
                }
                Ok(answer) if may_pass(answer.status()) => refused(answer),
                Ok(answer) if answer.status().is_success() => return Ok(answer),
                Ok(answer) => return Err(refused(answer)),
                Err(trouble) => trouble,
            };
            tries += 1;
            if tries == TRIES {
                return Err(trouble);
            }
            std::thread::sleep(pause);
            pause *= 3;
        }
    }

    fn ask_once<'a, A: S3Action<'a>>(
        &self,
        action: &A,
        sent: &Sent,
        only_new: bool,
    ) -> io::Result<Response> {
        let method = match A::METHOD {
            rusty_s3::Method::Head => Method::HEAD,
            rusty_s3::Method::Get => Method::GET,
            rusty_s3::Method::Post => Method::POST,
            rusty_s3::Method::Put => Method::PUT,
            rusty_s3::Method::Delete => Method::DELETE,
        };
        let url = action.sign_with_time(VALID, &self.0.clock.wall());
        let mut request = self.0.http.request(method, url);
        if !sent.body.is_empty() {
            request = request.body(sent.body.clone());
        }
        for (name, value) in &sent.headers {
            request = request.header(*name, value);
        }
        if only_new {
            request = request.header(reqwest::header::IF_NONE_MATCH, "*");
        }
        request.send().map_err(away)
    }
}

/// Whether it may be answered otherwise a moment later.
fn may_pass(status: StatusCode) -> bool {
    let busy = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
    (status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED) || busy.contains(&status)
}

/// Nobody answered: without the address, in which the signature stands.
pub(super) fn away(error: reqwest::Error) -> io::Error {
    let error = error.without_url();
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(deeper) = cause {
        said = format!("{said}: {deeper}");
        cause = deeper.source();
    }
    io::Error::other(format!("the object store cannot be reached: {said}"))
}

/// The text of an answer.
///
/// # Errors
/// It broke off, or is no text.
pub(super) fn text(answer: Response) -> io::Result<String> {
    let mut text = String::new();
    answer.take(LONGEST).read_to_string(&mut text)?;
    Ok(text)
}

/// An answer that says that it worked, and is something else than what was asked for.
pub(super) fn not_understood(what: &str, text: &str) -> io::Error {
    let code = code(text).map_or_else(String::new, |code| format!(": it says {code}"));
    io::Error::other(format!("the object store did not answer {what}{code}"))
}

/// A sentence about an answer that is a refusal. Only its code is repeated: the rest may name keys.
fn refused(answer: Response) -> io::Error {
    let status = answer.status();
    let kind = match status {
        StatusCode::NOT_FOUND => io::ErrorKind::NotFound,
        StatusCode::PRECONDITION_FAILED => io::ErrorKind::AlreadyExists,
        _ => io::ErrorKind::Other,
    };
    let code = text(answer).ok().and_then(|text| code(&text));
    // A bucket that is missing is not a missing object.
    let kind = match code.as_deref() {
        Some("NoSuchBucket") => io::ErrorKind::Other,
        _ => kind,
    };
    let advice = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            "; look at the keys, at what they may do, at the region and at this machine's clock"
        }
        StatusCode::MOVED_PERMANENTLY | StatusCode::TEMPORARY_REDIRECT => {
            "; look at the region and the endpoint"
        }
        _ => "",
    };
    let code = code.map_or_else(String::new, |code| format!(" {code}"));
    let status = status.as_u16();
    io::Error::new(
        kind,
        format!("the object store answered {status}{code}{advice}"),
    )
}

/// The code of an error, if it looks like one.
fn code(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    let plain = code.len() <= 60 && code.chars().all(|c| c.is_ascii_alphanumeric());
    plain.then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_code_of_an_error_is_repeated() {
        let said = "<Error><Code>SignatureDoesNotMatch</Code><AWSAccessKeyId>AKIA</AWSAccessKeyId></Error>";
        let told = not_understood("a list", said).to_string();
        assert_eq!(
            told,
            "the object store did not answer a list: it says SignatureDoesNotMatch"
        );
        for odd in [
            "<Code>a b</Code>",
            "<Code>",
            "",
            "<Code>&lt;secret&gt;</Code>",
        ] {
            assert_eq!(code(odd), None, "{odd}");
        }
    }
}
