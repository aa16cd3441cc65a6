//! Many clients at once, each waiting for its answer before it asks again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::client::{Client, Request};
use crate::stopwatch::Stopwatch;

/// How long or how much.
#[derive(Clone, Copy, Debug)]
pub enum Until {
    /// For so long.
    Time(Duration),
    /// So many requests by all clients together.
    Count(u64),
}

/// What a load came to.
pub struct Load {
    /// Answers of the expected status.
    pub answers: u64,
    /// From the first request to the last answer.
    pub took: Duration,
    /// How long each answer took, in milliseconds, sorted.
    pub millis: Vec<f64>,
}

impl Load {
    /// Answers per second.
    pub fn rate(&self) -> f64 {
        self.answers as f64 / self.took.as_secs_f64()
    }

    /// Half of the answers were as fast, in milliseconds.
    pub fn p50(&self) -> f64 {
        percentile(&self.millis, 50)
    }

    /// 99 of 100 answers were as fast, in milliseconds.
    pub fn p99(&self) -> f64 {
        percentile(&self.millis, 99)
    }
}

/// The value that so many of 100 do not pass; `sorted` has at least one.
pub fn percentile(sorted: &[f64], of_hundred: usize) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted
        .get((sorted.len() * of_hundred / 100).min(last))
        .copied()
        .unwrap_or(f64::NAN)
}

/// Lets `clients` ask what `request` makes of a running number, and expects every answer to be a
/// success.
///
/// # Errors
/// A connection broke, or an answer was none.
pub fn load(
    port: u16,
    clients: usize,
    until: Until,
    request: impl Fn(u64) -> Request + Sync,
) -> Result<Load> {
    let next = AtomicU64::new(0);
    let watch = Stopwatch::start();
    let one = || -> Result<Vec<f64>> {
        let mut client = Client::connect(port)?;
        let mut millis = Vec::new();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let over = match until {
                Until::Time(time) => watch.read() >= time,
                Until::Count(count) => n >= count,
            };
            if over {
                return Ok(millis);
            }
            let request = request(n);
            let own = Stopwatch::start();
            let answer = client.call(&request)?;
            millis.push(own.read().as_secs_f64() * 1000.0);
            ensure!(
                answer.status < 400,
                "{} {}: {} {}",
                request.method,
                request.path,
                answer.status,
                String::from_utf8_lossy(&answer.body)
            );
        }
    };
    let mut millis = thread::scope(|scope| -> Result<Vec<f64>> {
        let all: Vec<_> = (0..clients).map(|_| scope.spawn(one)).collect();
        let mut millis = Vec::new();
        for client in all {
            millis.extend(
                client
                    .join()
                    .ok()
                    .context("a client stopped with a bug")??,
            );
        }
        Ok(millis)
    })?;
    let took = watch.read();
    millis.sort_by(f64::total_cmp);
    Ok(Load {
        answers: millis.len() as u64,
        took,
        millis,
    })
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(
            (percentile(&hundred, 50), percentile(&hundred, 99)),
            (51.0, 100.0)
        );
        assert_eq!(percentile(&[7.0], 99), 7.0);
        assert!(percentile(&[], 50).is_nan());
    }
}
