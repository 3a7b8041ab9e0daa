import { LanewiseError } from '../../../errors.ts'
import { FORMS, type Form, HEADER_BYTES, MAGIC, MOST_BYTES, VERSION } from './format.ts'

/** The parts of a binary program, each read from its front to its end, and none beyond it. */
export class Reader {
  readonly #view: DataView
  readonly #constants: readonly number[]
  /** Constants used so far: the next new one must be this. */
  #constantsUsed = 0
  readonly #wordsStart: number
  readonly #wordsEnd: number
  /** The byte where the next word stands. */
  #at: number
  readonly #names: readonly string[]
  #namesTaken = 0

  constructor(bytes: Uint8Array, form: Form) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (bytes.length < HEADER_BYTES) fail(0, `a program has ${HEADER_BYTES} bytes at least, not ${bytes.length}`)
    if (bytes.length > MOST_BYTES) fail(0, `a program has ${MOST_BYTES} bytes at most, not ${bytes.length}`)
    const [magic, version, formWord, constants, words] = [0, 4, 8, 12, 16].map((at) =>
      this.#view.getUint32(at, true),
    ) as Header
    if (magic !== MAGIC) fail(0, `a program begins with LWIR, not 0x${magic.toString(16)}`)
    if (version !== VERSION) fail(4, `this is version ${version}, and read is version ${VERSION}`)
    if (formWord !== FORMS[form]) fail(8, `the form is ${formWord}, and read is ${FORMS[form]}, for ${FOR[form]}`)
    this.#wordsStart = HEADER_BYTES + 8 * constants
    this.#wordsEnd = this.#wordsStart + 4 * words
    if (this.#wordsEnd > bytes.length) fail(12, `${constants} constants and ${words} words are more than the bytes`)
    this.#constants = readConstants(this.#view, constants)
    this.#names = readNames(bytes.subarray(this.#wordsEnd), this.#wordsEnd)
    this.#at = this.#wordsStart
  }

  /** Something is wrong with the word that was read last. */
  fail(what: string): never {
    return fail(Math.max(this.#wordsStart, this.#at - 4), what)
  }

  word(): number {
    if (this.#at === this.#wordsEnd) fail(this.#at, 'the code ends too early')
    const word = this.#view.getUint32(this.#at, true)
    this.#at += 4
    return word
  }

  /** As many as the next word says, each of one word at least. */
  list<T>(what: string, read: () => T): T[] {
    return this.times(this.word(), what, read)
  }

  /** `count` of what takes one word at least; too many of them take no memory. */
  times<T>(count: number, what: string, read: () => T): T[] {
    const left = (this.#wordsEnd - this.#at) / 4
    if (count > left) this.fail(`${count} ${what} are more than the ${left} words left`)
    return Array.from({ length: count }, read)
  }

  constant(index: number): number {
    const x = this.#constants[index]
    if (x === undefined) return this.fail(`constant ${index} is of ${this.#constants.length}`)
    if (index > this.#constantsUsed) this.fail(`constant ${index} is used before constant ${this.#constantsUsed}`)
    if (index === this.#constantsUsed) this.#constantsUsed++
    return x
  }

  /** The name of what was read last. */
  name(): string {
    const name = this.#names[this.#namesTaken]
    if (name === undefined) return this.fail(`there are ${this.#namesTaken} names, and this wants one more`)
    this.#namesTaken++
    return name
  }

  names(count: number): string[] {
    const names: string[] = []
    while (names.length < count) names.push(this.name()) // not an array of that length: it may be any number
    return names
  }

  /** Nothing may be left over. */
  end(): void {
    if (this.#at < this.#wordsEnd) fail(this.#at, `${(this.#wordsEnd - this.#at) / 4} words stand behind the program`)
    const unused = this.#constants.length - this.#constantsUsed
    if (unused > 0) fail(HEADER_BYTES + 8 * this.#constantsUsed, `${unused} constants are not used`)
    const extra = this.#names.length - this.#namesTaken
    if (extra > 0) fail(this.#wordsEnd, `${extra} names are of nothing`)
  }
}

const FOR: Readonly<Record<Form, string>> = { item: 'one item', lanes: 'lanes' }

type Header = [magic: number, version: number, form: number, constants: number, words: number]

function readConstants(view: DataView, count: number): number[] {
  const constants: number[] = []
  const known = new Set<number | string>()
  for (let at = HEADER_BYTES; constants.length < count; at += 8) {
    const x = view.getFloat64(at, true)
    if (Number.isNaN(x) && view.getBigUint64(at, true) !== 0x7ff8000000000000n) fail(at, 'NaN is 0x7ff8000000000000')
    const key = Object.is(x, -0) ? '-0' : x
    if (known.has(key)) fail(at, `the constant ${key} is there twice`)
    known.add(key)
    constants.push(x)
  }
  return constants
}

function readNames(bytes: Uint8Array, at: number): string[] {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).split('\0')
  } catch (error) {
    return fail(at, 'names are UTF-8', { cause: error })
  }
}

function fail(at: number, what: string, options?: ErrorOptions): never {
  throw new LanewiseError(`not a program of lanewise: ${what} (at byte ${at})`, { code: 'ERR_LANEWISE_IR', ...options })
}
