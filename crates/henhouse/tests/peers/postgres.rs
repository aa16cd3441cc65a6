//! A schema of its own, in the database that `cargo xtask ci` starts for the tests.

use tokio_postgres::NoTls;

/// Says where a database for tests is.
const ADDRESS: &str = "HENHOUSE_TEST_POSTGRES";

/// An empty schema, dropped in the end.
pub struct Schema {
    name: String,
}

impl Schema {
    /// A new one.
    pub fn new() -> Self {
        let ids = henhouse::ids::Ids::system().expect("chance");
        let id = ids.uuid_v7(jiff::Timestamp::UNIX_EPOCH);
        let name = format!("s_{}", id.simple());
        carry_out(&format!("CREATE SCHEMA {name}"));
        Self { name }
    }

    /// Where it is, as the program takes it.
    pub fn address(&self) -> String {
        let address = address();
        let mark = if address.contains('?') { '&' } else { '?' };
        format!("{address}{mark}options=-csearch_path%3D{}", self.name)
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        carry_out(&format!("DROP SCHEMA {} CASCADE", self.name));
    }
}

fn address() -> String {
    let told = std::env::var(ADDRESS);
    told.expect("`cargo xtask ci` says in HENHOUSE_TEST_POSTGRES where a database is")
}

fn carry_out(sql: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&address(), NoTls)
            .await
            .expect("the tests' database answers");
        tokio::spawn(connection);
        client.batch_execute(sql).await.expect("it is done");
    });
}
