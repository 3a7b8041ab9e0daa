//! One vector instruction after the other: its operands where they are, itself as iced knows it, its result where it goes.

use std::mem::offset_of;

use iced_x86::{Code, IcedError, Instruction as Encoded, MemoryOperand, Register};

use super::writer::{Writer, signed, signed32};
use super::{Allocated, Arguments};
use crate::allocate::{Home, scratch};
use crate::isa::Isa;
use crate::kernel::Table;
use crate::machine::{Class, Do, Function, Instruction, Operand, Place};
use crate::opcodes::{Form, form};

impl Writer {
    pub(super) fn instruction(
        &mut self,
        allocated: &Allocated,
        at: usize,
        instruction: &Instruction,
    ) -> Result<(), IcedError> {
        let Allocated { function, allocation } = allocated;
        match instruction.what {
            Do::Label(label) => {
                self.place(label);
                return Ok(());
            }
            Do::Jump(label) => return self.jump(Code::Jmp_rel32_64, label),
            Do::NextRows(label) => {
                self.put(Encoded::with2(Code::Add_rm64_imm32, Register::RAX, signed32(self.step)))?;
                self.general(Code::Cmp_r64_rm64, Register::RAX, Register::R8)?;
                return self.jump(Code::Jb_rel32_64, label);
            }
            Do::Poll => {
                let word = MemoryOperand::with_base(Register::R10);
                self.put(Encoded::with2(Code::Cmp_rm32_imm8, word, 0))?;
                return self.jump(Code::Jne_rel32_64, self.exit);
            }
            Do::Call(subroutine) => return self.call(function, allocation, at, subroutine),
            _ => {}
        }

        // Operands: registers as they are, what is in memory as memory where it may be, else by way of a scratch register.
        let mut numbers = [0; 3];
        let mut in_memory = None;
        let count = instruction.operands.iter().flatten().count();
        let mut scratches = 0;
        for (i, operand) in instruction.operands.iter().flatten().enumerate() {
            let may_be_memory = i + 1 == count && instruction.takes_place();
            let place = match *operand {
                Operand::Place(place) => place,
                Operand::Reg(reg) => match allocation.homes[reg] {
                    Some(Home::Register(number)) => {
                        numbers[i] = number;
                        continue;
                    }
                    Some(Home::Frame(slot)) => Place::Frame(slot),
                    None => unreachable!("register {reg} has no home"),
                },
            };
            let class = match *operand {
                Operand::Reg(reg) => function.classes[reg],
                Operand::Place(_) => Class::Vector,
            };
            if may_be_memory && class == Class::Vector {
                in_memory = Some(place);
            } else {
                numbers[i] = scratch(class, self.isa, scratches);
                scratches += 1;
                self.fetch(class, numbers[i], place)?;
            }
        }
        let Some(result) = instruction.result else {
            return self.effect(function, instruction, numbers[0]);
        };
        let class = function.classes[result];
        let (number, spilled) = match allocation.homes[result] {
            Some(Home::Register(number)) => (number, None),
            Some(Home::Frame(slot)) => (scratch(class, self.isa, 0), Some(slot)),
            None => unreachable!("register {result} has no home"),
        };
        if instruction.what == Do::Move {
            self.moved(class, number, numbers[0], in_memory, spilled)?;
        } else {
            self.operation(instruction.what, class, number, numbers, count, in_memory)?;
        }
        if let Some(slot) = spilled
            && !(instruction.what == Do::Move && in_memory.is_none())
        {
            let to = self.frame(slot);
            self.store(class, number, to)?;
        }
        Ok(())
    }

    fn moved(
        &mut self,
        class: Class,
        number: u32,
        from: u32,
        in_memory: Option<Place>,
        spilled: Option<usize>,
    ) -> Result<(), IcedError> {
        if let Some(place) = in_memory {
            return self.fetch(class, number, place);
        }
        if let Some(slot) = spilled {
            let to = self.frame(slot);
            return self.store(class, from, to);
        }
        if number == from {
            return Ok(());
        }
        let code = match (class, self.isa) {
            (Class::Mask, _) => Code::VEX_Kmovb_kr_km8,
            (Class::Vector, Isa::Avx2) => Code::VEX_Vmovapd_ymm_ymmm256,
            (Class::Vector, Isa::Avx512) => Code::EVEX_Vmovapd_zmm_k1z_zmmm512,
        };
        let (to, from) = (self.register(class, number), self.register(class, from));
        self.put(Encoded::with2(code, to, from))
    }

    fn effect(&mut self, function: &Function, instruction: &Instruction, number: u32) -> Result<(), IcedError> {
        let class = match instruction.operands[0] {
            Some(Operand::Reg(reg)) => function.classes[reg],
            _ => Class::Vector,
        };
        match instruction.what {
            Do::Store(place) => {
                let to = self.memory(place, false)?;
                self.store(class, number, to)
            }
            Do::StoreOut { copy } => {
                let at = signed(copy * self.width());
                let to = MemoryOperand::with_base_index_scale_displ_size(Register::R9, Register::RAX, 1, at, 1);
                self.store(class, number, to)
            }
            Do::JumpIfNone(label) | Do::JumpIfAny(label) => {
                let mask = self.register(class, number);
                if class == Class::Mask {
                    self.put(Encoded::with2(Code::VEX_Kortestb_kr_kr, mask, mask))?;
                } else {
                    self.put(Encoded::with2(Code::VEX_Vmovmskpd_r32_ymm, Register::R11D, mask))?;
                    self.put(Encoded::with2(Code::Test_rm32_r32, Register::R11D, Register::R11D))?;
                }
                let is_none = matches!(instruction.what, Do::JumpIfNone(_));
                self.jump(if is_none { Code::Je_rel32_64 } else { Code::Jne_rel32_64 }, label)
            }
            _ => unreachable!("{:?} has a result", instruction.what),
        }
    }

