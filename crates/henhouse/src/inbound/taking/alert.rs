//! A mail to an address for alerts becomes what its rules say, and goes the way of every alert. What is none waits for review.

use super::{Came, Taken, Takes, turned_down};
use crate::desk::DeskError;
use crate::inbound::letter::Letter;
use crate::inbound::mail_alerts::Made;

impl Takes {
    /// Takes it as an alert, where it came to an address for alerts. Nothing where it is none: it answers a mail of ours, or a
    /// program answers with it by itself, and what that opened would make the next such answer; or there is no such source.
    pub(super) async fn alert(
        &self,
        letter: &Letter,
        came: &Came<'_>,
        hash: &str,
        by_rules: bool,
    ) -> Option<Taken> {
        let address = came.alerts?;
        if letter.is_auto_reply || !letter.answers.is_empty() {
            return None;
        }
        let made = match by_rules {
            true => address.made(letter, came.raw),
            false => Made::Alert(Box::new(address.usual(letter, came.raw))),
        };
        let mut alert = match made {
            Made::Alert(alert) => *alert,
            Made::Ignored(rule) => {
                tracing::info!(
                    rule,
                    "a mail to an address for alerts is ignored by its rule"
                );
                return Some(Taken::Alert("Ignored by a rule of this address"));
            }
        };
        let (project, source) = (came.project, &*address.source);
        let from = match self.desk.source_named(project, source).await {
            Ok(Some(from)) => from,
            Ok(None) => {
                tracing::error!(
                    project,
                    source,
                    "a mail is no alert, because the project has no live alert source of that name: correct [mail_in.alerts]"
                );
                return None;
            }
            Err(error) => return Some(turned_down(&error)),
        };
        alert.message = Some(format!("mail {hash}"));
        let room = match self.desk.room_for_alert(came.raw.len()).await {
            Ok(room) => room,
            Err(error) => return Some(turned_down(&error)),
        };
        let taken = self.desk.take_alert(&self.exhibits, &from, alert).await;
        drop(room);
        match taken {
            Ok(received) if received.id.is_some() => Some(Taken::Alert("Kept as an alert")),
            Ok(_) => Some(Taken::Alert("No alert of that alias is open")),
            Err(error @ (DeskError::Refused(_) | DeskError::BadInput { .. })) => {
                tracing::error!(%error, "a mail could not be taken as an alert; it waits to be looked at");
                None
            }
            Err(error) => Some(turned_down(&error)),
        }
    }
}
