//! Runs the cases of a text that comes in (`test/kernel/support/case-text.ts`): `cargo run -p lanewise-jit --example run < cases.txt`.
//!
//! It says where results differ from those that the text wants, case by case, and ends with 1 if any does.

#[path = "../tests/support/mod.rs"]
mod support;

use lanewise_jit::interpret::interpret;
use lanewise_jit::read::read;
use std::io;
use std::process::ExitCode;
use support::{Case, first_difference, read_cases};

fn main() -> io::Result<ExitCode> {
    let cases = read_cases(&io::read_to_string(io::stdin())?);
    let mut differing = 0;
    for (index, case) in cases.iter().enumerate() {
        if let Err(what) = run(case) {
            differing += 1;
            println!("case {index}: {what}");
        }
    }
    println!("{} cases, {differing} differ", cases.len());
    Ok(if differing == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Says what is wrong, if anything is.
fn run(case: &Case) -> Result<(), String> {
    let program = read(&case.program).map_err(|refusal| refusal.0)?;
    let got = interpret(&program, &case.captured, &case.inputs);
    let Some(row) = first_difference(&got, &case.results) else {
        return Ok(());
    };
    let inputs: Vec<_> = case.inputs.iter().map(|column| column[row]).collect();
    Err(format!(
        "row {row}, {inputs:?}, gives {:?}, not {:?}",
        got[row], case.results[row]
    ))
}
