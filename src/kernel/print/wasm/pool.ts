/** Constants of a module, each once, at addresses behind one another in its memory. */
export class Pool {
  readonly start: number
  readonly #entries = new Map<bigint, number>()

  constructor(start: number) {
    this.start = start
  }

  get end(): number {
    return this.start + 8 * this.#entries.size
  }

  address(x: number): number {
    return this.addressOfBits(new BigUint64Array(Float64Array.of(x).buffer)[0] as bigint)
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
