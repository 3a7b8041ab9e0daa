//! From vector instructions, with their registers allocated, to the bytes of x86-64.
//!
//! The layout of what is mapped: constants, then the functions. The main one is `extern "sysv64" fn(&Arguments)`.
//!
//! | register | holds |
//! |---|---|
//! | rdi | the arguments |
//! | rax, r8 | byte offset of the current row, and of the end |
//! | r9 | results |
//! | r10 | the stop word |
//! | rcx | in a subroutine: the area of its arguments and results |
//! | r11 | for a moment |
//! | rdx rsi rbx r12 r13 r14 r15 | inputs, the first seven |
//! | rbp | the stack pointer as it came |
//! | rsp | the frame, aligned to a vector |

use std::mem::offset_of;

use iced_x86::{Code, Encoder, IcedError, Instruction as Encoded, MemoryOperand, Register};

use crate::allocate::{Allocation, Home, scratch};
use crate::isa::Isa;
use crate::kernel::Table;
use crate::machine::{Class, Constants, Do, Function, Instruction, Operand, Place};
use crate::opcodes::{Form, form};
use crate::select::Captured;

/// What the main function reads: the layout is known to its code.
#[repr(C)]
pub struct Arguments {
    pub inputs: *const *const f64,
    pub out: *mut f64,
    /// A multiple of the rows of a round.
    pub bytes: usize,
    pub uniforms: *const f64,
    pub tables: *const Table,
    pub stop: *const i32,
}

/// Where the mapped bytes are thought to begin; only distances count.
const BASE: u64 = 0x10_0000;
/// Alignment of frames, constants and functions: a cache line, and the widest vector.
const ALIGNMENT: usize = 64;
const INPUTS: [Register; 7] = [
    Register::RDX,
    Register::RSI,
    Register::RBX,
    Register::R12,
    Register::R13,
    Register::R14,
    Register::R15,
];
/// Registers that a function of System V gives back as they came.
const KEPT: [Register; 5] = [
    Register::RBX,
    Register::R12,
    Register::R13,
    Register::R14,
    Register::R15,
];

pub struct Encoding {
    pub bytes: Vec<u8>,
    /// Where the functions begin.
    pub functions: usize,
    /// Of the main function.
    pub entry: usize,
    /// Bytes.
    pub largest_frame: usize,
}

/// A function with its registers allocated.
pub struct Allocated {
    pub function: Function,
    pub allocation: Allocation,
}

pub fn encode(
    isa: Isa,
    constants: &Constants,
    captured: &[(Captured, usize)],
    main: &Allocated,
    subroutines: &[Allocated],
    inputs: usize,
    copies: usize,
) -> Result<Encoding, IcedError> {
    let mut writer = Writer::new(isa, constants)?;
    let functions = writer.offset;
    let mut entries = Vec::with_capacity(subroutines.len());
    for subroutine in subroutines {
        writer.align();
        entries.push(writer.offset);
        writer.subroutine(subroutine)?;
    }
    writer.align();
    let entry = writer.offset;
    writer.main(main, captured, inputs, copies, &entries)?;
    Ok(Encoding {
        functions,
        entry,
        largest_frame: writer.largest_frame,
        bytes: writer.finish(),
    })
}

struct Writer {
    isa: Isa,
    encoder: Encoder,
    /// Constants, aligned.
    head: Vec<u8>,
    offset: usize,
    /// Bytes of a constant in memory.
    constant: usize,
    /// Where rel32 must be written, and for which label of the function at hand.
    jumps: Vec<(usize, usize)>,
    /// Of the labels of the function at hand.
    places: Vec<usize>,
    patches: Vec<(usize, i32)>,
    /// Of the function at hand.
    input_registers: usize,
    exit: usize,
    /// Of the mapped bytes, for calls.
    entries: Vec<usize>,
    save_area: usize,
    /// Bytes of a round's rows.
    step: usize,
    largest_frame: usize,
}

impl Writer {
    fn new(isa: Isa, constants: &Constants) -> Result<Self, IcedError> {
        let mut head = Vec::new();
        // With AVX2 an operand in memory is a whole vector; AVX-512 spreads one lane.
        let repeats = if isa == Isa::Avx2 { isa.lanes() } else { 1 };
        for bits in &constants.bits {
            for _ in 0..repeats {
                head.extend_from_slice(&bits.to_le_bytes());
            }
        }
        head.resize(head.len().next_multiple_of(ALIGNMENT), 0);
        let mut encoder = Encoder::try_with_capacity(64, 4096)?;
        encoder.set_prevent_vex2(false);
        Ok(Self {
            isa,
            encoder,
            offset: head.len(),
            head,
            constant: 8 * repeats,
            jumps: Vec::new(),
            places: Vec::new(),
            patches: Vec::new(),
            input_registers: 0,
            exit: 0,
            entries: Vec::new(),
            save_area: 0,
            step: 0,
            largest_frame: 0,
        })
    }

