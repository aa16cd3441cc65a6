//! Whoever reports, and whoever looks, while pages fall due: so many a second, whether or not those before were answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;

/// For each report so many people look at the list of cases, or at a case.
const LOOKS: usize = 5;
/// Of so many reports one is of somebody who is signed in, and is called for by itself (M24).
const SIGNED_IN: usize = 5;
/// At the end what was sent is answered within so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// The flood, while it runs.
pub struct Flood {
    stop: Arc<AtomicBool>,
    answered: Arc<AtomicUsize>,
    refused: Arc<AtomicUsize>,
    source: tokio::task::JoinHandle<()>,
}

/// What was answered.
pub struct Answered {
    /// Reports that were said to be kept.
    pub kept: usize,
    /// Anything else that was said.
    pub refused: usize,
}

impl Flood {
    /// So many reports a second, to each of these addresses in turn.
    pub fn begin(urls: Vec<String>, token: &str, reports_a_second: usize) -> Self {
        let (answered, refused) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let stop = Arc::<AtomicBool>::default();
        let token = token.to_owned();
        let source = {
            let (stop, answered, refused) = (stop.clone(), answered.clone(), refused.clone());
            tokio::spawn(async move {
                let http = reqwest::Client::builder()
                    .timeout(PATIENCE)
                    .build()
                    .unwrap();
                let mut pace =
                    tokio::time::interval(Duration::from_secs(1) / reports_a_second as u32);
                let mut all = JoinSet::new();
                for n in 0.. {
                    pace.tick().await;
                    if stop.load(Ordering::SeqCst) {
                        break;
                    }
                    let url = &urls[n % urls.len()];
                    let report = json!({ "text": format!("The fence hums, {n:06}") });
                    let request = http.post(format!("{url}/api/v1/reports")).json(&report);
                    let request = match n % SIGNED_IN {
                        0 => request.bearer_auth(&token),
                        _ => request,
                    };
                    let (answered, refused) = (answered.clone(), refused.clone());
                    all.spawn(async move {
                        let said = request.send().await;
                        let kept = said.is_ok_and(|said| said.status().is_success());
                        let heard = if kept { answered } else { refused };
                        heard.fetch_add(1, Ordering::SeqCst);
                    });
                    for look in 0..LOOKS {
                        let path = match look {
                            0 => format!("/api/v1/cases/HH-{}", 1 + n % 50),
                            _ => "/api/v1/cases?limit=20".to_owned(),
                        };
                        let request = http.get(format!("{url}{path}")).bearer_auth(&token);
                        all.spawn(async move {
                            // What is shed is not asked for again.
                            drop(request.send().await);
                        });
                    }
                    while all.try_join_next().is_some() {}
                }
                all.join_all().await;
            })
        };
        Self {
            stop,
            answered,
            refused,
            source,
        }
    }

    /// Nobody reports any more; everything that was asked is answered.
    pub async fn end(self) -> Answered {
        self.stop.store(true, Ordering::SeqCst);
        self.source.await.unwrap();
        Answered {
            kept: self.answered.load(Ordering::SeqCst),
            refused: self.refused.load(Ordering::SeqCst),
        }
    }
}
