//! The devices on which somebody gets what is pushed (Web Push): what a browser says of itself, and whether we ask there.
//! A browser gives an address, and anybody can write a browser: so nothing is sent but to push services that are known, or
//! that the settings name. See `docs/decisions/web-push.md`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use p256::PublicKey;
use reqwest::Url;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The push services of browsers' makers. `*.` stands for one name or more.
const KNOWN: [&str; 5] = [
    "fcm.googleapis.com",
    "*.push.services.mozilla.com",
    "web.push.apple.com",
    "*.push.apple.com",
    "*.notify.windows.com",
];
/// No push service has longer addresses.
const ENDPOINT_BYTES: usize = 1_000;
/// The longest name of a device, in characters.
const NAME_CHARACTERS: usize = 60;
/// Nobody has more devices than so many.
pub const MOST: usize = 10;

/// One device of a person. Whoever knows it can make it ring: it is kept sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// What its person calls it.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
    /// When its push service last took something for it.
    #[serde(default)]
    pub taken: Option<Timestamp>,
    /// Where its push service takes what is for it.
    pub endpoint: String,
    /// Its public key: a point of P-256, uncompressed, in base64url.
    pub p256dh: String,
    /// Its secret of 16 bytes, in base64url.
    pub auth: String,
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device").finish_non_exhaustive()
    }
}

/// What a browser cannot be used for, in a sentence for its person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// No address of a push service.
    #[error(
        "This browser gave no address at which it can be reached. Turn notifications on for this page in its settings, and try again."
    )]
    Endpoint,
    /// A push service that nobody allowed.
    #[error(
        "This browser gets its notifications from {0}, which this server does not write to. Ask whoever runs it to add that to hosts below [push] in its settings, or use another browser."
    )]
    Host(String),
    /// Keys that are none.
    #[error(
        "This browser gave keys with which nothing can be encrypted. Update it, or use another one."
    )]
    Keys,
    /// No name.
    #[error("Give the device a name of at most 60 letters, such as \"my telephone\".")]
    Name,
}

impl Device {
    /// What a browser and its person say, if all of it is of use.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn new(
        hosts: &Hosts,
        name: &str,
        [endpoint, p256dh, auth]: [&str; 3],
        since: Timestamp,
    ) -> Result<Self, Unfit> {
        let name = name.trim();
        let odd = name.is_empty() || name.chars().any(char::is_control);
        if odd || name.chars().count() > NAME_CHARACTERS {
            return Err(Unfit::Name);
        }
        hosts.admits(endpoint)?;
        let device = Self {
            name: name.to_owned(),
            since,
            taken: None,
            endpoint: endpoint.to_owned(),
            p256dh: p256dh.trim_end_matches('=').to_owned(),
            auth: auth.trim_end_matches('=').to_owned(),
        };
        device.keys().ok_or(Unfit::Keys)?;
        Ok(device)
    }

    /// Its public key and its secret.
    #[must_use]
    pub fn keys(&self) -> Option<(PublicKey, [u8; 16])> {
        let key = URL_SAFE_NO_PAD.decode(&self.p256dh).ok()?;
        let key = PublicKey::from_sec1_bytes(&key)
            .ok()
            .filter(|_| key.len() == 65)?;
        let auth = URL_SAFE_NO_PAD.decode(&self.auth).ok()?;
        Some((key, auth.try_into().ok()?))
    }

    /// Names it without saying where it is: the beginning of the hash of its address.
    #[must_use]
    pub fn id(&self) -> String {
        let hash = Sha256::digest(&self.endpoint);
        hash.iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// The push services that are written to.
#[derive(Clone, Debug, Default)]
pub struct Hosts(Vec<String>);

impl Hosts {
    /// Those of browsers' makers and these: names, `*.` before one for all below it, or an address with its port.
    #[must_use]
    pub fn and(more: &[String]) -> Self {
        let more = more.iter().map(|host| host.trim().to_lowercase());
        Self(more.filter(|host| !host.is_empty()).collect())
    }

    /// The address, if we write there: https and a push service that is known. A server on this machine that the settings
    /// name may do without TLS.
    ///
    /// # Errors
    /// [`Unfit::Endpoint`], [`Unfit::Host`].
    pub fn admits(&self, endpoint: &str) -> Result<Url, Unfit> {
        let url = Url::parse(endpoint).ok();
        let plain = |url: &Url| {
            url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
        };
        let url = url.filter(|url| endpoint.len() <= ENDPOINT_BYTES && plain(url));
        let url = url.ok_or(Unfit::Endpoint)?;
        let host = url.host_str().unwrap_or_default().to_lowercase();
        let named = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host,
        };
        let safe = match url.scheme() {
            "https" => true,
            "http" => is_here(&url),
            _ => false,
        };
        if !safe || named.is_empty() {
            return Err(Unfit::Endpoint);
        }
        let mut all = KNOWN
            .iter()
            .copied()
            .chain(self.0.iter().map(String::as_str));
        match all.any(|known| is_one_of(&named, known)) {
            true => Ok(url),
            false => Err(Unfit::Host(named)),
        }
    }
}

