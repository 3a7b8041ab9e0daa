import { LARGEST_BLOCK } from '../../memory/control.ts'
import type { WasmLayout } from '../code.ts'
import type { Program, Subroutine, Type } from '../ir.ts'
import { mask, maskSubroutine } from '../mask.ts'
import { type MaskedBody, oneLane } from '../masked.ts'
import { zeroed } from '../uniform.ts'
import { BodyPrinter } from './wasm/body-printer.ts'
import { FunctionWriter } from './wasm/function-writer.ts'
import { type Copies, vectorsInFlight } from './wasm/in-flight.ts'
import { writeModule } from './wasm/module.ts'
import { OP, SIMD, TYPE, type WasmType } from './wasm/opcodes.ts'
import { Pool } from './wasm/pool.ts'
import { rem } from './wasm/rem.ts'
import { TABLE } from './wasm/rule.ts'
import { type Surroundings, scalarType } from './wasm/values.ts'

export interface WasmModule {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly layout: WasmLayout
  /** In flight. */
  readonly vectors: Copies
}

export interface WasmOptions {
  /** Vectors in flight; chosen by the printer if it is left out. */
  readonly copies?: Copies
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
 *   row(x, …)    computes one row from arguments, with uniforms and tables in memory
 *
 * Both give the same bits: those of interpret(). Its memory, from address 0: uniforms, tables, inputs, out, as WasmLayout says; then constants, an f64
 * each, written when the module is instantiated; then what is free.
 */
export function printWasm(program: Program, options: WasmOptions = {}): WasmModule {
  return new ModulePrinter(program, options).print()
}

class ModulePrinter {
  readonly #program: Program
  readonly #masked: MaskedBody
  readonly #copies: Copies
  readonly #layout: Omit<WasmLayout, 'pages' | 'free'>
  readonly #pool: Pool
  readonly #functions: FunctionWriter[] = []
  readonly #subroutines = { scalar: new Map<Subroutine, number>(), vector: new Map<Subroutine, number>() }

  constructor(program: Program, { copies }: WasmOptions) {
    this.#program = program
    this.#masked = mask(program)
    this.#copies = copies ?? vectorsInFlight(this.#masked)
    const tables = align(program.uniforms.length * ROW_BYTES, VECTOR_BYTES)
    let at = align(tables + program.tables.length * TABLE.bytes, CACHE_LINE)
    const block = () => {
      const address = at
      at += BLOCK_BYTES + STAGGER
      return address
    }
    this.#layout = { uniforms: 0, tables, inputs: program.inputs.map(block), out: block() }
    this.#pool = new Pool(at)
  }

  print(): WasmModule {
    const row = this.#row()
    const run = this.#run(this.#vectors())
    const free = align(this.#pool.end, CACHE_LINE)
    const pages = Math.ceil(free / PAGE_BYTES)
    const bytes = writeModule({
      functions: this.#functions,
      exports: { run, row },
      pages,
      data: { address: this.#pool.start, bytes: this.#pool.bytes() },
    })
    return { bytes, layout: { ...this.#layout, pages, free }, vectors: this.#copies }
  }

  /** Of one row, from its arguments. */
  #row(): number {
    const { body, result, inputs } = this.#program
    const [index, w] = this.#function(new Array<WasmType>(inputs.length).fill('f64'), ['f64'])
    const printer = this.#printer(w, oneLane(zeroed(body, [result]), [result]), 1, (input) => w.get(input))
    printer.statements()
    printer.pushVariable(result, 0)
    return index
  }

  /** Of whole groups of vectors, up to a byte offset into the blocks. */
  #vectors(): number {
    const { result } = this.#program
    const { inputs, out } = this.#layout
    const copies = this.#copies
    const [index, w] = this.#function(['i32'], [])
    const end = 0
    const at = w.take('i32')
    const printer = this.#printer(w, this.#masked, copies, (input, copy) => {
      w.get(at)
      w.simdAccess(SIMD.load, (inputs[input] as number) + copy * VECTOR_BYTES)
    })
    printer.rows(
      (leave) => {
        w.get(at)
        w.get(end)
        w.op(OP.i32GeU)
        w.branch(OP.brIf, leave)
      },
      () => {
        for (let copy = 0; copy < copies; copy++) {
          w.get(at)
          printer.pushVector(result, copy)
          w.simdAccess(SIMD.store, out + copy * VECTOR_BYTES)
        }
        w.get(at)
        w.i32(copies * VECTOR_BYTES)
        w.op(OP.i32Add)
        w.set(at)
      },
    )
    return index
  }

  /** Of any number of rows: the last one is put behind itself until they are whole groups, so that no lane does what no row asks for. */
  #run(vectors: number): number {
    const [index, w] = this.#function(['i32'], [])
    const end = 0 // the number of rows; from now on, the offset behind them
    w.get(end)
    w.i32(Math.log2(ROW_BYTES))
    w.op(OP.i32Shl)
    w.set(end)
    w.op(OP.block, TYPE.none, OP.loop, TYPE.none)
    w.get(end)
    w.i32(this.#copies * VECTOR_BYTES - 1)
    w.op(OP.i32And, OP.i32Eqz)
    w.branch(OP.brIf, 1)
    for (const block of this.#layout.inputs) {
      w.get(end)
      w.get(end)
      w.i32(ROW_BYTES)
      w.op(OP.i32Sub)
      w.access(OP.f64Load, block)
      w.access(OP.f64Store, block)
    }
    w.get(end)
    w.i32(ROW_BYTES)
    w.op(OP.i32Add)
    w.set(end)
    w.branch(OP.br, 0)
    w.op(OP.end, OP.end)
    w.get(end)
    w.call(vectors)
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
    const [index, w] = this.#function(
      inputs.map(typeOf),
      results.map(({ type }) => typeOf(type)),
    )
    known.set(subroutine, index)
    const form = isVector ? maskSubroutine(subroutine) : oneLane(zeroed(body, results), results)
    const printer = this.#printer(w, form, 1, (input) => w.get(input))
    printer.statements()
    for (const variable of results) {
      if (isVector) printer.pushVector(variable, 0)
      else printer.pushVariable(variable, 0)
    }
    return index
  }

  #function(params: readonly WasmType[], results: readonly WasmType[]): [index: number, w: FunctionWriter] {
    const w = new FunctionWriter(params, results, this.#pool)
    this.#functions.push(w)
    return [this.#functions.length - 1, w]
  }

  #printer(
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
