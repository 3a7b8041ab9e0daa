import { Bytes } from './bytes.ts'
import { OP, SIMD, TYPE, type WasmType } from './opcodes.ts'
import type { Pool } from './pool.ts'

/** Writes the code of one function, and hands out its locals: a local that is given back is used again for the same type. */
export class FunctionWriter {
  readonly params: readonly WasmType[]
  readonly results: readonly WasmType[]
  #code = new Bytes()
  /** What is run before it. */
  readonly #front = new Bytes()
  readonly #locals: WasmType[] = []
  readonly #free: Record<WasmType, number[]> = { i32: [], i64: [], f64: [], v128: [] }
  readonly #pool: Pool
  /** Locals of vectors that are loaded once, in front of all else, by their addresses; undefined: each is loaded where it is used. */
  readonly #held: Map<number, number> | undefined

  /** `isLoop`: what it loads from fixed addresses it is to load once. */
  constructor(params: readonly WasmType[], results: readonly WasmType[], pool: Pool, isLoop: boolean) {
    this.params = params
    this.results = results
    this.#pool = pool
    this.#held = isLoop ? new Map() : undefined
  }

  op(...codes: number[]): void {
    for (const code of codes) this.#code.byte(code)
  }

  saturating(code: number): void {
    this.#code.byte(0xfc)
    this.#code.unsigned(code)
  }

  simd(code: number): void {
    this.#code.byte(0xfd)
    this.#code.unsigned(code)
  }

  /** A SIMD operation with bytes behind it: lanes, or a constant. */
  simdWith(code: number, ...immediates: number[]): void {
    this.simd(code)
    for (const immediate of immediates) this.#code.byte(immediate)
  }

  i32(x: number): void {
    this.#code.byte(OP.i32Const)
    this.#code.signed32(x)
  }

  i64(x: bigint): void {
    this.#code.byte(OP.i64Const)
    this.#code.signed(x)
  }

  f64(x: number): void {
    this.#code.byte(OP.f64Const)
    this.#code.f64(x)
  }

  /** An f64 from a fixed address. */
  loadF64(address: number): void {
    this.i32(0)
    this.access(OP.f64Load, address)
  }

  /** Both lanes from one f64 at a fixed address, which nobody writes meanwhile. */
  loadSplat(address: number): void {
    if (this.#held === undefined) {
      this.#loadSplat(address)
      return
    }
    const known = this.#held.get(address)
    const local = known ?? this.#add('v128')
    if (known === undefined) {
      this.#held.set(address, local)
      this.#inFront(() => {
        this.#loadSplat(address)
        this.set(local)
      })
    }
    this.get(local)
  }

  #loadSplat(address: number): void {
    this.i32(0)
    this.simdAccess(SIMD.load64Splat, address)
  }

  #inFront(write: () => void): void {
    const code = this.#code
    this.#code = this.#front
    write()
    this.#code = code
  }

  /**
   * The constant in both lanes, from the pool. V8 of Node 24 makes `splat` of a constant anew in each round of a loop; that of Node 20 moves what a round
   * loads to its begin, and has no registers for it until it is used. Locals that are loaded once cost both of them one load where they are used.
   */
  splat(x: number): void {
    this.loadSplat(this.#pool.address(x))
  }

  /** The 64 bits in both lanes. */
  splatBits(bits: bigint): void {
    this.loadSplat(this.#pool.addressOfBits(bits))
  }

  /** A load or store of a scalar; the address, without `offset`, is on the stack. */
  access(code: number, offset: number): void {
    this.#code.byte(code)
    this.#memoryArgument(offset)
  }

  simdAccess(code: number, offset: number): void {
    this.simd(code)
    this.#memoryArgument(offset)
  }

  /** `lane`: of a load into one of both lanes. */
  simdLaneAccess(code: number, offset: number, lane: number): void {
    this.simdAccess(code, offset)
    this.#code.byte(lane)
  }

  get(local: number): void {
    this.#withIndex(OP.localGet, local)
  }

  set(local: number): void {
    this.#withIndex(OP.localSet, local)
  }

  tee(local: number): void {
    this.#withIndex(OP.localTee, local)
  }

  call(index: number): void {
    this.#withIndex(OP.call, index)
  }

  branch(code: typeof OP.br | typeof OP.brIf, depth: number): void {
    this.#withIndex(code, depth)
  }

  /** A local that nobody else uses until it is given back; what it holds is unknown. */
  take(type: WasmType): number {
    return this.#free[type].pop() ?? this.#add(type)
  }

  #add(type: WasmType): number {
    this.#locals.push(type)
    return this.params.length + this.#locals.length - 1
  }

  giveBack(local: number, type: WasmType): void {
    this.#free[type].push(local)
  }

  /** Keeps what is on the stack in a local while `use` runs; it may be read there any number of times. */
  keep(type: WasmType, use: (local: number) => void): void {
    const local = this.take(type)
    this.set(local)
    use(local)
    this.giveBack(local, type)
  }

  /** Locals and code, as the code section has them. */
  body(): Uint8Array {
    const bytes = new Bytes()
    const runs: { type: WasmType; count: number }[] = []
    for (const type of this.#locals) {
      const last = runs.at(-1)
      if (last?.type === type) last.count++
      else runs.push({ type, count: 1 })
    }
    bytes.unsigned(runs.length)
    for (const { type, count } of runs) {
      bytes.unsigned(count)
      bytes.byte(TYPE[type])
    }
    bytes.append(this.#front.take())
    bytes.append(this.#code.take())
    bytes.byte(OP.end)
    return bytes.take()
  }

  #withIndex(code: number, index: number): void {
    this.#code.byte(code)
    this.#code.unsigned(index)
  }

  /** Alignment is a hint; 0 is always right, and costs nothing on x86-64. */
  #memoryArgument(offset: number): void {
    this.#code.byte(0)
    this.#code.unsigned(offset)
  }
}
