//! Messages that Amazon itself signed, published as test values with its SDK for Java, and the certificate to them.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use jiff::Timestamp;
use serde_json::{Value, json};

use super::certificate::Certificate;
use super::{Envelope, Kind, SnsError};

const PEM: &[u8] = include_bytes!("published.pem");
const TOPIC: &str = "arn:aws:sns:us-west-2:131990247566:dongie-standard-topic";
const URL: &str = "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem";
const TOKEN: &str = "2336412f37fb687f5d51e6e2425929f52e8e353134fe72d55ef8b330217d82da14007cbccefffd35b695feb8f0294d01fd9644f41e1ddfad261519a2c0bac743ff375eeb64530147d2da57f3acc54739da14c8dbd48a9d58ce996eff0d498ea6b4b9f58720d8959b52b99b8de148081720d7da17434e376614a00c992e7823e4";

fn second() -> Value {
    json!({ "Type": "Notification", "MessageId": "9d2c5580-b61d-550c-8583-37a582870907", "TopicArn": TOPIC,
        "Message": "This message uses signature version 2.", "Timestamp": "2026-03-06T20:00:26.893Z", "SignatureVersion": "2",
        "SigningCertURL": URL, "Signature": "kGNJ7FIM5DJxRv9bdoSJBty2WHpADFWrJ0ZQU/A2sALy6tBE5hqfUvPRlklTJ+PACFMguoFOO7W6ac/Bs4gR+JBRFhx4598X8/HWzrmaLrtB2f7nzViHbpzYN+u+OewXhxjj2lNsu0bLKv6fogkACytDIOhjZylbfJoPphDYAB7T3Ila7u+K3m2wLHH4k1cPYKyBf5FI/kAoQAVsY6qFHeb6CWfHsdM98I2gwyEvwJSzW0iyYBfqckmthQwH3Ex53jrhQlZylXFDYmstSJAdvbLeGqIUxKyk+O25wYgBjbbbeR+2qE2UCGEQrk1Bq018wmTxdHZmDhoBjJXiGmFkfg==" })
}

fn first() -> Value {
    json!({ "Type": "Notification", "MessageId": "26858270-545e-5848-82a2-e05566af3dcf", "TopicArn": TOPIC,
        "Subject": "My message subject", "Message": "Hello! This message has a subject.",
        "Timestamp": "2026-03-06T19:53:21.424Z", "SignatureVersion": "1", "SigningCertURL": URL, "Signature": "jvNSgHVOF9KUOKI3bmQZhURD0kDN6txhfjiyuvnV95Dw6b2SRa7nq3AhM8agP0KUCIrRgKHqUlN6K2XBA35Lzkx1eI5RT0oXIN00pvvzGxSz0ddnuSGmDJM7bd/b1vl2RlLjz+KvkhzEtspxLnxjLsGl2EpOmztt+um7owb4475sOLdGTx1QiFV/8HqB2J0DyjeWdRZvu7Xpsf1Yd2rgmijFoz8x89Vw8pIksjczr4q16pxdh/XKWjbN2uPoC+3EeYdljL8KUvLYH9ueHSs5E9qq2iLdze4+FtANnE73XRvvSGE0KI+FGOvz1igest6qon3g1/CVy4mq3n19TsCSmA==" })
}

fn subscription() -> Value {
    json!({ "Type": "SubscriptionConfirmation", "MessageId": "f3f2fc87-c426-4c2f-9044-b55890c0939c", "Token": TOKEN, "TopicArn": TOPIC,
        "Message": format!("You have chosen to subscribe to the topic {TOPIC}.\nTo confirm the subscription, visit the SubscribeURL included in this message."),
        "SubscribeURL": format!("https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token={TOKEN}"),
        "Timestamp": "2026-03-06T19:31:32.895Z", "SignatureVersion": "1", "SigningCertURL": URL, "Signature": "Ce2Ax8UbEq0RrVH7gsjP9WZ9bzif7dUkAY4OH99Pv7FSrvs8cK+uiH3a6ig54rXWUnZRUejk8K6KeK5Q80O9iJp8KbPRKdQ0PkJ3YASdabhfK0e7evC05YR2pFoS6nNaqNzT7HrR1d1Z9iLoFxluo2Dzb7kWVB7e9jp/y+ZBXRzRIaZgscM84kahBc6QgXOFJA1/PFA4cB5qaa6tBcUFtTE63o9vJ4wMmKk93W9MoszC+dNJeVFr8VHmt3toR+3JauBCZnGdgXgsDhni4PduSfWJJxEpuOK41iYf1hW+xFNFFsv46siTFiHdHiYDfI7/VlaY4spMgkq3EndRr7rHzQ==" })
}

