//! Mutated bytes of real kernels: the reader refuses them, or what it gives is whole, and can be interpreted and compiled. Nothing panics,
//! and machine code touches nothing that is not its own.

mod support;

use lanewise_jit::interpret::{Captured, interpret_within};
use lanewise_jit::isa::Isa;
use lanewise_jit::kernel::Kernel;
use lanewise_jit::program::{Program, Statement};
use lanewise_jit::read::read;
use support::mutate::mutate;
use support::{cases_of_files, run_until};

#[test]
fn mutated_programs_are_refused_or_whole() {
    // One in some thirty is a program still: far fewer, and the mutations would be too wild to reach what lies deep.
    let programs = programs_among(0..20_000);
    assert!(programs > 300, "{programs} programs");
}

/// `cargo test --release -p lanewise-jit --test mutations -- --ignored`
#[test]
#[ignore = "takes two minutes"]
fn a_million_mutated_programs_are_refused_or_whole() {
    let programs = programs_among(20_000..1_020_000);
    assert!(programs > 15_000, "{programs} programs");
}

/// How many of the mutations of these seeds are programs; each of those is run.
fn programs_among(seeds: std::ops::Range<u64>) -> usize {
    let sources: Vec<_> = cases_of_files().into_iter().map(|(_, case)| case.program).collect();
    let mut programs = 0;
    for seed in seeds {
        let Ok(mut program) = read(&mutate(seed, &sources)) else {
            continue;
        };
        programs += 1;
        let captured = Captured {
            uniforms: vec![1.5; program.uniforms],
            tables: vec![vec![1.0, f64::NAN, -0.0]; program.tables],
        };
        // A loop may have lost its end: that is no fault of the form.
        let inputs = vec![vec![1.5, -0.0, 7.0]; program.inputs];
        let results = interpret_within(&program, &captured, &inputs, 50);
        assert!(
            results.is_none_or(|results| program.inputs == 0 || results.len() == 3),
            "seed {seed}"
        );
        forget_rounds(&mut program);
        for isa in Isa::available() {
            // Its operations may have left what they are defined for, so that results differ.
            let Ok(kernel) = Kernel::of(&program, *isa) else {
                continue;
            };
            run_until(&kernel, &captured, &inputs, 3, 1);
        }
    }
    programs
}

/// Bytes say how many rounds a loop takes at most, and no reader can tell. A loop that is said to be short never asks whether to stop.
fn forget_rounds(program: &mut Program) {
    let mut bodies = vec![&mut program.code.body];
    bodies.extend(
        program
            .subroutines
            .iter_mut()
            .map(|subroutine| &mut subroutine.code.body),
    );
    while let Some(body) = bodies.pop() {
        for statement in body {
            match statement {
                Statement::If { yes, no, .. } => bodies.extend([yes, no]),
                Statement::Block { body } => bodies.push(body),
                Statement::Loop { rounds, body } => {
                    *rounds = None;
                    bodies.push(body);
                }
                _ => {}
            }
        }
    }
}
