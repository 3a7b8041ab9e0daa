//! Real kernels, read, then interpreted or compiled: each has the bits that TypeScript gives.

mod support;

use lanewise_jit::interpret::interpret;
use lanewise_jit::isa::Isa;
use lanewise_jit::kernel::Kernel;
use lanewise_jit::read::read;
use support::{cases_of_files, first_difference, run};

#[test]
fn kernels_have_their_bits_in_any_number_of_lanes() {
    let mut kernels = 0;
    for (name, case) in cases_of_files() {
        let program = read(&case.program).unwrap_or_else(|refusal| panic!("{name}: {}", refusal.0));
        let rows = case.results.len();
        for lanes in [1, 3, 4, rows] {
            for start in (0..rows).step_by(lanes) {
                let end = rows.min(start + lanes);
                let inputs: Vec<_> = case.inputs.iter().map(|column| column[start..end].to_vec()).collect();
                let got = interpret(&program, &case.captured, &inputs);
                let wanted = &case.results[start..end];
                assert_eq!(
                    first_difference(&got, wanted),
                    None,
                    "{name}, rows from {start}: {got:?} for {wanted:?}"
                );
            }
        }
        kernels += 1;
    }
    assert!(kernels >= 12, "{kernels} kernels");
}

#[test]
fn kernels_have_their_bits_as_machine_code_at_any_length() {
    for (name, case) in cases_of_files() {
        for &isa in Isa::available() {
            let kernel = Kernel::compile(&case.program, isa).unwrap_or_else(|refusal| panic!("{name}: {}", refusal.0));
            for rows in 1..=case.results.len() {
                let got = run(&kernel, &case.captured, &case.inputs, rows);
                let wanted = &case.results[..rows];
                let differs = first_difference(&got, wanted);
                assert_eq!(differs, None, "{name} on {isa:?}, {rows} rows: {got:?} for {wanted:?}");
            }
        }
    }
}