    fn operation(
        &mut self,
        what: Do,
        class: Class,
        number: u32,
        numbers: [u32; 3],
        count: usize,
        in_memory: Option<Place>,
    ) -> Result<(), IcedError> {
        if let Do::Gather(table) = what {
            return self.gather(numbers, table);
        }
        if what == Do::Fround {
            return self.fround(number, numbers[0]);
        }
        let Form { mut code, imm, spreads } = form(what, self.isa);
        if what == Do::Keep && matches!(in_memory, Some(Place::Constant(_))) {
            code = Code::EVEX_Vbroadcastsd_zmm_k1z_xmmm64;
        }
        let to = self.register(class, number);
        let memory = match in_memory {
            Some(place) => Some(self.memory(place, spreads)?),
            None => None,
        };
        let reads_masks = class == Class::Mask && !matches!(what, Do::Compare(_) | Do::CompareQ(_) | Do::Signs);
        let read = |writer: &Self, i: usize| {
            writer.register(if reads_masks { Class::Mask } else { Class::Vector }, numbers[i])
        };
        // Of AVX-512 the mask of a choice stands beside the operands.
        let mask = match (what, self.isa) {
            (Do::Blend | Do::Keep, Isa::Avx512) => Some(self.register(Class::Mask, numbers[0])),
            _ => None,
        };
        let first = usize::from(mask.is_some());
        let instruction = match (count - first, memory, imm) {
            (0, _, _) => Encoded::with3(code, to, to, to),
            (1, None, None) => Encoded::with2(code, to, read(self, first)),
            (1, Some(memory), None) => Encoded::with2(code, to, memory),
            (1, None, Some(imm)) => Encoded::with3(code, to, read(self, first), imm),
            (1, Some(memory), Some(imm)) => Encoded::with3(code, to, memory, imm),
            (2, None, None) => Encoded::with3(code, to, read(self, first), read(self, first + 1)),
            (2, Some(memory), None) => Encoded::with3(code, to, read(self, first), memory),
            (2, None, Some(imm)) => Encoded::with4(code, to, read(self, first), read(self, first + 1), imm),
            (2, Some(memory), Some(imm)) => Encoded::with4(code, to, read(self, first), memory, imm),
            // A choice of AVX2: else, then, mask.
            (_, None, _) => Encoded::with4(code, to, read(self, 1), read(self, 2), read(self, 0)),
            (_, Some(memory), _) => Encoded::with4(code, to, read(self, 1), memory, read(self, 0)),
        };
        let mut instruction = instruction?;
        if let Some(mask) = mask {
            instruction.set_op_mask(mask);
            instruction.set_zeroing_masking(what == Do::Keep);
        }
        self.put(Ok(instruction))
    }

    fn fround(&mut self, to: u32, from: u32) -> Result<(), IcedError> {
        let (narrow, widen, half, whole) = match self.isa {
            Isa::Avx2 => (
                Code::VEX_Vcvtpd2ps_xmm_ymmm256,
                Code::VEX_Vcvtps2pd_ymm_xmmm128,
                Register::XMM0,
                Register::YMM0,
            ),
            Isa::Avx512 => (
                Code::EVEX_Vcvtpd2ps_ymm_k1z_zmmm512b64_er,
                Code::EVEX_Vcvtps2pd_zmm_k1z_ymmm256b32_sae,
                Register::YMM0,
                Register::ZMM0,
            ),
        };
        self.put(Encoded::with2(narrow, half + to, whole + from))?;
        self.put(Encoded::with2(widen, whole + to, half + to))
    }

    fn gather(&mut self, [found, index, mask]: [u32; 3], table: usize) -> Result<(), IcedError> {
        self.load(Register::R11, Register::RDI, offset_of!(Arguments, tables))?;
        self.load(
            Register::R11,
            Register::R11,
            size_of::<Table>() * table + offset_of!(Table, entries),
        )?;
        let memory = MemoryOperand::with_base_index_scale(Register::R11, self.vector(index), 8);
        let found = self.vector(found);
        match self.isa {
            Isa::Avx2 => {
                let mask = self.vector(mask);
                self.put(Encoded::with3(Code::VEX_Vgatherqpd_ymm_vm64y_ymm, found, memory, mask))
            }
            Isa::Avx512 => {
                let mut instruction = Encoded::with2(Code::EVEX_Vgatherqpd_zmm_k1_vm64z, found, memory)?;
                instruction.set_op_mask(self.register(Class::Mask, mask));
                self.put(Ok(instruction))
            }
        }
    }
}
