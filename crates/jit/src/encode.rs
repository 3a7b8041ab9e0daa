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

mod instruction;
mod writer;

use std::mem::offset_of;

use iced_x86::{Code, IcedError, Instruction as Encoded, MemoryOperand, Register};

use crate::allocate::Allocation;
use crate::isa::Isa;
use crate::kernel::Table;
use crate::machine::{Class, Constants, Do, Function, Place};
use crate::select::Captured;
use writer::{ALIGNMENT, BASE, INPUTS, Writer, distance, signed, signed32};

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

impl Writer {
    fn subroutine(&mut self, subroutine: &Allocated) -> Result<(), IcedError> {
        self.begin(&subroutine.function);
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
