//! Pages and what is written besides, from a report to a scripted mailbox, phone and browser.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

mod addresses;
mod bursts;
mod routes;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use procedure::basis::Marking;
use serde_json::json;

use super::Post;
use crate::delivery::channel::{Capabilities, Channel as Way, Sender};
use crate::delivery::message::MailMessage;
use crate::delivery::outbox::{Limits, Outbox};
use crate::delivery::scripted::Scripted;
use crate::delivery::step::step;
use crate::web::stage::Stage;

/// A farm whose mail goes to a scripted peer.
struct Farm {
    stage: Stage,
    peer: Scripted,
    /// What a phone would ring with.
    phone: Scripted,
    /// What a browser would show.
    device: Scripted,
    outbox: Arc<Outbox<Post>>,
}

impl Farm {
    async fn new() -> Self {
        let (stage, peer) = (Stage::new().await, Scripted::default());
        let way = Way::new(
            Sender::Scripted(peer.clone()),
            Capabilities::MAIL,
            Marking::Amber,
        );
        let (store, clock) = stage.app.desk.store_and_clock();
        let post = Post::new(stage.app.desk.clone());
        let phone = Scripted::default();
        let push = Way::new(Sender::Scripted(phone.clone()), Capabilities::PUSH, None);
        let device = Scripted::default();
        let shows = Way::new(Sender::Scripted(device.clone()), Capabilities::DEVICE, None);
        let ways = [("mail", way), ("ntfy", push), ("push", shows)];
        let ways = BTreeMap::from(ways.map(|(name, way)| (name.to_owned(), way)));
        let outbox = Outbox::new(store, clock, post, ways, Limits::default());
        Self {
            stage,
            peer,
            phone,
            device,
            outbox,
        }
    }

    /// Lets so many seconds pass, one by one, with everything that they bring.
    async fn pass(&self, seconds: u64) {
        for _ in 0..seconds {
            self.stage
                .app
                .desk
                .clock()
                .advance(Duration::from_secs(1))
                .unwrap();
            self.stage.app.desk.pulse().await.unwrap();
            self.send().await;
        }
    }

    async fn send(&self) {
        while step(&self.outbox).await.unwrap().leased > 0 {}
    }

    async fn report(&self, n: u32, fields: serde_json::Value) -> String {
        let mut report = json!({ "text": format!("fire {n}"), "project": "farm" });
        report
            .as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        self.stage.report_as(report).await
    }

    fn to(&self, who: &str) -> Vec<MailMessage> {
        let address = format!("{who}@example.org");
        let sent = self.peer.sent().into_iter();
        sent.filter(|mail| mail.to.address == address).collect()
    }
}
