//! Mail out against a real mail server: what is sent, and what each kind of trouble is taken for.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

mod peers;

use henhouse::delivery::mail::{MailSender, MailSettings, Security};
use henhouse::delivery::message::{MailMessage, Recipient};
use henhouse::delivery::outcome::{Fault, Outcome};
use peers::smtp::{Setup, SmtpPeer};
use serde_json::json;

fn settings(peer: &SmtpPeer) -> MailSettings {
    let mut settings = MailSettings::new("localhost", "Henhouse <hen@example.org>");
    settings.port = Some(peer.port);
    settings.security = Security::None;
    settings.hello = Some("henhouse.test".to_owned());
    settings.answer_timeout_seconds = 2;
    settings.accept_timeout_seconds = 2;
    settings
}

fn sender(peer: &SmtpPeer) -> MailSender {
    MailSender::new(&settings(peer)).unwrap()
}

fn message(notice: &str) -> MailMessage {
    MailMessage {
        notice_id: notice.to_owned(),
        to: Recipient {
            name: Some("Jane Hatch".to_owned()),
            address: "jane@example.org".to_owned(),
        },
        subject: "HH-142 High: please take it by 03:22 UTC".to_owned(),
        text: "Root login on web-2.\n.\nNobody has it yet.\n".to_owned(),
        html: None,
        thread: "c1".to_owned(),
        in_reply_to: None,
        link: None,
        follow: None,
        date: "2026-11-21T03:12:00Z".parse().unwrap(),
    }
}

fn accepted(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Accepted { receipt } if receipt.starts_with("250 "))
}

#[tokio::test]
async fn a_mail_arrives_with_its_thread_and_its_marks() {
    let peer = SmtpPeer::plain();
    let outcome = sender(&peer).send(&message("n1")).await;
    assert_eq!(
        outcome,
        Outcome::Accepted {
            receipt: "250 2.0.0 queued as 0001".to_owned()
        }
    );
    let received = &peer.received()[0];
    assert_eq!(received.facts["from"], "hen@example.org");
    assert_eq!(received.facts["to"], json!(["jane@example.org"]));
    assert_eq!(received.facts["hello"], "henhouse.test");
    assert_eq!(received.header("From"), "Henhouse <hen@example.org>");
    assert_eq!(received.header("To"), "\"Jane Hatch\" <jane@example.org>");
    assert_eq!(received.header("Message-ID"), "<notice.n1@example.org>");
    assert_eq!(received.header("In-Reply-To"), "<case.c1@example.org>");
    assert_eq!(received.header("References"), "<case.c1@example.org>");
    assert_eq!(received.header("Auto-Submitted"), "auto-generated");
    assert_eq!(received.header("X-Henhouse-Notice"), "n1");
    assert_eq!(received.header("Date"), "Sat, 21 Nov 2026 03:12:00 +0000");
    assert_eq!(
        received.header("Subject"),
        "HH-142 High: please take it by 03:22 UTC"
    );
    let body = received.mail.split("\r\n\r\n").nth(1).unwrap();
    assert_eq!(
        body.trim_end(),
        "Root login on web-2.\r\n.\r\nNobody has it yet."
    );
}

#[tokio::test]
async fn a_subject_beyond_ascii_arrives_encoded() {
    let peer = SmtpPeer::plain();
    let mut message = message("n1");
    message.subject = "HH-142 Käfig geöffnet".to_owned();
    message.text = "Tür zu, bitte.\n".to_owned();
    assert!(accepted(&sender(&peer).send(&message).await));
    let received = &peer.received()[0];
    assert!(received.mail.is_ascii());
    assert_eq!(
        received.header("Subject"),
        "HH-142 =?utf-8?b?S8OkZmlnIGdlw7ZmZm5ldA==?="
    );
}

