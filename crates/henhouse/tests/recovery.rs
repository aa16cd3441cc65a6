//! PostgreSQL comes back to a moment by the lines of `docs/operate/point-in-time.md`, as they stand there: an installation
//! is the same by its hash, and `henhouse verify` finds nothing.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod farm;
mod peers;
mod served;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use henhouse::backup::{self, Sum};
use henhouse::serve::{Home, Installation};
use peers::cluster::Cluster;

const GUIDE: &str = include_str!("../../../docs/operate/point-in-time.md");
const TARGET: &str = "recovery_target_time = '2026-11-22 09:15:00+00'";
const RESTORED: &str = "/var/lib/postgresql/restored";

/// The blocks of the guide, in order: settings, base, last changes, putting back.
fn blocks(folder: &Path) -> Vec<String> {
    let fenced = GUIDE.split("```").skip(1).step_by(2);
    let blocks = fenced.map(|block| {
        let lines = block.lines().skip(1).map(|line| line.trim_start());
        let text: Vec<&str> = lines.collect();
        let inside = |name: &str| folder.join(name).display().to_string();
        text.join("\n")
            .replace("/srv/henhouse-archive", &inside("archive"))
            .replace("/srv/henhouse-base", &inside("base"))
            .replace(RESTORED, &inside("restored"))
    });
    blocks.collect()
}

/// What the installation holds, with what a node writes at its start.
fn sum(home: &Home, work: impl AsyncFnOnce(&Installation)) -> Sum {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let opened = Installation::open(home.clone(), "http://localhost", true, None).await;
        let installation = opened.unwrap();
        work(&installation).await;
        let store = installation.desk.store_and_clock().0;
        let sum = tokio::task::spawn_blocking(move || backup::sum_of(&store));
        sum.await.unwrap().unwrap()
    })
}

/// Ends the cluster that was put back.
struct Restored<'a>(&'a Cluster, String);

impl Drop for Restored<'_> {
    fn drop(&mut self) {
        let folder = &self.1;
        self.0.shell(&format!(
            "pg_ctl --pgdata={folder} -s -m immediate stop || true; rm -rf {folder}"
        ));
    }
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn an_installation_in_postgres_comes_back_to_a_moment_by_the_lines_of_the_guide() {
    let cluster = Cluster::make("pitr", "");
    let blocks = blocks(cluster.folder());
    let [settings, base, last, back] = &blocks[..] else {
        panic!("the guide has other blocks: {blocks:?}");
    };
    let conf = Path::new(&cluster.data()).join("postgresql.conf");
    let here = cluster.folder().display().to_string();
    let own = format!("listen_addresses = ''\nunix_socket_directories = '{here}'\n");
    let before = std::fs::read_to_string(&conf).unwrap();
    std::fs::write(&conf, format!("{before}\n{own}{settings}\n")).unwrap();
    cluster.shell("mkdir archive");
    cluster.up();
    let data = tempfile::tempdir().unwrap();
    let home = Home {
        data: data.path().to_owned(),
        database: Some(cluster.address()),
    };
    sum(&home, async |_| {});
    cluster.shell(base);
    let at_the_moment = sum(&home, async |installation| {
        henhouse::demo::fill(&installation.desk).await.unwrap();
    });
    std::thread::sleep(Duration::from_millis(50));
    let moment = cluster.shell("psql -qAtc \"SELECT clock_timestamp() AT TIME ZONE 'UTC'\"");
    std::thread::sleep(Duration::from_millis(50));
    let in_the_end = sum(&home, async |installation| {
        farm::found(
            &installation.desk,
            "LATER",
            "UTC",
            jiff::Timestamp::constant(1_772_409_600, 0),
        )
        .await;
    });
    assert_ne!(at_the_moment, in_the_end);
    cluster.shell(last);
    cluster.crash();
    let there = cluster.folder().join("restored").display().to_string();
    let target = format!("recovery_target_time = '{}+00'", moment.trim());
    for (line, expected) in [(target.as_str(), at_the_moment), ("", in_the_end)] {
        assert!(back.contains(TARGET), "{back}");
        let restored = Restored(&cluster, there.clone());
        cluster.shell(&back.replace(TARGET, line));
        cluster
            .shell("until psql -qAtc 'SELECT pg_is_in_recovery()' | grep -q f; do sleep 0.1; done");
        assert_eq!(sum(&home, async |_| {}), expected, "{line}");
        let verified = Command::new(served::HENHOUSE)
            .args(["verify", "--database", &cluster.address(), "--data"])
            .arg(data.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&verified.stderr);
        assert!(verified.status.success(), "{said}");
        assert!(said.contains("Nothing was changed or lost"), "{said}");
        drop(restored);
    }
}
