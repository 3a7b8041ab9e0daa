//! Models of what threads do together, tried by loom in every order that it can happen in. `npm test` runs them;
//! `npm run test:models` tries more orders, for longer. What they leave out stands in `src/sync.rs`.
#![cfg(loom)]

mod claims;
mod pool;
mod support;
