/**
 * Tries the models of threads in more orders than `npm test` does: a thread may be interrupted three times where it need not
 * wait, not twice. Takes some minutes; `LOOM_MAX_PREEMPTIONS=4` takes hours. What follows the command goes to cargo: a part
 * of a model's name, for one.
 */
import { spawnSync } from 'node:child_process'
import { isOnPath, WITHOUT_CARGO } from './setup/programs.mjs'
import { MODELS } from './test/models.mjs'

if (isOnPath('cargo')) {
  const env = { LOOM_MAX_PREEMPTIONS: '3', ...process.env, ...MODELS.env }
  const { status, error } = spawnSync('cargo', [...MODELS.args, ...process.argv.slice(2)], { stdio: 'inherit', env })
  if (error !== undefined) throw error
  process.exitCode = status ?? 1
} else console.log(`skipped: ${WITHOUT_CARGO}`)