#[tokio::test]
async fn nobody_can_add_a_header_or_a_recipient() {
    let peer = SmtpPeer::plain();
    let sender = sender(&peer);
    let evil = "x\r\nBcc: eve@example.org\r\n\r\nhello";
    let mut through_text = message("n1");
    through_text.subject = evil.to_owned();
    through_text.to.name = Some(evil.to_owned());
    assert!(accepted(&sender.send(&through_text).await));
    for address in [
        "jane@example.org>\r\nRCPT TO:<eve@example.org",
        "jane@example.org\r\nBcc: eve@example.org",
    ] {
        let mut through_address = message("n2");
        through_address.to.address = address.to_owned();
        assert!(matches!(
            sender.send(&through_address).await,
            Outcome::Rejected { .. }
        ));
    }
    let received = peer.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].facts["to"], json!(["jane@example.org"]));
    assert!(
        !received[0].mail.contains("\r\nBcc"),
        "{}",
        received[0].mail
    );
    assert_eq!(
        received[0].header("Subject"),
        "x Bcc: eve@example.org hello"
    );
}

#[tokio::test]
async fn a_451_is_temporary_and_the_next_try_is_the_same_mail() {
    for stage in ["rcpt", "data"] {
        let mut peer = SmtpPeer::plain();
        peer.answer_once(stage, "451 4.7.1 greylisted, come back");
        let sender = sender(&peer);
        let first = sender.send(&message("n1")).await;
        let reason = "451 4.7.1 greylisted, come back".to_owned();
        assert_eq!(
            first,
            Outcome::Temporary {
                fault: Fault::Recipient,
                reason
            },
            "{stage}"
        );
        assert!(accepted(&sender.send(&message("n1")).await));
        assert_eq!(
            peer.received()[0].header("Message-ID"),
            "<notice.n1@example.org>"
        );
    }
}

#[tokio::test]
async fn a_550_is_held_against_the_recipient_for_good() {
    for stage in ["rcpt", "data"] {
        let mut peer = SmtpPeer::plain();
        peer.answer_once(stage, "550 5.1.1 no such person");
        let outcome = sender(&peer).send(&message("n1")).await;
        let receipt = "550 5.1.1 no such person".to_owned();
        assert_eq!(outcome, Outcome::Rejected { receipt }, "{stage}");
        assert!(outcome.channel_works());
    }
}

