//! Any other gateway: one request as the settings write it, with places that are filled in. What is filled in is escaped as
//! its surroundings demand, so that no word of a message becomes part of the request.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use zeroize::Zeroizing;

use super::{Manner, PhoneError, dialled, xml};
use crate::delivery::http;
use crate::delivery::message::MailMessage;
use crate::delivery::outcome::Outcome;

const PEER: &str = "the gateway";
/// What may be filled in, beside secrets.
const PLACES: [&str; 5] = ["to", "text", "title", "notice", "digits"];

/// `[sms.http]` or `[voice.http]` of the settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateSettings {
    /// How it is asked; POST if nothing is said.
    #[serde(default = "post")]
    pub method: String,
    /// Where, with places.
    pub url: String,
    /// What stands in its head, with places.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Its body, with places; none if nothing is said.
    #[serde(default)]
    pub body: String,
    /// Files that hold secrets, by the name of their place.
    #[serde(default)]
    pub secrets: BTreeMap<String, PathBuf>,
}

fn post() -> String {
    "POST".to_owned()
}

/// Asks one gateway.
pub struct TemplateSender {
    http: reqwest::Client,
    method: reqwest::Method,
    url: String,
    headers: BTreeMap<String, String>,
    body: String,
    escape: Escape,
    secrets: BTreeMap<String, Zeroizing<String>>,
}

/// How what is filled in is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escape {
    /// As in an address or a form.
    Percent,
    /// As within the quotes of JSON.
    Json,
    /// As between tags.
    Xml,
    /// As it stands, in one line.
    Line,
}

impl Escape {
    /// What a body of this type needs.
    fn of(content_type: &str) -> Option<Self> {
        let kind = content_type
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        match kind.as_str() {
            "application/x-www-form-urlencoded" => Some(Self::Percent),
            "text/plain" => Some(Self::Line),
            kind if kind == "application/json" || kind.ends_with("+json") => Some(Self::Json),
            "application/xml" | "text/xml" => Some(Self::Xml),
            kind if kind.ends_with("+xml") => Some(Self::Xml),
            _ => None,
        }
    }

    fn write(self, value: &str) -> String {
        match self {
            Self::Percent => percent(value),
            Self::Xml => xml(value),
            Self::Line => value
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect(),
            Self::Json => {
                let quoted = serde_json::Value::from(value).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
        }
    }
}

impl TemplateSender {
    pub(super) fn new(manner: Manner, settings: &TemplateSettings) -> Result<Self, PhoneError> {
        let name = |field: &str| format!("[{}.http] {field}", manner.word());
        let secrets = settings.secrets.iter();
        let secrets = secrets.map(|(place, path)| {
            let read = http::secret(&name(&format!("secrets.{place}")), path)?;
            Ok((place.clone(), Zeroizing::new(read)))
        });
        let secrets = secrets.collect::<Result<BTreeMap<_, _>, http::WebError>>()?;
        let method = settings.method.parse();
        let method = method.ok().filter(|method| {
            [
                reqwest::Method::GET,
                reqwest::Method::POST,
                reqwest::Method::PUT,
            ]
            .contains(method)
        });
        let method = method
            .ok_or_else(|| PhoneError::Form(format!("{} is GET, POST or PUT", name("method"))))?;
        let content_type = settings
            .headers
            .iter()
            .find(|(header, _)| header.eq_ignore_ascii_case("content-type"));
        let escape = content_type.and_then(|(_, value)| Escape::of(value));
        if escape.is_none() && !settings.body.is_empty() {
            let name = name("headers");
            return Err(PhoneError::Form(format!(
                "{name} need a content-type of which Henhouse knows how to write a message into it: application/json, application/x-www-form-urlencoded, application/xml or text/plain"
            )));
        }
        let sender = Self {
            http: http::client()?,
            method,
            url: settings.url.clone(),
            headers: settings.headers.clone(),
            body: settings.body.clone(),
            escape: escape.unwrap_or(Escape::Line),
            secrets,
        };
        sender.check(&name)?;
        Ok(sender)
    }

    /// Every place is one, and no number or word decides which server is asked.
    fn check(&self, name: &impl Fn(&str) -> String) -> Result<(), PhoneError> {
        let known: Vec<&str> = PLACES
            .into_iter()
            .chain(self.secrets.keys().map(String::as_str))
            .collect();
        let all = std::iter::once(&self.url)
            .chain(self.headers.values())
            .chain([&self.body]);
        for text in all {
            if let Some(place) = places(text).find(|place| !known.contains(place)) {
                let known = known.join("}}, {{");
                return Err(PhoneError::Form(format!(
                    "{} name a place that is not there, {{{{{place}}}}}: there are {{{{{known}}}}}",
                    name("url, headers and body")
                )));
            }
        }
        let host = self.url.split('/').nth(2).unwrap_or_default();
        if host.contains("{{") {
            return Err(PhoneError::Form(format!(
                "{} has a place in the name of its server: write the name",
                name("url")
            )));
        }
        let sample: BTreeMap<&str, &str> = PLACES.into_iter().map(|place| (place, "x")).collect();
        http::address(
            &name("url"),
            &self.filled(&self.url, &sample, Escape::Percent),
        )?;
        for header in self.headers.keys() {
            if reqwest::header::HeaderName::from_bytes(header.as_bytes()).is_err() {
                return Err(PhoneError::Form(format!(
                    "{} has a name that no header can have",
                    name("headers")
                )));
            }
        }
        Ok(())
    }

