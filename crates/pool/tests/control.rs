//! Claims of a slot: whatever workers do, in whatever order, each row is held once.

mod support;

use std::cell::RefCell;
use std::ops::Range;
use std::sync::atomic::Ordering::SeqCst;

use lanewise_pool::control::{Slot, words};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use support::TestSlot;

/// What a worker does next.
#[derive(Debug, Clone)]
enum Step {
    /// Claims up to so many rows, if it has no chunk.
    Claim(i64),
    /// Finishes up to so many rows of its chunk.
    Finish(i64),
    /// Returns the rest of its chunk.
    GiveBack,
    /// The caller has more rows (only where `end` moves).
    Extend(i64),
}

fn steps() -> impl Strategy<Value = Vec<(usize, Step)>> {
    let step = prop_oneof![
        (1..40_i64).prop_map(Step::Claim),
        (1..40_i64).prop_map(Step::Finish),
        Just(Step::GiveBack),
        (1..30_i64).prop_map(Step::Extend),
    ];
    prop::collection::vec((0..3_usize, step), 1..200)
}

/// What some plays come to, and all plays together must.
#[derive(Default, Debug, PartialEq)]
struct Meets {
    /// The third range was returned, and none taken over.
    deep_stack: bool,
    /// A worker kept its rest.
    full_stack: bool,
    /// Rows came when all had been claimed.
    late_end: bool,
}

/// Runs steps of three workers on a slot and gives all rows that were finished, in the order in which they were.
fn play(slot: &TestSlot, steps: &[(usize, Step)], moving: bool, meets: &mut Meets) -> Vec<i64> {
    let view = slot.slot();
    let mut held: [Option<Range<i64>>; 3] = [None, None, None];
    let mut finished = Vec::new();
    for (seat, step) in steps {
        let chunk = &mut held[*seat];
        match step {
            Step::Claim(most) if chunk.is_none() => *chunk = view.claim(*seat, *most),
            Step::Finish(most) => finish(view, *seat, chunk, *most, &mut finished),
            Step::GiveBack => {
                let stack = slot.int(words::SLOT_RETURNED).load(SeqCst);
                if let Some(rows) = chunk {
                    let has_room = view.give_back(*seat, rows);
                    assert_eq!(has_room, stack < 3, "a stack of {stack}, one a worker");
                    meets.full_stack |= !has_room;
                    meets.deep_stack |= has_room && stack == 2;
                    if has_room {
                        *chunk = None;
                    }
                }
            }
            Step::Extend(more) if moving => {
                meets.late_end |= slot.wide(words::SLOT_NEXT).load(SeqCst) == slot.wide(words::SLOT_END).load(SeqCst);
                slot.wide(words::SLOT_END).fetch_add(*more, SeqCst);
            }
            _ => {}
        }
        let ready = slot.ready();
        let done_before = finished.iter().filter(|&&row| row < ready).count();
        assert_eq!(
            i64::try_from(done_before).unwrap(),
            ready,
            "all rows before {ready} are finished"
        );
    }
    for (seat, chunk) in held.iter_mut().enumerate() {
        finish(view, seat, chunk, i64::MAX, &mut finished);
        while let Some(rows) = view.claim(seat, 7) {
            *chunk = Some(rows);
            finish(view, seat, chunk, i64::MAX, &mut finished);
        }
    }
    finished
}

/// Finishes up to `most` rows of a chunk.
fn finish(view: Slot, seat: usize, chunk: &mut Option<Range<i64>>, most: i64, finished: &mut Vec<i64>) {
    let Some(rows) = chunk else { return };
    let to = rows.end.min(rows.start.saturating_add(most));
    finished.extend(rows.start..to);
    view.publish(seat, to - rows.start);
    rows.start = to;
    if rows.is_empty() {
        *chunk = None;
    }
}

#[test]
fn each_row_is_finished_once_and_the_ready_prefix_never_runs_ahead() {
    let meets = RefCell::new(Meets::default());
    let plays = (0..300_i64, any::<bool>(), steps());
    let held = TestRunner::default().run(&plays, |(rows, moving, steps)| {
        let slot = TestSlot::new(rows, 3, 0);
        slot.int(words::SLOT_MOVING).store(i32::from(moving), SeqCst);
        let mut finished = play(&slot, &steps, moving, &mut meets.borrow_mut());
        finished.sort_unstable();
        let end = slot.wide(words::SLOT_END).load(SeqCst);
        prop_assert_eq!(finished, (0..end).collect::<Vec<_>>());
        prop_assert_eq!(slot.done(), end);
        prop_assert_eq!(slot.ready(), end);
        Ok(())
    });
    held.unwrap_or_else(|why| panic!("{why}"));
    let all = Meets {
        deep_stack: true,
        full_stack: true,
        late_end: true,
    };
    assert_eq!(meets.into_inner(), all);
}

#[test]
fn nothing_is_claimed_of_a_map_that_stops() {
    let slot = TestSlot::new(10, 2, 0);
    assert_eq!(slot.slot().claim(0, 4), Some(0..4));
    slot.slot().set_stop(words::STOP_CANCELLED);
    assert_eq!(slot.slot().claim(1, 4), None);
    // What was claimed stays held, so the ready prefix does not pass it.
    assert_eq!(slot.ready(), 0);
}

#[test]
fn the_first_reason_to_stop_stays() {
    let slot = TestSlot::new(10, 2, 0);
    slot.slot().set_stop(words::STOP_DEADLINE);
    slot.slot().set_stop(words::STOP_CANCELLED);
    assert_eq!(slot.slot().stop(), words::STOP_DEADLINE);
}

#[test]
fn a_full_stack_of_returned_ranges_takes_no_more() {
    let slot = TestSlot::new(30, 2, 0);
    let view = slot.slot();
    let (first, second) = (view.claim(0, 10).unwrap(), view.claim(1, 10).unwrap());
    assert!(view.give_back(0, &first) && view.give_back(1, &second));
    // Returned ranges go first, the youngest one, a part of it if less is wanted.
    assert_eq!(view.claim(0, 4), Some(10..14));
    assert!(
        !view.give_back(0, &(10..14)),
        "there are two ranges, as many as workers"
    );
    assert_eq!(view.claim(1, 100), Some(14..20));
    assert_eq!(slot.int(words::SLOT_RETURNED).load(SeqCst), 1);
}
