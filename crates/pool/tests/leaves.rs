//! Numbers of leaves against a plain one: whatever the chunks, the blocks and the threads, the same bits.

mod support;

use std::sync::Arc;

use lanewise_pool::chunk_loop::{Body, Scratch};
use lanewise_pool::columns::{Column, Columns, Inner, Span};
use lanewise_pool::control::words;
use lanewise_pool::element::Kind;
use lanewise_pool::job::{Job, Outcome};
use lanewise_pool::leaves::{Fold, LEAF_ROWS, Leaves};
use lanewise_pool::pool::Pool;
use proptest::prelude::*;
use support::TestSlot;
use support::mail::channel;
use support::maps::{EVER, OWNER};

const FOLDS: [Fold; 5] = [Fold::Sum, Fold::Prod, Fold::Min, Fold::Max, Fold::Count];

/// The kernel `x => -x`, which gives every special value; it leaves rows out once it is to stop.
struct Negative;

impl Inner for Negative {
    unsafe fn run(&self, inputs: &[*const f64], out: *mut f64, rows: usize, stop: *const i32) {
        for i in 0..rows {
            // SAFETY: the slots of these tests are leaked, and nobody stops them here from elsewhere.
            if unsafe { stop.read_volatile() } != words::STOP_NONE {
                return;
            }
            // SAFETY: `i < rows`.
            let x = unsafe { inputs[0].wrapping_add(i).read() };
            // SAFETY: as above; nobody else writes these rows.
            unsafe { out.wrapping_add(i).write(-x) };
        }
    }
}

/// Memory of a column or of totals, as long as the map.
struct Array(Vec<f64>);

impl Array {
    fn span(&mut self) -> Span {
        // SAFETY: the tests keep the array until the map is over.
        unsafe { Span::new(self.0.as_mut_ptr().cast(), self.0.len(), Kind::Float64) }
    }
}

/// Values whose sums and products have other bits in every other order; some are special.
fn values(len: usize, seed: u32, specials: &[f64]) -> Vec<f64> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state
    };
    let mut value = || {
        let special = specials.get(next() as usize % (specials.len() * 9 + 1)).copied();
        let sign = if next() % 3 == 0 { -1.0 } else { 1.0 };
        special.unwrap_or(sign * (0.9 + f64::from(next()) / 4_294_967_296.0 / 5.0))
    };
    (0..len).map(|_| value()).collect()
}

fn is_negative_zero(x: f64) -> bool {
    x == 0.0 && x.is_sign_negative()
}

/// ECMAScript's `Math.min`, by its words.
fn least(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a < b || is_negative_zero(a) && b == 0.0 {
        a
    } else {
        b
    }
}

fn combine(fold: Fold, a: f64, b: f64) -> f64 {
    match fold {
        Fold::Sum | Fold::Count => a + b,
        Fold::Prod => a * b,
        Fold::Min => least(a, b),
        Fold::Max => -least(-a, -b),
    }
}

/// The numbers of the leaves of these results, step by step.
fn plain(fold: Fold, results: &[f64]) -> Vec<f64> {
    let empty = match fold {
        Fold::Sum | Fold::Count => 0.0,
        Fold::Prod => 1.0,
        Fold::Min => f64::INFINITY,
        Fold::Max => f64::NEG_INFINITY,
    };
    let leaf = |results: &[f64]| {
        let mut sums = [empty; 16];
        for (i, &result) in results.iter().enumerate() {
            let truth = f64::from(u8::from(result != 0.0 && !result.is_nan()));
            let result = if fold == Fold::Count { truth } else { result };
            sums[i % 16] = combine(fold, sums[i % 16], result);
        }
        for half in [8, 4, 2, 1] {
            for i in 0..half {
                sums[i] = combine(fold, sums[i], sums[i + half]);
            }
        }
        sums[0]
    };
    results.chunks(LEAF_ROWS).map(leaf).collect()
}

fn bits(values: &[f64]) -> Vec<Option<u64>> {
    values.iter().map(|x| (!x.is_nan()).then(|| x.to_bits())).collect()
}

const SPECIALS: [f64; 6] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, 5e-324];

/// What a map of the pool gives.
fn by_pool(fold: Fold, values: &[f64], chunksize: i64, threads: usize) -> Vec<f64> {
    let length = i64::try_from(values.len()).unwrap();
    let slot = TestSlot::new(length, i32::try_from(threads).unwrap(), chunksize);
    let mut column = Array(values.to_vec());
    let mut totals = Array(vec![7.5; values.len().div_ceil(LEAF_ROWS)]);
    let columns = Columns::new(Box::new(Negative), vec![Column::Array(column.span())], slot.slot());
    let body = Leaves::new(columns, fold, values.len(), totals.span());
    let (tell, end) = channel();
    let on_end = Box::new(move |outcome: &Outcome| tell.send(outcome.clone()));
    let pool = Pool::new();
    let job = Job::new(OWNER, slot.slot(), Box::new(body), threads, None, on_end);
    pool.submit(Arc::new(job)).unwrap();
    assert_eq!(end.recv_timeout(EVER), Some(Outcome::Dry));
    assert_eq!(slot.done(), length);
    totals.0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn chunks_and_threads_change_no_bit(
        fold in prop::sample::select(FOLDS.to_vec()),
        length in prop_oneof![1..40_usize, 1000..1050_usize, 2040..2060_usize, 1..9000_usize],
        seed in any::<u32>(),
        is_special in any::<bool>(),
        chunksize in prop_oneof![Just(0), 1..40_i64, 1000..3000_i64, Just(1 << 53)],
        threads in 1..4_usize,
    ) {
        let values = values(length, seed, if is_special { &SPECIALS } else { &[] });
        let results: Vec<f64> = values.iter().map(|x| -x).collect();
        let found = by_pool(fold, &values, chunksize, threads);
        prop_assert_eq!(bits(&found), bits(&plain(fold, &results)));
    }
}

