//! How many instructions a row of four kernels takes, as callgrind counts them: the same on a noisy machine, where a slower code generator would not be seen.
//!
//! `LANEWISE_GOLDEN=write cargo test -p lanewise-jit --test instructions` writes the counts anew.

mod support;

use std::fmt::Write;
use std::process::Command;
use std::{env, fs};

use lanewise_jit::isa::Isa;
use lanewise_jit::kernel::Kernel;
use support::{Case, cases_of_files, run};

const KERNELS: [&str; 4] = ["Black-Scholes", "Collatz", "Mandelbrot-set", "haversine"];
/// What the counted process is to do: the name of a kernel, a space, how often.
const TASK: &str = "LANEWISE_COUNTED";
/// Counts may differ by so much: the compiler of Rust, around the code, changes too.
const TOLERANCE: f64 = 0.05;

#[test]
fn a_row_takes_as_many_instructions_as_it_did() {
    if env::var(TASK).is_ok() {
        return;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("skipped: valgrind is not on PATH");
        return;
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/instructions.txt");
    let mut text = String::new();
    for name in KERNELS {
        let rows = case_named(name).results.len() * 64;
        // What many runs have more than one is what a run takes.
        let counted = (count(name, 21) - count(name, 1)) / (20 * rows as u64);
        writeln!(text, "{name} {counted}").expect("a string takes it");
    }
    if env::var("LANEWISE_GOLDEN").is_ok_and(|value| value == "write") {
        fs::write(path, &text).expect("it is written");
    }
    let kept = fs::read_to_string(path).expect("a golden file");
    for (now, before) in text.lines().zip(kept.lines()) {
        let number = |line: &str| -> f64 {
            line.rsplit(' ')
                .next()
                .and_then(|digits| digits.parse().ok())
                .expect("a count")
        };
        let ratio = number(now) / number(before);
        assert!(
            (ratio - 1.0).abs() <= TOLERANCE,
            "{now} instructions a row; it was {before}"
        );
    }
}

/// Instructions of a process that runs a kernel so often.
fn count(name: &str, times: usize) -> u64 {
    let program = env::current_exe().expect("this test has a file");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["--exact", "works_as_it_is_told", "--test-threads=1"])
        .env(TASK, format!("{name} {times}"))
        .output()
        .expect("valgrind runs");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    let line = text
        .lines()
        .find(|line| line.contains("Collected : "))
        .expect("callgrind counts");
    line.rsplit(' ')
        .next()
        .and_then(|digits| digits.parse().ok())
        .expect("a count")
}

#[test]
fn works_as_it_is_told() {
    let Ok(task) = env::var(TASK) else { return };
    let (name, times) = task.rsplit_once(' ').expect("a name and a number");
    let times: usize = times.parse().expect("a number");
    let case = case_named(name);
    // Valgrind knows no AVX-512.
    let kernel = Kernel::compile(&case.program, Isa::Avx2).unwrap_or_else(|refusal| panic!("{name}: {}", refusal.0));
    // Many rows a call, so that little of what is counted is around the code.
    let inputs: Vec<_> = case.inputs.iter().map(|column| column.repeat(64)).collect();
    for _ in 0..times {
        run(&kernel, &case.captured, &inputs, case.results.len() * 64);
    }
}

fn case_named(name: &str) -> Case {
    let named = cases_of_files().into_iter().find(|(known, _)| known == name);
    named.expect("it is among the programs").1
}
