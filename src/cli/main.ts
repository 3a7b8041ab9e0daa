#!/usr/bin/env node
import { runCommand } from './commands.ts'

// Whoever reads may have enough: `lanewise doctor | head` is no failure. What comes after would be measured for nobody.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

// Progress that nobody reads any more is no reason to stop.
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

void runCommand(process.argv.slice(2), process).then((code) => {
  process.exitCode = code
})
