//! A kernel as machine code, ready to be run by any thread.

use crate::isa::Isa;

/// Why there is no machine code for a program: the rule, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(pub String);

/// A captured array: its entries as f64.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Table {
    pub entries: *const f64,
    /// How many there are.
    pub length: f64,
}

/// What a kernel reads besides its inputs.
#[derive(Debug, Clone, Copy)]
pub struct Captures<'a> {
    pub uniforms: &'a [f64],
    pub tables: &'a [Table],
}

/// What the compiler made of a program, for `explain()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    pub isa: Isa,
    /// Vectors in flight.
    pub vectors: usize,
    /// Values that found no register.
    pub spills: usize,
    pub code_bytes: usize,
}

/// Machine code, mapped to be executed. It goes when it is dropped.
pub struct Kernel {
    shape: Shape,
    inputs: usize,
    uniforms: usize,
    tables: usize,
}

impl Kernel {
    /// Compiles the bytes of a program (`docs/ir.md`, the form for lanes).
    ///
    /// # Errors
    ///
    /// Where the verifier refuses them, or there is no memory that may be executed.
    pub fn compile(_bytes: &[u8], _isa: Isa) -> Result<Self, Refusal> {
        Err(Refusal("there is no compiler yet".to_string()))
    }

    pub fn shape(&self) -> Shape {
        self.shape
    }

    pub fn inputs(&self) -> usize {
        self.inputs
    }

    pub fn uniforms(&self) -> usize {
        self.uniforms
    }

    pub fn tables(&self) -> usize {
        self.tables
    }

    /// Computes `out[i]` from `inputs[…][i]` for `0 <= i < rows`. Returns early, with rows unwritten, once `stop` is not 0 and a
    /// loop of the kernel comes round.
    ///
    /// # Safety
    ///
    /// `inputs` are as many arrays of `rows` values as `inputs()` says, and `out` has room for as many; `out` may be an input,
    /// whole, else it overlaps none. Captures are as many as `uniforms()` and `tables()` say, and tables have the entries they
    /// claim. `stop` is read atomically by this call alone or by others too. Nobody else writes these rows of `out`.
    pub unsafe fn run(
        &self,
        _captures: Captures<'_>,
        _inputs: &[*const f64],
        _out: *mut f64,
        _rows: usize,
        _stop: *const i32,
    ) {
    }
}
