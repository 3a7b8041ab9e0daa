//! Bytes of programs, changed at random: mostly such that the header still fits, so that changes are seen deep inside.

const HEADER_BYTES: usize = 20;
const CONSTANTS: usize = 12;
const WORDS: usize = 16;

/// Draws without end, the same for the same seed.
/// Source: S. Vigna, splitmix64 (2015).
pub struct Draws(pub u64);

impl Draws {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// A number below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count as u64).expect("below a usize")
    }

    pub fn of<'a, T>(&mut self, some: &'a [T]) -> &'a T {
        &some[self.below(some.len())]
    }

    fn word(&mut self) -> u32 {
        u32::try_from(self.next() >> 32).expect("the upper half")
    }
}

/// One to three changes of one of `sources`.
pub fn mutate(seed: u64, sources: &[Vec<u8>]) -> Vec<u8> {
    let mut draws = Draws(seed);
    let mut bytes = draws.of(sources).clone();
    for _ in 0..*draws.of(&[1, 1, 2, 3]) {
        if bytes.len() <= 2 * HEADER_BYTES {
            break;
        }
        let other = draws.of(sources);
        change(&mut bytes, other, &mut draws);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, other: &[u8], draws: &mut Draws) {
    let (start, count) = code(bytes);
    let at = start + 4 * draws.below(count);
    match draws.below(16) {
        0 => {
            let place = draws.below(bytes.len());
            bytes[place] ^= 1 << draws.below(8);
        }
        1 => bytes.truncate(draws.below(bytes.len())),
        2 => {
            let word = if draws.below(2) == 0 {
                draws.word() % 64
            } else {
                u32::MAX - draws.word() % 4
            };
            put(bytes, 4 * draws.below(5), word);
        }
        3 => put(bytes, at, draws.word()),
        4 => {
            let word = if draws.below(2) == 0 {
                draws.word() % 10
            } else {
                0x10 + draws.word() % 0x90
            };
            insert(bytes, at, &[word]);
        }
        5 => {
            let gone = (1 + draws.below(4)).min(count - (at - start) / 4);
            bytes.drain(at..at + 4 * gone);
            recount(bytes, count - gone);
        }
        6 => {
            let (from, of) = code(other);
            let first = draws.below(of);
            let length = (1 + draws.below(6)).min(of - first);
            let words: Vec<_> = (first..first + length).map(|i| word(other, from + 4 * i)).collect();
            insert(bytes, at, &words);
        }
        7 => {
            let copy = word(bytes, start + 4 * draws.below(count));
            put(bytes, at, copy);
        }
        // Another operation, the operand beside it, another label.
        _ => {
            let moved = word(bytes, at).wrapping_add_signed(*draws.of(&[-8, -1, 1, 8]));
            put(bytes, at, moved);
        }
    }
}

/// Where its words are, as far as the header can be believed.
fn code(bytes: &[u8]) -> (usize, usize) {
    let start = (HEADER_BYTES + 8 * word(bytes, CONSTANTS) as usize).min(bytes.len() - 8);
    let most = (bytes.len() - start) / 4 - 1;
    (start, (word(bytes, WORDS) as usize).min(most).max(1))
}

fn insert(bytes: &mut Vec<u8>, at: usize, words: &[u32]) {
    let count = word(bytes, WORDS) as usize + words.len();
    bytes.splice(at..at, words.iter().flat_map(|word| word.to_le_bytes()));
    recount(bytes, count);
}

fn recount(bytes: &mut [u8], words: usize) {
    put(bytes, WORDS, u32::try_from(words).unwrap_or(u32::MAX));
}

fn put(bytes: &mut [u8], at: usize, word: u32) {
    bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
