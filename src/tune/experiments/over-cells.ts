import type { Findings } from './experiment.ts'
import { type Cell, knowsNothing, type Lab } from './lab.ts'
import type { Stand } from './stand.ts'

/**
 * Runs a part of an experiment in each of its cells, one after the other, each with its share of the budget, and joins what they found.
 *
 * Errors: those of the parts; LanewiseError where none of them found anything.
 */
export async function overCells(
  lab: Lab,
  part: (cell: Cell, stand: Stand, share: number) => Promise<Omit<Findings, 'subjects'>>,
): Promise<Findings> {
  const cells = lab.cells()
  const found: Findings[] = []
  for (const cell of cells) {
    if (lab.isOver) break
    lab.tell(`${nameOfCell(cell)}, getting ready`, lab.budgetMs)
    const stand = await lab.stand(cell)
    if (stand === undefined) continue
    found.push({ subjects: [nameOfCell(cell)], ...(await part(cell, stand, 1 / cells.length)) })
    await lab.leave(cell)
  }
  const joined: Findings = {
    subjects: found.flatMap(({ subjects }) => subjects),
    rows: found.flatMap(({ rows }) => rows),
    rounds: found.flatMap(({ rounds }) => rounds),
    summary: found.flatMap(({ summary }) => summary),
    figures: found.flatMap(({ figures }) => figures),
  }
  if (joined.rows.length === 0) throw knowsNothing(lab.experiment)
  return joined
}

/** What a person calls a cell. */
export function nameOfCell({ workload, engine }: Cell): string {
  return `${workload} on ${engine}`
}
