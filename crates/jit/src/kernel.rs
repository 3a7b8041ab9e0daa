//! A kernel as machine code, ready to be run by any thread.

use crate::assemble::{LARGEST_FRAME, assemble};
use crate::encode::Arguments;
use crate::isa::Isa;
use crate::memory::Executable;
use crate::program::Program;
use crate::read::read;

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

impl Shape {
    /// Rows that a round computes: fewer cost as much.
    pub fn group(&self) -> i64 {
        i64::try_from(self.isa.lanes() * self.vectors).unwrap_or(1)
    }
}

/// Machine code, mapped to be executed. It goes when it is dropped.
pub struct Kernel {
    memory: Executable,
    entry: usize,
    frame: usize,
    shape: Shape,
    inputs: usize,
    uniforms: usize,
    tables: usize,
}

/// What stands at `entry`: by the convention of System V, on every system.
#[cfg(target_arch = "x86_64")]
type Entry = unsafe extern "sysv64" fn(*const Arguments);
/// Never called: there is no vector back end for this processor yet, and `Kernel::of` says so.
#[cfg(not(target_arch = "x86_64"))]
type Entry = unsafe extern "C" fn(*const Arguments);

impl Kernel {
    /// Compiles the bytes of a program (`docs/ir.md`, the form for lanes).
    ///
    /// # Errors
    ///
    /// Where the verifier refuses them, or there is no memory that may be executed.
    pub fn compile(bytes: &[u8], isa: Isa) -> Result<Self, Refusal> {
        Self::of(&read(bytes)?, isa)
    }

    /// Compiles a program.
    ///
    /// # Errors
    ///
    /// Where it is too large, or there is no memory that may be executed.
    pub fn of(program: &Program, isa: Isa) -> Result<Self, Refusal> {
        if !Isa::available().contains(&isa) {
            return Err(Refusal(format!("this processor has no {isa:?}")));
        }
        let assembled = assemble(program, isa)?;
        let memory = Executable::new(&assembled.bytes)
            .map_err(|error| Refusal(format!("no memory that may be executed: {error}")))?;
        Ok(Self {
            memory,
            entry: assembled.entry,
            frame: assembled.frame,
            shape: assembled.shape,
            inputs: program.inputs,
            uniforms: program.uniforms,
            tables: program.tables,
        })
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
    /// # Panics
    ///
    /// Where the inputs or captures are not as many as it takes.
    ///
    /// # Safety
    ///
    /// `inputs` are as many arrays of `rows` values as `inputs()` says, and `out` has room for as many; `out` may be an input,
    /// whole, else it overlaps none. Captures are as many as `uniforms()` and `tables()` say, and tables have the entries they
    /// claim. `stop` is read atomically by this call alone or by others too. Nobody else writes these rows of `out`.
    pub unsafe fn run(
        &self,
        captures: Captures<'_>,
        inputs: &[*const f64],
        out: *mut f64,
        rows: usize,
        stop: *const i32,
    ) {
        assert!(
            inputs.len() == self.inputs,
            "{} inputs of {}",
            inputs.len(),
            self.inputs
        );
        assert!(captures.uniforms.len() == self.uniforms && captures.tables.len() == self.tables);
        if self.frame > GUARD {
            probe_stack();
        }
        let round = self.shape.isa.lanes() * self.shape.vectors;
        let whole = rows - rows % round;
        if whole > 0 {
            // SAFETY: the promise of this function; `whole` is a multiple of what a round takes.
            unsafe { self.call(captures, inputs, out, whole, stop) };
        }
        let rest = rows - whole;
        if rest == 0 {
            return;
        }
        // The last round takes copies of the rest, whose last row stands for those beyond: it ends if that one does.
        let mut copies = vec![0.0; (inputs.len() + 1) * round];
        let (results, blocks) = copies.split_at_mut(round);
        let mut starts = Vec::with_capacity(inputs.len());
        for (block, &input) in blocks.chunks_mut(round).zip(inputs) {
            for (i, value) in block.iter_mut().enumerate() {
                // SAFETY: a row of the rest, by the promise of this function.
                *value = unsafe { input.wrapping_add(whole + i.min(rest - 1)).read() };
            }
            starts.push(block.as_ptr());
        }
        // SAFETY: each input, and the results, have the rows of a round.
        unsafe { self.call(captures, &starts, results.as_mut_ptr(), round, stop) };
        for (i, &value) in results[..rest].iter().enumerate() {
            // SAFETY: as above.
            unsafe { out.wrapping_add(whole + i).write(value) };
        }
    }

    /// # Safety
    ///
    /// As for `run`; `rows` are a multiple of what a round takes, and not 0.
    unsafe fn call(&self, captures: Captures<'_>, inputs: &[*const f64], out: *mut f64, rows: usize, stop: *const i32) {
        let arguments = Arguments {
            inputs: inputs.as_ptr(),
            out,
            bytes: rows * size_of::<f64>(),
            uniforms: captures.uniforms.as_ptr(),
            tables: captures.tables.as_ptr(),
            stop,
        };
        // SAFETY: `encode` wrote a function of this type there, and the memory lives as long as `self`.
        let entry = unsafe { std::mem::transmute::<*const u8, Entry>(self.memory.at(self.entry)) };
        // SAFETY: the code reads and writes what the arguments point to, rows by their number; the verifier saw to its indices.
        unsafe { entry(&raw const arguments) };
    }
}

/// Bytes of a frame that cannot jump over the guard of a stack: that is a page, of 4 KiB at least, and a subroutine's frame is beside the main one.
const GUARD: usize = 1024;

/// Touches the stack that a kernel's frame may take, page by page as the compiler does, so that an overflow is seen.
#[inline(never)]
fn probe_stack() {
    let frame = std::mem::MaybeUninit::<[u8; 2 * LARGEST_FRAME]>::uninit();
    std::hint::black_box(&frame);
}
