import { expect, it } from 'vitest'
import { printMetrics } from '../../src/cluster/metrics.ts'

const counts = {
  begun: 9,
  done: 7,
  duplicates: 0,
  refused: 0,
  failed: 0,
  cancelled: 0,
  malformed: 0,
  givenBack: 2,
  overdue: 0,
  execMs: 1500,
}

it('says each count with its help, its kind and its host', () => {
  const text = printMetrics({ name: 'h', slots: 4, free: 1, held: 3, counts })
  const lines = text.trimEnd().split('\n')
  expect(lines).toContain('lanewise_slots_free{host="h"} 1')
  expect(lines).toContain('# TYPE lanewise_chunks_given_back_total counter')
  expect(lines).toContain('lanewise_chunks_given_back_total{host="h"} 2')
  expect(lines).toContain('lanewise_function_seconds_total{host="h"} 1.5')
  const metrics = lines.filter((line) => !line.startsWith('#'))
  expect(metrics).toHaveLength(3 + Object.keys(counts).length)
  for (const line of metrics) {
    const [name] = line.split('{')
    expect(
      lines.filter((each) => each.startsWith(`# HELP ${name} `) || each.startsWith(`# TYPE ${name} `)),
    ).toHaveLength(2)
  }
  expect(text.endsWith('\n')).toBe(true)
})
