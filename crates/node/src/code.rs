//! Machine code of kernels. The same bytes are compiled once a process, whichever threads of JavaScript ask; the code goes
//! when nobody has it any more: no object of JavaScript, and no map in flight.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};

use lanewise_jit::isa::Isa;
use lanewise_jit::kernel::Kernel;
use napi::Env;
use napi::bindgen_prelude::Unknown;
use napi_derive::napi;

use crate::lock;
use crate::refusal::{Refusal, Result, invalid};
use crate::view::bytes_of;

/// The vector instructions of this processor that code can be made for, the widest first.
#[napi(catch_unwind)]
pub fn isas() -> Vec<&'static str> {
    Isa::available().iter().map(|&isa| name_of(isa)).collect()
}

fn name_of(isa: Isa) -> &'static str {
    match isa {
        Isa::Avx2 => "avx2",
        Isa::Avx512 => "avx512",
    }
}

/// A kernel as machine code.
#[napi]
pub struct MachineCode {
    pub(crate) kernel: Arc<Kernel>,
}

/// What became of a kernel.
#[napi(object)]
pub struct CodeShape {
    pub isa: String,
    /// Doubles in a vector.
    pub lanes: u32,
    /// Vectors in flight.
    pub vectors: u32,
    /// Values that found no register.
    pub spills: u32,
    pub code_bytes: u32,
}

#[napi]
impl MachineCode {
    #[napi(getter, catch_unwind)]
    pub fn shape(&self) -> CodeShape {
        let shape = self.kernel.shape();
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        CodeShape {
            isa: name_of(shape.isa).to_string(),
            lanes: number(shape.isa.lanes()),
            vectors: number(shape.vectors),
            spills: number(shape.spills),
            code_bytes: number(shape.code_bytes),
        }
    }
}

/// Makes machine code of a program's form for lanes (`docs/ir.md`), for one of `isas()`.
///
/// # Errors
///
/// `ERR_LANEWISE_NO_CODE` where the verifier refuses the program, or there is no memory that may be executed.
#[napi(catch_unwind)]
#[allow(clippy::needless_pass_by_value)] // made of a value of JavaScript for this call
pub fn compile(env: Env, bytes: Unknown, isa: String) -> Result<MachineCode> {
    let Some(&isa) = Isa::available().iter().find(|&&known| name_of(known) == isa) else {
        return invalid(format!("this processor has no {isa}"));
    };
    let kernel = kernel_of(isa, bytes_of(env, &bytes)?)?;
    Ok(MachineCode { kernel })
}

/// By content, so that threads of JavaScript that have the same kernels share their code.
type Kernels = HashMap<(Isa, Vec<u8>), Weak<Kernel>>;

static KERNELS: Mutex<Option<Kernels>> = Mutex::new(None);

/// Kernels whose code somebody has.
pub(crate) fn count() -> usize {
    let is_there = |kernel: &&Weak<Kernel>| kernel.strong_count() > 0;
    lock(&KERNELS).iter().flat_map(HashMap::values).filter(is_there).count()
}

fn kernel_of(isa: Isa, bytes: Vec<u8>) -> Result<Arc<Kernel>> {
    let mut kernels = lock(&KERNELS);
    let kernels = kernels.get_or_insert_default();
    let key = (isa, bytes);
    if let Some(kernel) = kernels.get(&key).and_then(Weak::upgrade) {
        return Ok(kernel);
    }
    // Under the lock: who asks for the same meanwhile gets this one.
    let kernel = Kernel::compile(&key.1, isa).map_err(|refusal| napi::Error::new(Refusal::NoCode, refusal.0))?;
    let kernel = Arc::new(kernel);
    if kernels.len() == kernels.capacity() {
        kernels.retain(|_, kernel| kernel.strong_count() > 0);
    }
    kernels.insert(key, Arc::downgrade(&kernel));
    Ok(kernel)
}
