import {
  type Executor,
  InlineExecutor,
  type PoolOptions,
  ProcessPoolExecutor,
  ThreadPoolExecutor,
} from '../../src/index.ts'

/** An executor as the tests that hold for each one see it. */
export interface Kind {
  readonly name: string
  readonly kind: 'inline' | 'thread' | 'process'
  readonly open: (options?: PoolOptions) => Executor
}

const inline: Kind = { name: 'InlineExecutor', kind: 'inline', open: (options) => new InlineExecutor(options) }

/** The executors with workers of their own. */
export const pools: readonly Kind[] = [
  { name: 'ThreadPoolExecutor', kind: 'thread', open: (options) => new ThreadPoolExecutor(options) },
  { name: 'ProcessPoolExecutor', kind: 'process', open: (options) => new ProcessPoolExecutor(options) },
]

/** Every executor. What each of them owes stands in test/contract; a new one is a line here. */
export const executors: readonly Kind[] = [inline, ...pools]
