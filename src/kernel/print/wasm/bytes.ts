const scratch = new DataView(new ArrayBuffer(8))

/** Bytes that grow: WebAssembly's numbers, and what is made of them. */
export class Bytes {
  #bytes = new Uint8Array(256)
  #length = 0

  get length(): number {
    return this.#length
  }

  byte(x: number): void {
    if (this.#length === this.#bytes.length) this.#grow(this.#length + 1)
    this.#bytes[this.#length++] = x
  }

  append(bytes: Uint8Array): void {
    this.#grow(this.#length + bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** An unsigned number of at most 32 bits, by seven bits a byte (LEB128). */
  unsigned(x: number): void {
    while (x > 0x7f) {
      this.byte((x & 0x7f) | 0x80)
      x >>>= 7
    }
    this.byte(x)
  }

  /** A signed number of at most 64 bits, by seven bits a byte. */
  signed(x: bigint): void {
    for (;;) {
      const low = Number(x & 0x7fn)
      x >>= 7n
      if ((x === 0n && low < 0x40) || (x === -1n && low >= 0x40)) {
        this.byte(low)
        return
      }
      this.byte(low | 0x80)
    }
  }

  /** As signed(), of at most 32 bits. */
  signed32(x: number): void {
    let rest = x | 0
    for (;;) {
      const low = rest & 0x7f
      rest >>= 7
      if ((rest === 0 && low < 0x40) || (rest === -1 && low >= 0x40)) {
        this.byte(low)
        return
      }
      this.byte(low | 0x80)
    }
  }

  f64(x: number): void {
    scratch.setFloat64(0, x, true)
    for (let i = 0; i < 8; i++) this.byte(scratch.getUint8(i))
  }

  /** A name, or bytes, with their length in front. */
  sized(bytes: Uint8Array): void {
    this.unsigned(bytes.length)
    this.append(bytes)
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length)
  }

  #grow(least: number): void {
    if (least <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(least, 2 * this.#bytes.length))
    larger.set(this.take())
    this.#bytes = larger
  }
}
