//! Mutated bytes of real kernels: the reader refuses them, or what it gives is whole and can be run. Nothing panics.

mod support;

use lanewise_jit::interpret::{Captured, interpret_within};
use lanewise_jit::read::read;
use support::cases_of_files;
use support::mutate::mutate;

#[test]
fn mutated_programs_are_refused_or_whole() {
    // One in some thirty is a program still: far fewer, and the mutations would be too wild to reach what lies deep.
    let programs = programs_among(0..20_000);
    assert!(programs > 300, "{programs} programs");
}

/// `cargo test --release -p lanewise-jit --test mutations -- --ignored`
#[test]
#[ignore = "takes a minute"]
fn a_million_mutated_programs_are_refused_or_whole() {
    let programs = programs_among(20_000..1_020_000);
    assert!(programs > 15_000, "{programs} programs");
}

/// How many of the mutations of these seeds are programs; each of those is run.
fn programs_among(seeds: std::ops::Range<u64>) -> usize {
    let sources: Vec<_> = cases_of_files().into_iter().map(|(_, case)| case.program).collect();
    let mut programs = 0;
    for seed in seeds {
        let Ok(program) = read(&mutate(seed, &sources)) else {
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
    }
    programs
}
