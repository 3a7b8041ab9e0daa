//! The operations of the IR. `src/kernel/ir/ops.ts` says what each of them means; `docs/ir.md` has their codes.

use crate::program::Type;
use crate::program::Type::{F64, I32, Mask};

/// Declares the operations with their codes, the types that they take and the type that they give.
macro_rules! operations {
    ($($name:ident = $code:literal: ($($arg:expr),*) -> $result:expr;)*) => {
        /// An operation on values, of those that a `let` computes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Op { $($name),* }

        /// All of them.
        pub const OPS: &[Op] = &[$(Op::$name),*];

        impl Op {
            /// The word that stands for it in bytes.
            pub fn code(self) -> u32 {
                match self { $(Self::$name => $code),* }
            }

            /// Types of its arguments. Of `get`: none. `select` takes two of any type behind its mask.
            pub fn args(self) -> &'static [Type] {
                match self { $(Self::$name => &[$($arg),*]),* }
            }

            /// The type of its value; of `get` and `select` that of the variable and of the last argument.
            pub fn result(self) -> Type {
                match self { $(Self::$name => $result),* }
            }
        }
    };
}

operations! {
    Get = 0x10: () -> F64;
    Gather = 0x11: (F64) -> F64;
    Select = 0x12: (Mask, F64, F64) -> F64;
    Add = 0x20: (F64, F64) -> F64;
    Sub = 0x21: (F64, F64) -> F64;
    Mul = 0x22: (F64, F64) -> F64;
    Div = 0x23: (F64, F64) -> F64;
    Neg = 0x24: (F64) -> F64;
    Abs = 0x25: (F64) -> F64;
    Sqrt = 0x26: (F64) -> F64;
    Floor = 0x27: (F64) -> F64;
    Ceil = 0x28: (F64) -> F64;
    Trunc = 0x29: (F64) -> F64;
    Round = 0x2a: (F64) -> F64;
    Min = 0x2b: (F64, F64) -> F64;
    Max = 0x2c: (F64, F64) -> F64;
    Lesser = 0x2d: (F64, F64) -> F64;
    Greater = 0x2e: (F64, F64) -> F64;
    Rem = 0x2f: (F64, F64) -> F64;
    RemPow2 = 0x30: (F64, F64) -> F64;
    RemInt = 0x31: (F64, F64) -> F64;
    Fround = 0x32: (F64) -> F64;
    Pow2 = 0x40: (F64) -> F64;
    Scalb = 0x41: (F64, F64) -> F64;
    Exponent = 0x42: (F64) -> F64;
    Mantissa = 0x43: (F64) -> F64;
    Signbit = 0x44: (F64) -> Mask;
    Bit = 0x45: (F64, F64) -> Mask;
    Eq = 0x50: (F64, F64) -> Mask;
    Ne = 0x51: (F64, F64) -> Mask;
    Lt = 0x52: (F64, F64) -> Mask;
    Le = 0x53: (F64, F64) -> Mask;
    Gt = 0x54: (F64, F64) -> Mask;
    Ge = 0x55: (F64, F64) -> Mask;
    And = 0x60: (Mask, Mask) -> Mask;
    Or = 0x61: (Mask, Mask) -> Mask;
    Xor = 0x62: (Mask, Mask) -> Mask;
    Not = 0x63: (Mask) -> Mask;
    AddI32 = 0x70: (I32, I32) -> I32;
    SubI32 = 0x71: (I32, I32) -> I32;
    MulI32 = 0x72: (I32, I32) -> I32;
    DivI32 = 0x73: (I32, I32) -> I32;
    RemI32 = 0x74: (I32, I32) -> I32;
    AndI32 = 0x75: (I32, I32) -> I32;
    OrI32 = 0x76: (I32, I32) -> I32;
    XorI32 = 0x77: (I32, I32) -> I32;
    NotI32 = 0x78: (I32) -> I32;
    Shl = 0x79: (I32, I32) -> I32;
    Sar = 0x7a: (I32, I32) -> I32;
    Shr = 0x7b: (I32, I32) -> I32;
    Clz32 = 0x7c: (I32) -> I32;
    EqI32 = 0x80: (I32, I32) -> Mask;
    NeI32 = 0x81: (I32, I32) -> Mask;
    LtI32 = 0x82: (I32, I32) -> Mask;
    LeI32 = 0x83: (I32, I32) -> Mask;
    GtI32 = 0x84: (I32, I32) -> Mask;
    GeI32 = 0x85: (I32, I32) -> Mask;
    ToI32 = 0x90: (F64) -> I32;
    I32ToF64 = 0x91: (I32) -> F64;
    U32ToF64 = 0x92: (I32) -> F64;
    MaskToF64 = 0x93: (Mask) -> F64;
    MaskToI32 = 0x94: (Mask) -> I32;
}

impl Op {
    pub fn from_code(code: u32) -> Option<Self> {
        OPS.iter().copied().find(|op| op.code() == code)
    }
}
