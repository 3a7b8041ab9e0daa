import {
  type Executor,
  InlineExecutor,
  type PoolOptions,
  ProcessPoolExecutor,
  ThreadPoolExecutor,
} from '../../src/index.ts'

/**
 * What a test may need that some executors have not:
 *
 *   blocking      resultSync and mapSync
 *   recall        a call that was sent to a worker, and has not begun there, can be taken back
 *   initializer   a worker runs one before its first call
 *   preparation   one whose initializer is not over holds up no call
 *   earshot       a worker hears that it is to stop before what its caller does next
 *   letting be    a call that nobody waits for any more goes on to its end, and holds its worker
 */
export type Ability = 'blocking' | 'recall' | 'initializer' | 'preparation' | 'earshot' | 'letting be'

/** An executor as the tests that hold for each one see it. */
export interface Kind {
  readonly name: string
  readonly kind: 'inline' | 'thread' | 'process'
  readonly open: (options?: PoolOptions) => Executor
  /** How many calls it sends, on so many workers, beside those that run; they count as running. */
  readonly ahead: (workers: number) => number
  /** What it cannot do, each with the reason. */
  readonly cannot: Readonly<Partial<Record<Ability, string>>>
}

const none = (): number => 0

const inline: Kind = {
  name: 'InlineExecutor',
  kind: 'inline',
  open: (options) => new InlineExecutor(options),
  ahead: none,
  cannot: {},
}

/** The executors with workers of their own. */
export const pools: readonly Kind[] = [
  {
    name: 'ThreadPoolExecutor',
    kind: 'thread',
    open: (options) => new ThreadPoolExecutor(options),
    ahead: none, // what it sends, it can take back
    cannot: {},
  },
  {
    name: 'ProcessPoolExecutor',
    kind: 'process',
    open: (options) => new ProcessPoolExecutor(options),
    ahead: none,
    cannot: {
      blocking: 'its pipes need the event loop',
      recall: 'a call that was sent counts as running',
      preparation: 'a call goes to a process when that starts',
    },
  },
]

/** Every executor. What each of them owes stands in test/contract; a new one is a line here. */
export const executors: readonly Kind[] = [inline, ...pools]

/** Submits the calls that are sent beside those which run on so many workers: what comes behind them waits. */
export function fillAhead({ ahead }: Pick<Kind, 'ahead'>, pool: Executor, workers: number): void {
  for (let i = 0; i < ahead(workers); i++) pool.submit((x: number) => x, i)
}

/** Tells the executors that have an ability from those that have not. */
export function can(ability: Ability): (kind: Kind) => boolean {
  return ({ cannot }) => cannot[ability] === undefined
}
