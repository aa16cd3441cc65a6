//! The `henhouse` binary: starts what the library holds and does nothing itself.

fn main() {}
