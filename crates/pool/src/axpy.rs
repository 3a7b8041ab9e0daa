//! `a * x + y`, written by hand: the first kernel that went through all engines.

/// Rows a step: two vectors of AVX, four of SSE2.
const STEP: usize = 8;

/// Writes `out[i] = uniforms[0] * inputs[0][i] + inputs[1][i]` for `0 <= i < rows`.
///
/// Accuracy: rounds twice, as the other engines do, so that all agree bit for bit; hence no `mul_add`.
///
/// # Safety
///
/// `inputs` are two arrays of `rows` values, and `out` has room for as many; `out` may be an input, whole. There is one
/// uniform. No other call may be filling the same part of `out`.
pub unsafe fn axpy(uniforms: &[f64], inputs: &[*const f64], out: *mut f64, rows: usize) {
    let (a, x, y) = (uniforms[0], inputs[0], inputs[1]);
    let stepped = rows - rows % STEP;
    // The values of a step are read before any is written: `out` may be `x`, which the compiler cannot know.
    for i in (0..stepped).step_by(STEP) {
        // SAFETY: `i + STEP <= rows`.
        let mut values = unsafe { x.wrapping_add(i).cast::<[f64; STEP]>().read() };
        // SAFETY: as above.
        let y = unsafe { y.wrapping_add(i).cast::<[f64; STEP]>().read() };
        for (value, y) in values.iter_mut().zip(y) {
            *value = a * *value + y;
        }
        // SAFETY: as above; nobody else writes these rows.
        unsafe { out.wrapping_add(i).cast::<[f64; STEP]>().write(values) };
    }
    for i in stepped..rows {
        // SAFETY: `i < rows`.
        let x = unsafe { x.wrapping_add(i).read() };
        // SAFETY: as above.
        let y = unsafe { y.wrapping_add(i).read() };
        // SAFETY: as above.
        unsafe { out.wrapping_add(i).write(a * x + y) };
    }
}
