import { EXTENSION, type Extension, encodeFrame, type Frame, numberOr, type Section, textExtension } from './frame.ts'
import type { Task } from './runner.ts'

/** Why a task is given back, as `items` of the frame that says so: its host leaves, will never run it, or failed to. */
export const RETURNED = { leaving: 0, refused: 1, failed: 2 } as const

/** What a host says of a task. */
export interface Said {
  /** Of the frame. */
  readonly kind: number
  /** Of the delivery that is answered by it; none, if it goes on. */
  readonly token?: Uint8Array
  readonly extensions: readonly Extension[]
  readonly items?: number
  readonly sections?: readonly Section[]
  readonly flags?: number | undefined
}

/** A host's answer to a task as a frame: it names the chunk as its task did. */
export function answerTo({ frame }: Task, host: string, said: Said): Uint8Array {
  const { run, chunk, attempt, epoch, fn } = frame
  const { kind, token, extensions, items, sections, flags } = said
  return encodeFrame({
    kind,
    flags: flags ?? 0,
    run,
    chunk,
    items: items ?? 0,
    attempt,
    epoch,
    fn,
    token: token ?? NO_TOKEN,
    extensions: [textExtension(EXTENSION.host, host), ...extensions],
    sections: sections ?? [],
  })
}

/** What a host says that the rows of a result took, in ms; 0 for what is no time. */
export function execMsOf(result: Frame): number {
  const ms = numberOr(result, EXTENSION.execMs, 'f64', 0)
  return ms > 0 && ms < Number.POSITIVE_INFINITY ? ms : 0
}

const NO_TOKEN = new Uint8Array(0)
