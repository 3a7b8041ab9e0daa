import type { Extension, Frame, Section } from './frame.ts'

/** A chunk that a host has, ready to be run. */
export interface Task {
  readonly frame: Frame
  readonly client: string
  readonly run: string
}

/** What became of a chunk. */
export type Answer =
  | {
      readonly kind: 'result'
      /** Rows that have an outcome; the others were not begun. */
      readonly items: number
      readonly execMs: number
      readonly sections: readonly Section[]
      readonly flags?: number
      readonly extensions?: readonly Extension[]
    }
  /** This host does not run it, and never will. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** What ran it ended, or, where it has not begun, what it needs could not be had: another try may do. */
  | { readonly kind: 'failed'; readonly reason: string; readonly hasBegun: boolean }

/** A chunk on its way through an executor. */
export interface Running {
  /** Nobody wants it: stops at the next row. */
  cancel(): void
  /** It did not stop: what runs it is ended. */
  kill(): void
}

/** Runs chunks, one a slot. `done` is called once, in a later turn, also after `cancel` and `kill`. */
export interface Runner {
  begin(task: Task, done: (answer: Answer) => void): Running
}
