//! Bytes as they are written: constants first, instructions behind them, jumps whose distance is known later, and where things are in memory.

use std::mem::offset_of;

use iced_x86::{Code, Encoder, IcedError, Instruction as Encoded, MemoryOperand, Register};

use super::Arguments;
use crate::isa::Isa;
use crate::machine::{Class, Constants, Function, Place};

/// Where the mapped bytes are thought to begin; only distances count.
pub(super) const BASE: u64 = 0x10_0000;
/// Alignment of frames, constants and functions: a cache line, and the widest vector.
pub(super) const ALIGNMENT: usize = 64;
pub(super) const INPUTS: [Register; 7] = [
    Register::RDX,
    Register::RSI,
    Register::RBX,
    Register::R12,
    Register::R13,
    Register::R14,
    Register::R15,
];
pub(super) struct Writer {
    pub(super) isa: Isa,
    pub(super) encoder: Encoder,
    /// Constants, aligned.
    pub(super) head: Vec<u8>,
    pub(super) offset: usize,
    /// Bytes of a constant in memory.
    pub(super) constant: usize,
    /// Where rel32 must be written, and for which label of the function at hand.
    pub(super) jumps: Vec<(usize, usize)>,
    /// Of the labels of the function at hand.
    pub(super) places: Vec<usize>,
    pub(super) patches: Vec<(usize, i32)>,
    /// The label behind the code of the function at hand.
    pub(super) exit: usize,
    /// Of the mapped bytes, for calls.
    pub(super) entries: Vec<usize>,
    pub(super) save_area: usize,
    /// Bytes of a round's rows.
    pub(super) step: usize,
    pub(super) largest_frame: usize,
}

impl Writer {
    pub(super) fn new(isa: Isa, constants: &Constants) -> Result<Self, IcedError> {
        let mut head = Vec::new();
        // With AVX2 an operand in memory is a whole vector; AVX-512 spreads one lane.
        let repeats = if isa == Isa::Avx2 { isa.lanes() } else { 1 };
        for bits in &constants.bits {
            for _ in 0..repeats {
                head.extend_from_slice(&bits.to_le_bytes());
            }
        }
        head.resize(head.len().next_multiple_of(ALIGNMENT), 0);
        let encoder = Encoder::try_with_capacity(64, 4096)?;
        Ok(Self {
            isa,
            encoder,
            offset: head.len(),
            head,
            constant: 8 * repeats,
            jumps: Vec::new(),
            places: Vec::new(),
            patches: Vec::new(),
            exit: 0,
            entries: Vec::new(),
            save_area: 0,
            step: 0,
            largest_frame: 0,
        })
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        let mut bytes = self.head;
        bytes.append(&mut self.encoder.take_buffer());
        for (at, distance) in self.patches {
            bytes[at..at + 4].copy_from_slice(&distance.to_le_bytes());
        }
        bytes
    }

    pub(super) fn width(&self) -> usize {
        8 * self.isa.lanes()
    }

    pub(super) fn align(&mut self) {
        while !self.offset.is_multiple_of(ALIGNMENT) {
            self.encoder.write_u8(0xcc);
            self.offset += 1;
        }
    }

    pub(super) fn put(&mut self, instruction: Result<Encoded, IcedError>) -> Result<(), IcedError> {
        self.offset += self.encoder.encode(&instruction?, BASE + self.offset as u64)?;
        Ok(())
    }

    /// A jump or a call, whose distance is written when its label is known.
    pub(super) fn jump(&mut self, code: Code, label: usize) -> Result<(), IcedError> {
        self.put(Encoded::with_branch(code, BASE + self.offset as u64))?;
        self.jumps.push((self.offset - 4, label));
        Ok(())
    }

    pub(super) fn begin(&mut self, function: &Function) {
        // One more label than the function has: its exit.
        self.exit = function.labels;
        self.places = vec![usize::MAX; function.labels + 1];
        self.jumps.clear();
    }

    pub(super) fn place(&mut self, label: usize) {
        self.places[label] = self.offset;
    }

    pub(super) fn end(&mut self) {
        for (at, label) in std::mem::take(&mut self.jumps) {
            self.patches.push((at, distance(self.places[label], at + 4)));
        }
    }

