import type { Kind } from './run.ts'
import { hasChunks, type Scenario, type StepTrace, type Told, type Trace } from './scenario.ts'

/** Whose words a trace is in. */
export type Words = "Python's" | "lanewise's"

/** What a message of an argument error speaks of: the word that stands first in it. Both sides say the same rule in their own words. */
const SUBJECTS: readonly [subject: string, words: RegExp][] = [
  ['chunksize', /chunksize|'<' not supported|cannot be interpreted as an integer/],
  ['buffersize', /buffersize/],
  ['maxWorkers', /max_?workers/i],
  ['timeout', /timeout|concatenate/],
  ['inputs', /iterable/],
  ['returnWhen', /return condition/],
]

const SHUT_DOWN = 'cannot schedule new futures after shutdown'

/**
 * Brings a trace into a form in which both sides can be compared, as it has to look on one kind of executor:
 *
 *   ValueError, TypeError of an argument   RangeError, TypeError, and what it speaks of
 *   RuntimeError after shutdown            ShutdownError with the same text
 *   RuntimeError of a future's state       InvalidStateError; texts of those are each side's own
 *   TypeError: cannot pickle               DataCloneError
 *   BrokenThreadPool, BrokenProcessPool    on the kind of the scenario with the same text; elsewhere that kind's own, without
 *   repr                                   as util.inspect shows a future
 *
 * On hosts, callbacks are told of future by future: a call that was sent, and so not cancelled, ends when it does.
 * Tasks at the end are left out where a map was chunked, the order of calls where rows may overtake, and causes under 3.16, whose chunks lose them.
 */
export function comparable(trace: Trace, scenario: Scenario, kind: Kind, words: Words): unknown {
  const reader = new Reader(scenario, kind, words)
  const { tasks, call_order, callbacks, ...final } = trace.final
  const read = {
    steps: trace.steps.map((step) => reader.step(step)),
    final: {
      ...final,
      ...(callbacks !== undefined && { callbacks: kind === 'hosts' ? byFuture(callbacks) : callbacks }),
      ...(!hasChunks(scenario) && { tasks }),
      ...(!isReordered(scenario) && { call_order }),
    },
  }
  return JSON.parse(JSON.stringify(read))
}

class Reader {
  readonly #scenario: Scenario
  readonly #kind: Kind
  readonly #words: Words

  constructor(scenario: Scenario, kind: Kind, words: Words) {
    this.#scenario = scenario
    this.#kind = kind
    this.#words = words
  }

  step(step: StepTrace): StepTrace {
    const isOfArguments = ['new', 'map', 'wait'].includes(step.op)
    const outcome = (got: object): object => {
      if (!('error' in got)) return got
      const error = this.#error(got.error as Told)
      return { ...got, error: isOfArguments ? this.#argumentError(error) : error }
    }
    const read: StepTrace = { ...step, ...outcome(step) }
    if (Array.isArray(step.got)) read.got = step.got.map(outcome)
    if (step.end !== undefined) read.end = outcome(step.end as object)
    if (step.op === 'exception' && step.value) read.value = this.#error(step.value as Told)
    if (step.op === 'repr' && this.#words === "Python's") read.repr = inspectOf(String(step.repr))
    return read
  }

  #error({ type, msg, cause }: Told): Told {
    const kept = cause === undefined || this.#scenario.semantics === '3.16' ? {} : { cause }
    if (type === 'Hangs') return { type }
    if (type === 'RuntimeError' && msg === SHUT_DOWN) return { type: 'ShutdownError', msg, ...kept }
    if (type === 'InvalidStateError' || (type === 'RuntimeError' && msg === 'Future in unexpected state')) {
      return { type: 'InvalidStateError' }
    }
    if (type === 'DataCloneError' || (type === 'TypeError' && msg?.startsWith('cannot pickle'))) {
      return { type: 'DataCloneError', ...kept }
    }
    if (type.startsWith('Broken') && !this.#isAtHome) return { type: 'Broken' }
    return { type, ...(msg !== undefined && { msg }), ...kept }
  }

  #argumentError({ type, msg = '', ...rest }: Told): object {
    const isPython = this.#words === "Python's"
    if (type !== 'TypeError' && type !== (isPython ? 'ValueError' : 'RangeError')) return { type, msg, ...rest }
    if (msg === 'from the input') return { type, msg, ...rest }
    return { type: type === 'ValueError' ? 'RangeError' : type, about: subjectOf(msg) }
  }

  /** Whether the scenario was made for this kind of executor. */
  get #isAtHome(): boolean {
    return this.#kind === (this.#scenario.executor === 'thread' ? 'threads' : 'processes')
  }
}

/** Callbacks, those of each future in their order. */
function byFuture(callbacks: NonNullable<Trace['final']['callbacks']>): NonNullable<Trace['final']['callbacks']> {
  return callbacks.toSorted(([, one], [, other]) => String(one).localeCompare(String(other)))
}

/** Rows that a buffered map reads later belong to its place in the line of work, in front of what was called after it; upstream puts them at the end. */
function isReordered({ steps }: Scenario): boolean {
  const isBuffered = steps.some((step) => step.op === 'map' && typeof step.buffersize === 'number')
  return isBuffered && steps.filter(({ op }) => op === 'map' || op === 'submit').length > 1
}

function subjectOf(message: string): string | undefined {
  const found = SUBJECTS.map(([subject, words]) => ({ subject, at: message.search(words) })).filter(({ at }) => at >= 0)
  return found.sort((a, b) => a.at - b.at)[0]?.subject
}

const TYPES: { readonly [python: string]: string } = {
  NoneType: 'null',
  int: 'number',
  float: 'number',
  str: 'string',
  bool: 'boolean',
  list: 'Array',
  dict: 'Object',
}

/** How a future with this repr looks under `util.inspect`. */
function inspectOf(repr: string): string {
  const [, state = '', how, type = ''] = /state=(\w+)(?: (returned|raised) (\w+))?/.exec(repr) ?? []
  if (how === undefined) return `Future { <${state}> }`
  return how === 'raised' ? `Future { <failed> ${type} }` : `Future { <done> ${TYPES[type] ?? type} }`
}
