import { expect, it } from 'vitest'
import { fuzz } from './support/fuzz.ts'

const KERNELS = 100_000
const AT_ONCE = 2500

// `LANEWISE_FUZZ_SEED=200000 npm run test:fuzz` runs others.
const first = Number(process.env.LANEWISE_FUZZ_SEED ?? 0)

it.each(Array.from({ length: KERNELS / AT_ONCE }, (_, i) => first + i * AT_ONCE))(
  `random kernels have the bits of their own text, ${AT_ONCE} from seed %i`,
  (from) => {
    expect(fuzz(from, from + AT_ONCE) / AT_ONCE).toBeLessThan(0.02)
  },
)