#[tokio::test]
async fn what_the_server_holds_against_us_is_not_held_against_the_recipient() {
    for (stage, reply) in [
        ("connect", "554 5.7.1 your address is listed"),
        ("mail", "550 5.7.1 sender not allowed"),
    ] {
        let mut peer = SmtpPeer::plain();
        peer.answer_once(stage, reply);
        let outcome = sender(&peer).send(&message("n1")).await;
        let reason = reply.to_owned();
        assert_eq!(
            outcome,
            Outcome::Temporary {
                fault: Fault::Channel,
                reason
            },
            "{stage}"
        );
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_a_broken_channel() {
    let peer = SmtpPeer::plain();
    let sender = sender(&peer);
    drop(peer);
    let outcome = sender.send(&message("n1")).await;
    assert!(
        matches!(
            outcome,
            Outcome::Temporary {
                fault: Fault::Channel,
                ..
            }
        ),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_connection_lost_after_the_message_is_uncertain_and_sent_again_as_the_same_mail() {
    let mut peer = SmtpPeer::plain();
    peer.order(json!({"do": "drop", "keep": true}));
    let sender = sender(&peer);
    let first = sender.send(&message("n1")).await;
    assert!(matches!(first, Outcome::Uncertain { .. }), "{first:?}");
    assert!(accepted(&sender.send(&message("n1")).await));
    let received = peer.received();
    assert_eq!(received.len(), 2);
    assert_eq!(
        received[0].mail, received[1].mail,
        "a reader's program sees one mail"
    );
}

#[tokio::test]
async fn a_server_that_says_yes_and_no_in_one_line_is_not_believed() {
    for (reply, believed) in [
        ("250 5.7.1 dropped as spam", false),
        ("250 4.3.2 not now", false),
        ("250 2.0.0 5.7.1 is what we never say", true),
        ("250 5 of 5 are queued", true),
        ("250 5.7.1.9 is its name", true),
    ] {
        let mut peer = SmtpPeer::plain();
        peer.answer_once("data", reply);
        let outcome = sender(&peer).send(&message("n1")).await;
        assert_eq!(accepted(&outcome), believed, "{outcome:?}");
        let doubted = matches!(&outcome, Outcome::Uncertain { reason } if reason == reply);
        assert_eq!(doubted, !believed, "{outcome:?}");
    }
}

#[tokio::test]
async fn a_silent_server_is_given_up_before_and_after_the_message() {
    let mut peer = SmtpPeer::plain();
    peer.order(json!({"do": "slow", "stage": "rcpt", "seconds": 60}));
    let before = sender(&peer).send(&message("n1")).await;
    let reason = "no answer to RCPT in time".to_owned();
    assert_eq!(
        before,
        Outcome::Temporary {
            fault: Fault::Channel,
            reason
        }
    );
    peer.order(json!({"do": "slow", "stage": "data", "seconds": 60}));
    let after = sender(&peer).send(&message("n1")).await;
    assert_eq!(
        after,
        Outcome::Uncertain {
            reason: "no answer to the message in time".to_owned()
        }
    );
}

#[tokio::test]
async fn a_slow_server_is_waited_for() {
    let mut peer = SmtpPeer::plain();
    peer.order(json!({"do": "slow", "stage": "data", "seconds": 0.5}));
    assert!(accepted(&sender(&peer).send(&message("n1")).await));
}

#[tokio::test]
async fn mail_goes_by_tls_with_a_login_and_never_without() {
    henhouse::tls::install_provider();
    for (name, security) in [("starttls", Security::Starttls), ("tls", Security::Tls)] {
        let peer = SmtpPeer::start(Setup {
            security: name,
            login: Some(("hen", "corn")),
        });
        let password = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&password, "corn\n").unwrap();
        let mut settings = settings(&peer);
        settings.security = security;
        settings.user = Some("hen".to_owned());
        settings.password_file = Some(password.path().to_owned());

        let stranger = MailSender::new(&settings)
            .unwrap()
            .send(&message("n1"))
            .await;
        assert!(
            matches!(
                stranger,
                Outcome::Temporary {
                    fault: Fault::Channel,
                    ..
                }
            ),
            "{stranger:?}"
        );
        assert!(
            peer.received().is_empty(),
            "a certificate that nobody vouches for is not trusted"
        );

        settings.extra_ca_file = Some(peer.certificate.authority.clone());
        assert!(
            accepted(
                &MailSender::new(&settings)
                    .unwrap()
                    .send(&message("n1"))
                    .await
            ),
            "{name}"
        );
        let facts = &peer.received()[0].facts;
        assert_eq!(
            (&facts["tls"], &facts["user"]),
            (&json!(true), &json!("hen")),
            "{name}"
        );

        std::fs::write(&password, "wheat").unwrap();
        let refused = MailSender::new(&settings)
            .unwrap()
            .send(&message("n2"))
            .await;
        assert!(
            matches!(&refused, Outcome::Temporary { fault: Fault::Channel, reason } if reason.starts_with("535"))
        );
    }
}

#[tokio::test]
async fn a_server_without_starttls_gets_no_mail_when_it_is_asked_for() {
    let peer = SmtpPeer::plain();
    let mut settings = settings(&peer);
    settings.security = Security::Starttls;
    let outcome = MailSender::new(&settings)
        .unwrap()
        .send(&message("n1"))
        .await;
    assert!(
        matches!(
            outcome,
            Outcome::Temporary {
                fault: Fault::Channel,
                ..
            }
        ),
        "{outcome:?}"
    );
    assert!(peer.received().is_empty());
}
