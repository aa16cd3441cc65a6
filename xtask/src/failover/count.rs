//! What became of everything that was acknowledged, and of every page.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::thread::sleep;
use std::time::Duration;

use anyhow::Result;

use super::houses::Houses;
use super::load::Answered;
use crate::bench::client::Request;
use crate::bench::server::Server;
use crate::bench::sink::{Sink, Taken};
use crate::stopwatch::Stopwatch;

/// What nodes keep is in the database within so long, once it is back.
const SETTLED: Duration = Duration::from_secs(60);

/// The count.
#[derive(Debug)]
pub struct Counted {
    acknowledged: usize,
    waited: usize,
    lost: Vec<String>,
    /// Reports with one case between them.
    doubled: usize,
    /// Cases that nobody reported.
    strange: usize,
    pages: usize,
    missed: Vec<String>,
    /// Calls that left under two ids: their reader could not have told that they are one.
    twice: Vec<String>,
    /// Mails whose outcome could not be written, so that they left again under the same id: told, and allowed.
    repeated: Vec<String>,
}

impl Counted {
    /// Whether every promise was kept.
    pub fn is_kept(&self) -> bool {
        let none = [
            self.lost.len(),
            self.doubled,
            self.strange,
            self.missed.len(),
            self.twice.len(),
        ];
        none.iter().all(|n| *n == 0) && self.acknowledged > 0
    }
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            acknowledged,
            waited,
            lost,
            doubled,
            strange,
            pages,
            missed,
            twice,
            repeated,
        } = self;
        write!(
            f,
            "{acknowledged} reports acknowledged ({waited} while the database was away): {} lost {lost:?}, {doubled} doubled, \
             {strange} cases from nowhere\n{pages} cases whose page left: {} missed {missed:?}, {} called twice under two ids {twice:?}, {} mails repeated under their own id, their outcome being in doubt {repeated:?}",
            lost.len(),
            missed.len(),
            twice.len(),
            repeated.len()
        )
    }
}

/// Counts, once what is still to leave has left.
///
/// # Errors
/// A node does not answer.
pub fn count(houses: &Houses, load: &Answered, mail: &Sink, patience: Duration) -> Result<Counted> {
    let (node, admin) = (houses.any()?, &houses.admin);
    let (mut lost, mut cases) = (Vec::new(), BTreeMap::<String, usize>::new());
    let watch = Stopwatch::start();
    for report in &load.acknowledged {
        match number(node, &report.receipt, watch) {
            Some(number) => *cases.entry(number).or_default() += 1,
            None => lost.push(report.receipt.clone()),
        }
    }
    let watch = Stopwatch::start();
    let mut missed = unpaged(node, admin, cases.keys())?;
    while !missed.is_empty() && watch.read() < patience {
        sleep(Duration::from_secs(1));
        missed = unpaged(node, admin, missed.iter())?;
    }
    let all = all_cases(node, admin)?;
    let mut seen = BTreeSet::new();
    let sent = mail.since(0).into_iter();
    let twice = twice(sent.clone());
    let repeated = sent
        .filter(|mail| !seen.insert(mail.id.clone()))
        .map(|mail| mail.subject);
    Ok(Counted {
        acknowledged: load.acknowledged.len(),
        waited: load
            .acknowledged
            .iter()
            .filter(|report| report.waited)
            .count(),
        doubled: cases.values().filter(|reports| **reports > 1).count(),
        strange: all
            .iter()
            .filter(|number| !cases.contains_key(*number))
            .count(),
        pages: cases.len() - missed.len(),
        lost,
        missed,
        twice,
        repeated: repeated.collect(),
    })
}

/// The calls, by subjects that name the case and until when it is to be taken, that have more than one id.
fn twice(sent: impl Iterator<Item = Taken>) -> Vec<String> {
    let mut ids = BTreeMap::<(String, String), BTreeSet<String>>::new();
    for mail in sent.filter(|mail| mail.subject.contains("take it by")) {
        ids.entry((mail.to, mail.subject))
            .or_default()
            .insert(mail.id);
    }
    let twice = ids.into_iter().filter(|(_, ids)| ids.len() > 1);
    twice.map(|((_, subject), _)| subject).collect()
}

/// The number of a report's case; what waits is given a while, all of it together: much may be lost.
fn number(node: &Server, receipt: &str, watch: Stopwatch) -> Option<String> {
    loop {
        if let Ok(stands) = node.call(&Request::get(receipt, ""))
            && stands["waits"] == false
        {
            return stands["number"].as_str().map(str::to_owned);
        }
        if watch.read() > SETTLED {
            return None;
        }
        sleep(Duration::from_millis(500));
    }
}

/// The cases of which no page has left.
fn unpaged<'a>(
    node: &Server,
    admin: &str,
    numbers: impl Iterator<Item = &'a String>,
) -> Result<Vec<String>> {
    let mut unpaged = Vec::new();
    for number in numbers {
        let path = format!("/api/v1/cases/{number}/deliveries");
        let told = node.call(&Request::get(path, admin))?;
        let deliveries = told["deliveries"].as_array().into_iter().flatten();
        let mut pages = deliveries.filter(|row| row["page"] == true);
        if !pages.any(|page| page["state"] == "done") {
            unpaged.push(number.clone());
        }
    }
    Ok(unpaged)
}

fn all_cases(node: &Server, admin: &str) -> Result<Vec<String>> {
    let mut numbers = Vec::new();
    let mut path = "/api/v1/cases?limit=100".to_owned();
    loop {
        let page = node.call(&Request::get(path, admin))?;
        let cases = page["cases"].as_array().into_iter().flatten();
        numbers.extend(cases.filter_map(|case| case["number"].as_str().map(str::to_owned)));
        match page["next"].as_str() {
            Some(next) => path = format!("/api/v1/cases?limit=100&cursor={next}"),
            None => return Ok(numbers),
        }
    }
}
