//! What vector instructions compare by: predicates of doubles, quiet ones, then those of integers.

use crate::op::Op;

pub const EQ: u8 = 0;
pub const UNORDERED: u8 = 3;
pub const NE: u8 = 4;
pub const ORDERED: u8 = 7;
pub const LT: u8 = 17;
pub const LE: u8 = 18;
pub const GE: u8 = 29;
pub const GT: u8 = 30;
pub const NOT_LT: u8 = 21;
pub const NOT_LE: u8 = 22;
pub const NOT_GE: u8 = 25;
pub const NOT_GT: u8 = 26;

/// Of integers: of `vpcmpq`.
pub mod of_integers {
    pub const EQ: u8 = 0;
    pub const LT: u8 = 1;
    pub const LE: u8 = 2;
    pub const NE: u8 = 4;
    pub const GE: u8 = 5;
    pub const GT: u8 = 6;
}

/// The predicate of a comparison of doubles, and that of its opposite.
pub fn comparison(op: Op) -> Option<(u8, u8)> {
    Some(match op {
        Op::Eq => (EQ, NE),
        Op::Ne => (NE, EQ),
        Op::Lt => (LT, NOT_LT),
        Op::Le => (LE, NOT_LE),
        Op::Gt => (GT, NOT_GT),
        Op::Ge => (GE, NOT_GE),
        _ => return None,
    })
}

/// The predicate that holds when its sides are changed; `None` where it is no order.
pub fn mirrored(predicate: u8) -> Option<u8> {
    Some(match predicate {
        LT => GT,
        GT => LT,
        LE => GE,
        GE => LE,
        NOT_LT => NOT_GT,
        NOT_GT => NOT_LT,
        NOT_LE => NOT_GE,
        NOT_GE => NOT_LE,
        _ => return None,
    })
}
