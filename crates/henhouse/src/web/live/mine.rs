//! The room of those who follow every case that they may see: which case changed, and how far it goes now.

use std::sync::Arc;

use axum::body::Bytes;
use serde_json::json;

use super::room::{LOOK_ANEW, News, Room, Seat, Turn, still};
use crate::desk::Look;
use crate::web::AppState;

/// Tells everybody in the room of each change of a case that they may see, for as long as it is polled. Who reads too
/// slowly is told to look anew.
pub(super) async fn tell(app: &AppState, room: &Room) {
    loop {
        room.bell.notified().await;
        let News { changed, lost } = room.take_news();
        if changed.is_empty() && !lost {
            continue;
        }
        let mut told: Vec<(Look, Bytes)> = Vec::new();
        for (journal, seq) in changed {
            // A project's journal is no case, and what cannot be looked at is not told of.
            if let Ok(look) = app.desk.look_at(journal).await {
                let data = json!({ "number": look.number.to_string(), "seq": seq });
                // A number of the stream's own would tell how much goes on where the reader may not look.
                let said = format!("id: {seq}\nevent: changed\ndata: {data}\n\n");
                told.push((look, said.into()));
            }
        }
        let asked = room.those(|seat| Some(Arc::clone(&seat.known)));
        let still = still(&app.gate, &asked).await;
        let turn = |seat: &mut Seat| {
            if !asked.contains(&seat.known) {
                // They came only now, and looked by themselves.
                return seat.say(&LOOK_ANEW);
            }
            if !still.contains(&seat.known) {
                return Turn::Ends;
            }
            if lost {
                return seat.say(&LOOK_ANEW);
            }
            for (look, said) in &told {
                if look.shows_to(&seat.onlooker) && seat.say(said) == Turn::Ends {
                    return Turn::Ends;
                }
            }
            Turn::Done
        };
        room.serve(turn).await;
    }
}
