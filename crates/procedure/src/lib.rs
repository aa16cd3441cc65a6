#![no_std]
//! The procedure as pure code.

extern crate alloc;

pub mod calendar;
pub mod playbook;