fn read(message: &Value) -> Envelope {
    Envelope::read(message.to_string().as_bytes(), message["Type"].as_str()).unwrap()
}

fn verify(envelope: &Envelope, now: &str) -> Result<(), SnsError> {
    let certificate = Certificate::read(PEM, &envelope.names()).map_err(SnsError::Forged)?;
    let (version, now): (u8, Timestamp) = (envelope.version()?, now.parse().unwrap());
    certificate.verify(version, &envelope.signed(), &envelope.signature()?, now)
}

#[test]
fn what_amazon_signed_is_believed_while_its_certificate_is() {
    for message in [first(), second(), subscription()] {
        let envelope = read(&message);
        assert_eq!(envelope.certificate_url().unwrap(), URL);
        assert!(
            verify(&envelope, "2026-03-06T20:00:00Z").is_ok(),
            "{message}"
        );
        for (now, held) in [
            ("2025-11-09T23:59:59Z", false),
            ("2025-11-10T00:00:00Z", true),
            ("2026-10-14T23:59:59Z", true),
            ("2026-10-15T00:00:00Z", false),
        ] {
            assert_eq!(verify(&envelope, now).is_ok(), held, "{now}");
        }
    }
    assert_eq!(read(&subscription()).kind(), Kind::Subscribed);
    assert!(read(&subscription()).subscribe_url().is_ok());
}

#[test]
fn no_byte_of_what_amazon_signed_may_change() {
    for message in [first(), second(), subscription()] {
        let text = message.to_string();
        let mut tried = 0;
        for place in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[place] ^= 1;
            // What cannot be read any more is refused too.
            let Ok(envelope) = Envelope::read(&changed, None) else {
                continue;
            };
            // Where the certificate is stands in no signature: there it is another one, or none.
            if envelope.certificate_url().ok() != Some(URL) {
                continue;
            }
            // Base64 of 256 bytes has four bits that mean nothing; our reader refuses other values of them.
            assert!(
                verify(&envelope, "2026-03-06T20:00:00Z").is_err(),
                "{place}: {}",
                String::from_utf8_lossy(&changed)
            );
            tried += 1;
        }
        assert!(tried > 400, "{tried}");
    }
}

#[test]
fn a_certificate_for_another_region_or_somebody_else_is_not_believed() {
    let names = |topic: &str| {
        let mut message = first();
        message["TopicArn"] = json!(topic);
        let envelope = read(&message);
        (
            envelope.host(),
            Certificate::read(PEM, &envelope.names()).is_ok(),
        )
    };
    for (topic, host, held) in [
        (
            "arn:aws:sns:eu-west-1:131990247566:t",
            "sns.eu-west-1.amazonaws.com",
            true,
        ),
        (
            "arn:aws-us-gov:sns:us-gov-west-1:131990247566:t",
            "sns.us-gov-west-1.amazonaws.com",
            true,
        ),
        (
            "arn:aws-cn:sns:cn-north-1:131990247566:t",
            "sns.cn-north-1.amazonaws.com.cn",
            false,
        ),
    ] {
        assert_eq!(names(topic), (host.to_owned(), held));
    }
    for pem in [
        &b""[..],
        b"x",
        b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        &PEM[..900],
    ] {
        assert!(Certificate::read(pem, &["sns.amazonaws.com".to_owned()]).is_err());
    }
}
