//! Real servers that the tests talk to. Each is a process of its own that ends with the test.
#![allow(dead_code, reason = "each test program uses its part of the peers")]

pub mod certificate;
pub mod cluster;
pub mod driven;
pub mod phone;
pub mod postgres;
pub mod python;
pub mod s3;
pub mod smtp;
pub mod sqs;
pub mod web;
