import { describe, expect, it } from 'vitest'
import { Builder } from '../../src/kernel/ir/build.ts'
import { interpret } from '../../src/kernel/ir/interpret.ts'
import type { Program, Statement, Value, Variable } from '../../src/kernel/ir/ir.ts'
import { MOST_DEPTH } from '../../src/kernel/print/binary/format.ts'
import { decode, encode, encodeLanes } from '../../src/kernel/print/binary.ts'
import { printText } from '../../src/kernel/print/text.ts'
import { fuzz } from './support/fuzz-binary.ts'
import { insertWords, put, splice, word } from './support/mutate.ts'
import { COMPUTED, everything, nested, programsOf } from './support/programs.ts'
import { drawsFrom } from './support/random-number.ts'
import { randomCase, randomProgram } from './support/random-program.ts'

const programs = [everything(), nested(40), ...COMPUTED.flatMap(programsOf)]

describe('the binary form', () => {
  it.each(programs.map((program) => [program.name, program]))('gives %s back as it was', (_name, program) => {
    const bytes = encode(program)
    const decoded = decode(bytes)
    expect(printText(decoded)).toBe(printText(program))
    expect(encode(decoded)).toEqual(bytes)
  })

  it('gives random programs back as they were', () => {
    for (let seed = 0; seed < 1_000; seed++) {
      const program = randomProgram(drawsFrom(seed))
      const bytes = encode(program)
      const decoded = decode(bytes)
      expect(printText(decoded), `seed ${seed}`).toBe(printText(program))
      expect(hex(encode(decoded)), `seed ${seed}`).toBe(hex(bytes))
    }
  })

  it('reads bytes wherever they lie in a buffer', () => {
    const bytes = encode(everything())
    const apart = new Uint8Array(bytes.length + 3)
    apart.set(bytes, 3)
    expect(printText(decode(apart.subarray(3)))).toBe(printText(everything()))
  })

  it('keeps every constant bit for bit', () => {
    for (const x of [-0, Number.NaN, Infinity, -Infinity, 5e-324, Number.MAX_VALUE, 2 ** 53 + 2, -1.5]) {
      const [statement] = decode(encode(setTo((b) => b.const(x)))).body
      expect(statement).toMatchObject({ value: { op: 'const', imm: x } })
    }
    for (const x of [-(2 ** 31), 2 ** 31 - 1, 0, -1]) {
      const sum = (b: Builder): Value => b.op('i32ToF64', [b.constI32(x)])
      const [statement] = decode(encode(setTo(sum))).body
      expect(statement).toMatchObject({ value: { args: [{ op: 'constI32', imm: x }] } })
    }
  })

  it('takes bodies as deep as it says, and refuses deeper ones on both sides', () => {
    const bytes = encode(nested(MOST_DEPTH))
    expect(printText(decode(bytes))).toBe(printText(nested(MOST_DEPTH)))
    const deeper = `nested nests deeper than ${MOST_DEPTH} bodies; move inner ones to helpers`
    expect(() => encode(nested(MOST_DEPTH + 1))).toThrow(new RangeError(deeper))
    const ifs = Array.from({ length: MOST_DEPTH }, () => [2, 8 + 3]).flat() // if true, if true …
    expect(() => decode(insertWords(encode(addOne()), BODY, ifs))).toThrow(`bodies nest deeper than ${MOST_DEPTH}`)
  })

  it('refuses a program that is too large, naming it', () => {
    const uniforms = ['u'.repeat(2 ** 24)]
    expect(() => encode({ ...addOne(), uniforms })).toThrow(
      new RangeError('f is too large: 16777310 bytes of 16777216; make two kernels of it'),
    )
  })

  it('is not made of what is no program', () => {
    const b = new Builder()
    const inner = b.body(() => b.op('neg', [b.const(1)]))
    const { value } = inner[0] as Extract<Statement, { kind: 'let' }>
    const program = addOne()
    const truth = b.constMask(true)
    const refused: [body: Statement[], message: string][] = [
      [[...inner, ...inner], 'a value has one let'],
      [
        [
          { kind: 'if', condition: truth, yes: inner, no: [] },
          { kind: 'set', variable: program.result, value },
        ],
        'in scope',
      ],
      [[{ kind: 'let', value: truth }], 'constMask has no let'],
      [[{ kind: 'leave', label: { name: 'l' } }], 'l is around its leave'],
      [[{ kind: 'call', subroutine: everything().subroutines[0]!, args: [], results: [] }], 'is a subroutine of'],
      [b.body(() => b.op('bit', [b.const(3), b.const(2)])), 'bit takes the constant 0 or 1'],
      [b.body(() => b.loop('l', () => {}, -1)), 'a loop has -1 rounds'],
    ]
    for (const [body, message] of refused) expect(() => encode({ ...program, body }), message).toThrow(message)
    expect(() => encode({ ...program, name: 'a\0b' })).toThrow('is a name')
    expect(() => encode({ ...program, name: '\ud800' })).toThrow('is a name')
  })
})

