const scratch = new DataView(new ArrayBuffer(8))

/** Constants of a module, each once, at addresses behind one another in its memory. */
export class Pool {
  readonly start: number
  readonly #entries = new Map<bigint, number>()
  /** Of numbers that were asked for; without -0, which a map takes for 0. */
  readonly #numbers = new Map<number, number>()

  constructor(start: number) {
    this.start = start
  }

  get end(): number {
    return this.start + 8 * this.#entries.size
  }

  address(x: number): number {
    if (Object.is(x, -0)) return this.addressOfBits(1n << 63n)
    let address = this.#numbers.get(x)
    if (address === undefined) {
      scratch.setFloat64(0, x)
      address = this.addressOfBits(scratch.getBigUint64(0))
      this.#numbers.set(x, address)
    }
    return address
  }

  addressOfBits(bits: bigint): number {
    let entry = this.#entries.get(bits)
    if (entry === undefined) {
      entry = this.#entries.size
      this.#entries.set(bits, entry)
    }
    return this.start + 8 * entry
  }

  bytes(): Uint8Array {
    return new Uint8Array(BigUint64Array.from(this.#entries.keys()).buffer)
  }
}
