//! A program as machine code that is not mapped yet, with as many vectors in flight as pay.

use crate::allocate::allocate;
use crate::encode::{Allocated, encode};
use crate::isa::Isa;
use crate::kernel::{Refusal, Shape};
use crate::machine::{Constants, Function};
use crate::program::{Program, Statement};
use crate::select::{Captured, Selected, select};
use crate::tidy::tidy;

/// Machine code: constants, then functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assembled {
    pub bytes: Vec<u8>,
    /// Where the functions begin.
    pub functions: usize,
    /// Where the main function begins.
    pub entry: usize,
    /// Bytes of stack that a function takes, at most.
    pub frame: usize,
    pub shape: Shape,
}

/// A frame may be so large: beyond it the guard of a stack could be jumped over. More than a thousand vectors of AVX2.
pub const LARGEST_FRAME: usize = 48 * 1024;

/// Vectors in flight that are tried, the most first.
const IN_FLIGHT: [usize; 4] = [8, 4, 2, 1];

/// Statements of an innermost loop up to which eight, four, two vectors in flight are tried: several hide one another's latency, but each waits for the
/// slowest lane of all, and needs registers. Logistic map, 12 statements: 26, 16, 11, 9 ns with 1, 2, 4, 8 (AVX-512). Collatz, 29: 490, 155, 110, 200.
/// Mandelbrot, 47: 98, 70, 90, 120. (Best of 25 on a busy machine of two cores.)
const FIT: [(usize, usize); 3] = [(16, 8), (32, 4), (120, 2)];

/// Of straight code a processor has the next rows in flight by itself, up to some 200 instructions: Black-Scholes took 10.0 ns with one, 9.2 with two, 8.7 with
/// four (AVX-512), for twice the code and the time to make it.
const STRAIGHT: usize = 2;

/// How much of what runs may be mentions of what found no register: Collatz with four vectors and AVX2 has 0.42 and takes 200 ns, with two 0 and 290;
/// mandelbrot with three has 0.72 and takes 220 ns, with two 0.19 and 98.
const MOST_IN_MEMORY: f64 = 0.45;

/// Assembles a program.
///
/// # Errors
///
/// Where it keeps more values at a time than a stack has room for.
pub fn assemble(program: &Program, isa: Isa) -> Result<Assembled, Refusal> {
    let most = most_in_flight(&program.code.body);
    let tries = IN_FLIGHT.into_iter().filter(|&copies| copies <= most);
    let mut parts = tries.map(|copies| Parts::of(program, isa, copies));
    let fits = |parts: &Parts| parts.copies == 1 || parts.main.allocation.in_memory <= MOST_IN_MEMORY;
    let Some(Parts {
        copies,
        main,
        subroutines,
        constants,
        captured,
    }) = parts.find(fits)
    else {
        unreachable!("one vector in flight always fits")
    };
    let encoded = encode(isa, &constants, &captured, &main, &subroutines, program.inputs, copies)
        .map_err(|error| Refusal(format!("an instruction could not be encoded: {error}")))?;
    if encoded.largest_frame > LARGEST_FRAME {
        return Err(Refusal(format!(
            "it keeps {} bytes of values at a time, and {LARGEST_FRAME} have room; make two kernels of it",
            encoded.largest_frame
        )));
    }
    Ok(Assembled {
        shape: Shape {
            isa,
            vectors: copies,
            spills: main.allocation.spills,
            code_bytes: encoded.bytes.len(),
        },
        functions: encoded.functions,
        entry: encoded.entry,
        frame: encoded.largest_frame,
        bytes: encoded.bytes,
    })
}

/// A program with its registers allocated.
struct Parts {
    copies: usize,
    main: Allocated,
    subroutines: Vec<Allocated>,
    constants: Constants,
    captured: Vec<(Captured, usize)>,
}

impl Parts {
    fn of(program: &Program, isa: Isa, copies: usize) -> Self {
        let Selected {
            main,
            subroutines,
            constants,
            captured,
        } = select(program, isa, copies);
        let allocated = |mut function: Function| {
            tidy(&mut function);
            let allocation = allocate(&mut function, isa);
            Allocated { function, allocation }
        };
        Self {
            copies,
            main: allocated(main),
            subroutines: subroutines.into_iter().map(allocated).collect(),
            constants,
            captured,
        }
    }
}

/// How many vectors in flight may pay.
fn most_in_flight(body: &[Statement]) -> usize {
    let Some(round) = longest_round(body) else {
        return STRAIGHT;
    };
    FIT.into_iter()
        .find(|&(most, _)| round <= most)
        .map_or(1, |(_, copies)| copies)
}

/// Statements of the longest innermost loop.
fn longest_round(body: &[Statement]) -> Option<usize> {
    body.iter()
        .filter_map(|statement| match statement {
            Statement::If { yes, no, .. } => longest_round(yes).max(longest_round(no)),
            Statement::Block { body } => longest_round(body),
            Statement::Loop { body, .. } => longest_round(body).or_else(|| Some(count(body))),
            _ => None,
        })
        .max()
}

fn count(body: &[Statement]) -> usize {
    body.iter()
        .map(|statement| match statement {
            Statement::If { yes, no, .. } => 1 + count(yes) + count(no),
            Statement::Block { body } | Statement::Loop { body, .. } => count(body),
            _ => 1,
        })
        .sum()
}
