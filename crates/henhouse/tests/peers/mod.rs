//! Real servers that the tests talk to. Each is a process of its own that ends with the test.

pub mod certificate;
pub mod python;
pub mod smtp;
