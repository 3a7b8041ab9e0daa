//! Any bytes: the reader refuses them, or what it gives can be interpreted and made machine code of. Nothing panics, and no
//! memory is touched that is not there. What machine code does, `tests/mutations.rs` looks at.
#![no_main]

use lanewise_jit::interpret::{Captured, interpret_within};
use lanewise_jit::isa::Isa;
use lanewise_jit::kernel::Kernel;
use lanewise_jit::read::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(program) = read(bytes) else { return };
    let captured = Captured {
        uniforms: vec![1.5; program.uniforms],
        tables: vec![vec![1.0, f64::NAN, -0.0]; program.tables],
    };
    let inputs = vec![vec![1.5, -0.0, 7.0]; program.inputs];
    // A loop may have no end, which is no fault of the form.
    let _ = interpret_within(&program, &captured, &inputs, 50);
    for &isa in Isa::available() {
        let _ = Kernel::of(&program, isa);
    }
});
