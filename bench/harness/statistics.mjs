import { loadSource } from '../../scripts/load-source.mjs'

/** The statistics of `lanewise tune`: the bench judges by the same ones. @type {typeof import('../../src/tune/statistics.ts')} */
const statistics = await loadSource('src/tune/statistics.ts')

/** @typedef {import('../../src/tune/statistics.ts').Estimate} Estimate */

export const { bootstrap, estimateMedian, median, pairedRatios, seededRandom, shuffled } = statistics
