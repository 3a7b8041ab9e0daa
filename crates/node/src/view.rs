//! Typed arrays, by the raw calls of Node-API: napi's own types hold a reference and a slice, which is one thing too many
//! where JavaScript may write the elements (`lib.rs`, rule 1).

use std::ptr;

use lanewise_pool::columns::Span;
use lanewise_pool::element::{Kind, load};
use napi::bindgen_prelude::Unknown;
use napi::{Env, JsValue, sys};

use crate::refusal::{Result, check, invalid};

/// The memory of a typed array. The caller keeps the array alive, and its buffer where it is.
pub fn span_of(env: Env, view: &Unknown) -> Result<Span> {
    let mut code = 0;
    let mut len = 0;
    let mut data = ptr::null_mut();
    // SAFETY: `view` is a value of `env`, in a scope that is open, and the out-parameters are local.
    let status = unsafe {
        sys::napi_get_typedarray_info(
            env.raw(),
            view.raw(),
            &raw mut code,
            &raw mut len,
            &raw mut data,
            ptr::null_mut(),
            ptr::null_mut(),
        )
    };
    check(status, "napi_get_typedarray_info")?;
    let Some(kind) = Kind::from_node_api(code) else {
        return invalid(format!("typed arrays of kind {code} hold no numbers"));
    };
    // SAFETY: Node says that there are `len` elements of this kind; typed arrays are aligned. Its life is the caller's.
    Ok(unsafe { Span::new(data.cast(), len, kind) })
}

/// A copy of the bytes of a `Uint8Array`.
pub fn bytes_of(env: Env, view: &Unknown) -> Result<Vec<u8>> {
    let span = span_of(env, view)?;
    if span.kind() != Kind::Uint8 {
        return invalid("bytes are expected in a Uint8Array");
    }
    let mut bytes = vec![0; span.len()];
    if !span.is_empty() {
        // SAFETY: as many bytes as there are, to memory of their own; JavaScript waits for this call.
        unsafe { span.data().copy_to_nonoverlapping(bytes.as_mut_ptr(), bytes.len()) };
    }
    Ok(bytes)
}

/// A copy of the first numbers of a `Float64Array`.
pub fn first_numbers(env: Env, view: &Unknown, count: usize) -> Result<Vec<f64>> {
    let span = span_of(env, view)?;
    if span.kind() != Kind::Float64 || span.len() < count {
        return invalid(format!("{count} numbers are expected in a Float64Array"));
    }
    let mut numbers = vec![0.0; count];
    // SAFETY: the span begins as many doubles; JavaScript waits for this call.
    unsafe { load(Kind::Float64, span.data(), &mut numbers) };
    Ok(numbers)
}

/// A strong reference, for the thread of JavaScript alone.
pub struct Reference(sys::napi_ref);

impl Reference {
    pub fn new(env: Env, value: &Unknown) -> Result<Self> {
        let mut reference = ptr::null_mut();
        // SAFETY: as in `span_of`.
        let status = unsafe { sys::napi_create_reference(env.raw(), value.raw(), 1, &raw mut reference) };
        check(status, "napi_create_reference")?;
        Ok(Self(reference))
    }

    /// Lets go. What is dropped without this lives until its environment ends, and dies with it.
    pub fn delete(self, env: Env) {
        // SAFETY: made by `new` in this environment, and deleted once, since `self` is gone.
        unsafe { sys::napi_delete_reference(env.raw(), self.0) };
    }
}
