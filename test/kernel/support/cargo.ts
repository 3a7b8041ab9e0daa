import { spawnSync } from 'node:child_process'

/** Whether tests can ask crates/jit at all. */
export const hasCargo: boolean = spawnSync('cargo', ['--version']).status === 0

/** The lines that an example of crates/jit prints, given a text; some tell of failures. */
export function runExample(name: string, input: string): string[] {
  const command = ['run', '--quiet', '--release', '-p', 'lanewise-jit', '--example', name]
  const { error, signal, stderr, stdout } = spawnSync('cargo', command, {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (error ?? (signal || stderr)) throw new Error(`${name} ended badly: ${stderr}`, { cause: error ?? signal })
  return stdout.trimEnd().split('\n')
}