    pub(super) async fn send(&self, message: &MailMessage) -> Outcome {
        let to = dialled(&message.to.address);
        let values = BTreeMap::from([
            ("to", to.as_str()),
            ("digits", to.trim_start_matches('+')),
            ("text", message.text.trim_end()),
            ("title", &message.subject),
            ("notice", &message.notice_id),
        ]);
        let url = self.filled(&self.url, &values, Escape::Percent);
        let mut request = self.http.request(self.method.clone(), url);
        for (name, value) in &self.headers {
            request = request.header(name, self.filled(value, &values, Escape::Line));
        }
        if !self.body.is_empty() {
            request = request.body(self.filled(&self.body, &values, self.escape));
        }
        match request.send().await {
            Ok(answer) if answer.status().is_success() => Outcome::Handed {
                receipt: answer.status().as_u16().to_string(),
            },
            Ok(answer) => http::refusal(PEER, answer.status()),
            Err(error) => http::silence(PEER, &error),
        }
    }

    /// The text with its places filled in, each once: what is filled in is not looked at again.
    fn filled(&self, text: &str, values: &BTreeMap<&str, &str>, escape: Escape) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("{{") {
            out.push_str(before);
            let Some((place, after)) = behind.split_once("}}") else {
                out.push_str("{{");
                rest = behind;
                continue;
            };
            let secret = self.secrets.get(place.trim()).map(|secret| secret.as_str());
            let value = values.get(place.trim()).copied().or(secret);
            out.push_str(&escape.write(value.unwrap_or_default()));
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

/// The names between `{{` and `}}`.
fn places(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{")
        .skip(1)
        .filter_map(|behind| Some(behind.split_once("}}")?.0.trim()))
}

/// Everything but letters, digits and what never means anything, as in a form.
pub(super) fn percent(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte))
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]
    use super::*;

    fn settings(content_type: &str, body: &str) -> TemplateSettings {
        TemplateSettings {
            method: post(),
            url: "https://sms.example/send?to={{digits}}".to_owned(),
            headers: BTreeMap::from([("content-type".to_owned(), content_type.to_owned())]),
            body: body.to_owned(),
            secrets: BTreeMap::new(),
        }
    }

    fn filled(content_type: &str, body: &str, text: &str) -> String {
        let sender = TemplateSender::new(Manner::Sms, &settings(content_type, body)).unwrap();
        sender.filled(body, &BTreeMap::from([("text", text)]), sender.escape)
    }

    #[test]
    fn what_is_filled_in_stays_what_it_is_whatever_surrounds_it() {
        let evil = "a\"},{\"x\":\"\n&to=+1<Dial>\\ {{to}} \u{1f414}";
        let json = filled(
            "application/json; charset=utf-8",
            "{\"text\": \"{{ text }}\"}",
            evil,
        );
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read, serde_json::json!({ "text": evil }));
        let form = filled(
            "application/x-www-form-urlencoded",
            "text={{text}}&z=1",
            evil,
        );
        let url = reqwest::Url::parse(&format!("http://x/?{form}")).unwrap();
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        assert_eq!(
            pairs,
            [
                ("text".to_owned(), evil.to_owned()),
                ("z".to_owned(), "1".to_owned())
            ]
        );
        let xml = filled("text/xml", "<m t=\"{{text}}\">{{text}}</m>", evil);
        assert!(!xml.contains("<Dial>") && !xml.contains("a\"}"), "{xml}");
        let line = filled("text/plain", "{{text}}", "a\r\nX-Y: 1");
        assert_eq!(line, "a  X-Y: 1");
    }

    #[test]
    fn what_cannot_be_filled_in_is_said_at_the_start() {
        let wrong = |settings: &TemplateSettings| {
            TemplateSender::new(Manner::Sms, settings)
                .err()
                .unwrap()
                .to_string()
        };
        assert!(wrong(&settings("application/json", "{{txet}}")).contains("{{txet}}"));
        assert!(wrong(&settings("application/pdf", "{{text}}")).contains("content-type"));
        let other = |url: &str| TemplateSettings {
            url: url.to_owned(),
            ..settings("text/plain", "{{text}}")
        };
        assert!(wrong(&other("https://{{to}}/x")).contains("name of its server"));
        assert!(wrong(&other("http://sms.example/x")).contains("[sms.http] url"));
        assert!(
            wrong(&TemplateSettings {
                method: "DELETE".to_owned(),
                ..settings("text/plain", "x")
            })
            .contains("GET, POST or PUT")
        );
    }
}
