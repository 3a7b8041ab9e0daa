//! How many rows the next chunk has: `AutoChunks` of `src/chunks/auto.ts`, for threads that claim by themselves.
//!
//! The formulas and the reasons for the constants stand there; `assembly/rule.ts` is the twin for WASM.

use crate::control::{Slot, rows_as_f64};
use crate::generated::rule::{
    BLOCK_MS, BODY_OVERHEAD, HANDOUT_SHARE, LARGEST_BLOCK, LEAST_LONGEST_MS, LEAST_MEAN_MS, MEMORY_A_WORKER,
    MEMORY_LEAST, OVERHEAD_MS, OVERRUN, PARTS_LEFT, ROOT_FACTOR, SERIAL_MS, SHORTEST, SHORTEST_OVERRUN, SPEED_EARLY,
    SPEED_EARLY_CHUNKS, SPEED_LATER, SPEED_LEAST, SPEED_MOST,
};

/// A chunk to come: its rows, and after how many ms its rest is given back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    pub rows: i64,
    pub stop_ms: f64,
}

/// The rule of one worker in one map.
#[derive(Debug)]
pub struct Rule {
    chunksize: Option<i64>,
    workers: f64,
    longest_ms: f64,
    /// By how much a worker's sums shrink with each of its chunks, so that all together forget as `AutoChunks` does.
    keep: f64,
    /// Cost of a row on this worker, relative to the mean; as wide as in `AutoChunks`.
    speed: f32,
    chunks: f64,
}

impl Rule {
    pub fn new(chunksize: Option<i64>, workers: usize, most_ms: f64) -> Self {
        let workers = f64::from(u32::try_from(workers).unwrap_or(u32::MAX));
        let useful = (OVERHEAD_MS / BODY_OVERHEAD).max(workers * SERIAL_MS / HANDOUT_SHARE);
        Self {
            chunksize,
            workers,
            longest_ms: useful.max(LEAST_LONGEST_MS).min(most_ms).max(OVERHEAD_MS),
            keep: 1.0 - workers / MEMORY_LEAST.max(MEMORY_A_WORKER * workers),
            speed: 1.0,
            chunks: 0.0,
        }
    }

    pub fn of(slot: Slot) -> Self {
        Self::new(slot.chunksize(), slot.workers(), slot.longest())
    }

    pub fn keep(&self) -> f64 {
        self.keep
    }

    /// Sizes the next chunk. `mean`: of a row over all workers, in ms, once something is measured. `remaining`: rows
    /// nobody has claimed. `length`: rows of the map, unless more may come.
    pub fn next(&self, mean: Option<f64>, remaining: i64, length: Option<i64>) -> Plan {
        if let Some(rows) = self.chunksize {
            return Plan {
                rows,
                stop_ms: f64::INFINITY,
            };
        }
        let Some(mean) = mean.map(|mean| mean.max(LEAST_MEAN_MS)) else {
            return Plan {
                rows: 1,
                stop_ms: f64::INFINITY,
            };
        };
        let row_ms = mean * f64::from(self.speed);
        // Rounded as JavaScript does.
        let wanted = (self.duration(mean, rows_as_f64(remaining), length.map(rows_as_f64)) / row_ms + 0.5).floor();
        #[allow(clippy::cast_possible_truncation)] // `as` saturates, and `remaining` bounds it
        let rows = (wanted as i64).min(remaining).max(1);
        let planned = rows_as_f64(rows) * row_ms;
        Plan {
            rows,
            stop_ms: OVERRUN * planned.max(SHORTEST_OVERRUN * OVERHEAD_MS),
        }
    }

    fn duration(&self, mean: f64, remaining: f64, length: Option<f64>) -> f64 {
        if self.workers <= 1.0 {
            return self.longest_ms; // nobody to balance with
        }
        let left = remaining * mean / self.workers;
        let Some(length) = length else {
            return self.longest_ms.min(left.max(SHORTEST * OVERHEAD_MS));
        };
        let round = self.workers * SERIAL_MS;
        let whole = length * mean / self.workers;
        let shortest = (SHORTEST * OVERHEAD_MS).max(round.min((whole * round).sqrt()));
        let root = (ROOT_FACTOR * OVERHEAD_MS * left).sqrt();
        self.longest_ms.min(left / PARTS_LEFT).min(root).max(shortest)
    }

    /// A chunk of `rows` rows has ended after `ms`, which are not in `mean` yet: that of all workers at its end.
    pub fn follow(&mut self, mean: Option<f64>, rows: i64, ms: f64) {
        let Some(mean) = mean else { return };
        let gain = if self.chunks < SPEED_EARLY_CHUNKS {
            SPEED_EARLY
        } else {
            SPEED_LATER
        };
        self.chunks += 1.0;
        let slowness = ms / (rows_as_f64(rows) * mean.max(LEAST_MEAN_MS));
        let speed = (1.0 - gain) * f64::from(self.speed) + gain * slowness;
        #[allow(clippy::cast_possible_truncation)] // the nearest one
        let speed = speed.clamp(SPEED_LEAST, SPEED_MOST) as f32;
        self.speed = speed;
    }
}

/// Rows of the next block of a chunk: as many as take `BLOCK_MS`, since the stop word is looked at between two blocks.
pub fn block_rows(mean: Option<f64>) -> i64 {
    let Some(mean) = mean else { return 1 };
    #[allow(clippy::cast_possible_truncation)] // at most LARGEST_BLOCK
    let rows = (BLOCK_MS / mean.max(LEAST_MEAN_MS)).clamp(1.0, LARGEST_BLOCK) as i64;
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_chunk_is_one_row() {
        assert_eq!(Rule::new(None, 4, 100.0).next(None, 1000, Some(1000)).rows, 1);
    }

    #[test]
    fn a_chunksize_that_is_given_is_exact() {
        let plan = Rule::new(Some(7), 4, 100.0).next(Some(1.0), 3, Some(1000));
        assert_eq!(
            plan,
            Plan {
                rows: 7,
                stop_ms: f64::INFINITY
            }
        );
    }

    #[test]
    fn a_single_worker_takes_the_longest_chunk() {
        // Nobody to balance with: 100 µs at 1 µs a row.
        assert_eq!(
            Rule::new(None, 1, 100.0).next(Some(0.001), 100_000, Some(100_000)).rows,
            100
        );
    }

    #[test]
    fn chunks_shrink_towards_the_end() {
        let rule = Rule::new(None, 4, 100.0);
        let rows = |remaining| rule.next(Some(0.001), remaining, Some(100_000)).rows;
        assert_eq!(rows(100_000), 100);
        assert!(rows(1000) < 100 && rows(100) < rows(1000) && rows(1) == 1);
    }

    #[test]
    fn a_slow_worker_gets_less() {
        let mut slow = Rule::new(None, 4, 100.0);
        for _ in 0..20 {
            slow.follow(Some(0.001), 100, 0.4);
        }
        assert_eq!(slow.next(Some(0.001), 100_000, Some(100_000)).rows, 25);
    }

    #[test]
    fn a_mean_of_zero_still_makes_a_chunk_of_rows_that_exist() {
        let plan = Rule::new(None, 2, 100.0).next(Some(0.0), 10, Some(10));
        assert!((1..=10).contains(&plan.rows));
    }

    #[test]
    fn blocks_last_a_tenth_of_a_millisecond() {
        assert_eq!(block_rows(None), 1);
        assert_eq!(block_rows(Some(1.0)), 1);
        assert_eq!(block_rows(Some(0.001)), 100);
        assert_eq!(block_rows(Some(0.0)), 2048);
    }
}
