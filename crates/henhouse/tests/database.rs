//! How a node finds its database: through TLS that it checks, and among several hosts; and who founds it.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod peers;
mod served;

use std::net::TcpListener;
use std::path::Path;

use henhouse::store::{PostgresOptions, Store, StoreError};
use peers::certificate::Certificate;
use peers::cluster::Cluster;
use served::Served;
use uuid::Uuid;

fn open(address: &str) -> Result<(), StoreError> {
    let options = PostgresOptions {
        address: address.to_owned(),
        node: Uuid::from_u128(7),
        readers: 0,
        held: None,
    };
    let store = Store::postgres(&options)?;
    store.write_inline(|tx| tx.put_setting("x", b"y"))?;
    let read = store.read_inline(|view| view.setting("x"))?;
    assert_eq!(read.as_deref(), Some(&b"y"[..]));
    Ok(())
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A cluster on a port of 127.0.0.1, with TLS and by nothing else.
fn with_tls(port: u16, certificate: &Certificate) -> Cluster {
    let cluster = Cluster::make("tls", "");
    let [key, cert] = [&certificate.key, &certificate.certificate].map(|file| {
        let own = cluster.folder().join(file.file_name().unwrap());
        std::fs::copy(file, &own).unwrap();
        private(&own);
        cluster.own(&own);
        own.display().to_string()
    });
    let rules = "local all all trust\nhostssl all all 127.0.0.1/32 trust\n";
    std::fs::write(Path::new(&cluster.data()).join("pg_hba.conf"), rules).unwrap();
    let cluster = cluster.with(&format!(
        "-c listen_addresses=127.0.0.1 -c port={port} -c ssl=on -c ssl_cert_file={cert} -c ssl_key_file={key}"
    ));
    cluster.up();
    cluster
}

fn private(file: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn postgres_is_reached_by_tls_and_only_if_its_certificate_holds() {
    henhouse::tls::install_provider();
    let [folder, elsewhere] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let certificate = Certificate::make(folder.path());
    let other = Certificate::make(elsewhere.path());
    let port = free_port();
    let _cluster = with_tls(port, &certificate);
    let address =
        |host: &str, options: &str| format!("postgres://postgres@{host}:{port}/postgres?{options}");
    let root =
        |certificate: &Certificate| format!("sslrootcert={}", certificate.authority.display());

    open(&address(
        "localhost",
        &format!("sslmode=require&{}", root(&certificate)),
    ))
    .unwrap();
    open(&address(
        "127.0.0.1",
        &format!("sslmode=verify-full&{}", root(&certificate)),
    ))
    .unwrap();
    for (why, options) in [
        (
            "signed by somebody else",
            format!("sslmode=require&{}", root(&other)),
        ),
        ("signed by nobody known here", "sslmode=require".to_owned()),
        (
            "not to be spoken to in the clear",
            "sslmode=disable".to_owned(),
        ),
    ] {
        let refused = open(&address("localhost", &options));
        assert!(refused.is_err(), "{why}");
    }
    let options = format!("hostaddr=127.0.0.1&sslmode=require&{}", root(&certificate));
    let refused = open(&address("db.example.org", &options));
    let said = refused.expect_err("it is another's name").to_string();
    assert!(said.contains("certificate"), "{said}");
    let missing = format!(
        "sslmode=require&sslrootcert={}/none.pem",
        folder.path().display()
    );
    let said = open(&address("localhost", &missing))
        .expect_err("no such file")
        .to_string();
    assert!(said.contains("none.pem"), "{said}");
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn of_several_hosts_the_one_that_takes_writes_is_used_by_postgres() {
    let first = Cluster::start("hosta", "-c default_transaction_read_only=on");
    let second = Cluster::start("hostb", "");
    let hosts = [&first, &second].map(|cluster| cluster.folder().display().to_string());
    let both = format!(
        "host='{}','{}' user=postgres dbname=postgres",
        hosts[0], hosts[1]
    );
    let both = both.replace('\'', "");
    open(&both).unwrap();
    first.crash();
    open(&both).unwrap();
    second.crash();
    first.up();
    assert!(
        matches!(open(&both), Err(StoreError::Away(_))),
        "nobody takes writes"
    );
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn of_two_nodes_that_start_on_an_empty_postgres_one_founds_it() {
    let cluster = Cluster::start("found", "");
    let folder = tempfile::tempdir().unwrap();
    let database = cluster.address();
    let data = |n: usize| folder.path().join(format!("{n}"));
    let started: Vec<Served> = std::thread::scope(|scope| {
        let start = |n| {
            let (data, database) = (data(n), &database);
            scope.spawn(move || Served::try_start(&data, &["--database", database], &[]))
        };
        let threads: Vec<_> = (0..4).map(start).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let founders: Vec<usize> = (0..4).filter(|n| !started[*n].url.is_empty()).collect();
    let logs: Vec<String> = started.iter().map(Served::log).collect();
    assert_eq!(founders.len(), 1, "{logs:?}");
    for n in (0..4).filter(|n| *n != founders[0]) {
        assert!(logs[n].contains("root.key"), "{}", logs[n]);
        assert!(!data(n).join("root.key").exists(), "it would be in the way");
        std::fs::copy(data(founders[0]).join("root.key"), data(n).join("root.key")).unwrap();
        let joins = Served::start(&data(n), &["--database", &database], &[]);
        assert!(!joins.url.is_empty());
    }
}