    fn finish(mut self) -> Vec<u8> {
        let mut bytes = self.head;
        bytes.append(&mut self.encoder.take_buffer());
        for (at, distance) in self.patches {
            bytes[at..at + 4].copy_from_slice(&distance.to_le_bytes());
        }
        bytes
    }

    fn width(&self) -> usize {
        8 * self.isa.lanes()
    }

    fn align(&mut self) {
        while !self.offset.is_multiple_of(ALIGNMENT) {
            self.encoder.write_u8(0xcc);
            self.offset += 1;
        }
    }

    fn put(&mut self, instruction: Result<Encoded, IcedError>) -> Result<(), IcedError> {
        self.offset += self.encoder.encode(&instruction?, BASE + self.offset as u64)?;
        Ok(())
    }

    /// A jump or a call, whose distance is written when its label is known.
    fn jump(&mut self, code: Code, label: usize) -> Result<(), IcedError> {
        self.put(Encoded::with_branch(code, BASE + self.offset as u64))?;
        self.jumps.push((self.offset - 4, label));
        Ok(())
    }

    fn begin(&mut self, function: &Function) {
        // One more label than the function has: its exit.
        self.exit = function.labels;
        self.places = vec![usize::MAX; function.labels + 1];
        self.jumps.clear();
    }

    fn place(&mut self, label: usize) {
        self.places[label] = self.offset;
    }

    fn end(&mut self) {
        for (at, label) in std::mem::take(&mut self.jumps) {
            self.patches.push((at, distance(self.places[label], at + 4)));
        }
    }

    fn general(&mut self, code: Code, a: Register, b: Register) -> Result<(), IcedError> {
        self.put(Encoded::with2(code, a, b))
    }

    fn load(&mut self, to: Register, base: Register, displacement: usize) -> Result<(), IcedError> {
        self.put(Encoded::with2(
            Code::Mov_r64_rm64,
            to,
            MemoryOperand::with_base_displ(base, signed(displacement)),
        ))
    }

    fn subroutine(&mut self, subroutine: &Allocated) -> Result<(), IcedError> {
        self.begin(&subroutine.function);
        self.input_registers = 0;
        // The return address lies on an aligned stack.
        let frame = (subroutine.function.frame * self.width()).next_multiple_of(ALIGNMENT) + ALIGNMENT - 8;
        self.largest_frame = self.largest_frame.max(frame);
        self.put(Encoded::with2(Code::Sub_rm64_imm32, Register::RSP, signed32(frame)))?;
        self.code(subroutine)?;
        self.place(self.exit);
        self.put(Encoded::with2(Code::Add_rm64_imm32, Register::RSP, signed32(frame)))?;
        self.put(Ok(Encoded::with(Code::Retnq)))?;
        self.end();
        Ok(())
    }

    fn main(
        &mut self,
        main: &Allocated,
        captured: &[(Captured, usize)],
        inputs: usize,
        copies: usize,
        entries: &[usize],
    ) -> Result<(), IcedError> {
        self.begin(&main.function);
        self.entries = entries.to_vec();
        self.input_registers = inputs.min(INPUTS.len());
        let saved = most_saved(main);
        self.save_area = main.function.frame;
        let frame = ((main.function.frame + saved) * self.width()).next_multiple_of(ALIGNMENT);
        self.put(Encoded::with1(Code::Push_r64, Register::RBP))?;
        for reg in KEPT {
            self.put(Encoded::with1(Code::Push_r64, reg))?;
        }
        self.general(Code::Mov_r64_rm64, Register::RBP, Register::RSP)?;
        self.put(Encoded::with2(Code::And_rm64_imm8, Register::RSP, -64))?;
        self.largest_frame = self.largest_frame.max(frame);
        self.put(Encoded::with2(Code::Sub_rm64_imm32, Register::RSP, signed32(frame)))?;
        for (what, slot) in captured {
            self.spread(*what, *slot)?;
        }
        self.load(Register::R11, Register::RDI, offset_of!(Arguments, inputs))?;
        for (i, reg) in INPUTS.iter().take(inputs).enumerate() {
            self.load(*reg, Register::R11, 8 * i)?;
        }
        self.load(Register::R8, Register::RDI, offset_of!(Arguments, bytes))?;
        self.load(Register::R9, Register::RDI, offset_of!(Arguments, out))?;
        self.load(Register::R10, Register::RDI, offset_of!(Arguments, stop))?;
        self.put(Encoded::with2(Code::Xor_r32_rm32, Register::EAX, Register::EAX))?;
        self.step = copies * self.width();
        self.code(main)?;
        self.place(self.exit);
        self.put(Ok(Encoded::with(Code::VEX_Vzeroupper)))?;
        self.general(Code::Mov_r64_rm64, Register::RSP, Register::RBP)?;
        for reg in KEPT.into_iter().rev() {
            self.put(Encoded::with1(Code::Pop_r64, reg))?;
        }
        self.put(Encoded::with1(Code::Pop_r64, Register::RBP))?;
        self.put(Ok(Encoded::with(Code::Retnq)))?;
        self.end();
        Ok(())
    }

