import type { Board } from '../support/board.mjs'

/** A count of a board at which calls wait. It opens at the end of its scope at the latest, so that a test that fails does not hang. */
export class Gate implements Disposable {
  readonly n: number
  readonly #board: Board
  #isOpen = false

  constructor(board: Board, n: number) {
    this.#board = board
    this.n = n
  }

  open(): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#board.mark(this.n)
  }

  [Symbol.dispose](): void {
    this.open()
  }
}
