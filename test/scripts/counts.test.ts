import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readCargoOutput, readVitestReport, settle } from '../../scripts/test/counts.mjs'

describe('settle', () => {
  it.each([
    [{ passed: 3, failed: 0, skipped: 1 }, true, 0],
    [{ passed: 3, failed: 2, skipped: 0 }, false, 2],
    [{ passed: 3, failed: 2, skipped: 0 }, true, 2],
    [{ passed: 3, failed: 0, skipped: 0 }, false, 1], // it crashed after its last test
    [{ passed: 0, failed: 0, skipped: 4 }, true, 1], // it ran no test
    [{ passed: 0, failed: 0, skipped: 0 }, false, 1],
  ])('of %o with a good end %s counts %i failed', (counts, endedWell, failed) => {
    expect(settle(counts, endedWell)).toEqual({ ...counts, failed })
  })
})

describe('readVitestReport', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lanewise-counts-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('counts a file that could not be loaded as a failed test, and one with failed tests by those', () => {
    const report = {
      numPassedTests: 5,
      numFailedTests: 2,
      numPendingTests: 1,
      numTodoTests: 1,
      testResults: [
        { status: 'passed', assertionResults: [{ status: 'passed' }] },
        { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'failed' }] },
        { status: 'failed', assertionResults: [] },
        { status: 'failed', assertionResults: [{ status: 'passed' }] }, // an afterAll threw
      ],
    }
    writeFileSync(join(folder, 'report.json'), JSON.stringify(report))
    expect(readVitestReport(join(folder, 'report.json'))).toEqual({ passed: 5, failed: 4, skipped: 2 })
  })

  it('counts nothing where the runner died before it wrote a report, or in the middle of one', () => {
    writeFileSync(join(folder, 'report.json'), '{"numPassedTests": 5,')
    for (const name of ['report.json', 'missing.json']) {
      expect(readVitestReport(join(folder, name))).toEqual({ passed: 0, failed: 0, skipped: 0 })
    }
  })
})

describe('readCargoOutput', () => {
  it('adds up the result lines of all test programs', () => {
    const output = [
      'running 3 tests',
      'test claims::covers_each_row ... ok',
      'test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s',
      '',
      'test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s',
    ].join('\n')
    expect(readCargoOutput(output)).toEqual({ passed: 4, failed: 2, skipped: 1 })
  })

  it('counts nothing where nothing was built', () => {
    expect(readCargoOutput('error: could not compile `lanewise-pool`\n')).toEqual({ passed: 0, failed: 0, skipped: 0 })
  })
})
