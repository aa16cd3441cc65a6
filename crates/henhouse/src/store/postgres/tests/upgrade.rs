//! A node goes on while the next version takes the schema one step further under it.

use super::super::migrate::{migrate_with, steps};
use super::super::values::values;
use super::{Scratch, add, begin, id};

impl Scratch {
    /// Takes the schema one step beyond what this program knows: a column everywhere, and a table.
    pub(crate) fn one_step_ahead(&self) {
        drop(self.store(1));
        let mut line = self.line();
        let tables =
            "SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace
            AND relkind = 'r' AND relname NOT LIKE 'schema\\_%'";
        let tables = line.ask(tables, values![]).unwrap();
        let column = |row: &tokio_postgres::Row| {
            let table: String = row.get(0);
            format!("ALTER TABLE {table} ADD COLUMN of_the_next_version text;\n")
        };
        let columns: String = tables.iter().map(column).collect();
        let next = format!("{columns} CREATE TABLE perch (height bigint);");
        let known = steps();
        migrate_with(&mut line, &[known, &[&next]].concat()).unwrap();
    }
}

#[test]
#[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
fn a_node_that_serves_goes_on_when_the_next_version_upgrades_postgres_under_it() {
    let scratch = Scratch::new();
    let old = scratch.store(1);
    old.write_inline(|tx| begin(tx, 1)).unwrap();
    old.write_inline(|tx| add(tx, 1)).unwrap();
    scratch.one_step_ahead();
    let new = scratch.store(2);
    for node in [&old, &new, &old] {
        node.write_inline(|tx| {
            add(tx, 1)?;
            tx.put_setting("x", b"y")?;
            tx.next_number("HH")
        })
        .unwrap();
    }
    for node in [&old, &new] {
        let head = node.read_inline(|view| view.head(id(1)));
        assert_eq!(head.unwrap().seq, 4);
    }
}
