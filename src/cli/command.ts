/** Where a command writes, as far as it needs to know. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** What a command gets beside its arguments. */
export interface Streams {
  /** The result, and nothing else. */
  readonly stdout: Output
  /** Progress and complaints. */
  readonly stderr: Output
}

/** Exit codes: done; something is wrong; the command was called in a wrong way. */
export const EXIT = { ok: 0, failure: 1, usage: 2 } as const

/** One command of `lanewise`, in a file of its own: arguments in, text out. */
export interface Command {
  readonly name: string
  /** What it does, for the list of commands: a line. */
  readonly summary: string
  /** How it is called, and its options: text for `--help`. */
  readonly help: string
  /** Errors: those of `parseArgs` for arguments that it does not know. */
  run(args: readonly string[], streams: Streams): Promise<number>
}
