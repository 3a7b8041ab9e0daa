//! The parts of a binary program, each read from its front to its end, and none beyond it.

use super::MOST_BYTES;
use crate::kernel::Refusal;
use std::collections::HashSet;

const MAGIC: u32 = u32::from_le_bytes(*b"LWIR");
const VERSION: u32 = 2;
const LANES: u32 = 1;

const HEADER_BYTES: usize = 20;
const WORD_BYTES: usize = 4;
const CONSTANT_BYTES: usize = 8;

const NAN: u64 = 0x7ff8_0000_0000_0000;

/// The words of the code; constants and names, of which each next one that the code uses has to be the next that there is.
pub struct Words<'a> {
    code: &'a [u8],
    /// The byte of the program where the code begins.
    start: usize,
    /// The byte of `code` where the next word stands.
    at: usize,
    constants: Vec<f64>,
    /// Constants used so far: the next new one must be this.
    constants_used: usize,
    names: usize,
    names_taken: usize,
}

impl<'a> Words<'a> {
    pub fn new(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let size = bytes.len();
        if size < HEADER_BYTES {
            return Err(refuse(
                0,
                &format!("a program has {HEADER_BYTES} bytes at least, not {size}"),
            ));
        }
        if size > MOST_BYTES {
            return Err(refuse(
                0,
                &format!("a program has {MOST_BYTES} bytes at most, not {size}"),
            ));
        }
        let (header, rest) = bytes.split_at(HEADER_BYTES);
        let field = |index: usize| word_at(header, index * WORD_BYTES);
        let (magic, version, form) = (field(0), field(1), field(2));
        if magic != MAGIC {
            return Err(refuse(0, &format!("a program begins with LWIR, not {magic:#x}")));
        }
        if version != VERSION {
            return Err(refuse(
                4,
                &format!("this is version {version}, and read is version {VERSION}"),
            ));
        }
        if form != LANES {
            return Err(refuse(
                8,
                &format!("the form is {form}, and read is {LANES}, for lanes"),
            ));
        }
        let (constants, words) = (field(3), field(4));
        let (pool, code) = (
            u64::from(constants) * CONSTANT_BYTES as u64,
            u64::from(words) * WORD_BYTES as u64,
        );
        if pool + code > rest.len() as u64 {
            return Err(refuse(
                12,
                &format!("{constants} constants and {words} words are more than the bytes"),
            ));
        }
        let (pool, rest) = rest.split_at(constants as usize * CONSTANT_BYTES);
        let (code, names) = rest.split_at(words as usize * WORD_BYTES);
        let start = HEADER_BYTES + pool.len();
        let names = std::str::from_utf8(names).map_err(|_| refuse(start + code.len(), "names are UTF-8"))?;
        Ok(Self {
            code,
            start,
            at: 0,
            constants: read_constants(pool)?,
            constants_used: 0,
            names: names.split('\0').count(),
            names_taken: 0,
        })
    }

    /// Something is wrong with the word that was read last.
    pub fn refuse(&self, rule: &str) -> Refusal {
        refuse(self.start + self.at.saturating_sub(WORD_BYTES), rule)
    }

    pub fn word(&mut self) -> Result<u32, Refusal> {
        if self.at == self.code.len() {
            return Err(refuse(self.start + self.at, "the code ends too early"));
        }
        let word = word_at(self.code, self.at);
        self.at += WORD_BYTES;
        Ok(word)
    }

    /// The next word, as a number of things of one word at least.
    pub fn count(&mut self, what: &str) -> Result<usize, Refusal> {
        let count = self.word()? as usize;
        self.are_left(count, what)?;
        Ok(count)
    }

    /// There may be so many: they take no memory if there are not.
    pub fn are_left(&self, count: usize, what: &str) -> Result<(), Refusal> {
        let left = (self.code.len() - self.at) / WORD_BYTES;
        if count <= left {
            return Ok(());
        }
        Err(self.refuse(&format!("{count} {what} are more than the {left} words left")))
    }

    pub fn constant(&mut self, index: u32) -> Result<f64, Refusal> {
        let index = index as usize;
        let Some(&x) = self.constants.get(index) else {
            return Err(self.refuse(&format!("constant {index} is of {}", self.constants.len())));
        };
        if index > self.constants_used {
            return Err(self.refuse(&format!(
                "constant {index} is used before constant {}",
                self.constants_used
            )));
        }
        if index == self.constants_used {
            self.constants_used += 1;
        }
        Ok(x)
    }

    /// What was read last has a name.
    pub fn name(&mut self) -> Result<(), Refusal> {
        self.names(1)
    }

    pub fn names(&mut self, count: usize) -> Result<(), Refusal> {
        if count > self.names - self.names_taken {
            return Err(self.refuse(&format!("there are {} names, and this wants more", self.names)));
        }
        self.names_taken += count;
        Ok(())
    }

    /// Nothing may be left over.
    pub fn end(&self) -> Result<(), Refusal> {
        let words = (self.code.len() - self.at) / WORD_BYTES;
        if words > 0 {
            return Err(refuse(
                self.start + self.at,
                &format!("{words} words stand behind the program"),
            ));
        }
        let unused = self.constants.len() - self.constants_used;
        if unused > 0 {
            let at = HEADER_BYTES + CONSTANT_BYTES * self.constants_used;
            return Err(refuse(at, &format!("{unused} constants are not used")));
        }
        let extra = self.names - self.names_taken;
        if extra > 0 {
            return Err(refuse(
                self.start + self.code.len(),
                &format!("{extra} names are of nothing"),
            ));
        }
        Ok(())
    }
}

fn word_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn read_constants(pool: &[u8]) -> Result<Vec<f64>, Refusal> {
    let mut constants = Vec::with_capacity(pool.len() / CONSTANT_BYTES);
    let mut known = HashSet::with_capacity(constants.capacity());
    for (index, bytes) in pool.as_chunks::<CONSTANT_BYTES>().0.iter().enumerate() {
        let x = f64::from_le_bytes(*bytes);
        let at = HEADER_BYTES + CONSTANT_BYTES * index;
        if x.is_nan() && x.to_bits() != NAN {
            return Err(refuse(at, &format!("NaN is {NAN:#x}")));
        }
        if !known.insert(x.to_bits()) {
            return Err(refuse(at, &format!("the constant {x} is there twice")));
        }
        constants.push(x);
    }
    Ok(constants)
}

fn refuse(at: usize, rule: &str) -> Refusal {
    Refusal(format!("not a program of lanewise: {rule} (at byte {at})"))
}
