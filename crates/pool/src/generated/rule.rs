// Made by: node scripts/generate-control.mjs

/// See src/chunks/auto.ts.
pub const OVERHEAD_MS: f64 = 0.0001;
/// See src/chunks/auto.ts.
pub const LEAST_OVERHEAD_MS: f64 = 0.0;
/// See src/chunks/auto.ts.
pub const SERIAL_MS: f64 = 0.00003;
/// See src/chunks/auto.ts.
pub const BODY_OVERHEAD: f64 = 0.005;
/// See src/chunks/auto.ts.
pub const LEAST_LONGEST_MS: f64 = 0.1;
/// See src/chunks/auto.ts.
pub const MEMORY_LEAST: f64 = 16.0;
/// See src/chunks/auto.ts.
pub const MEMORY_A_WORKER: f64 = 4.0;
/// See src/chunks/auto.ts.
pub const SPEED_EARLY: f64 = 0.25;
/// See src/chunks/auto.ts.
pub const SPEED_LATER: f64 = 0.5;
/// See src/chunks/auto.ts.
pub const SPEED_EARLY_CHUNKS: f64 = 2.0;
/// See src/chunks/auto.ts.
pub const SPEED_LEAST: f64 = 0.2;
/// See src/chunks/auto.ts.
pub const SPEED_MOST: f64 = 8.0;
/// See src/chunks/auto.ts.
pub const HANDOUT_SHARE: f64 = 0.25;
/// See src/chunks/auto.ts.
pub const LEAST_MEAN_MS: f64 = 1e-7;
/// See src/chunks/auto.ts.
pub const OVERRUN: f64 = 3.0;
/// See src/chunks/auto.ts.
pub const PARTS_LEFT: f64 = 2.0;
/// See src/chunks/auto.ts.
pub const ROOT_FACTOR: f64 = 4.0;
/// See src/chunks/auto.ts.
pub const SHORTEST: f64 = 1.0;
/// See src/chunks/auto.ts.
pub const SHORTEST_OVERRUN: f64 = 2.0;
/// See src/memory/control.ts.
pub const BLOCK_MS: f64 = 0.1;
/// See src/memory/control.ts.
pub const LARGEST_BLOCK: f64 = 2048.0;
