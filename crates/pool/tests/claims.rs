//! What the threads of a map take down of their chunks.

mod support;

use std::sync::Arc;

use lanewise_pool::job::{Job, Outcome};
use lanewise_pool::pool::Pool;
use lanewise_pool::sync::Instant;
use support::TestSlot;
use support::mail::channel;
use support::maps::{EVER, OWNER, Run};

fn run(rows: i64, chunksize: i64, is_observed: bool) -> (Instant, Arc<Job>) {
    let pool = Pool::new();
    let slot = TestSlot::new(rows, 3, chunksize);
    let (tell, end) = channel();
    let on_end = Box::new(move |outcome: &Outcome| tell.send(outcome.clone()));
    let job = Job::new(OWNER, slot.slot(), Box::new(Run(|_| {})), 3, None, on_end);
    let job = Arc::new(if is_observed { job.observed() } else { job });
    let before = Instant::now();
    pool.submit(Arc::clone(&job)).unwrap();
    assert_eq!(end.recv_timeout(EVER), Some(Outcome::Dry));
    (before, job)
}

#[test]
fn the_claims_of_an_observed_map_hold_each_row_once() {
    for chunksize in [0, 1, 7, 5000] {
        let (before, job) = run(1000, chunksize, true);
        let mut claims = job.take_claims();
        claims.sort_by_key(|claim| claim.start);
        let mut next = 0;
        for claim in &claims {
            assert_eq!((claim.start, claim.done), (next, claim.end - claim.start));
            assert!(claim.seat < 3 && claim.begun >= before && claim.ms >= 0.0);
            assert!(chunksize == 0 || claim.stop_ms.is_infinite());
            next = claim.end;
        }
        assert_eq!(next, 1000);
        assert!(job.take_claims().is_empty());
    }
}

#[test]
fn nobody_takes_down_what_nobody_looks_at() {
    assert!(run(1000, 1, false).1.take_claims().is_empty());
}
