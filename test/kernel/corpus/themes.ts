import { calendar } from './calendar.ts'
import { colour } from './colour.ts'
import type { Entry } from './entry.ts'
import { finance } from './finance.ts'
import { geometry } from './geometry.ts'
import { iteration } from './iteration.ts'
import { noise } from './noise.ts'
import { numbers } from './numbers.ts'
import { roots } from './roots.ts'
import { signal } from './signal.ts'
import { tables } from './tables.ts'

/** All kernels of the corpus. */
export const themes: Readonly<Record<string, readonly Entry[]>> = {
  finance,
  geometry,
  colour,
  calendar,
  noise,
  numbers,
  roots,
  tables,
  iteration,
  signal,
}
