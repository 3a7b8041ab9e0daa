import { type Tasks, tasks } from '../../src/index.ts'

/** The functions of calls.mjs, as pools send them. */
export const calls: Tasks<typeof import('./calls.mjs')> = tasks(new URL('./calls.mjs', import.meta.url))
