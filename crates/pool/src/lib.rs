//! Threads that run kernel maps: they claim chunks from a slot of the control block, run them, and tell the last row.
//!
//! Nothing here knows of Node: `crates/node` hands over pointers and gets a call when a map has ended.
//!
//! ```text
//! Pool::submit ─ queue ─▶ thread enters ─▶ chunk_loop::work ─▶ Body::run on each block ─▶ last thread out settles
//!                                              │  ▲
//!                                              ▼  │ claim, give back, publish
//!                                          control::Slot (shared with JavaScript and WASM)
//! ```

pub mod chunk_loop;
pub mod claims;
#[cfg(not(loom))] // memory of JavaScript and machine code: nothing for a model
pub mod columns;
pub mod control;
pub mod element;
pub mod job;
#[cfg(not(loom))]
pub mod leaves;
pub mod memory;
pub mod pool;
#[cfg(not(loom))]
pub mod rows;
pub mod rule;
mod seats;
#[cfg(not(loom))]
mod strict_float;
pub mod sync;

#[allow(dead_code)] // the tables are whole, whoever reads which of their words
mod generated {
    pub mod control;
    pub mod rule;
}
