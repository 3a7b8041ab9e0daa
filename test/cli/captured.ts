import { runCommand } from '../../src/cli/commands.ts'

/** Runs the command line in this process: its exit code and what it printed. */
export async function captured(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const stdout = { write: (text: string) => (out += text) }
  const stderr = { write: (text: string) => (err += text) }
  const code = await runCommand(args, { stdout, stderr })
  return { code, out, err }
}
