/** `npm run test:oracle`: plays scenarios of CPython, alone. The last line is `N passed, N failed, N skipped`. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readVitestReport, settle } from '../../scripts/test/counts.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const report = join(root, 'build', 'reports', 'oracle.json')

// npm changes to the root of the package; who asked may have stood elsewhere.
const { INIT_CWD: asked = process.cwd(), LANEWISE_ORACLE: files } = process.env
const env = {
  ...process.env,
  ...(files && {
    LANEWISE_ORACLE: files
      .split(delimiter)
      .map((file) => file && resolve(asked, file))
      .join(delimiter),
  }),
}

mkdirSync(join(root, 'build', 'reports'), { recursive: true })
rmSync(report, { force: true }) // that of an earlier run must not be counted
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    'units',
    'test/oracle/oracle.test.ts',
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${report}`,
  ],
  { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] },
)
const { passed, failed, skipped } = settle(readVitestReport(report), status === 0)
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = failed > 0 ? 1 : 0
