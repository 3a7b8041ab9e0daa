import { show } from '../show.ts'

/** The subjects, the stream and the consumer of a pool. */
export class Names {
  readonly pool: string
  readonly prefix: string
  readonly stream: string
  readonly consumer = 'w'

  constructor(pool: string, prefix: string) {
    this.pool = pool
    this.prefix = prefix
    this.stream = `${prefix.toUpperCase()}_${pool}`
  }

  /** Tasks of all submitters. */
  get tasks(): string {
    return `${this.prefix}.t.${this.pool}.>`
  }

  tasksOf(client: string): string {
    return `${this.prefix}.t.${this.pool}.${client}.>`
  }

  task(client: string, run: string): string {
    return `${this.prefix}.t.${this.pool}.${client}.${run}`
  }

  /** Submitter and run of a task's subject; undefined: it is none. */
  readTask(subject: string): { client: string; run: string } | undefined {
    const [prefix, t, pool, client, run, ...more] = subject.split('.')
    if (prefix !== this.prefix || t !== 't' || pool !== this.pool || more.length > 0) return undefined
    return client === undefined || run === undefined ? undefined : { client, run }
  }

  result(client: string, run: string): string {
    return `${this.prefix}.r.${client}.${run}`
  }

  results(client: string): string {
    return `${this.prefix}.r.${client}.>`
  }

  /** What a submitter tells all hosts. */
  control(client: string): string {
    return `${this.prefix}.k.${this.pool}.${client}`
  }

  beacon(host: string): string {
    return `${this.prefix}.h.${this.pool}.${host}`
  }

  /** Pieces of what `owner` serves. */
  piece(owner: string, hash: string): string {
    return `${this.prefix}.d.${owner}.${hash}`
  }
}

/** Checks what becomes part of a subject. Errors: TypeError, RangeError. */
export function token(value: unknown, name: string): string {
  if (typeof value !== 'string')
    throw new TypeError(`${name} must be a string, got ${show(value)}; use letters, digits, - and _`)
  if (/^[\w-]{1,64}$/.test(value)) return value
  throw new RangeError(`${name} must be 1 to 64 letters, digits, - and _, got ${show(value)}; use another`)
}
