//! The machine code of ten kernels as text, so that a change of it is seen in review.
//!
//! `LANEWISE_GOLDEN=write cargo test -p lanewise-jit --test golden` writes it anew.

mod support;

use std::fmt::Write;
use std::{env, fs};

use iced_x86::{Decoder, DecoderOptions, Formatter, Instruction, IntelFormatter, Register};
use lanewise_jit::assemble::{Assembled, assemble};
use lanewise_jit::isa::Isa;
use lanewise_jit::read::read;
use support::cases_of_files;

const KERNELS: [&str; 10] = [
    "Black-Scholes",
    "Collatz",
    "Mandelbrot-set",
    "greatest-common-divisor",
    "haversine",
    "integer-hash",
    "interpolation-with-a-binary-search",
    "logistic-map",
    "polynomial-of-degree-10",
    "saxpy",
];

#[test]
fn machine_code_is_what_it_was() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");
    let writes = env::var("LANEWISE_GOLDEN").is_ok_and(|value| value == "write");
    for (name, case) in cases_of_files() {
        if !KERNELS.contains(&name.as_str()) {
            continue;
        }
        let program = read(&case.program).unwrap_or_else(|refusal| panic!("{name}: {}", refusal.0));
        for (isa, ending) in [(Isa::Avx2, "avx2"), (Isa::Avx512, "avx512")] {
            let assembled = assemble(&program, isa).unwrap_or_else(|refusal| panic!("{name}: {}", refusal.0));
            let text = listing(&assembled);
            let path = format!("{folder}/{name}.{ending}.asm");
            if writes {
                fs::write(path, text).expect("it is written");
            } else {
                // Git may have changed the ends of lines.
                let kept = fs::read_to_string(&path).expect("a golden file").replace("\r\n", "\n");
                assert!(
                    text == kept,
                    "{path} differs; write it anew, and look at the difference"
                );
            }
        }
    }
}

fn instructions(assembled: &Assembled) -> Vec<Instruction> {
    let code = &assembled.bytes[assembled.functions..];
    let first = assembled.functions as u64;
    Decoder::with_ip(64, code, first, DecoderOptions::NONE)
        .into_iter()
        .collect()
}

fn listing(assembled: &Assembled) -> String {
    let mut text = format!("; {:?}\n", assembled.shape);
    for chunk in assembled.bytes[..assembled.functions].chunks(8) {
        let bits = u64::from_le_bytes(chunk.try_into().expect("eight bytes"));
        writeln!(text, "; {bits:016x} {:?}", f64::from_bits(bits)).expect("a string takes it");
    }
    let mut formatter = IntelFormatter::new();
    for instruction in instructions(assembled) {
        if instruction.ip() == assembled.entry as u64 {
            text.push_str("entry:\n");
        }
        let mut line = String::new();
        formatter.format(&instruction, &mut line);
        writeln!(text, "{:04x} {line}", instruction.ip()).expect("a string takes it");
    }
    text
}

/// What iced was told and what stands in the bytes are two things: a mask is lost where an instruction has no room for one.
#[test]
fn what_chooses_by_a_mask_register_has_it_in_its_bytes() {
    let mut choices = 0;
    for (name, case) in cases_of_files() {
        let program = read(&case.program).unwrap_or_else(|refusal| panic!("{name}: {}", refusal.0));
        let assembled = assemble(&program, Isa::Avx512).unwrap_or_else(|refusal| panic!("{name}: {}", refusal.0));
        for instruction in instructions(&assembled) {
            let mnemonic = format!("{:?}", instruction.mnemonic());
            if mnemonic == "Vblendmpd" || mnemonic == "Vgatherqpd" {
                assert_ne!(instruction.op_mask(), Register::None, "{name}: {mnemonic}");
                choices += 1;
            }
        }
    }
    assert!(choices > 20, "{choices} choices");
}
