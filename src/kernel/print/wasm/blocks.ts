import type { WasmLayout } from '../../code.ts'
import type { Program, Variable } from '../../ir/ir.ts'
import { mask } from '../../masks/mask.ts'
import type { MaskedBody } from '../../masks/masked.ts'
import type { BodyPrinter } from './body-printer.ts'
import type { FunctionWriter } from './function-writer.ts'
import { type Home, type Homes, homesOf, STRIP_BYTES } from './homes.ts'
import { type Copies, vectorsInFlight } from './in-flight.ts'
import { OP, SIMD, TYPE, type WasmType } from './opcodes.ts'
import { type Lengths, type Part, type Segment, segmentsOf } from './segments.ts'

const ROW_BYTES = 8
const VECTOR_BYTES = 16

export interface BlockOptions {
  /** Vectors in flight; chosen by the printer if it is left out. */
  readonly copies?: Copies
  /** Where a long body is cut; as suits caches and V8, if it is left out. */
  readonly lengths?: Lengths
}

/** Locals of the function that a part is printed in: offsets of the row into blocks, and into strips. */
interface Offsets {
  readonly row: number
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
  readonly #homes: ReadonlyMap<Part, Homes>

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
    this.#segments = segmentsOf(masked, this.copies, options.lengths)
    const homes = homesOf(this.#segments, this.copies, start)
    this.#homes = homes.parts
    this.end = homes.end
  }

  /** Gives its index. It takes a number of rows: the last one is put behind itself until they are whole groups, so that no lane does what no row asks for. */
  run(): number {
    const segments = this.#segments.map((segment) => this.#segment(segment))
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
  #segment(segment: Segment): number {
    const isOnly = this.#segments.length === 1
    const [index, w] = this.#module.function(isOnly ? ['i32'] : ['i32', 'i32'], [], true)
    const end = 0
    const [at, strip] = [isOnly ? w.take('i32') : 1, w.take('i32')]
    w.op(OP.block, TYPE.none, OP.loop, TYPE.none)
    w.get(at)
    w.get(end)
    w.op(OP.i32GeU)
    w.branch(OP.brIf, 1)
    if (!isOnly) {
      w.get(at)
      w.i32(STRIP_BYTES - 1)
      w.op(OP.i32And)
      w.set(strip)
    }
    for (const part of segment) this.#part(w, part, { row: at, strip })
    w.get(at)
    w.i32(this.copies * VECTOR_BYTES)
    w.op(OP.i32Add)
    w.set(at)
    w.branch(OP.br, 0)
    w.op(OP.end, OP.end)
    return index
  }

  #part(w: FunctionWriter, part: Part, offsets: Offsets): void {
    const { before, after } = this.#homes.get(part) as Homes
    const printer = this.#module.printer(w, part.body, this.copies, (input, copy) => {
      w.get(offsets.row)
      w.simdAccess(SIMD.load, (this.#layout.inputs[input] as number) + copy * VECTOR_BYTES)
    })
    printer.adopt(part.held)
    for (const variable of part.reads) this.#take(printer, w, variable, before.get(variable) as Home, offsets)
    printer.statements()
    for (const variable of part.writes) this.#hand(printer, w, variable, after.get(variable) as Home, offsets)
    if (part === this.#segments.at(-1)?.at(-1)) this.#store(printer, w, offsets.row)
  }

  #take(printer: BodyPrinter, w: FunctionWriter, variable: Variable, { address, isStrip }: Home, { strip }: Offsets) {
    if (!printer.varies(variable)) {
      w.i32(0)
      w.access(variable.type === 'f64' ? OP.f64Load : OP.i32Load, address)
      printer.setVariable(variable, 0)
      return
    }
    for (let copy = 0; copy < this.copies; copy++) {
      if (isStrip) w.get(strip)
      else w.i32(0)
      w.simdAccess(SIMD.load, address + copy * VECTOR_BYTES)
      printer.setVariable(variable, copy)
    }
  }

  #hand(printer: BodyPrinter, w: FunctionWriter, variable: Variable, { address, isStrip }: Home, { strip }: Offsets) {
    if (!printer.varies(variable)) {
      w.i32(0)
      printer.pushVariable(variable, 0)
      w.access(variable.type === 'f64' ? OP.f64Store : OP.i32Store, address)
      return
    }
    for (let copy = 0; copy < this.copies; copy++) {
      if (isStrip) w.get(strip)
      else w.i32(0)
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
