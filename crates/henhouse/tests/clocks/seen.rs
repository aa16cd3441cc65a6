//! What time did to a case, as its journal has it, and when somebody could see it.

use std::collections::BTreeMap;
use std::time::Duration;

use henhouse::clock::Clock;
use jiff::Timestamp;
use serde_json::Value;

/// Entries by number: the entry, and when it was first seen.
pub struct Seen {
    http: reqwest::Client,
    url: String,
    token: String,
    pub entries: BTreeMap<u64, (Value, Timestamp)>,
}

impl Seen {
    pub fn of(url: &str, token: &str, case: &str) -> Self {
        Self {
            http: reqwest::Client::new(),
            url: format!("{url}/api/v1/cases/{case}/journal?limit=200"),
            token: token.to_owned(),
            entries: BTreeMap::new(),
        }
    }

    /// Looks for so long.
    pub async fn look(&mut self, real: &Clock, looks: usize) {
        for _ in 0..looks {
            let after = self.entries.keys().last().copied().unwrap_or(0);
            let request = self.http.get(format!("{}&after={after}", self.url));
            let answer = request.bearer_auth(&self.token).send().await.unwrap();
            let page: Value = answer.json().await.unwrap();
            let entries = page["entries"].as_array();
            for entry in entries.unwrap_or_else(|| panic!("{page}")) {
                let seq = entry["seq"].as_u64().unwrap();
                self.entries.insert(seq, (entry.clone(), real.wall()));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What time did: when it was due, when it was recorded, when it was seen.
    pub fn by_time(&self) -> Vec<(Timestamp, Timestamp, Timestamp)> {
        let entries = self.entries.values().filter_map(|(entry, seen)| {
            let due = time(&entry["body"]["due_at"])?;
            Some((due, time(&entry["recorded_at"])?, *seen))
        });
        entries.collect()
    }

    /// Recorded times never run back.
    pub fn never_back(&self) -> bool {
        let times = self.entries.values();
        let times: Vec<Timestamp> = times
            .filter_map(|(entry, _)| time(&entry["recorded_at"]))
            .collect();
        times.len() == self.entries.len() && times.is_sorted()
    }
}

fn time(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}
