//! How Amazon wants a request signed (Signature Version 4): HMAC-SHA-256 over what is asked, under a key of the day. No clock and no
//! network here.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

use super::settings::Keys;

/// What is asked. Path and query are as Amazon's rules write them, the names of headers small and in order.
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) headers: &'a [(&'a str, &'a str)],
    pub(super) body: &'a [u8],
}

/// The time as its header says it.
pub(super) fn date(now: Timestamp) -> String {
    let utc = now.to_zoned(TimeZone::UTC);
    utc.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The header `authorization` for this; `date` stands among the headers too.
pub(super) fn authorization(
    asked: &Asked<'_>,
    keys: &Keys,
    date: &str,
    (region, service): (&str, &str),
) -> String {
    let mut canonical = format!("{}\n{}\n{}\n", asked.method, asked.path, asked.query);
    for (name, value) in asked.headers {
        let _ = writeln!(canonical, "{name}:{}", value.trim());
    }
    let names: Vec<&str> = asked.headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let _ = write!(canonical, "\n{names}\n{}", digest(asked.body));
    let day = date.get(..8).unwrap_or(date);
    let scope = format!("{day}/{region}/{service}/aws4_request");
    let text = format!(
        "AWS4-HMAC-SHA256\n{date}\n{scope}\n{}",
        digest(canonical.as_bytes())
    );
    let mut key = format!("AWS4{}", *keys.secret).into_bytes();
    for part in [day, region, service, "aws4_request"] {
        key = mac(&key, part).to_vec();
    }
    let signature = hex(&mac(&key, &text));
    let id = &keys.id;
    format!(
        "AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
}

fn mac(key: &[u8], text: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes).into())
}

fn hex(bytes: &[u8; 32]) -> String {
    casefile::Hash::from(*bytes).to_string()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]
mod tests {
    use super::*;

    /// The example with which Amazon's own documentation explains the steps, and two of its test values.
    #[test]
    fn what_amazon_published_is_signed_alike() {
        let keys = Keys {
            id: "AKIDEXAMPLE".to_owned(),
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned().into(),
            token: None,
        };
        let now: Timestamp = "2015-08-30T12:36:00Z".parse().unwrap();
        let date = date(now);
        assert_eq!(date, "20150830T123600Z");
        let form = "application/x-www-form-urlencoded; charset=utf-8";
        let iam = [
            ("content-type", form),
            ("host", "iam.amazonaws.com"),
            ("x-amz-date", &*date),
        ];
        let vanilla = [("host", "example.amazonaws.com"), ("x-amz-date", &*date)];
        for (method, query, headers, service, signature) in [
            (
                "GET",
                "Action=ListUsers&Version=2010-05-08",
                &iam[..],
                "iam",
                "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
            ),
            (
                "GET",
                "",
                &vanilla[..],
                "service",
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            (
                "POST",
                "",
                &vanilla[..],
                "service",
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
        ] {
            let asked = Asked {
                method,
                path: "/",
                query,
                headers,
                body: b"",
            };
            let said = authorization(&asked, &keys, &date, ("us-east-1", service));
            assert!(
                said.ends_with(&format!("Signature={signature}")),
                "{method} {service}: {said}"
            );
            let scope =
                format!("Credential=AKIDEXAMPLE/20150830/us-east-1/{service}/aws4_request,");
            assert!(said.contains(&scope), "{said}");
        }
    }
}
