import { readFileSync } from 'node:fs'

/**
 * What a suite came to.
 *
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * Holds a runner's own figures against how it ended: one that crashed, or ran nothing, has failed, whatever it counted.
 *
 * @param {Counts} counts
 * @param {boolean} endedWell exit code 0
 * @returns {Counts}
 */
export function settle(counts, endedWell) {
  const ran = counts.passed + counts.failed > 0
  return counts.failed > 0 || (endedWell && ran) ? counts : { ...counts, failed: 1 }
}

/**
 * Reads the report of vitest's json reporter. A test file that could not even be loaded has no tests in it, and counts as one
 * that failed.
 *
 * @param {string} file
 * @returns {Counts}
 */
export function readVitestReport(file) {
  const report = readJson(file)
  if (report === undefined) return { passed: 0, failed: 0, skipped: 0 }
  const broken = report.testResults.filter(
    (/** @type {{ status: string, assertionResults: { status: string }[] }} */ result) =>
      result.status === 'failed' && !result.assertionResults.some(({ status }) => status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/**
 * Adds up the lines `test result: ok. 3 passed; 0 failed; 1 ignored; …` of `cargo test`, one for each test program.
 *
 * @param {string} output
 * @returns {Counts}
 */
export function readCargoOutput(output) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const [, passed, failed, ignored] of output.matchAll(
    /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;/gm,
  )) {
    counts.passed += Number(passed)
    counts.failed += Number(failed)
    counts.skipped += Number(ignored)
  }
  return counts
}

/** @param {string} file */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined // the runner died before it could write one
  }
}
