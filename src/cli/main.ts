#!/usr/bin/env node
import { runCommand } from './commands.ts'

// Whoever reads may have enough: `lanewise doctor | head` is no failure. Nobody reads what comes after, so nothing is measured for him either.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

void runCommand(process.argv.slice(2), process).then((code) => {
  process.exitCode = code
})
