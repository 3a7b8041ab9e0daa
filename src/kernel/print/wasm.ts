import { LARGEST_BLOCK } from '../../memory/control.ts'
import type { WasmLayout } from '../code.ts'
import type { Program, Subroutine, Type } from '../ir/ir.ts'
import { hasLoops } from '../ir/sides.ts'
import { maskSubroutine } from '../masks/mask.ts'
import { type MaskedBody, oneLane } from '../masks/masked.ts'
import { zeroed } from '../masks/uniform.ts'
import { rem } from './rem.ts'
import { type BlockOptions, BlockPrinter } from './wasm/blocks.ts'
import { BodyPrinter } from './wasm/body-printer.ts'
import { FunctionWriter } from './wasm/function-writer.ts'
import type { Copies } from './wasm/in-flight.ts'
import { writeModule } from './wasm/module.ts'
import type { WasmType } from './wasm/opcodes.ts'
import { Pool } from './wasm/pool.ts'
import { TABLE } from './wasm/rule.ts'
import { type Surroundings, scalarType } from './wasm/values.ts'

export interface WasmModule {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly layout: WasmLayout
  /** In flight. */
  readonly vectors: Copies
}

export interface WasmOptions extends BlockOptions {
  /** Whether it exports `row`. Default true; it costs as much to print as `run`. */
  readonly hasRow?: boolean
}

const BLOCK_BYTES = LARGEST_BLOCK * Float64Array.BYTES_PER_ELEMENT
const PAGE_BYTES = 65_536
const CACHE_LINE = 64
/** Between blocks, so that row i of two blocks is not at addresses with the same low 12 bits, which caches and store buffers take for one another. */
const STAGGER = 2 * CACHE_LINE
const ROW_BYTES = 8
const VECTOR_BYTES = 16

/**
 * Prints the module of the `wasm` engine: it imports `env.memory`, and exports
 *
 *   run(rows)    computes the rows whose inputs lie in the blocks
 *   row(x, …)    computes one row from arguments, with uniforms and tables in memory; unless it is told not to
 *
 * Both give the same bits: those of interpret(). Its memory, from address 0: uniforms, tables, inputs, out, as WasmLayout says; then constants, an f64
 * each, written when the module is instantiated; then what is free.
 */
export function printWasm(program: Program, options: WasmOptions = {}): WasmModule {
  return new ModulePrinter(program, options).print()
}

class ModulePrinter {
  readonly #program: Program
  readonly #hasRow: boolean
  readonly #blocks: BlockPrinter
  readonly #layout: Omit<WasmLayout, 'pages' | 'free' | 'group'>
  readonly #pool: Pool
  readonly #functions: FunctionWriter[] = []
  readonly #subroutines = { scalar: new Map<Subroutine, number>(), vector: new Map<Subroutine, number>() }

  constructor(program: Program, options: WasmOptions) {
    this.#program = program
    this.#hasRow = options.hasRow ?? true
    const tables = align(program.uniforms.length * ROW_BYTES, VECTOR_BYTES)
    let at = align(tables + program.tables.length * TABLE.bytes, CACHE_LINE)
    const block = () => {
      const address = at
      at += BLOCK_BYTES + STAGGER
      return address
    }
    this.#layout = { uniforms: 0, tables, inputs: program.inputs.map(block), out: block() }
    this.#blocks = new BlockPrinter(this, program, this.#layout, at, options)
    this.#pool = new Pool(align(this.#blocks.end, VECTOR_BYTES))
  }

  print(): WasmModule {
    const row = this.#hasRow ? { row: this.#row() } : {}
    const run = this.#blocks.run()
    const free = align(this.#pool.end, CACHE_LINE)
    const pages = Math.ceil(free / PAGE_BYTES)
    const bytes = writeModule({
      functions: this.#functions,
      exports: { run, ...row },
      pages,
      data: { address: this.#pool.start, bytes: this.#pool.bytes() },
    })
    const vectors = this.#blocks.copies
    return { bytes, layout: { ...this.#layout, pages, free, group: (vectors * VECTOR_BYTES) / ROW_BYTES }, vectors }
  }

  /** Of one row, from its arguments. */
  #row(): number {
    const { body, result, inputs } = this.#program
    const [index, w] = this.function(new Array<WasmType>(inputs.length).fill('f64'), ['f64'])
    const printer = this.printer(w, oneLane(zeroed(body, [result]), [result]), 1, (input) => w.get(input))
    printer.statements()
    printer.pushVariable(result, 0)
    return index
  }

  /** The function of a subroutine; of a vector one the last argument is the mask of lanes that ask. */
  #subroutine(subroutine: Subroutine, isVector: boolean): number {
    const known = this.#subroutines[isVector ? 'vector' : 'scalar']
    const found = known.get(subroutine)
    if (found !== undefined) return found
    const { body, results } = subroutine
    const inputs = isVector ? [...subroutine.inputs, 'mask' as const] : subroutine.inputs
    const typeOf = (type: Type): WasmType => (isVector ? 'v128' : scalarType(type))
    const [index, w] = this.function(
      inputs.map(typeOf),
      results.map(({ type }) => typeOf(type)),
      hasLoops(body),
    )
    known.set(subroutine, index)
    const form = isVector ? maskSubroutine(subroutine) : oneLane(zeroed(body, results), results)
    const printer = this.printer(w, form, 1, (input) => w.get(input))
    printer.statements()
    for (const variable of results) {
      if (isVector) printer.pushVector(variable, 0)
      else printer.pushVariable(variable, 0)
    }
    return index
  }

  /** A function to be written, and its index. */
  function(
    params: readonly WasmType[],
    results: readonly WasmType[],
    isLoop = false,
  ): [index: number, w: FunctionWriter] {
    const w = new FunctionWriter(params, results, this.#pool, isLoop)
    this.#functions.push(w)
    return [this.#functions.length - 1, w]
  }

  /** A printer of a body in a function. */
  printer(
    w: FunctionWriter,
    form: MaskedBody,
    copies: number,
    input: (index: number, copy: number) => void,
  ): BodyPrinter {
    const { uniforms, tables } = this.#layout
    const around: Surroundings = {
      uniform: (index) => uniforms + index * ROW_BYTES,
      table: (index) => tables + index * TABLE.bytes,
      input,
      subroutine: (subroutine, isVector) => this.#subroutine(subroutine === 'rem' ? rem : subroutine, isVector),
    }
    return new BodyPrinter(w, form, around, copies)
  }
}

function align(address: number, to: number): number {
  return Math.ceil(address / to) * to
}
