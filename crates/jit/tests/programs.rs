//! Real kernels, read and interpreted: each has the bits that TypeScript gives.

mod support;

use lanewise_jit::interpret::interpret;
use lanewise_jit::read::read;
use std::fs;
use support::{Case, first_difference, read_cases};

#[test]
fn kernels_have_their_bits_in_any_number_of_lanes() {
    let mut kernels = 0;
    for (name, case) in kernels_of_files() {
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

fn kernels_of_files() -> impl Iterator<Item = (String, Case)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs");
    fs::read_dir(folder).expect("there are programs").map(|entry| {
        let entry = entry.expect("a file");
        let text = fs::read_to_string(entry.path()).expect("a text");
        let case = read_cases(&text).pop().expect("a case");
        (entry.file_name().to_string_lossy().into_owned(), case)
    })
}
