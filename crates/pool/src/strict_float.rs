//! The floating-point mode that all engines agree on: round to nearest, subnormals kept, no exception raised.

/// While it lives, the thread computes strictly; then it has its own mode back.
///
/// Needed since a new thread inherits the mode of the one that made it, and a host's other addons may have set theirs.
pub struct StrictFloat {
    #[cfg(target_arch = "x86_64")]
    own: u32,
}

impl StrictFloat {
    #[cfg(target_arch = "x86_64")]
    pub fn enter() -> Self {
        let own = mode();
        set_mode(STRICT);
        Self { own }
    }

    /// Other processors have no mode that a host would have changed.
    #[cfg(not(target_arch = "x86_64"))]
    pub fn enter() -> Self {
        Self {}
    }
}

#[cfg(target_arch = "x86_64")]
impl Drop for StrictFloat {
    fn drop(&mut self) {
        set_mode(self.own);
    }
}

/// Of the register MXCSR: all exceptions masked, round to nearest, neither flush-to-zero nor denormals-are-zero.
#[cfg(target_arch = "x86_64")]
const STRICT: u32 = 0x1f80;

#[cfg(target_arch = "x86_64")]
fn mode() -> u32 {
    let mut mode = 0_u32;
    // SAFETY: stores the register to a local variable.
    unsafe { std::arch::asm!("stmxcsr [{}]", in(reg) &raw mut mode, options(nostack, preserves_flags)) };
    mode
}

#[cfg(target_arch = "x86_64")]
fn set_mode(mode: u32) {
    // SAFETY: loads the register from a local variable, with a value that `stmxcsr` gave or that is STRICT: no
    // reserved bit is set.
    unsafe { std::arch::asm!("ldmxcsr [{}]", in(reg) &raw const mode, options(nostack, preserves_flags, readonly)) };
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;

    #[test]
    fn subnormals_survive_where_the_host_flushes_them_and_its_mode_comes_back() {
        let own = mode();
        let flushing = STRICT | 0x8040;
        set_mode(flushing);
        let halved = {
            let _strict = StrictFloat::enter();
            std::hint::black_box(std::hint::black_box(f64::MIN_POSITIVE) / 2.0)
        };
        let after = mode();
        set_mode(own);
        assert!(halved > 0.0);
        // The low six bits are flags of what has happened.
        assert_eq!(after & !0x3f, flushing & !0x3f);
    }
}
