import {
  type Executor,
  InlineExecutor,
  type PoolOptions,
  ProcessPoolExecutor,
  ThreadPoolExecutor,
} from '../../../src/index.ts'

export type Kind = 'inline' | 'thread' | 'process'

/** The executors with workers of their own. */
export const POOLS = ['thread', 'process'] as const
export const KINDS: readonly Kind[] = ['inline', ...POOLS]

/** An executor of two workers. */
export function open(kind: Kind, options: PoolOptions = {}): Executor {
  if (kind === 'inline') return new InlineExecutor()
  return kind === 'thread'
    ? new ThreadPoolExecutor({ maxWorkers: 2, ...options })
    : new ProcessPoolExecutor({ maxWorkers: 2, ...options })
}

// What a call prints goes straight to the output: through process.stdout it would wait for the event loops of this thread and the main one.

/** Says that it has begun, and never ends. */
export function loop(): never {
  process.getBuiltinModule('node:fs').writeSync(1, `begun ${process.pid}\n`)
  for (;;);
}

/** Says that it has begun, and waits in vain. */
export function hang(): Promise<never> {
  process.getBuiltinModule('node:fs').writeSync(1, `begun ${process.pid}\n`)
  return new Promise(() => {})
}
