//! Memory that may be executed: written first, then executable, never both.

use std::io;

use memmap2::{Mmap, MmapMut};

/// Bytes that may be executed. They go when it is dropped.
pub struct Executable(Mmap);

impl Executable {
    /// # Errors
    ///
    /// Where the system has no memory, or lets none be executed.
    pub fn new(bytes: &[u8]) -> io::Result<Self> {
        let mut map = MmapMut::map_anon(bytes.len())?;
        map.copy_from_slice(bytes);
        map.make_exec().map(Self)
    }

    pub fn at(&self, offset: usize) -> *const u8 {
        assert!(offset < self.0.len(), "byte {offset} of {}", self.0.len());
        self.0.as_ptr().wrapping_add(offset)
    }
}
