//! The maps of one environment: a thread of JavaScript with its values.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use lanewise_pool::chunk_loop::Scratch;
use lanewise_pool::claims::Claim;
use lanewise_pool::control::{Slot, rows_as_f64, words};
use lanewise_pool::job::{Job, Outcome};
use napi::bindgen_prelude::{Float64Array, Function, Unknown};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Status};
use napi_derive::napi;

use crate::code::MachineCode;
use crate::map::{Description, body_of};
use crate::refusal::{Refusal, Result, invalid};
use crate::view::{Reference, span_of};
use crate::{lock, pool};

/// Weak: it does not keep the process alive. JavaScript does that itself while a map is in flight.
type OnSettled = ThreadsafeFunction<(), (), (), Status, false, true, 0>;

/// What pool threads may touch of an environment.
struct Mail {
    /// Maps that have ended and of which JavaScript does not know yet: id and status.
    settled: Mutex<Vec<(u32, i32)>>,
    /// Closed when the environment ends: a call after that would abort the process (Node up to 22).
    gate: Mutex<Option<OnSettled>>,
}

impl Mail {
    /// Called by a pool thread. JavaScript is woken once for all that settles until it looks.
    fn post(&self, id: u32, status: i32) {
        let mut settled = lock(&self.settled);
        settled.push((id, status));
        let is_first = settled.len() == 1;
        drop(settled);
        if is_first && let Some(on_settled) = lock(&self.gate).as_ref() {
            on_settled.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }
}

/// Statuses beyond those of the stop word.
const DRY: i32 = words::STOP_NONE;
const PANICKED: i32 = -1;
const NOT_ENDED: i32 = -2;

fn status_of(outcome: &Outcome) -> i32 {
    match outcome {
        Outcome::Dry => DRY,
        Outcome::Stopped(why) => *why,
        Outcome::Panicked(_) => PANICKED,
    }
}

/// A map in flight, as the thread of JavaScript keeps it.
struct Flight {
    job: Arc<Job>,
    references: Vec<Reference>,
    /// When it was submitted, on this side's clock and on that of JavaScript, where somebody looks on.
    submitted: Option<(Instant, f64)>,
}

#[napi]
pub struct Session {
    owner: u64,
    control: NonNull<u8>,
    mail: Arc<Mail>,
    flights: RefCell<HashMap<u32, Flight>>,
    scratch: RefCell<Scratch>,
}

#[napi]
impl Session {
    /// `on_settled` is called when maps have ended that `take_settled` has not given yet. `control` is the whole control
    /// block, shared and of a fixed size.
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, on_settled: Function<(), ()>, control: Unknown) -> Result<Self> {
        static OWNERS: AtomicU64 = AtomicU64::new(0);
        let owner = OWNERS.fetch_add(1, Relaxed);
        let span = span_of(env, &control)?;
        if span.byte_length() < words::SLOTS * words::SLOT_BYTES {
            return invalid("the control block is too short");
        }
        let Some(base) = NonNull::new(span.data()) else {
            return invalid("the control block is detached");
        };
        // Never deleted: the block serves this environment to its end.
        let _kept = Reference::new(env, &control)?;
        let on_settled = on_settled
            .build_threadsafe_function::<()>()
            .weak::<true>()
            .build()
            .map_err(|error| napi::Error::new(Refusal::NodeApi, error.reason.clone()))?;
        let mail = Arc::new(Mail {
            settled: Mutex::default(),
            gate: Mutex::new(Some(on_settled)),
        });
        let at_end = Arc::clone(&mail);
        env.add_env_cleanup_hook((), move |()| {
            drop(lock(&at_end.gate).take());
            pool().abandon(owner, Duration::from_secs(5), || {
                eprintln!("lanewise: a kernel does not stop; the thread that ends waits for it");
            });
        })
        .map_err(|error| napi::Error::new(Refusal::NodeApi, error.reason.clone()))?;
        Ok(Self {
            owner,
            control: base,
            mail,
            flights: RefCell::default(),
            scratch: RefCell::default(),
        })
    }

    /// Has a map run; returns at once. `description`: a `Float64Array` of what `Description` names. `views` are the typed
    /// arrays of its inputs, in order, then its output, then what the kernel captured, as arrays of doubles.
    #[napi(catch_unwind)]
    #[allow(clippy::needless_pass_by_value)] // made of JavaScript values for this call
    pub fn submit(&self, env: Env, description: Unknown, code: &MachineCode, views: Vec<Unknown>) -> Result<()> {
        let map = Description::read(env, &description, &code.kernel)?;
        let slot = self.slot(map.slot)?;
        let (id, threads, caller_takes_part) = (map.id, map.threads, map.caller_takes_part);
        let late = deadline(map.deadline_ms);
        let submitted = map.clock_ms.map(|ms| (Instant::now(), ms));
        let body = body_of(env, map, &code.kernel, &views, slot)?;
        let mail = Arc::clone(&self.mail);
        let on_end = Box::new(move |outcome: &Outcome| mail.post(id, status_of(outcome)));
        let job = Job::new(self.owner, slot, body, threads, late, on_end);
        let job = Arc::new(if submitted.is_some() { job.observed() } else { job });
        let references = keep(env, &views)?;
        if caller_takes_part {
            pool().submit_for_caller(Arc::clone(&job));
        } else if let Err(error) = pool().submit(Arc::clone(&job)) {
            let_go(env, references);
            return Err(napi::Error::new(
                Refusal::NoThreads,
                format!("no thread could be started: {error}"),
            ));
        }
        self.flights.borrow_mut().insert(
            id,
            Flight {
                job,
                references,
                submitted,
            },
        );
        Ok(())
    }

