// The ways in which a call dies. A file of its own, since workers import it.

/** @type {Record<string, (i: number) => unknown>} */
const ways = {
  'throws an error with own fields': (i) => {
    throw Object.assign(new RangeError(`no ${i}`), { code: 'E_OWN', detail: { item: i } })
  },
  'throws undefined': () => {
    throw undefined
  },
  'throws an AggregateError': (i) => {
    throw new AggregateError([new TypeError(`first ${i}`), new Error('second')], 'both')
  },
  'rejects later': async (i) => {
    await new Promise((resolve) => setImmediate(resolve))
    throw new RangeError(`late ${i}`)
  },
  'returns a function': () => () => 0,
  'returns a getter that throws': () => ({
    get value() {
      throw new RangeError('from the getter')
    },
  }),
  'ends its worker': () => process.exit(3),
  'aborts its process': () => process.abort(),
  'loops for ever': () => {
    for (;;);
  },
  'never settles': () => new Promise(() => {}),
  'overflows the stack': overflow,
  'runs out of memory': () => {
    // By small steps: from Node 24 on a built-in that allocates much at once ends the whole process now and then, not the thread alone.
    const all = []
    for (;;) all.push(Array.from({ length: 1000 }, (_, at) => ({ at })))
  },
  'kills its process': () => {
    process.kill(process.pid, 'SIGKILL')
    for (;;);
  },
}

/**
 * @param {number} i
 * @returns {number}
 */
function overflow(i) {
  return overflow(i + 1) + 1
}

/**
 * Dies in the way named `how` if `i` is `at`, else returns `i`.
 *
 * @param {string} how
 * @param {number} at
 * @param {number} i
 */
export function dieAt(how, at, i) {
  return i === at ? ways[how]?.(i) : i
}

/** @param {number} i */
export function double(i) {
  return 2 * i
}
