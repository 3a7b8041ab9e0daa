import { Bytes } from './bytes.ts'
import type { FunctionWriter } from './function-writer.ts'
import { TYPE, type WasmType } from './opcodes.ts'

interface Module {
  readonly functions: readonly FunctionWriter[]
  /** Names of functions that are called from outside, with their indices. */
  readonly exports: Readonly<Record<string, number>>
  /** Least size of the memory that is imported as `env.memory`. */
  readonly pages: number
  /** Written there when the module is instantiated. */
  readonly data: { readonly address: number; readonly bytes: Uint8Array }
}

const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10, data: 11 } as const

/** The bytes of a module. */
export function writeModule({ functions, exports, pages, data }: Module): Uint8Array<ArrayBuffer> {
  const module = new Bytes()
  module.append(Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00))
  const section = (id: number, write: (section: Bytes) => void) => {
    const content = new Bytes()
    write(content)
    module.byte(id)
    module.sized(content.take())
  }
  const text = (name: string) => new TextEncoder().encode(name)

  section(SECTION.type, (types) => {
    types.unsigned(functions.length)
    for (const { params, results } of functions) {
      types.byte(0x60)
      for (const list of [params, results]) types.sized(Uint8Array.from(list, (type: WasmType) => TYPE[type]))
    }
  })
  section(SECTION.import, (imports) => {
    imports.unsigned(1)
    imports.sized(text('env'))
    imports.sized(text('memory'))
    imports.append(Uint8Array.of(0x02, 0x00)) // a memory without a largest size
    imports.unsigned(pages)
  })
  section(SECTION.function, (indices) => {
    indices.unsigned(functions.length)
    for (const i of functions.keys()) indices.unsigned(i)
  })
  section(SECTION.export, (list) => {
    list.unsigned(Object.keys(exports).length)
    for (const [name, index] of Object.entries(exports)) {
      list.sized(text(name))
      list.byte(0x00)
      list.unsigned(index)
    }
  })
  section(SECTION.code, (code) => {
    code.unsigned(functions.length)
    for (const writer of functions) code.sized(writer.body())
  })
  section(SECTION.data, (segments) => {
    segments.unsigned(1)
    segments.append(Uint8Array.of(0x00, 0x41)) // active, at the constant
    segments.signed(BigInt(data.address))
    segments.byte(0x0b)
    segments.sized(data.bytes)
  })
  return module.take()
}