    /// Waits up to `limit_ms` for a map to end, working in it meanwhile if told to: its status, or -2 if it has not ended.
    #[napi(catch_unwind)]
    pub fn wait(&self, id: u32, limit_ms: f64, take_part: bool) -> Result<i32> {
        let Some(job) = self.flights.borrow().get(&id).map(|flight| Arc::clone(&flight.job)) else {
            return invalid(format!("map {id} is not in flight"));
        };
        let limit = Duration::try_from_secs_f64(limit_ms / 1000.0).unwrap_or(Duration::ZERO);
        pool().wait(&job, limit, take_part, &mut self.scratch.borrow_mut());
        Ok(job.outcome().map_or(NOT_ENDED, status_of))
    }

    /// The maps that have ended since the last time: id, status, id, status, …
    #[napi(catch_unwind)]
    pub fn take_settled(&self) -> Vec<i32> {
        let settled = std::mem::take(&mut *lock(&self.mail.settled));
        settled
            .into_iter()
            .flat_map(|(id, status)| [id.cast_signed(), status])
            .collect()
    }

    /// What the threads of a map claimed that have left it, if it was submitted with a clock: seat, start, end, rows done,
    /// when it began by that clock, ms, and the ms after which its rest was to be given back; for each chunk.
    #[napi(catch_unwind)]
    pub fn take_claims(&self, id: u32) -> Float64Array {
        let flights = self.flights.borrow();
        let numbers = flights.get(&id).map_or_else(Vec::new, |flight| {
            let (at, clock_ms) = flight.submitted.unwrap_or((Instant::now(), 0.0));
            let began = |claim: &Claim| clock_ms + claim.begun.saturating_duration_since(at).as_secs_f64() * 1000.0;
            let rows = |claim: &Claim| [claim.start, claim.end, claim.done].map(rows_as_f64);
            let seat = |claim: &Claim| u32::try_from(claim.seat).map_or(0.0, f64::from);
            flight
                .job
                .take_claims()
                .iter()
                .flat_map(|claim| {
                    let [start, end, done] = rows(claim);
                    [seat(claim), start, end, done, began(claim), claim.ms, claim.stop_ms]
                })
                .collect()
        });
        Float64Array::new(numbers)
    }

    /// Lets go of the arrays of a map that has ended. Gives the text of its panic, if it ended by one.
    #[napi(catch_unwind)]
    pub fn release(&self, env: Env, id: u32) -> Option<String> {
        let flight = self.flights.borrow_mut().remove(&id)?;
        flight
            .references
            .into_iter()
            .for_each(|reference| reference.delete(env));
        match flight.job.outcome() {
            Some(Outcome::Panicked(text)) => Some(text.clone()),
            _ => None,
        }
    }

    fn slot(&self, number: u32) -> Result<Slot> {
        match usize::try_from(number) {
            Ok(number) if number < words::SLOTS => {
                // SAFETY: inside the control block, whose length `new` has checked.
                let base = unsafe { self.control.add(number * words::SLOT_BYTES) };
                // SAFETY: the block is shared memory of a fixed size that `new` keeps alive; everyone accesses it
                // atomically. Slots are a multiple of 64 bytes.
                Ok(unsafe { Slot::new(base) })
            }
            _ => invalid(format!("there is no slot {number}")),
        }
    }
}

/// References to all views, or to none.
fn keep(env: Env, views: &[Unknown]) -> Result<Vec<Reference>> {
    let mut references = Vec::with_capacity(views.len());
    for view in views {
        match Reference::new(env, view) {
            Ok(reference) => references.push(reference),
            Err(error) => {
                let_go(env, references);
                return Err(error);
            }
        }
    }
    Ok(references)
}

fn let_go(env: Env, references: Vec<Reference>) {
    for reference in references {
        reference.delete(env);
    }
}

/// `None` for Infinity, and for what is too far off to be a time.
fn deadline(ms: f64) -> Option<Instant> {
    let from_now = Duration::try_from_secs_f64(ms.max(0.0) / 1000.0).ok()?;
    Instant::now().checked_add(from_now)
}
