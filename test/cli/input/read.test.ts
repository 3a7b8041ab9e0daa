import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UsageError } from '../../../src/cli/command.ts'
import { readInput } from '../../../src/cli/input/read.ts'
import { range } from '../../../src/inputs/range.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanewise input: '))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const NOTHING = {}

/** As `numpy.save` writes it. */
function npy(descr: string, shape: string, data: Uint8Array, { version = 1, order = 'False' } = {}): Uint8Array {
  const lengthBytes = version === 1 ? 2 : 4
  const dict = `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`
  const before = 8 + lengthBytes
  const padding = 64 - ((before + dict.length + 1) % 64)
  const header = `${dict}${' '.repeat(padding)}\n`
  const head = Buffer.alloc(before)
  head.write('\x93NUMPY', 'latin1')
  head.writeUInt8(version, 6)
  if (version === 1) head.writeUInt16LE(header.length, 8)
  else head.writeUInt32LE(header.length, 8)
  return Buffer.concat([head, Buffer.from(header, 'latin1'), data])
}

const bytesOf = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
const swapped = (values: ArrayBufferView, size: number): Uint8Array => {
  const bytes = new Uint8Array(bytesOf(values))
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse()
  return bytes
}

describe('a range', () => {
  it.each([
    ['range:4', range(4)],
    ['range:1e3', range(1000)],
    ['range:5,8', range(5, 8)],
    ['range:0,1,0.25', range(0, 1, 0.25)],
    ['range:3,0,-1', range(3, 0, -1)],
  ])('%s', async (text, expected) => {
    expect(await readInput(text, NOTHING)).toEqual(expected)
  })

  it.each(['range:', 'range:a', 'range:1,2,3,4', 'range:1,,2', 'range:0,5,0', 'range:Infinity', 'range:NaN'])(
    'refuses %s',
    async (text) => {
      await expect(readInput(text, NOTHING)).rejects.toThrow(UsageError)
    },
  )
})

describe('an export', () => {
  it('is iterable, or a function that gives it', async () => {
    const rows = [1, 2]
    expect(await readInput('export:rows', { rows })).toBe(rows)
    expect(await readInput('export:rows', { rows: async () => rows })).toBe(rows)
    expect(await readInput('export:text', { text: 'ab' })).toBe('ab')
  })

  it.each([
    ['export:toString', {}, 'the module exports no toString'],
    ['export:n', { n: 3 }, 'must be iterable, or a function that gives something iterable, got 3'],
    ['export:n', { n: () => null }, 'got null'],
  ])('refuses %s of %j', async (text, module, message) => {
    await expect(readInput(text, module)).rejects.toThrow(message)
  })
})

describe('JSON', () => {
  it('is an array, with a byte order mark or without', async () => {
    expect(await readInput(file('a.json', '[1, "b", {"c": null}]'), NOTHING)).toEqual([1, 'b', { c: null }])
    expect(await readInput(file('b.JSON', '\ufeff[1]'), NOTHING)).toEqual([1])
    expect(await readInput(file('c.json', '[]'), NOTHING)).toEqual([])
  })

  it.each([
    ['{"a": 1}', /c\.json must hold an array, a row an element, got /],
    ['[1, 2', /c\.json is no JSON: /],
    ['', /c\.json is no JSON: /],
    ['12', /must hold an array.*got 12/],
  ])('refuses %s', async (text, message) => {
    await expect(readInput(file('c.json', text), NOTHING)).rejects.toThrow(message)
  })

  it('refuses what is not UTF-8', async () => {
    await expect(readInput(file('d.json', Uint8Array.of(0x5b, 0xff, 0x5d)), NOTHING)).rejects.toThrow(
      'must be UTF-8, and has bytes that are not; convert it',
    )
  })
})

describe('JSON lines', () => {
  it('are a value a line, whatever ends it; empty ones are none', async () => {
    expect(await readInput(file('a.jsonl', '1\r\n\n{"b":2}\n"c"'), NOTHING)).toEqual([1, { b: 2 }, 'c'])
    expect(await readInput(file('a.ndjson', '1\n'), NOTHING)).toEqual([1])
  })

  it('are refused with the line that is torn', async () => {
    await expect(readInput(file('b.jsonl', '1\n\n{"b":'), NOTHING)).rejects.toThrow(/b\.jsonl:3 is no JSON: /)
  })
})

describe('CSV', () => {
  const table = 'name,"price, net",n\na,1.5,1\n"b\nb",-2e3,x\n'

  it('gives a column by name or number: numbers where all are, else strings', async () => {
    const path = file('a.csv', table)
    expect(await readInput(`${path}:price, net`, NOTHING)).toEqual(Float64Array.of(1.5, -2000))
    expect(await readInput(`${path}:2`, NOTHING)).toEqual(Float64Array.of(1.5, -2000))
    expect(await readInput(`${path}:name`, NOTHING)).toEqual(['a', 'b\nb'])
    expect(await readInput(`${path}:n`, NOTHING)).toEqual(['1', 'x'])
  })

  it('needs no name where there is one column', async () => {
    expect(await readInput(file('b.csv', '\ufeffx\r\n1\r\n2\r\n'), NOTHING)).toEqual(Float64Array.of(1, 2))
    expect(await readInput(file('c.csv', 'x\n'), NOTHING)).toEqual([])
    expect(await readInput(file('d.csv', 'x,y\n1,\n2,3\n').concat(':y'), NOTHING)).toEqual(['', '3'])
  })

  it.each([
    ['', 'is empty; its first line must name the columns'],
    ['a,b\n1,2\n', 'has 2 columns; name one: --input '],
    ['a,b\n1\n', 'is no CSV: '],
    ['a\n"1\n', 'is no CSV: '],
  ])('refuses %j', async (text, message) => {
    await expect(readInput(file('e.csv', text), NOTHING)).rejects.toThrow(message)
  })

  it.each(['c', '3', '0', '-1'])('refuses column %s', async (column) => {
    const path = file('f.csv', 'a,b\n1,2\n')
    await expect(readInput(`${path}:${column}`, NOTHING)).rejects.toThrow(
      `has no column ${column}; its columns are a, b`,
    )
  })
})