    pub(super) fn general(&mut self, code: Code, a: Register, b: Register) -> Result<(), IcedError> {
        self.put(Encoded::with2(code, a, b))
    }

    pub(super) fn load(&mut self, to: Register, base: Register, displacement: usize) -> Result<(), IcedError> {
        self.put(Encoded::with2(
            Code::Mov_r64_rm64,
            to,
            MemoryOperand::with_base_displ(base, signed(displacement)),
        ))
    }

    pub(super) fn vector(&self, number: u32) -> Register {
        let first = match self.isa {
            Isa::Avx2 => Register::YMM0,
            Isa::Avx512 => Register::ZMM0,
        };
        first + number
    }

    pub(super) fn register(&self, class: Class, number: u32) -> Register {
        match class {
            Class::Vector => self.vector(number),
            Class::Mask => Register::K0 + number,
        }
    }

    pub(super) fn frame(&self, slot: usize) -> MemoryOperand {
        MemoryOperand::with_base_displ(Register::RSP, signed(slot * self.width()))
    }

    /// A place in memory; an input beyond the first ones goes by way of r11.
    pub(super) fn memory(&mut self, place: Place, spreads: bool) -> Result<MemoryOperand, IcedError> {
        Ok(match place {
            Place::Constant(index) => {
                let at = BASE + (index * self.constant) as u64;
                let spreads = spreads && self.isa == Isa::Avx512;
                MemoryOperand::new(
                    Register::RIP,
                    Register::None,
                    1,
                    at.cast_signed(),
                    1,
                    spreads,
                    Register::None,
                )
            }
            Place::Frame(slot) => self.frame(slot),
            Place::Argument(index) => MemoryOperand::with_base_displ(Register::RCX, signed(index * self.width())),
            Place::Input { index, copy } => {
                let base = if let Some(reg) = INPUTS.get(index) {
                    *reg
                } else {
                    self.load(Register::R11, Register::RDI, offset_of!(Arguments, inputs))?;
                    self.load(Register::R11, Register::R11, 8 * index)?;
                    Register::R11
                };
                MemoryOperand::with_base_index_scale_displ_size(base, Register::RAX, 1, signed(copy * self.width()), 1)
            }
        })
    }

    pub(super) fn store(&mut self, class: Class, number: u32, to: MemoryOperand) -> Result<(), IcedError> {
        let code = match (class, self.isa) {
            (Class::Mask, _) => Code::VEX_Kmovb_m8_kr,
            (Class::Vector, Isa::Avx2) => Code::VEX_Vmovupd_ymmm256_ymm,
            (Class::Vector, Isa::Avx512) => Code::EVEX_Vmovupd_zmmm512_k1z_zmm,
        };
        let reg = self.register(class, number);
        self.put(Encoded::with2(code, to, reg))
    }

    pub(super) fn fetch(&mut self, class: Class, number: u32, from: Place) -> Result<(), IcedError> {
        let code = match (class, self.isa, from) {
            (Class::Mask, _, _) => Code::VEX_Kmovb_kr_km8,
            (Class::Vector, Isa::Avx2, _) => Code::VEX_Vmovupd_ymm_ymmm256,
            (Class::Vector, Isa::Avx512, Place::Constant(_)) => Code::EVEX_Vbroadcastsd_zmm_k1z_xmmm64,
            (Class::Vector, Isa::Avx512, _) => Code::EVEX_Vmovupd_zmm_k1z_zmmm512,
        };
        let memory = self.memory(from, false)?;
        let reg = self.register(class, number);
        self.put(Encoded::with2(code, reg, memory))
    }
}

pub(super) fn signed(displacement: usize) -> i64 {
    i64::try_from(displacement).expect("memory is far smaller")
}

pub(super) fn signed32(displacement: usize) -> i32 {
    i32::try_from(displacement).expect("a frame is far smaller than 2 GiB")
}

/// From the end of an instruction to where it goes.
pub(super) fn distance(to: usize, from: usize) -> i32 {
    i32::try_from(signed(to) - signed(from)).expect("code is far smaller than 2 GiB")
}
