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

/** Exit codes: done; something is wrong; the command was called in a wrong way; a threshold was crossed; it was stopped by Ctrl-C, or by SIGTERM. */
export const EXIT = { ok: 0, failure: 1, usage: 2, regression: 3, interrupted: 130, terminated: 143 } as const

/** One command of `lanewise`, in a file of its own: arguments in, text out. */
export interface Command {
  readonly name: string
  /** What it does, for the list of commands: a line. */
  readonly summary: string
  /** How it is called, and its options: text for `--help`. */
  readonly help: string
  /** Errors: those of `parseArgs` for arguments that it does not know; UsageError; Complaint. */
  run(args: readonly string[], streams: Streams): Promise<number>
}

/** The command was called in a wrong way. The message says the rule, what came and what to write. */
export class UsageError extends Error {}

/** Something that the user gave cannot be used: a file, a function. No stack is printed: it is not our fault. */
export class Complaint extends Error {}