describe('decode', () => {
  // addOne has a header, one constant at 20, and the words from 28 on: seven of its head, then its body at 56.
  it.each<[rule: string, bytes: (bytes: Uint8Array) => Uint8Array, message: string]>([
    ['a header', () => new Uint8Array(15), 'a program has 20 bytes at least, not 15 (at byte 0)'],
    ['no more bytes than 16 MiB', () => new Uint8Array(2 ** 24 + 1), 'at most, not 16777217 (at byte 0)'],
    ['its first letters', put(0, 1), 'a program begins with LWIR, not 0x1 (at byte 0)'],
    ['its own version', put(4, 1), 'this is version 1, and read is version 2 (at byte 4)'],
    ['the form that is asked for', put(8, 1), 'the form is 1, and read is 0, for one item (at byte 8)'],
    [
      'constants that are there',
      put(12, 2 ** 32 - 1),
      '4294967295 constants and 15 words are more than the bytes (at byte 12)',
    ],
    ['words that are there', put(16, 17), '1 constants and 17 words are more than the bytes (at byte 12)'],
    ['words up to the end of the program', put(16, 13), 'the code ends too early (at byte 80)'],
    [
      'no words behind the program',
      (bytes) => insertWords(bytes, 88, [0]),
      '1 words stand behind the program (at byte 88)',
    ],
    ['one NaN', put(24, 0x7ff80001), 'NaN is 0x7ff8000000000000 (at byte 20)'],
    ['constants that are used', put(64, 4), '1 constants are not used (at byte 20)'],
    ['a use of a constant that is there', put(64, 1 + 8), 'constant 1 is of 1 (at byte 64)'],
    [
      'as many inputs as words',
      put(28, 2 ** 32 - 1),
      '4294967295 defaults are more than the 14 words left (at byte 28)',
    ],
    ['names for all', put(36, 2 ** 32 - 1), 'there are 3 names, and this wants one more (at byte 36)'],
    [
      'names of something',
      (bytes) => splice(bytes, 93, 0, Buffer.from([0, 65])),
      '1 names are of nothing (at byte 88)',
    ],
    ['names of UTF-8', (bytes) => splice(bytes, 88, 1, Buffer.from([255])), 'names are UTF-8 (at byte 88)'],
    ['a type', put(52, 3), '3 is no type (at byte 52)'],
    ['a variable of its type', put(52, 1), 'variable r is i32, not f64 (at byte 76)'],
    ['a result that is f64', (bytes) => put(76, 2)(put(52, 1)(bytes)), 'the result is f64, not i32 (at byte 84)'],
    [
      'variables that are used',
      (bytes) => splice(insertWords(put(48, 2)(bytes), 52, [0]), 97, 0, Buffer.from([0, 65])),
      'variable 1 of 2 is not used',
    ],
    ['a statement', put(56, 7), '7 begins no statement (at byte 56)'],
    ['a leaf without a let', put(56, 0x1f), '31 begins no statement (at byte 56)'],
    ['an operand', put(60, 7), '7 is no operand (at byte 60)'],
    ['an input that is there', put(60, 4 + 8), 'input 1 is of 1 (at byte 60)'],
    ['a uniform that is there', put(60, 5), 'uniform 0 is of 0 (at byte 60)'],
    ['a table that is there', put(60, 6), 'table 0 is of 0 (at byte 60)'],
    ['a truth value', put(60, 3 + 16), 'truth value 2 is of 2 (at byte 60)'],
    ['arguments of its types', put(60, 3), 'argument 0 of add is f64, not mask (at byte 60)'],
    ['a value that was let before', put(60, 0), 'value 0 is not one of the 0 in scope (at byte 60)'],
    ['a variable that is there', put(72, 1), 'variable 1 is used before variable 0 (at byte 72)'],
    ['a label that is around', (bytes) => insertWords(bytes, BODY, [5, 0]), 'leave 0 is inside 0 labels (at byte 60)'],
    ['a subroutine that is there', (bytes) => insertWords(bytes, BODY, [6, 0]), 'call 0 is of 0 subroutines'],
    ['a condition that is a mask', (bytes) => insertWords(bytes, BODY, [2, 4, 0, 0]), 'a condition is mask, not f64'],
    [
      'select of one type',
      (bytes) => insertWords(bytes, BODY, [0x12, 3, 4, 3]),
      'argument 2 of select is f64, not mask',
    ],
    ['exponent at 1 or √½', (bytes) => insertWords(bytes, BODY, [0x42, 5, 4]), 'exponent splits at'],
    ['gather of a table', (bytes) => insertWords(bytes, BODY, [0x11, 0, 4]), 'table 0 is of 0'],
    ['bit 0 or 1', (bytes) => insertWords(bytes, BODY, [0x45, 4, 4]), 'bit takes the constant 0 or 1'],
    [
      'remPow2 by 2^k',
      (bytes) => insertWords(put(24, 0x3ff80000)(bytes), BODY, [0x30, 4, 1]),
      'remPow2 takes a constant 2^k',
    ],
    [
      'rounds that are a number',
      (bytes) => insertWords(put(24, 0x3ff80000)(bytes), BODY, [4, 1]),
      '1.5 is no number of rounds',
    ],
    [
      'an integer of 32 bits',
      (bytes) => insertWords(put(24, 0x41e00000)(bytes), BODY, [0x91, 2]),
      '2147483648 is no i32',
    ],
  ])('wants %s', (_rule, change, message) => {
    expect(() => decode(change(encode(addOne())))).toThrow(
      expect.objectContaining({ code: 'ERR_LANEWISE_IR', message: expect.stringContaining(message) }),
    )
  })

  it('lets no value out of its body', () => {
    // if true { let neg(x) } {}, then the program's own let is value 0, and value 1 is none.
    const inner = insertWords(encode(addOne()), BODY, [2, 3 + 8, 0x24, 4, 0, 0])
    expect(decode(inner).body.map(({ kind }) => kind)).toEqual(['if', 'let', 'set'])
    const outer = insertWords(encode(addOne()), BODY, [2, 3 + 8, 0x24, 4, 0, 0, 0x24, 0 << 3])
    expect(() => decode(outer)).toThrow('value 0 is not one of the 0 in scope (at byte 84)')
  })

  it('refuses constants and variables out of order, or there twice', () => {
    const sum = (b: Builder): Value => b.op('add', [b.const(1), b.const(2)])
    const bytes = encode(setTo(sum))
    const [one, two] = [bytes.slice(20, 28), bytes.slice(28, 36)]
    expect(() => decode(splice(bytes, 28, 8, one))).toThrow('the constant 1 is there twice (at byte 28)')
    const swapped = splice(splice(bytes, 20, 8, two), 28, 8, one)
    expect(() => decode(put(64, 8 + 1)(put(68, 1)(swapped)))).toThrow('constant 1 is used before constant 0')
  })

  it('refuses results of a call in one variable', () => {
    const b = new Builder()
    const [one, other] = [f64('one'), f64('other')]
    const subroutine = { name: 'two', inputs: [], body: [], results: [f64('a'), f64('b')] }
    const body = b.body(() => {
      for (const variable of [one, other]) b.set(variable, b.const(0))
      b.call(subroutine, [], [one, other])
    })
    const bytes = encode({ ...addOne(), body, result: one, subroutines: [subroutine] })
    const end = 20 + 8 * word(bytes, 12) + 4 * word(bytes, 16)
    expect(word(bytes, end - 12)).toBe(1) // other; behind it the end of the body, and the result
    expect(() => decode(put(end - 12, 0)(bytes))).toThrow('results of two share a variable')
  })

  // One in seventeen is a program still: far fewer, and the mutations would be too wild to reach what lies deep.
  it.each(['item', 'lanes'] as const)(
    'gives every mutated string of bytes an error, or a program that is whole, in the form for %s',
    (form) => {
      expect(fuzz(0, 20_000, form)).toBeGreaterThan(800)
    },
  )
})

