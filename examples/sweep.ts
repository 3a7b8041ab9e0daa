import type { TuneResult } from 'lanewise/tune'

/** The bar of the slowest chunk size, in columns of the terminal. */
const WIDTH = 40

/** What each chunk size took, as bars of a terminal, and the verdict. */
export function drawSweep({ configurations, runs, verdict }: TuneResult): string {
  const medians = configurations.map((_, i) => {
    const times = runs.filter(({ configuration }) => configuration === i).map(({ makespanMs }) => makespanMs)
    return times.sort((a, b) => a - b)[times.length >> 1]
  })
  const slowest = Math.max(...medians.filter((ms) => ms !== undefined))
  const lines = configurations.flatMap(({ label, chunksize }, i) => {
    const ms = medians[i]
    if (ms === undefined) return [] // no time was left for it
    const name = label === String(chunksize) ? label : `${label}${chunksize === 'auto' ? '' : ` (${chunksize})`}`
    const bar = '█'.repeat(Math.max(1, Math.round((WIDTH * ms) / slowest)))
    return [`${name.padStart(12)}  ${bar.padEnd(WIDTH)} ${ms.toFixed(0).padStart(6)} ms`]
  })
  return `${lines.join('\n')}\n${verdict.sentence}`
}
