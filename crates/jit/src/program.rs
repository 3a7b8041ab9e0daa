//! A program as the verifier gives it and everything behind it takes it: indices are in bounds, types fit.
//!
//! It is in the form for several lanes that run in step (`src/kernel/masks/masked.ts`, `docs/ir.md`): an `if` on a condition that
//! varies asks whether any lane holds it and runs one body or the other for all; `set` sets a variable in every lane; `leave`
//! takes every lane along. What a lane is spared is done by `select`. The last argument of each call is the mask of the lanes
//! that ask, and the last input of each subroutine is that mask.

use crate::op::Op;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    F64,
    I32,
    Mask,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    /// How many inputs it has, all f64.
    pub inputs: usize,
    /// How many captured numbers.
    pub uniforms: usize,
    /// How many captured arrays.
    pub tables: usize,
    pub subroutines: Vec<Subroutine>,
    pub code: Code,
    /// The variable of `code`, of type f64, that holds the result.
    pub result: usize,
}

/// A rare path. It has no uniforms and no tables, and calls nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Subroutine {
    /// The last is the mask of the lanes that ask.
    pub inputs: Vec<Type>,
    pub code: Code,
    /// Variables of `code`.
    pub results: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Code {
    /// Types of its variables. Each is set before it is read.
    pub variables: Vec<Type>,
    /// All values of the code, in the order of their `let`.
    pub values: Vec<Value>,
    pub body: Vec<Statement>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    pub op: Op,
    pub ty: Type,
    /// Each of those that are values comes before this one.
    pub args: Vec<Operand>,
    /// Of `get` the variable, of `gather` the table, of `exponent` and `mantissa` the word c; else 0.
    pub imm: u32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operand {
    /// Index into the values of the code; its `let` is around or before, so that it has been computed.
    Value(usize),
    Const(f64),
    ConstI32(i32),
    ConstMask(bool),
    /// Of a subroutine: of the type that it declares.
    Input(usize),
    Uniform(usize),
    /// Length of a table, as a number.
    Length(usize),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// Computes a value.
    Let(usize),
    Set {
        variable: usize,
        operand: Operand,
    },
    If {
        condition: Operand,
        yes: Vec<Statement>,
        no: Vec<Statement>,
    },
    Block {
        body: Vec<Statement>,
    },
    Loop {
        rounds: Option<u64>,
        body: Vec<Statement>,
    },
    /// To the end of a block or loop around it: 0 is the outermost.
    Leave {
        label: usize,
    },
    Call {
        subroutine: usize,
        args: Vec<Operand>,
        results: Vec<usize>,
    },
}