fn is_one_of(named: &str, known: &str) -> bool {
    match known.strip_prefix("*.") {
        Some(domain) => named
            .strip_suffix(domain)
            .is_some_and(|before| before.len() > 1 && before.ends_with('.')),
        None => named == known,
    }
}

/// An address of this machine, by number: a name may lead elsewhere.
fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let address = host.parse::<std::net::IpAddr>();
    address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    const KEY: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    #[test]
    fn push_services_of_browsers_are_known() {
        let hosts = Hosts::default();
        for good in [
            "https://fcm.googleapis.com/fcm/send/x:y",
            "https://updates.push.services.mozilla.com/wpush/v2/x",
            "https://web.push.apple.com/x",
            "https://wns2-par02p.notify.windows.com/w/?token=x",
        ] {
            assert!(hosts.admits(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn a_browser_leads_nowhere_else() {
        let hosts = Hosts::and(&["127.0.0.1:8123".to_owned(), "push.farm.example".to_owned()]);
        for bad in [
            "",
            "x",
            "/push",
            "http://fcm.googleapis.com/x",
            "https://127.0.0.1/x",
            "https://127.0.0.1:8124/x",
            "http://[::1]:8123/x",
            "https://169.254.169.254/latest/meta-data",
            "https://10.0.0.1/x",
            "https://localhost:8123/x",
            "http://localhost:8123/x",
            "http://2130706433:8124/x",
            "https://fcm.googleapis.com.evil.example/x",
            "https://evilfcm.googleapis.com/x",
            "https://push.services.mozilla.com/x",
            "https://.push.services.mozilla.com/x",
            "https://fcm.googleapis.com:8443/x",
            "https://fcm.googleapis.com@evil.example/x",
            "https://user:word@fcm.googleapis.com/x",
            "https://fcm.googleapis.com/x#y",
            "https://a.push.farm.example/x",
            "ftp://fcm.googleapis.com/x",
            "file:///etc/passwd",
            "data:text/plain,x",
        ] {
            assert!(hosts.admits(bad).is_err(), "{bad}");
        }
        let long = format!("https://fcm.googleapis.com/{}", "x".repeat(1_000));
        assert_eq!(hosts.admits(&long), Err(Unfit::Endpoint));
        assert!(hosts.admits("http://127.0.0.1:8123/x").is_ok());
        assert!(hosts.admits("https://push.farm.example/x").is_ok());
        let host = hosts.admits("https://evil.example/x").unwrap_err();
        assert_eq!(host, Unfit::Host("evil.example".to_owned()));
    }

    #[test]
    fn keys_are_checked_before_they_are_kept() {
        let hosts = Hosts::default();
        let at = "https://fcm.googleapis.com/x";
        let of = |name: &str, key: &str, auth: &str| {
            Device::new(&hosts, name, [at, key, auth], Timestamp::UNIX_EPOCH)
        };
        let device = of(" phone ", KEY, &format!("{AUTH}==")).unwrap();
        assert_eq!((device.name.as_str(), device.id().len()), ("phone", 16));
        assert!(!format!("{device:?}").contains("googleapis"));
        let off = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw5";
        for key in ["", "AA", "!", off, "AAAAAAAAAAAAAAAAAAAAAA"] {
            assert_eq!(of("x", key, AUTH).unwrap_err(), Unfit::Keys, "{key}");
        }
        assert_eq!(of("x", KEY, "c2hvcnQ").unwrap_err(), Unfit::Keys);
        for name in ["", " ", "a\nb", &"x".repeat(61)] {
            assert_eq!(of(name, KEY, AUTH).unwrap_err(), Unfit::Name, "{name}");
        }
    }
}
