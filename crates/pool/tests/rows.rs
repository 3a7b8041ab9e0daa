//! A kernel over columns of any kind against the plain loop.

mod support;

use std::sync::atomic::AtomicI32;
use std::sync::atomic::Ordering::SeqCst;

use lanewise_pool::chunk_loop::{Body, Scratch};
use lanewise_pool::columns::{Column, Columns, Inner, Span};
use lanewise_pool::control::words;
use lanewise_pool::element::{Kind, load, store};
use lanewise_pool::rows::Rows;
use support::TestSlot;

const KINDS: [Kind; 10] = [
    Kind::Int8,
    Kind::Uint8,
    Kind::Uint8Clamped,
    Kind::Int16,
    Kind::Uint16,
    Kind::Int32,
    Kind::Uint32,
    Kind::Float16,
    Kind::Float32,
    Kind::Float64,
];

/// The kernel `(x, y) => a * x + y`, row by row; it looks at the stop word in front of each.
struct Axpy(f64);

impl Inner for Axpy {
    unsafe fn run(&self, inputs: &[*const f64], out: *mut f64, rows: usize, stop: *const i32) {
        // SAFETY: the slots of these tests are leaked, and of atomics.
        let stop = unsafe { AtomicI32::from_ptr(stop.cast_mut()) };
        for i in 0..rows {
            if stop.load(SeqCst) != words::STOP_NONE {
                return;
            }
            // SAFETY: `i < rows`.
            let x = unsafe { inputs[0].wrapping_add(i).read() };
            // SAFETY: as above.
            let y = unsafe { inputs[1].wrapping_add(i).read() };
            // SAFETY: as above; nobody else writes these rows.
            unsafe { out.wrapping_add(i).write(self.0 * x + y) };
        }
    }
}

/// `a * x + y` over these columns, in a map that nobody stops.
fn axpy(a: f64, columns: Vec<Column>, out: Span) -> Rows {
    let slot = TestSlot::new(1, 1, 0).slot();
    Rows::new(Columns::new(Box::new(Axpy(a)), columns, slot), out)
}

/// A typed array: its bytes are f64, so that it is aligned for every kind.
struct Array {
    kind: Kind,
    len: usize,
    memory: Vec<f64>,
}

impl Array {
    fn of(kind: Kind, values: &[f64]) -> Self {
        let mut array = Self {
            kind,
            len: values.len(),
            memory: vec![0.0; values.len()],
        };
        // SAFETY: eight bytes for every element.
        unsafe { store(kind, values, array.memory.as_mut_ptr().cast()) };
        array
    }

    fn values(&self) -> Vec<f64> {
        let mut values = vec![0.0; self.len];
        // SAFETY: as above.
        unsafe { load(self.kind, self.memory.as_ptr().cast(), &mut values) };
        values
    }

    fn span(&mut self) -> Span {
        // SAFETY: the tests keep the array until the map is over.
        unsafe { Span::new(self.memory.as_mut_ptr().cast(), self.len, self.kind) }
    }
}

/// Values that are exact in few kinds, so that every conversion shows.
fn values(len: usize, seed: usize) -> Vec<f64> {
    let special = [
        f64::NAN,
        -0.0,
        0.0,
        f64::INFINITY,
        -1.5,
        300.25,
        70_000.0,
        5e-324,
        4_294_967_296.5,
    ];
    let at = |i: usize| special.get((i * 7 + seed) % 20).copied();
    #[allow(clippy::cast_precision_loss)]
    (0..len).map(|i| at(i).unwrap_or((i as f64) * 0.37 - 11.0)).collect()
}

fn bits(values: &[f64]) -> Vec<Option<u64>> {
    values.iter().map(|x| (!x.is_nan()).then(|| x.to_bits())).collect()
}

fn run(rows: &Rows, split: usize) {
    let mut scratch = Scratch::default();
    let length = rows.length();
    for start in (0..length).step_by(split) {
        let (start, end) = (
            i64::try_from(start).unwrap(),
            i64::try_from((start + split).min(length)).unwrap(),
        );
        rows.run(start..end, &mut scratch);
    }
}

#[test]
fn every_kind_in_and_out_agrees_with_the_plain_loop() {
    for (i, &in_kind) in KINDS.iter().enumerate() {
        for (j, &out_kind) in KINDS.iter().enumerate() {
            let len = 1 + 37 * i + 53 * j; // past the rows that are staged together, for some
            let (mut x, mut y) = (
                Array::of(in_kind, &values(len, i)),
                Array::of(Kind::Float64, &values(len, j)),
            );
            let mut out = Array::of(out_kind, &vec![0.0; len]);
            let (xs, ys) = (x.values(), y.values());
            let plain: Vec<f64> = xs.iter().zip(&ys).map(|(x, y)| 2.5 * x + y).collect();
            let expected = Array::of(out_kind, &plain).values();
            let columns = vec![Column::Array(x.span()), Column::Array(y.span())];
            run(&axpy(2.5, columns, out.span()), 600);
            assert_eq!(bits(&out.values()), bits(&expected), "{in_kind:?} to {out_kind:?}");
        }
    }
}

#[test]
fn every_length_agrees_in_place_too() {
    for len in 0..40 {
        for split in [1, 3, 100] {
            let (mut x, mut y) = (
                Array::of(Kind::Float64, &values(len, 1)),
                Array::of(Kind::Float64, &values(len, 2)),
            );
            let plain: Vec<f64> = x.values().iter().zip(y.values()).map(|(x, y)| -0.0 * x + y).collect();
            let out = x.span();
            let rows = axpy(-0.0, vec![Column::Array(out), Column::Array(y.span())], out);
            run(&rows, split);
            assert_eq!(bits(&x.values()), bits(&plain), "{len} rows by {split}");
        }
    }
}

#[test]
fn ranges_and_repeats_take_no_memory() {
    let mut out = Array::of(Kind::Float64, &[0.0; 1500]);
    let columns = vec![Column::Range { start: 0.1, step: 0.7 }, Column::Repeat(-3.0)];
    let rows = axpy(2.0, columns, out.span());
    assert_eq!(rows.length(), 1500);
    run(&rows, 700);
    let expected: Vec<f64> = (0..1500).map(|i| 2.0 * (0.1 + f64::from(i) * 0.7) + -3.0).collect();
    assert_eq!(bits(&out.values()), bits(&expected));
}

#[test]
#[should_panic(expected = "rows 3..5 of 4")]
fn rows_that_are_not_there_are_refused() {
    let (mut x, mut out) = (Array::of(Kind::Float64, &[1.0; 4]), Array::of(Kind::Float64, &[0.0; 9]));
    let columns = vec![Column::Array(x.span()), Column::Repeat(1.0)];
    axpy(1.0, columns, out.span()).run(3..5, &mut Scratch::default());
}

#[test]
fn a_map_that_is_to_stop_writes_nothing_more() {
    for kind in [Kind::Float64, Kind::Int16] {
        let slot = TestSlot::new(1500, 1, 0);
        let mut out = Array::of(kind, &[7.0; 1500]);
        let columns = vec![Column::Range { start: 0.0, step: 1.0 }, Column::Repeat(1.0)];
        let rows = Rows::new(Columns::new(Box::new(Axpy(2.0)), columns, slot.slot()), out.span());
        slot.slot().set_stop(words::STOP_CANCELLED);
        rows.run(0..1500, &mut Scratch::default());
        assert_eq!(out.values(), vec![7.0; 1500], "{kind:?}");
    }
}
