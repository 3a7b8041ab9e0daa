// Made by: node scripts/generate-control.mjs

/** See src/chunks/auto.ts. */
export const OVERHEAD_MS: f64 = 0.00035
/** See src/chunks/auto.ts. */
export const LEAST_OVERHEAD_MS: f64 = 0.0
/** See src/chunks/auto.ts. */
export const SERIAL_MS: f64 = 0.00005
/** See src/chunks/auto.ts. */
export const BODY_OVERHEAD: f64 = 0.005
/** See src/chunks/auto.ts. */
export const LEAST_LONGEST_MS: f64 = 0.1
/** See src/chunks/auto.ts. */
export const MEMORY_LEAST: f64 = 16.0
/** See src/chunks/auto.ts. */
export const MEMORY_A_WORKER: f64 = 4.0
/** See src/chunks/auto.ts. */
export const SPEED_EARLY: f64 = 0.25
/** See src/chunks/auto.ts. */
export const SPEED_LATER: f64 = 0.5
/** See src/chunks/auto.ts. */
export const SPEED_EARLY_CHUNKS: f64 = 2.0
/** See src/chunks/auto.ts. */
export const SPEED_LEAST: f64 = 0.2
/** See src/chunks/auto.ts. */
export const SPEED_MOST: f64 = 8.0
/** See src/chunks/auto.ts. */
export const HANDOUT_SHARE: f64 = 0.25
/** See src/chunks/auto.ts. */
export const LEAST_MEAN_MS: f64 = 1e-7
/** See src/chunks/auto.ts. */
export const OVERRUN: f64 = 3.0
/** See src/chunks/auto.ts. */
export const PARTS_LEFT: f64 = 2.0
/** See src/chunks/auto.ts. */
export const ROOT_FACTOR: f64 = 4.0
/** See src/chunks/auto.ts. */
export const SHORTEST: f64 = 1.0
/** See src/chunks/auto.ts. */
export const SHORTEST_OVERRUN: f64 = 2.0
/** See src/memory/control.ts. */
export const BLOCK_MS: f64 = 0.1
/** See src/memory/control.ts. */
export const LARGEST_BLOCK: f64 = 2048.0