describe('doubles', () => {
  it('are read as they are', async () => {
    const values = Float64Array.of(1.5, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324)
    expect(await readInput(file('a.f64', bytesOf(values)), NOTHING)).toEqual(values)
    expect(await readInput(file('a.bin', bytesOf(values)), NOTHING)).toEqual(values)
    expect(await readInput(file('b.f64', ''), NOTHING)).toEqual(new Float64Array())
  })

  it('are refused where one is cut off', async () => {
    await expect(readInput(file('c.f64', new Uint8Array(12)), NOTHING)).rejects.toThrow(
      'must hold doubles of 8 bytes, got 12 bytes: it is cut off, or holds something else; write it from a Float64Array',
    )
  })
})

describe('.npy', () => {
  it.each([
    ["'<f8'", Float64Array.of(1.5, -0, Number.NaN)],
    ["'<f4'", Float32Array.of(1.5, -2)],
    ["'<i4'", Int32Array.of(-1, 2 ** 31 - 1)],
    ["'<u4'", Uint32Array.of(1, 2 ** 32 - 1)],
    ["'<i2'", Int16Array.of(-1, 7)],
    ["'<u2'", Uint16Array.of(1, 65535)],
    ["'|i1'", Int8Array.of(-1, 7)],
    ["'|u1'", Uint8Array.of(1, 255)],
    ["'|b1'", Uint8Array.of(1, 0)],
  ])('of %s is read as it is, in every version', async (descr, values) => {
    for (const version of [1, 2, 3]) {
      const path = file('a.npy', npy(descr, `(${values.length},)`, bytesOf(values), { version }))
      expect(await readInput(path, NOTHING)).toEqual(values)
    }
  })

  it('of whole numbers of 64 bits comes as doubles, if they are exact', async () => {
    const values = BigInt64Array.of(-3n, 2n ** 53n - 1n)
    expect(await readInput(file('b.npy', npy("'<i8'", '(2,)', bytesOf(values))), NOTHING)).toEqual(
      Float64Array.of(-3, 2 ** 53 - 1),
    )
    const beyond = BigUint64Array.of(1n, 2n ** 53n + 1n)
    await expect(readInput(file('c.npy', npy("'<u8'", '(2,)', bytesOf(beyond))), NOTHING)).rejects.toThrow(
      'has 9007199254740993 at 1, which is no exact double',
    )
  })

  it('with the high byte first is turned round', async () => {
    const values = Float64Array.of(1.5, -2)
    expect(await readInput(file('d.npy', npy("'>f8'", '(2,)', swapped(values, 8))), NOTHING)).toEqual(values)
  })

  it('of no numbers has none, and of one in Fortran order that one', async () => {
    expect(await readInput(file('e.npy', npy("'<f8'", '(0,)', new Uint8Array())), NOTHING)).toEqual(new Float64Array())
    const one = npy("'<f8'", '(1,)', bytesOf(Float64Array.of(7)), { order: 'True' })
    expect(await readInput(file('f.npy', one), NOTHING)).toEqual(Float64Array.of(7))
  })

  it.each([
    ['another file', Buffer.from('PK\u0003\u0004 something else'), 'is no .npy file'],
    ['an empty file', new Uint8Array(), 'is no .npy file'],
    ['a version to come', npy("'<f8'", '(1,)', new Uint8Array(8), { version: 4 }), 'is of version 4 of .npy'],
    ['a header that is cut off', npy("'<f8'", '(1,)', new Uint8Array()).subarray(0, 40), 'ends within its header'],
    [
      'data that is cut off',
      npy("'<f8'", '(2,)', new Uint8Array(9)),
      'has 9 bytes of data for 2 numbers of 8 bytes: it is cut off; copy it again',
    ],
    ['two dimensions', npy("'<f8'", '(2, 1)', new Uint8Array(16)), 'has shape (2, 1); give one dimension'],
    ['no dimension', npy("'<f8'", '()', new Uint8Array(8)), 'has shape (); give one dimension'],
    ['objects', npy("'|O'", '(1,)', new Uint8Array(8)), "has dtype '|O'"],
    ['complex numbers', npy("'<c16'", '(1,)', new Uint8Array(16)), "has dtype '<c16'"],
    ['records', npy("[('a', '<f8')]", '(1,)', new Uint8Array(8)), 'holds records; save one of their fields'],
  ])('refuses %s', async (_, bytes, message) => {
    await expect(readInput(file('g.npy', bytes), NOTHING)).rejects.toThrow(message)
  })
})

describe('an input', () => {
  it('may lie at a path with colons and spaces', async () => {
    const path = file('odd: name.csv', 'x\n1\n')
    expect(await readInput(path, NOTHING)).toEqual(Float64Array.of(1))
  })

  it('of an unknown kind is refused with the kinds there are', async () => {
    await expect(readInput('rows.parquet', NOTHING)).rejects.toThrow(
      "--input must be range:START,STOP,STEP, export:NAME, or a file: .json, .jsonl, .csv:COLUMN, .npy, .f64 or .bin, got 'rows.parquet'",
    )
  })

  it('that is a folder, or not there, is refused', async () => {
    await expect(readInput(`${folder}/none.json`, NOTHING)).rejects.toThrow('cannot be read: there is no such file')
  })
})
