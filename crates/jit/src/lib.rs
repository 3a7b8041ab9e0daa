//! A kernel's IR, verified, and vector machine code made of it.
//!
//! ```text
//! bytes ─ read ─▶ program ─ select ─▶ vector instructions ─ tidy ─ allocate ─▶ registers ─ encode ─▶ bytes of x86-64 ─ memory ─▶ kernel
//! ```

mod allocate;
pub mod assemble;
mod encode;
pub mod interpret;
pub mod isa;
pub mod kernel;
mod live;
mod machine;
mod memory;
pub mod op;
mod opcodes;
pub mod program;
pub mod read;
mod select;
mod tidy;
mod varies;
