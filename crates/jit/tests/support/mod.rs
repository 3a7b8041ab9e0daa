//! Cases that tests in TypeScript write: programs, what to run them on, and what `src/kernel/ir/interpret.ts` gives for that.

#![allow(dead_code)] // each test uses a part of it

pub mod builder;
pub mod mutate;

use lanewise_jit::interpret::Captured;
use lanewise_jit::kernel::{Captures, Kernel, Table};
use std::fs;

/// A program and its rows, as `test/kernel/support/case-text.ts` writes them.
#[derive(Debug, Default)]
pub struct Case {
    pub program: Vec<u8>,
    pub captured: Captured,
    /// A column for each input.
    pub inputs: Vec<Vec<f64>>,
    pub results: Vec<f64>,
}

/// The cases of a text, each from its line `program` to the next.
///
/// # Panics
///
/// The text is as it should be.
pub fn read_cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        let (word, digits) = line.split_once(' ').expect("a word and bytes");
        let bytes = read_bytes(digits);
        if word == "program" {
            cases.push(Case {
                program: bytes,
                ..Case::default()
            });
            continue;
        }
        let case = cases.last_mut().expect("a program comes first");
        let numbers = read_numbers(&bytes);
        match word {
            "uniforms" => case.captured.uniforms = numbers,
            "table" => case.captured.tables.push(numbers),
            "input" => case.inputs.push(numbers),
            "result" => case.results = numbers,
            _ => panic!("{word} begins no line"),
        }
    }
    cases
}

/// The first row where results have other bits; any NaN is as good as another.
pub fn first_difference(got: &[f64], wanted: &[f64]) -> Option<usize> {
    assert_eq!(got.len(), wanted.len(), "a result a row");
    got.iter()
        .zip(wanted)
        .position(|(a, b)| a.to_bits() != b.to_bits() && !(a.is_nan() && b.is_nan()))
}

/// Of hexadecimal digits.
pub fn read_bytes(digits: &str) -> Vec<u8> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    assert!(rest.is_empty(), "two digits a byte");
    let digit = |byte: u8| char::from(byte).to_digit(16).expect("a digit");
    pairs
        .iter()
        .map(|[high, low]| u8::try_from(16 * digit(*high) + digit(*low)).expect("two digits"))
        .collect()
}

fn read_numbers(bytes: &[u8]) -> Vec<f64> {
    let (numbers, rest) = bytes.as_chunks::<8>();
    assert!(rest.is_empty(), "eight bytes a number");
    numbers.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect()
}

/// The cases of `tests/programs`, by name.
pub fn cases_of_files() -> Vec<(String, Case)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs");
    let mut cases: Vec<_> = fs::read_dir(folder)
        .expect("there are programs")
        .map(|entry| {
            let path = entry.expect("a file").path();
            let text = fs::read_to_string(&path).expect("a text");
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, read_cases(&text).pop().expect("a case"))
        })
        .collect();
    cases.sort_by(|(a, _), (b, _)| a.cmp(b));
    cases
}

/// The results of so many rows by machine code, which writes nothing behind them.
pub fn run(kernel: &Kernel, captured: &Captured, inputs: &[Vec<f64>], rows: usize) -> Vec<f64> {
    run_until(kernel, captured, inputs, rows, 0)
}

/// The same; where `stop` is not 0, up to a loop's next round.
pub fn run_until(kernel: &Kernel, captured: &Captured, inputs: &[Vec<f64>], rows: usize, stop: i32) -> Vec<f64> {
    let tables: Vec<Table> = captured
        .tables
        .iter()
        .map(|table| Table {
            entries: table.as_ptr(),
            #[allow(clippy::cast_precision_loss)] // short
            length: table.len() as f64,
        })
        .collect();
    let reads = Captures {
        uniforms: &captured.uniforms,
        tables: &tables,
    };
    let starts: Vec<*const f64> = inputs.iter().map(Vec::as_ptr).collect();
    let mut out = vec![-1.0; rows + 1];
    // SAFETY: all columns have the rows, and so has `out`.
    unsafe { kernel.run(reads, &starts, out.as_mut_ptr(), rows, &raw const stop) };
    assert_eq!(out.pop(), Some(-1.0), "nothing behind the rows is written");
    out
}