    /// Puts a captured number into every lane of a place in the frame.
    fn spread(&mut self, what: Captured, slot: usize) -> Result<(), IcedError> {
        let (list, offset) = match what {
            Captured::Uniform(i) => (offset_of!(Arguments, uniforms), 8 * i),
            Captured::Length(i) => (
                offset_of!(Arguments, tables),
                size_of::<Table>() * i + offset_of!(Table, length),
            ),
        };
        self.load(Register::R11, Register::RDI, list)?;
        let from = MemoryOperand::with_base_displ(Register::R11, signed(offset));
        let code = match self.isa {
            Isa::Avx2 => Code::VEX_Vbroadcastsd_ymm_m64,
            Isa::Avx512 => Code::EVEX_Vbroadcastsd_zmm_k1z_xmmm64,
        };
        let reg = self.vector(0);
        self.put(Encoded::with2(code, reg, from))?;
        let to = self.frame(slot);
        self.store(Class::Vector, 0, to)
    }

    fn code(&mut self, allocated: &Allocated) -> Result<(), IcedError> {
        for (at, instruction) in allocated.function.code.iter().enumerate() {
            self.instruction(allocated, at, instruction)?;
        }
        Ok(())
    }

    fn vector(&self, number: usize) -> Register {
        let first = match self.isa {
            Isa::Avx2 => Register::YMM0,
            Isa::Avx512 => Register::ZMM0,
        };
        first + u32::try_from(number).unwrap_or(0)
    }

    fn register(&self, class: Class, number: usize) -> Register {
        match class {
            Class::Vector => self.vector(number),
            Class::Mask => Register::K0 + u32::try_from(number).unwrap_or(0),
        }
    }

    fn frame(&self, slot: usize) -> MemoryOperand {
        MemoryOperand::with_base_displ(Register::RSP, signed(slot * self.width()))
    }

    /// A place in memory; an input beyond the first ones goes by way of r11.
    fn memory(&mut self, place: Place, spreads: bool) -> Result<MemoryOperand, IcedError> {
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

    fn store(&mut self, class: Class, number: usize, to: MemoryOperand) -> Result<(), IcedError> {
        let code = match (class, self.isa) {
            (Class::Mask, _) => Code::VEX_Kmovb_m8_kr,
            (Class::Vector, Isa::Avx2) => Code::VEX_Vmovupd_ymmm256_ymm,
            (Class::Vector, Isa::Avx512) => Code::EVEX_Vmovupd_zmmm512_k1z_zmm,
        };
        let reg = self.register(class, number);
        self.put(Encoded::with2(code, to, reg))
    }

    fn fetch(&mut self, class: Class, number: usize, from: Place) -> Result<(), IcedError> {
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

    fn instruction(&mut self, allocated: &Allocated, at: usize, instruction: &Instruction) -> Result<(), IcedError> {
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
        number: usize,
        from: usize,
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

    fn effect(&mut self, function: &Function, instruction: &Instruction, number: usize) -> Result<(), IcedError> {
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
        number: usize,
        numbers: [usize; 3],
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

    fn fround(&mut self, to: usize, from: usize) -> Result<(), IcedError> {
        let (to, from) = (u32::try_from(to).unwrap_or(0), u32::try_from(from).unwrap_or(0));
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

    fn gather(&mut self, [found, index, mask]: [usize; 3], table: usize) -> Result<(), IcedError> {
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

    /// Keeps what is in registers meanwhile: calls are rare, and subroutines use all of them.
    fn call(
        &mut self,
        function: &Function,
        allocation: &Allocation,
        at: usize,
        subroutine: usize,
    ) -> Result<(), IcedError> {
        let saved = allocation.across(function, at);
        for (i, (class, number)) in saved.iter().enumerate() {
            let to = self.frame(self.save_area + i);
            self.store(*class, *number, to)?;
        }
        self.general(Code::Mov_r64_rm64, Register::RCX, Register::RSP)?;
        self.put(Encoded::with_branch(Code::Call_rel32_64, BASE + self.offset as u64))?;
        self.patches
            .push((self.offset - 4, distance(self.entries[subroutine], self.offset)));
        for (i, (class, number)) in saved.iter().enumerate() {
            self.fetch(*class, *number, Place::Frame(self.save_area + i))?;
        }
        Ok(())
    }
}

/// Registers that are kept across a call, at most.
fn most_saved(Allocated { function, allocation }: &Allocated) -> usize {
    let calls = function.code.iter().enumerate();
    calls
        .filter(|(_, instruction)| matches!(instruction.what, Do::Call(_)))
        .map(|(at, _)| allocation.across(function, at).len())
        .max()
        .unwrap_or(0)
}

fn signed(displacement: usize) -> i64 {
    i64::try_from(displacement).unwrap_or(i64::MAX)
}

fn signed32(displacement: usize) -> i32 {
    i32::try_from(displacement).unwrap_or(i32::MAX)
}

/// From the end of an instruction to where it goes.
#[allow(clippy::cast_possible_truncation)] // code is far smaller
fn distance(to: usize, from: usize) -> i32 {
    (signed(to) - signed(from)) as i32
}
