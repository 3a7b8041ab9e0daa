//! Reads the bytes of a program, in the form for lanes, and verifies them: `docs/ir.md` says what they are, and what is refused.
//!
//! What comes out needs no check again. Time and memory grow with the number of bytes and with nothing that they say; nothing here
//! recurses.
#![forbid(unsafe_code)]

mod code;
mod values;
mod words;

use crate::kernel::Refusal;
use crate::program::{Program, Subroutine, Type};
use code::CodeReader;
use words::Words;

/// Larger would let a hostile file hold a compiler for minutes.
pub const MOST_BYTES: usize = 1 << 24;

/// Bodies inside one another: what comes behind may recurse over them.
pub const MOST_DEPTH: usize = 500;

/// The program that the bytes are.
///
/// # Errors
///
/// Says what is wrong with them, and at which byte.
pub fn read(bytes: &[u8]) -> Result<Program, Refusal> {
    let mut words = Words::new(bytes)?;
    words.name()?;
    let inputs = words.count("defaults")?;
    for _ in 0..inputs {
        let default = words.word()?;
        if default > 0 {
            words.constant(default - 1)?;
        }
        words.name()?;
    }
    let uniforms = words.word()? as usize;
    words.names(uniforms)?;
    let tables = words.word()? as usize;
    words.names(tables)?;
    // Not by their number: it may be any.
    let mut subroutines = Vec::new();
    for _ in 0..words.word()? {
        subroutines.push(read_subroutine(&mut words)?);
    }
    let types = vec![Type::F64; inputs];
    let around = Around {
        inputs: &types,
        uniforms,
        tables,
        subroutines: &subroutines,
    };
    let (code, results) = CodeReader::new(&mut words, around).read(1)?;
    let result = results[0];
    let ty = code.variables[result];
    if ty != Type::F64 {
        return Err(words.refuse(&format!("the result is f64, not {ty:?}")));
    }
    words.end()?;
    Ok(Program {
        inputs,
        uniforms,
        tables,
        subroutines,
        code,
        result,
    })
}

/// What code may name that stands outside it.
#[derive(Clone, Copy)]
struct Around<'a> {
    inputs: &'a [Type],
    uniforms: usize,
    tables: usize,
    subroutines: &'a [Subroutine],
}

fn read_subroutine(words: &mut Words<'_>) -> Result<Subroutine, Refusal> {
    words.name()?;
    let count = words.count("inputs")?;
    let mut inputs = Vec::with_capacity(count);
    for _ in 0..count {
        inputs.push(read_type(words)?);
    }
    if inputs.last() != Some(&Type::Mask) {
        return Err(words.refuse("the last input of a subroutine is a mask"));
    }
    let count = words.word()? as usize;
    let around = Around {
        inputs: &inputs,
        uniforms: 0,
        tables: 0,
        subroutines: &[],
    };
    let (code, results) = CodeReader::new(words, around).read(count)?;
    Ok(Subroutine { inputs, code, results })
}

fn read_type(words: &mut Words<'_>) -> Result<Type, Refusal> {
    match words.word()? {
        0 => Ok(Type::F64),
        1 => Ok(Type::I32),
        2 => Ok(Type::Mask),
        word => Err(words.refuse(&format!("{word} is no type"))),
    }
}
