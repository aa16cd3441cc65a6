//! What gateways of telephones tell us, and how it is known to come from them.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// Whether Twilio signed a form that was sent to this address: HMAC-SHA1 over the address and the fields, by their names.
#[must_use]
pub fn is_from_twilio(
    token: &str,
    url: &str,
    fields: &[(String, String)],
    signature: &str,
) -> bool {
    let mut sorted: Vec<&(String, String)> = fields.iter().collect();
    sorted.sort();
    sorted.dedup();
    let mut mac =
        Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(url.as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    let own = STANDARD.encode(mac.finalize().into_bytes());
    own.as_bytes().ct_eq(signature.as_bytes()).into()
}

/// Whether Vonage signed these fields (`sig`): HMAC-SHA256 over the fields by their names, `&` and `=` in values written
/// as `_`, in hexadecimal.
#[must_use]
pub fn is_from_vonage(secret: &str, fields: &[(String, String)]) -> bool {
    let Some((_, signature)) = fields.iter().find(|(name, _)| name == "sig") else {
        return false;
    };
    // Else the same signed words could be cut into other fields, without their time or their id.
    if fields.iter().any(|(name, _)| name.contains(['&', '='])) {
        return false;
    }
    let mut sorted: Vec<&(String, String)> =
        fields.iter().filter(|(name, _)| name != "sig").collect();
    sorted.sort();
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    for (name, value) in sorted {
        let value = value.replace(['&', '='], "_");
        mac.update(format!("&{name}={value}").as_bytes());
    }
    let own = mac.finalize().into_bytes();
    let own: String = own.iter().map(|byte| format!("{byte:02x}")).collect();
    own.as_bytes()
        .ct_eq(signature.to_ascii_lowercase().as_bytes())
        .into()
}

/// A token that Vonage signed lately; it is made for each thing that it tells.
const FRESH: SignedDuration = SignedDuration::from_mins(10);

/// Whether Vonage signed a body for this application: a token (JWT, HS256) over the body's SHA-256, made just now.
#[must_use]
pub fn is_call_from_vonage(
    (secret, application): (&str, &str),
    token: &str,
    body: &[u8],
    now: Timestamp,
) -> bool {
    let Some((signed, signature)) = token.rsplit_once('.') else {
        return false;
    };
    let Some((head, claims)) = signed.split_once('.') else {
        return false;
    };
    let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
    let json = |part: &str| -> Option<Value> { serde_json::from_slice(&decoded(part)?).ok() };
    let (Some(head), Some(claims), Some(signature)) =
        (json(head), json(claims), decoded(signature))
    else {
        return false;
    };
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(signed.as_bytes());
    let is_signed = mac.verify_slice(&signature).is_ok();
    let hash: [u8; 32] = Sha256::digest(body).into();
    let hash = casefile::Hash::from(hash).to_string();
    let is_this = claims["payload_hash"]
        .as_str()
        .is_some_and(|said| said.eq_ignore_ascii_case(&hash));
    let begins = claims["iat"]
        .as_i64()
        .and_then(|at| Timestamp::from_second(at).ok());
    let is_now = begins.is_some_and(|at| now.duration_since(at).abs() <= FRESH);
    let is_ours = claims["application_id"]
        .as_str()
        .is_none_or(|said| said.eq_ignore_ascii_case(application));
    head["alg"] == "HS256" && is_signed && is_this && is_now && is_ours
}

/// Vonage tries for a day to tell us of something; what it signed longer ago is somebody else's repetition.
const RECENT: SignedDuration = SignedDuration::from_hours(26);

/// Whether what Vonage signed was signed within a day and a bit: it repeats for up to 24 hours what it could not tell. Its
/// time is signed with the rest, so nobody leaves it out of what has it.
#[must_use]
pub fn is_recent(fields: &[(String, String)], now: Timestamp) -> bool {
    let Some((_, at)) = fields.iter().find(|(name, _)| name == "timestamp") else {
        return true;
    };
    let at = at
        .parse()
        .ok()
        .and_then(|at| Timestamp::from_second(at).ok());
    at.is_some_and(|at| now.duration_since(at) <= RECENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(own).collect()
    }

    #[test]
    fn a_form_of_twilio_is_known_by_its_signature_and_every_change_is_seen() {
        // As Twilio's own library shows it.
        let sent = [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675309"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
        ];
        let (token, url) = ("12345", "https://mycompany.com/myapp.php?foo=1&bar=2");
        let signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
        assert!(is_from_twilio(token, url, &fields(&sent), signature));
        assert!(!is_from_twilio("12346", url, &fields(&sent), signature));
        assert!(!is_from_twilio(
            token,
            "https://mycompany.com/",
            &fields(&sent),
            signature
        ));
        let mut other = sent;
        other[2].1 = "1235";
        assert!(!is_from_twilio(token, url, &fields(&other), signature));
        assert!(!is_from_twilio(token, url, &fields(&sent[1..]), signature));
        assert!(!is_from_twilio(token, url, &fields(&sent), ""));
    }

    #[test]
    fn what_vonage_signs_is_known_and_what_is_not_signed_is_not() {
        let sent = [("msisdn", "15550100"), ("text", "4 & a=b")];
        let mut signed = fields(&sent);
        assert!(!is_from_vonage("SEKRET", &signed));
        let mut mac = Hmac::<Sha256>::new_from_slice(b"SEKRET").expect("any length");
        mac.update(b"&msisdn=15550100&text=4 _ a_b");
        let sig: String = mac
            .finalize()
            .into_bytes()
            .iter()
            .map(|b| format!("{b:02X}"))
            .collect();
        signed.push(("sig".to_owned(), sig));
        assert!(is_from_vonage("SEKRET", &signed));
        assert!(!is_from_vonage("OTHER", &signed));
        signed[0].1 = "15550101".to_owned();
        assert!(!is_from_vonage("SEKRET", &signed));
    }

    #[test]
    fn what_vonage_signed_is_not_cut_into_other_fields() {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"SEKRET").expect("any length");
        mac.update(b"&messageId=1&msisdn=15550100&text=4&timestamp=1800000000&to=1");
        let sig: String = mac
            .finalize()
            .into_bytes()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        let whole = [
            ("messageId", "1"),
            ("msisdn", "15550100"),
            ("text", "4"),
            ("timestamp", "1800000000"),
            ("to", "1"),
            ("sig", &sig),
        ];
        assert!(is_from_vonage("SEKRET", &fields(&whole)));
        let cut = [
            ("messageId=1&msisdn", "15550100"),
            ("text", "4"),
            ("timestamp=1800000000&to", "1"),
            ("sig", &sig),
        ];
        assert!(!is_from_vonage("SEKRET", &fields(&cut)));
    }

    #[test]
    fn what_was_signed_longer_than_a_day_ago_is_not_recent() {
        let now = Timestamp::from_second(1_800_000_000).expect("a time");
        let recent = |at: &str| is_recent(&fields(&[("timestamp", at)]), now);
        assert!(recent("1800000000") && recent("1799913600"));
        assert!(!recent("1799900000") && !recent("0") && !recent("soon"));
        assert!(is_recent(&fields(&[("text", "4")]), now));
    }
}
