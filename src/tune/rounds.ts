import type { Configuration, Run, TuneResult } from './result.ts'

/** A line of `rounds.jsonl`: one run, with all that names what ran. `schema` counts incompatible changes. */
export interface RoundLine extends Omit<Run, 'configuration'>, Configuration {
  readonly schema: 1
  readonly kind: 'round'
  readonly subject: string
}

/** The runs as JSON lines, in the order in which they ran. */
export function linesOfRounds({ runs, configurations, subject }: TuneResult): string {
  return runs
    .map(({ configuration, ...run }) => {
      const at = configurations[configuration] as Configuration
      const line: RoundLine = { schema: 1, kind: 'round', subject: subject.name, ...at, ...run }
      return `${JSON.stringify(line)}\n`
    })
    .join('')
}
