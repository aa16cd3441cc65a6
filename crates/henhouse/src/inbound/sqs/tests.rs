//! A queue that answers as no queue should.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use std::path::Path;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::queue::Queue;
use super::settings::SqsSettings;

/// A server that answers each request with the next of these, byte for byte, and keeps what it was asked.
async fn server(answers: Vec<Vec<u8>>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = format!("http://{}/1/alerts", listener.local_addr().unwrap());
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let keeps = Arc::clone(&asked);
    tokio::spawn(async move {
        for answer in answers {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 16 * 1024];
            let mut length = 0;
            while !request[..length].ends_with(b"}") {
                length += socket.read(&mut request[length..]).await.unwrap();
            }
            let text = String::from_utf8_lossy(&request[..length]).into_owned();
            keeps.lock().unwrap().push(text);
            let _ = socket.write_all(&answer).await;
        }
    });
    (at, asked)
}

fn queue(at: &str, folder: &Path) -> Queue {
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        Some(path)
    };
    let settings = SqsSettings {
        queue: at.to_owned(),
        source: "s".to_owned(),
        region: Some("eu-central-1".to_owned()),
        access_key_file: file("id", "AKIDEXAMPLE\n"),
        secret_key_file: file("secret", "SEKRET\n"),
    };
    Queue::new("alerts", &settings).unwrap()
}

fn said(status: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nlocation: http://127.0.0.1:1/x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn whatever_a_queue_answers_is_messages_or_a_sentence() {
    let deep = "[".repeat(100_000);
    let wrong = [
        (said("200 OK", b""), "not one of Amazon SQS"),
        (said("200 OK", b"null"), "not one of Amazon SQS"),
        (said("200 OK", b"<html>"), "not one of Amazon SQS"),
        (said("200 OK", deep.as_bytes()), "not one of Amazon SQS"),
        (
            said("200 OK", b"{\"Messages\":[{\"MessageId\":1}]}"),
            "not one of Amazon SQS",
        ),
        (
            said("200 OK", b"{\"Messages\":{}}"),
            "not one of Amazon SQS",
        ),
        (said("302 Found", b""), "it leads elsewhere"),
        (
            said(
                "403 No",
                b"{\"__type\":\"x#AccessDenied\",\"message\":\"SEKRET\"}",
            ),
            "it answered 403: AccessDenied",
        ),
        (said("503 No", b"SEKRET"), "it answered 503"),
        (said("200 OK", &vec![b' '; 33 * 1024 * 1024]), "too long"),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}".to_vec(),
            "it broke off",
        ),
        (b"SSH-2.0-x\r\n\r\n".to_vec(), "it broke off"),
        (Vec::new(), "it broke off"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let (at, asked) = server(wrong.iter().map(|(answer, _)| answer.clone()).collect()).await;
    let queue = queue(&at, folder.path());
    let now: Timestamp = "2026-11-23T03:00:00Z".parse().unwrap();
    for (n, (_, why)) in wrong.iter().enumerate() {
        let said = queue.receive(now).await.err().unwrap();
        assert!(
            said.contains(why) && !said.contains("SEKRET"),
            "{n}: {said}"
        );
    }
    let asked = asked.lock().unwrap();
    assert_eq!(asked.len(), wrong.len(), "no redirect was followed");
    for request in asked.iter() {
        assert!(request.starts_with("POST / HTTP/1.1\r\n"), "{request}");
        assert!(
            request.contains("Credential=AKIDEXAMPLE/20261123/eu-central-1/sqs/aws4_request"),
            "{request}"
        );
        assert!(!request.contains("SEKRET"), "{request}");
    }
}

#[tokio::test]
async fn an_empty_queue_and_a_full_one_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let full = br#"{"Messages":[{"MessageId":"m","ReceiptHandle":"r","Body":"\u0000 \ud83e\udd8a","MD5OfBody":"x","Attributes":{}}],"More":1}"#;
    let answers = vec![
        said("200 OK", b"{}"),
        said("200 OK", b"{\"Messages\":null}"),
        said("200 OK", b"{\"Messages\":[]}"),
        said("200 OK", full),
    ];
    let (at, _) = server(answers).await;
    let queue = queue(&at, folder.path());
    let now: Timestamp = "2026-11-23T03:00:00Z".parse().unwrap();
    for _ in 0..3 {
        assert_eq!(queue.receive(now).await.unwrap().len(), 0);
    }
    let messages = queue.receive(now).await.unwrap();
    assert_eq!((messages.len(), &*messages[0].body), (1, "\0 \u{1f98a}"));
    // Nobody is there any more.
    let why = queue.delete("r", now).await.err().unwrap();
    assert!(
        why.contains("cannot be reached") || why.contains("it broke off"),
        "{why}"
    );
}
