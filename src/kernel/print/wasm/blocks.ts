import type { WasmLayout } from '../../code.ts'
import type { Program, Variable } from '../../ir/ir.ts'
import { mask } from '../../masks/mask.ts'
import type { MaskedBody } from '../../masks/masked.ts'
import type { BodyPrinter } from './body-printer.ts'
import type { FunctionWriter } from './function-writer.ts'
import { type Copies, vectorsInFlight } from './in-flight.ts'
import { OP, SIMD, TYPE, type WasmType } from './opcodes.ts'
import { type Segment, segmentsOf } from './segments.ts'

/** How many rows one part of a long body is run for before the next. More, and what is handed on leaves the level-1 cache; fewer, and code is. */
const STRIP_BYTES = 128 * 8
const ROW_BYTES = 8
const VECTOR_BYTES = 16
/** Beside a strip, so that row i of two strips is not at addresses with the same low 12 bits. */
const STAGGER = 128

export interface BlockOptions {
  /** Vectors in flight; chosen by the printer if it is left out. */
  readonly copies?: Copies
  /** Operations of a part that is run for many rows before the next; as many as suit caches, if it is left out. */
  readonly longest?: number
}

/** Where each segment finds what earlier ones handed on, and leaves what it hands on: a strip of rows each, or one scalar. */
interface Homes {
  readonly before: ReadonlyMap<Variable, number>
  readonly after: ReadonlyMap<Variable, number>
}

/** Of a variable between segments: its address, and the local that holds the offset of a row in a strip. */
interface Home {
  readonly address: number
  readonly strip: number
}

/** What is around the functions: the module. */
interface Module {
  function(
    params: readonly WasmType[],
    results: readonly WasmType[],
    isLoop?: boolean,
  ): [index: number, w: FunctionWriter]
  printer(
    w: FunctionWriter,
    form: MaskedBody,
    copies: number,
    input: (index: number, copy: number) => void,
  ): BodyPrinter
}

/** Prints the function that computes the rows of blocks; it keeps in memory, from `start` to `end`, what parts of a long body hand on. */
export class BlockPrinter {
  readonly end: number
  readonly #module: Module
  readonly #result: Variable
  readonly #layout: Pick<WasmLayout, 'inputs' | 'out'>
  readonly copies: Copies
  readonly #segments: readonly Segment[]
  readonly #homes: readonly Homes[]