/// A body over these values with totals to look at.
fn leaves(fold: Fold, column: &mut Array, totals: &mut Array, slot: &TestSlot) -> Leaves {
    let rows = column.0.len();
    let columns = Columns::new(Box::new(Negative), vec![Column::Array(column.span())], slot.slot());
    Leaves::new(columns, fold, rows, totals.span())
}

#[test]
fn blocks_of_any_length_change_no_bit() {
    let values = values(2500, 3, &SPECIALS);
    let results: Vec<f64> = values.iter().map(|x| -x).collect();
    for fold in FOLDS {
        for block in [1, 3, 15, 16, 17, 100, 1024] {
            let slot = TestSlot::new(2500, 1, 0);
            let (mut column, mut totals) = (Array(values.clone()), Array(vec![7.5; 3]));
            let body = leaves(fold, &mut column, &mut totals, &slot);
            let mut scratch = Scratch::default();
            for leaf in [1024..2048, 0..1024, 2048..2500] {
                for row in leaf.clone().step_by(block) {
                    let end = leaf.end.min(row + i64::try_from(block).unwrap());
                    body.run(row..end, &mut scratch);
                }
            }
            assert_eq!(bits(&totals.0), bits(&plain(fold, &results)), "{fold:?} by {block}");
        }
    }
}

#[test]
fn zeros_and_nans_are_ordered_as_javascript_orders_them() {
    let of = |fold, results: &[f64]| {
        let values: Vec<f64> = results.iter().map(|x| -x).collect();
        by_pool(fold, &values, 0, 1)[0]
    };
    for (a, b) in [(0.0, -0.0), (-0.0, 0.0)] {
        assert_eq!(of(Fold::Min, &[a, b]).to_bits(), (-0.0_f64).to_bits());
        assert_eq!(of(Fold::Max, &[a, b]).to_bits(), 0.0_f64.to_bits());
    }
    for place in 0..40 {
        let mut results = [1.0; 40];
        results[place] = f64::NAN;
        assert!(
            of(Fold::Min, &results).is_nan() && of(Fold::Max, &results).is_nan(),
            "{place}"
        );
    }
    assert_eq!(
        of(Fold::Count, &[0.0, 1.0, f64::NAN, -0.0, -3.0, f64::INFINITY]).to_bits(),
        3.0_f64.to_bits()
    );
    assert_eq!(of(Fold::Prod, &[0.0, -1.0]).to_bits(), (-0.0_f64).to_bits());
}

#[test]
fn a_leaf_that_was_left_is_begun_anew() {
    let values = values(2048, 5, &[]);
    let results: Vec<f64> = values.iter().map(|x| -x).collect();
    let slot = TestSlot::new(2048, 1, 0);
    let (mut column, mut totals) = (Array(values), Array(vec![7.5; 2]));
    let body = leaves(Fold::Sum, &mut column, &mut totals, &slot);
    let mut scratch = Scratch::default();
    body.run(0..100, &mut scratch);
    body.run(1024..2048, &mut scratch);
    body.run(0..1024, &mut scratch);
    assert_eq!(bits(&totals.0), bits(&plain(Fold::Sum, &results)));
}

#[test]
fn a_map_that_is_to_stop_keeps_no_number_of_the_leaf_at_hand() {
    let slot = TestSlot::new(1024, 1, 0);
    let (mut column, mut totals) = (Array(vec![3.0; 1024]), Array(vec![7.5]));
    let body = leaves(Fold::Sum, &mut column, &mut totals, &slot);
    let mut scratch = Scratch::default();
    body.run(0..500, &mut scratch);
    slot.slot().set_stop(words::STOP_CANCELLED);
    body.run(500..1024, &mut scratch);
    assert_eq!(bits(&totals.0), bits(&[7.5]));
}

#[test]
#[should_panic(expected = "rows 1000..1025 of leaf 0")]
fn rows_of_two_leaves_are_refused() {
    let slot = TestSlot::new(2048, 1, 0);
    let (mut column, mut totals) = (Array(vec![3.0; 2048]), Array(vec![7.5; 2]));
    leaves(Fold::Sum, &mut column, &mut totals, &slot).run(1000..1025, &mut Scratch::default());
}

#[test]
fn folds_have_the_numbers_of_the_typescript_side() {
    let folds: Vec<_> = (0..6).map(Fold::from_number).collect();
    assert_eq!(folds[..5], FOLDS.map(Some));
    assert_eq!(folds[5], None);
}
