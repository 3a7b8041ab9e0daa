//! What vector instructions code is made for.

/// A family of vector instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Isa {
    /// 4 lanes, 16 registers, masks in vectors.
    Avx2,
    /// AVX-512 F, DQ, VL, CD: 8 lanes, 32 registers, masks in registers of their own.
    Avx512,
}

impl Isa {
    /// All that this processor has, the widest first.
    pub fn available() -> &'static [Self] {
        #[cfg(target_arch = "x86_64")]
        {
            if !is_x86_feature_detected!("avx2") {
                return &[];
            }
            let wide = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512cd");
            if wide {
                &[Self::Avx512, Self::Avx2]
            } else {
                &[Self::Avx2]
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        &[]
    }

    /// Rows that one vector holds.
    pub fn lanes(self) -> usize {
        match self {
            Self::Avx2 => 4,
            Self::Avx512 => 8,
        }
    }
}
