//! The native engine's face to Node: converts and forwards, owns no loop.
//!
//! Who owns what while a map runs (`session.rs` keeps to it):
//!
//! 1. Memory belongs to JavaScript. A session holds a strong reference to each view of a map and to the control block,
//!    made in `submit`, deleted in `release`, both on the thread of JavaScript. A reference does not pin memory: a plain
//!    buffer may be detached or resized. So views are on shared memory, or on a buffer that JavaScript hands to nobody
//!    until the map has ended, or JavaScript waits in `wait` meanwhile.
//! 2. Machine code lives as long as its object in JavaScript, or a map that runs it.
//! 3. Pool threads know pointers only. They never call Node-API, but for the one thread-safe function, under its gate.
//! 4. When an environment ends, its hook closes the gate, stops its maps, and waits until no thread is in one; references
//!    die with the environment. The end of a process runs no hook, and needs none.

pub mod code;
mod map;
mod refusal;
mod session;
mod view;

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

use lanewise_pool::pool::Pool;
use napi_derive::napi;

/// Counts the incompatible changes of this face; `src/native/load.ts` refuses any other number.
const ABI_VERSION: u32 = 6;

/// The threads, shared by all environments of the process.
fn pool() -> &'static Pool {
    static POOL: OnceLock<Pool> = OnceLock::new();
    POOL.get_or_init(|| {
        // The code of the threads must not go away when the environment that loaded it does.
        napi::bindgen_prelude::retain_current_module_for_unload_safety();
        Pool::new()
    })
}

/// What a lock guards here is whole at every step, so that a panic of another holder changes nothing.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[napi(catch_unwind)]
pub fn abi_version() -> u32 {
    ABI_VERSION
}

/// Processors that this process may use, by affinity and by the quota of its control group.
#[napi(catch_unwind)]
pub fn available_parallelism() -> u32 {
    thread::available_parallelism().map_or(1, |n| u32::try_from(n.get()).unwrap_or(u32::MAX))
}

/// What the pool does.
#[napi(object)]
pub struct PoolInfo {
    /// Threads started so far.
    pub threads: u32,
    /// Threads that wait for work.
    pub idle: u32,
    /// Maps that have not ended, of all environments.
    pub jobs: u32,
    /// Kernels whose machine code is there.
    pub kernels: u32,
}

#[napi(catch_unwind)]
pub fn pool_info() -> PoolInfo {
    let info = pool().info();
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    PoolInfo {
        threads: number(info.threads),
        idle: number(info.idle),
        jobs: number(info.jobs),
        kernels: number(code::count()),
    }
}
