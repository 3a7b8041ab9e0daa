//! Code between the IR and machine code: a list of vector instructions over registers of which there is no end.
//!
//! Each register holds a vector, all lanes of one value, or a mask of them (AVX-512; with AVX2 a mask is a vector whose lanes are
//! all ones or all zeros). What is the same in all lanes has the same form.

use std::collections::HashMap;

/// A register before registers are allocated.
pub type Reg = usize;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Vector,
    /// AVX-512 only.
    Mask,
}

/// Memory that holds a vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A constant, by its index in `Constants`, the same in each lane.
    Constant(usize),
    /// In the frame of the function.
    Frame(usize),
    /// Rows of an input: those of so many vectors behind the current row.
    Input { index: usize, copy: usize },
    /// In the area of arguments and results of a subroutine.
    Argument(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operand {
    Reg(Reg),
    Place(Place),
}

pub type Label = usize;

/// What an instruction does; the names are those of the instructions of x86, without their `v` and `p`.
///
/// `operands` come in the order in which they stand here. The last operand may be a place, unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Do {
    Move,
    // f64 lanes.
    Add,
    Sub,
    Mul,
    Div,
    /// a < b ? a : b, and a > b ? a : b.
    Min,
    Max,
    Sqrt,
    /// By the mode of SSE 4.1.
    Round(u8),
    /// By the predicate of SSE; gives a mask.
    Compare(u8),
    /// To single precision and back; takes a register.
    Fround,
    /// AVX-512: a * 2^floor(b), and the lesser (4) or greater (5) number, with -0 below 0.
    Scale,
    Range(u8),
    // Bits.
    And,
    /// Not a, and b.
    AndNot,
    Or,
    Xor,
    // Lanes of 64 bits; shifts take a register.
    AddQ,
    SubQ,
    ShlQ(u8),
    ShrQ(u8),
    /// AVX-512: by the predicate, signed; gives a mask.
    CompareQ(u8),
    /// AVX2: gives a mask.
    GreaterQ,
    /// AVX-512: sign bits, as a mask; takes a register.
    Signs,
    // Lanes of 32 bits.
    AddD,
    SubD,
    LesserD,
    /// Of the even ones, to 64 bits.
    MulD,
    ShlD(u8),
    ShrD(u8),
    SarD(u8),
    ShlVD,
    ShrVD,
    SarVD,
    /// AVX2: give masks of 32 bits.
    EqualD,
    GreaterD,
    /// AVX2: the even lanes in place of the odd ones.
    EvenD,
    /// AVX2: the even lanes of a, the odd ones of b.
    BlendD,
    /// AVX-512: leading zeros; takes a register.
    LeadingZerosD,
    // Choices.
    /// Mask, else, then: a register, a register, any. AVX2 looks at the sign bits of the mask.
    Blend,
    /// AVX-512: a where the mask is set, else 0: mask, any.
    Keep,
    // Masks of AVX-512; all registers.
    MaskAnd,
    MaskAndNot,
    MaskOr,
    MaskXor,
    MaskNot,
    MaskConstant(bool),
    /// Reads a table where the mask is set, at an index of 64 bits: what it holds elsewhere, index, mask. All are registers of their own that
    /// nobody needs behind it but as its value, which is the first.
    Gather(usize),
    /// Stores a register to a place.
    Store(Place),
    /// Stores results of the current rows.
    StoreOut {
        copy: usize,
    },
    Label(Label),
    Jump(Label),
    /// On to the rows behind those of a round, at the label; or, at the end of the rows, to what follows.
    NextRows(Label),
    /// Where no lane, any lane, not every lane of one of the masks is set. AVX2 looks at sign bits.
    JumpIfNone(Label),
    JumpIfAny(Label),
    /// Leaves the function if the map is to stop.
    Poll,
    /// Of a subroutine: its arguments and results are in the area of calls.
    Call(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    pub what: Do,
    pub result: Option<Reg>,
    pub operands: [Option<Operand>; 3],
}

impl Instruction {
    pub fn registers(&self) -> impl Iterator<Item = Reg> + '_ {
        self.operands.iter().flatten().filter_map(|operand| match operand {
            Operand::Reg(reg) => Some(*reg),
            Operand::Place(_) => None,
        })
    }

    /// Whether something besides its result comes of it.
    pub fn has_effect(&self) -> bool {
        matches!(
            self.what,
            Do::Store(_)
                | Do::StoreOut { .. }
                | Do::Label(_)
                | Do::Jump(_)
                | Do::NextRows(_)
                | Do::JumpIfNone(_)
                | Do::JumpIfAny(_)
                | Do::Poll
                | Do::Call(_)
        )
    }

    /// Whether its first two operands may change places.
    pub fn commutes(&self) -> bool {
        matches!(
            self.what,
            Do::Add
                | Do::Mul
                | Do::And
                | Do::Or
                | Do::Xor
                | Do::AddQ
                | Do::AddD
                | Do::LesserD
                | Do::MulD
                | Do::EqualD
                | Do::Compare(0 | 3 | 4 | 7)
                | Do::CompareQ(0 | 4)
        )
    }

    /// Whether its last operand may be a place.
    pub fn takes_place(&self) -> bool {
        match self.what {
            Do::Fround
            | Do::ShlQ(_)
            | Do::ShrQ(_)
            | Do::ShlD(_)
            | Do::ShrD(_)
            | Do::SarD(_)
            | Do::Signs
            | Do::LeadingZerosD
            | Do::MaskAnd
            | Do::MaskAndNot
            | Do::MaskOr
            | Do::MaskXor
            | Do::MaskNot
            | Do::Gather(_) => false,
            _ => !self.has_effect(),
        }
    }
}

/// A loop: its first and its last instruction.
pub type Span = (usize, usize);

/// The code of one function.
#[derive(Debug, Default)]
pub struct Function {
    pub code: Vec<Instruction>,
    pub classes: Vec<Class>,
    /// Registers that must not be spilled: they live for a few instructions only.
    pub pinned: Vec<bool>,
    pub labels: usize,
    /// Vectors in its frame, those of the area of calls first.
    pub frame: usize,
}

impl Function {
    pub fn reg(&mut self, class: Class) -> Reg {
        self.classes.push(class);
        self.pinned.push(false);
        self.classes.len() - 1
    }

    pub fn label(&mut self) -> Label {
        self.labels += 1;
        self.labels - 1
    }

    pub fn push(&mut self, what: Do, result: Option<Reg>, operands: [Option<Operand>; 3]) {
        self.code.push(Instruction { what, result, operands });
    }

    /// Its loops, inner ones before outer ones: a jump back to a label.
    pub fn loops(&self) -> Vec<Span> {
        let mut at = vec![usize::MAX; self.labels];
        let mut loops = Vec::new();
        for (i, instruction) in self.code.iter().enumerate() {
            match instruction.what {
                Do::Label(label) => at[label] = i,
                Do::Jump(label) | Do::NextRows(label) if at[label] < i => loops.push((at[label], i)),
                _ => {}
            }
        }
        loops
    }
}

/// Constants, each once, by their bits.
#[derive(Debug, Default)]
pub struct Constants {
    pub bits: Vec<u64>,
    indices: HashMap<u64, usize>,
}

impl Constants {
    pub fn index(&mut self, bits: u64) -> usize {
        *self.indices.entry(bits).or_insert_with(|| {
            self.bits.push(bits);
            self.bits.len() - 1
        })
    }
}