  constructor(
    module: Module,
    program: Program,
    layout: Pick<WasmLayout, 'inputs' | 'out'>,
    start: number,
    options: BlockOptions,
  ) {
    const masked = mask(program)
    this.#module = module
    this.#result = program.result
    this.#layout = layout
    this.copies = options.copies ?? vectorsInFlight(masked)
    this.#segments = segmentsOf(masked, this.copies, options.longest)
    let at = start
    const homes = new Map<Variable, number>()
    this.#homes = this.#segments.map(({ body, writes }) => {
      const before = new Map(homes)
      for (const variable of writes) {
        const varies = body.variableVaries(variable)
        // A scalar is the same for all rows: the next one of this part still reads what the one before it left.
        if (varies && homes.has(variable)) continue
        homes.set(variable, at)
        at += varies ? STRIP_BYTES + STAGGER : ROW_BYTES
      }
      return { before, after: new Map(homes) }
    })
    this.end = at
  }

  /** Gives its index. It takes a number of rows: the last one is put behind itself until they are whole groups, so that no lane does what no row asks for. */
  run(): number {
    const segments = this.#segments.map((_, i) => this.#segment(i))
    const vectors = segments.length === 1 ? (segments[0] as number) : this.#strips(segments)
    const [index, w] = this.#module.function(['i32'], [])
    const end = 0 // the number of rows; from now on, the offset behind them
    w.get(end)
    w.i32(Math.log2(ROW_BYTES))
    w.op(OP.i32Shl)
    w.set(end)
    w.op(OP.block, TYPE.none, OP.loop, TYPE.none)
    w.get(end)
    w.i32(this.copies * VECTOR_BYTES - 1)
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

  /** Of whole groups of vectors, strip by strip, up to a byte offset into the blocks. */
  #strips(segments: readonly number[]): number {
    const [index, w] = this.#module.function(['i32'], [])
    const end = 0
    const [at, to] = [w.take('i32'), w.take('i32')]
    w.op(OP.block, TYPE.none, OP.loop, TYPE.none)
    w.get(at)
    w.get(end)
    w.op(OP.i32GeU)
    w.branch(OP.brIf, 1)
    w.get(end)
    w.get(at)
    w.i32(STRIP_BYTES)
    w.op(OP.i32Add)
    w.tee(to)
    w.get(end)
    w.get(to)
    w.op(OP.i32LtU, OP.select)
    w.set(to)
    for (const segment of segments) {
      w.get(to)
      w.get(at)
      w.call(segment)
    }
    w.get(to)
    w.set(at)
    w.branch(OP.br, 0)
    w.op(OP.end, OP.end)
    return index
  }

  /** Of whole groups of vectors, to a byte offset into the blocks from another. */
  #segment(number: number): number {
    const { body, reads, writes, held } = this.#segments[number] as Segment
    const { before, after } = this.#homes[number] as Homes
    const isOnly = this.#segments.length === 1
    const [index, w] = this.#module.function(isOnly ? ['i32'] : ['i32', 'i32'], [], true)
    const end = 0
    const at = isOnly ? w.take('i32') : 1
    const strip = w.take('i32')
    const printer = this.#module.printer(w, body, this.copies, (input, copy) => {
      w.get(at)
      w.simdAccess(SIMD.load, (this.#layout.inputs[input] as number) + copy * VECTOR_BYTES)
    })
    printer.adopt(held)
    printer.rows(
      (leave) => {
        w.get(at)
        w.get(end)
        w.op(OP.i32GeU)
        w.branch(OP.brIf, leave)
        if (isOnly) return
        w.get(at)
        w.i32(STRIP_BYTES - 1)
        w.op(OP.i32And)
        w.set(strip)
        for (const variable of reads)
          this.#take(printer, w, variable, { strip, address: before.get(variable) as number })
      },
      () => {
        for (const variable of writes)
          this.#hand(printer, w, variable, { strip, address: after.get(variable) as number })
        if (number === this.#segments.length - 1) this.#store(printer, w, at)
        w.get(at)
        w.i32(this.copies * VECTOR_BYTES)
        w.op(OP.i32Add)
        w.set(at)
      },
    )
    return index
  }

  #take(printer: BodyPrinter, w: FunctionWriter, variable: Variable, { strip, address }: Home): void {
    if (!printer.varies(variable)) {
      w.i32(0)
      w.access(variable.type === 'f64' ? OP.f64Load : OP.i32Load, address)
      printer.setVariable(variable, 0)
      return
    }
    for (let copy = 0; copy < this.copies; copy++) {
      w.get(strip)
      w.simdAccess(SIMD.load, address + copy * VECTOR_BYTES)
      printer.setVariable(variable, copy)
    }
  }

  #hand(printer: BodyPrinter, w: FunctionWriter, variable: Variable, { strip, address }: Home): void {
    if (!printer.varies(variable)) {
      w.i32(0)
      printer.pushVariable(variable, 0)
      w.access(variable.type === 'f64' ? OP.f64Store : OP.i32Store, address)
      return
    }
    for (let copy = 0; copy < this.copies; copy++) {
      w.get(strip)
      printer.pushVariable(variable, copy)
      w.simdAccess(SIMD.store, address + copy * VECTOR_BYTES)
    }
  }

  #store(printer: BodyPrinter, w: FunctionWriter, at: number): void {
    for (let copy = 0; copy < this.copies; copy++) {
      w.get(at)
      printer.pushVector(this.#result, copy)
      w.simdAccess(SIMD.store, this.#layout.out + copy * VECTOR_BYTES)
    }
  }
}