describe('the form for lanes', () => {
  it.each(programs.map((program) => [program.name, program]))('of %s is a program', (_name, program) => {
    const bytes = encodeLanes(program)
    expect(hex(encode(decode(bytes, 'lanes'), 'lanes'))).toBe(hex(bytes))
  })

  it('of random programs is one', () => {
    for (let seed = 0; seed < 1_000; seed++) {
      const bytes = encodeLanes(randomProgram(drawsFrom(seed)))
      expect(hex(encode(decode(bytes, 'lanes'), 'lanes')), `seed ${seed}`).toBe(hex(bytes))
    }
  })

  // Lanes that part, calls and `rem` mean the same in it to a single lane, which asks wherever it is.
  it('means to one lane what the program does', () => {
    for (let seed = 0; seed < 500; seed++) {
      const { program, uniforms, tables, rows } = randomCase(drawsFrom(seed), 4)
      const lanes = decode(encodeLanes(program), 'lanes')
      const results = (form: Program) => rows.map((row) => interpret(form, row, uniforms, tables))
      expect(results(lanes), `seed ${seed}`).toEqual(results(program))
    }
  })

  it('holds the subroutines that are called, `rem` among them, and each asks for a mask', () => {
    const b = new Builder()
    const quotient = f64('quotient')
    const subroutine = { ...everything().subroutines[0]!, inputs: ['f64', 'i32', 'mask'] as const }
    const unused = { name: 'unused', inputs: [], body: [], results: [] }
    const body = b.body(() => {
      b.call(subroutine, [b.const(1), b.constI32(2), b.constMask(false)], [quotient, { name: 'odd', type: 'mask' }])
      b.set(quotient, b.op('rem', [b.get(quotient), b.input(0)]))
    })
    const program = { ...addOne(), body, result: quotient, subroutines: [unused, subroutine] }
    const lanes = decode(encodeLanes(program), 'lanes')
    expect(lanes.subroutines.map(({ name, inputs }) => [name, inputs])).toEqual([
      ['divider', ['f64', 'i32', 'mask', 'mask']],
      ['rem', ['f64', 'f64', 'mask']],
    ])
    const calls = lanes.body.filter((statement) => statement.kind === 'call')
    expect(calls.map(({ args }) => args.at(-1))).toMatchObject(Array(2).fill({ op: 'constMask', imm: 1 }))
  })

  it('has what `rem` does inside a subroutine, which calls nothing', () => {
    const b = new Builder()
    const [left, result] = [f64('left'), f64('result')]
    const rest = b.body(() => b.set(left, b.op('neg', [b.op('rem', [b.input(0), b.const(3)])])))
    const subroutine = { name: 'rest', inputs: ['f64'] as const, body: rest, results: [left] }
    const body = b.body(() => b.call(subroutine, [b.input(0)], [result]))
    const lanes = decode(encodeLanes({ ...addOne(), body, result, subroutines: [subroutine] }), 'lanes')
    expect(lanes.subroutines.map(({ name }) => name)).toEqual(['rest'])
    expect(interpret(lanes, [-7.5])).toBe(1.5)
  })

  it('begins each variable with a set, in the body that all its uses are in', () => {
    const b = new Builder()
    const chosen = f64('chosen')
    const body = b.body(() =>
      b.if(
        b.op('lt', [b.uniform(0), b.const(1)]),
        () => b.set(chosen, b.const(2)),
        () => b.set(chosen, b.const(3)),
      ),
    )
    const program = { ...addOne(), inputs: [], uniforms: ['u'], body, result: chosen }
    expect(printText(decode(encodeLanes(program), 'lanes'))).toBe(`kernel f(), uniforms [u]
  %0 = lt $u, 1
  chosen := 0
  if %0
    chosen := 2
  else
    chosen := 3
result chosen: f64
`)
  })

  it.each<[rule: string, bytes: (bytes: Uint8Array) => Uint8Array, message: string]>([
    ['the form that is asked for', put(8, 0), 'the form is 0, and read is 1, for lanes (at byte 8)'],
    ['no rem', put(56, 0x2f), 'rem is a subroutine in the form for lanes, no operation (at byte 64)'],
    ['a set before a get', (bytes) => insertWords(bytes, BODY, [0x10, 0]), 'variable 0 is read before it is set'],
    [
      'a set that is around',
      (bytes) => insertWords(bytes, BODY, [2, 3 + 8, 1, 0, 4, 0, 0]),
      'variable 0 began in a body that has ended (at byte 100)',
    ],
    [
      'a mask of a subroutine',
      (bytes) => splice(insertWords(put(44, 1)(bytes), 48, [1, 0, 0, 0, 0]), 110, 0, Buffer.from([0, 65])),
      'the last input of Ax is mask, not f64 (at byte 52)',
    ],
  ])('wants %s', (_rule, change, message) => {
    expect(() => decode(change(encodeLanes(addOne())), 'lanes')).toThrow(message)
  })
})

/** Where the body of `addOne` begins. */
const BODY = 56

/** `f(x) = x + 1` */
function addOne(): Program {
  const inputs = [{ name: 'x' }]
  return { ...setTo((b) => b.op('add', [b.input(0), b.const(1)])), name: 'f', inputs }
}

function setTo(value: (b: Builder) => Value): Program {
  const b = new Builder()
  const result = f64('r')
  const body = b.body(() => b.set(result, value(b)))
  return { name: 'f', inputs: [], uniforms: [], tables: [], body, result, subroutines: [] }
}

function f64(name: string): Variable {
  return { name, type: 'f64' }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
