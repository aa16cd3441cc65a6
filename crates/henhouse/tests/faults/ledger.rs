//! What people asked for, what they were told, and whether it is there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::chance::Chance;
use super::house::Doors;

/// Something that somebody wants kept.
#[derive(Clone, Debug)]
pub struct Act {
    /// Under which it counts once.
    key: String,
    what: What,
    /// Words that nothing else has.
    words: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Report,
    /// A note in this case.
    Note(String),
    /// A file in this case.
    Exhibit(String),
}

/// What came back.
#[derive(Clone, Debug)]
pub enum Said {
    /// It is kept: the number of the case, or of the exhibit.
    Kept(String),
    /// It is not; what the server says of it.
    Refused(String),
    /// No answer.
    Nothing,
}

/// Everything that was said about one house.
#[derive(Default)]
pub struct Ledger {
    kept: BTreeMap<String, (Act, String)>,
    /// Keys of what was said to be kept since the last look.
    fresh: BTreeSet<String>,
    open: BTreeMap<String, Act>,
    count: usize,
    /// Nobody takes part in a case.
    pub only_reports: bool,
    /// Refusals, in the words in which they were told.
    pub refused: BTreeMap<String, usize>,
}

/// Bytes of an exhibit: more than one chunk of the vault has.
const EXHIBIT_BYTES: usize = 70_000;

impl Act {
    fn case<'a>(&'a self, answer: &'a str) -> &'a str {
        match &self.what {
            What::Report => answer,
            What::Note(case) | What::Exhibit(case) => case,
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let bytes = self.words.bytes().cycle();
        bytes.take(EXHIBIT_BYTES).collect()
    }

    async fn is_done(&self, doors: &Doors) -> Said {
        let post = |path: String| doors.http.post(format!("{}{path}", doors.url));
        let request = match &self.what {
            What::Report => post("/api/v1/reports".to_owned()).json(&json!({ "text": self.words })),
            What::Note(case) => post(format!("/api/v1/cases/{case}/commands"))
                .json(&json!({ "command": "add_note", "text": self.words })),
            What::Exhibit(case) => {
                let path = format!("/api/v1/cases/{case}/exhibits?kind=log&label=A");
                post(path).body(self.bytes())
            }
        };
        let request = request.bearer_auth(&doors.token);
        let sent = request.header("Idempotency-Key", &self.key).send().await;
        let Ok(answer) = sent else {
            return Said::Nothing;
        };
        let status = answer.status();
        let Ok(body) = answer.json::<Value>().await else {
            return Said::Nothing;
        };
        if !status.is_success() {
            return Said::Refused(format!("{} {}", status.as_u16(), body["detail"]));
        }
        let said = ["number", "exhibit", "seq"].map(|field| body[field].clone());
        let said = said.iter().find(|said| !said.is_null());
        let said = said.map(|said| {
            said.as_str()
                .map_or_else(|| said.to_string(), str::to_owned)
        });
        Said::Kept(said.unwrap_or_else(|| panic!("{body}")))
    }
}

impl Ledger {
    fn act(&mut self, what: What) -> Act {
        self.count += 1;
        let words = format!("The fox was seen again, for the {:06}th time", self.count);
        let key = format!("key-{:06}", self.count);
        Act { key, what, words }
    }

    /// Something new: at times it is about a case that is known.
    pub fn wants(&mut self, chance: &mut Chance) -> Act {
        let reports = self
            .kept
            .values()
            .filter(|(act, _)| act.what == What::Report);
        let cases: Vec<String> = reports.map(|(_, number)| number.clone()).collect();
        let cases = if self.only_reports { Vec::new() } else { cases };
        let what = match chance.pick_any(&cases) {
            Some(case) if chance.percent(40) => What::Note(case),
            Some(case) if chance.percent(30) => What::Exhibit(case),
            _ => What::Report,
        };
        self.act(what)
    }

    /// How much is known to be kept.
    pub fn kept(&self) -> usize {
        self.kept.len()
    }

    fn heard(&mut self, act: Act, said: Said) -> bool {
        match said {
            Said::Kept(answer) => {
                self.open.remove(&act.key);
                self.fresh.insert(act.key.clone());
                let before = self.kept.insert(act.key.clone(), (act, answer.clone()));
                assert!(before.is_none_or(|(_, before)| before == answer));
                return true;
            }
            Said::Refused(words) => *self.refused.entry(words).or_default() += 1,
            Said::Nothing => {}
        }
        self.open.insert(act.key.clone(), act);
        false
    }

    /// Several people want `each` things, until no answer comes. Says whether everything was answered.
    pub async fn live(&mut self, doors: &Doors, chance: &mut Chance, each: usize) -> bool {
        let mut answered = true;
        for _ in 0..each {
            let acts: Vec<Act> = (0..3).map(|_| self.wants(chance)).collect();
            let mut asked = tokio::task::JoinSet::new();
            for act in acts {
                let doors = doors.clone();
                asked.spawn(async move { (act.is_done(&doors).await, act) });
            }
            while let Some(done) = asked.join_next().await {
                let (said, act) = done.unwrap();
                answered &= !matches!(said, Said::Nothing);
                self.heard(act, said);
            }
            if !answered {
                return false;
            }
        }
        true
    }

    /// Asks again for what is not known to be kept. Says whether all of it is now.
    pub async fn again(&mut self, doors: &Doors) -> bool {
        let mut all = true;
        for act in self.open.values().cloned().collect::<Vec<_>>() {
            let said = act.is_done(doors).await;
            all &= self.heard(act, said);
        }
        all
    }

    /// Everything that was said to be kept since the last look is there once, and nothing is half there.
    pub async fn check(&mut self, doors: &Doors) {
        let fresh = std::mem::take(&mut self.fresh);
        let mut cases: BTreeMap<&str, Vec<&(Act, String)>> = BTreeMap::new();
        for kept in fresh.iter().map(|key| &self.kept[key]) {
            cases.entry(kept.0.case(&kept.1)).or_default().push(kept);
        }
        for (case, kept) in cases {
            let path = format!("/api/v1/cases/{case}");
            let journal = doors.get(&format!("{path}/journal?limit=200")).await;
            let journal = String::from_utf8(journal).unwrap();
            for (act, answer) in kept {
                if let What::Exhibit(_) = act.what {
                    let bytes = doors.get(&format!("{path}/exhibits/{answer}")).await;
                    assert!(bytes == act.bytes(), "{case} {answer} is another");
                } else {
                    let body = format!("\"text\":\"{}\"", act.words);
                    let times = journal.matches(&body).count();
                    assert_eq!(times, 1, "{case}: {body} in {journal}");
                }
            }
        }
        let verified = doors.post("/api/v1/admin/verify").await;
        assert_eq!(verified["verdict"], "valid", "{verified}");
    }

    /// The same for all that was ever said to be kept.
    pub async fn check_all(&mut self, doors: &Doors) {
        self.fresh.extend(self.kept.keys().cloned());
        self.check(doors).await;
    }

    /// Once everything is known to be kept, there is no case that nobody asked for.
    pub fn holds_all(&self, cases: usize) {
        assert!(self.open.is_empty(), "{:?}", self.open);
        let reports = self
            .kept
            .values()
            .filter(|(act, _)| act.what == What::Report);
        assert_eq!(cases, reports.count(), "a report became two cases");
    }
}
