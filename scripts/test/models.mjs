/**
 * How the models of crates/pool/tests/loom are run: the same crate, made of loom's atomics and locks.
 *
 * A target folder of its own, since everything would be built anew whenever the flags change.
 */
export const MODELS = {
  args: ['test', '--locked', '--package', 'lanewise-pool', '--profile', 'models', '--test', 'loom'],
  env: { RUSTFLAGS: `${process.env.RUSTFLAGS ?? ''} --cfg loom`.trim(), CARGO_TARGET_DIR: 'target/models' },
}
