//! A few threads of their own on which passwords are hashed. The memory that a hash takes stays with the thread that took
//! it: on the threads that everything else blocks on, a flood of wrong passwords would leave 19 MiB with each.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::oneshot;

/// So many passwords are hashed at once; each takes 19 MiB.
const AT_ONCE: usize = 4;

type Job = Box<dyn FnOnce() + Send>;

/// The threads; they start with the first password, and end with this.
#[derive(Default)]
pub(super) struct Hashing {
    jobs: OnceLock<Sender<Job>>,
}

impl Hashing {
    /// Runs `work` when its turn comes; nothing if it panicked or no thread can be started.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (tell, told) = oneshot::channel();
        let job = Box::new(move || {
            // Nobody waits any more: the connection is gone.
            let _ = tell.send(work());
        });
        self.jobs.get_or_init(start).send(job).ok()?;
        told.await.ok()
    }
}

fn start() -> Sender<Job> {
    let (jobs, queue) = channel::<Job>();
    let queue = Arc::new(Mutex::new(queue));
    for n in 0..AT_ONCE {
        let queue = Arc::clone(&queue);
        let thread = std::thread::Builder::new().name(format!("passwords {n}"));
        if let Err(error) = thread.spawn(move || serve(&queue)) {
            tracing::error!(%error, "a thread for passwords cannot be started");
        }
    }
    jobs
}

fn serve(queue: &Mutex<Receiver<Job>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else {
            return;
        };
        if catch_unwind(AssertUnwindSafe(job)).is_err() {
            tracing::error!("a password could not be hashed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn never_more_than_a_few_at_once_and_a_panic_costs_no_thread() {
        let hashing = Hashing::default();
        let most = Arc::new(Mutex::new((0, 0)));
        let jobs = (0..40).map(|n| {
            let most = Arc::clone(&most);
            hashing.run(move || {
                let count = |by: i32| {
                    let mut most = most.lock().unwrap_or_else(PoisonError::into_inner);
                    most.0 += by;
                    most.1 = most.0.max(most.1);
                };
                count(1);
                std::thread::sleep(std::time::Duration::from_millis(2));
                count(-1);
                assert!(n % 4 != 0, "one in four panics");
                n
            })
        });
        let mut told = Vec::new();
        for job in jobs {
            told.push(job.await);
        }
        assert_eq!(told.iter().flatten().count(), 30);
        let most = most.lock().unwrap_or_else(PoisonError::into_inner).1;
        assert!(most <= 4, "{most}");
    }
}
