//! A kernel's IR, verified, and vector machine code made of it.

pub mod interpret;
pub mod isa;
pub mod kernel;
pub mod op;
pub mod program;
pub mod read;
