//! Runs the cases of a text that comes in (`test/kernel/support/case-text.ts`) by the interpreter, and as machine code of each family of
//! instructions that there is: `cargo run --release -p lanewise-jit --example run < cases.txt`.
//!
//! It says where results differ from those that the text wants, case by case, and ends with 1 if any does.

#[path = "../tests/support/mod.rs"]
mod support;

use lanewise_jit::interpret::interpret;
use lanewise_jit::isa::Isa;
use lanewise_jit::kernel::Kernel;
use lanewise_jit::read::read;
use std::io;
use std::process::ExitCode;
use support::{Case, first_difference, read_cases, run};

fn main() -> io::Result<ExitCode> {
    let cases = read_cases(&io::read_to_string(io::stdin())?);
    let mut differing = 0;
    for (index, case) in cases.iter().enumerate() {
        if let Err(what) = check(case) {
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
fn check(case: &Case) -> Result<(), String> {
    let program = read(&case.program).map_err(|refusal| refusal.0)?;
    compare(
        case,
        "the interpreter",
        &interpret(&program, &case.captured, &case.inputs),
    )?;
    for isa in Isa::available() {
        let kernel = Kernel::of(&program, *isa).map_err(|refusal| format!("{isa:?}: {}", refusal.0))?;
        let got = run(&kernel, &case.captured, &case.inputs, case.results.len());
        compare(case, &format!("{isa:?}"), &got)?;
    }
    Ok(())
}

fn compare(case: &Case, engine: &str, got: &[f64]) -> Result<(), String> {
    let Some(row) = first_difference(got, &case.results) else {
        return Ok(());
    };
    let inputs: Vec<_> = case.inputs.iter().map(|column| column[row]).collect();
    Err(format!(
        "{engine}: row {row}, {inputs:?}, gives {:?}, not {:?}",
        got[row], case.results[row]
    ))
}
