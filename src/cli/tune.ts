import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readOptions } from '../checks.ts'
import { duration } from '../tune/numerals.ts'
import { type TuneOptions, type TuneProgress, tuneChecks } from '../tune/options.ts'
import type { Objective, TuneEngine, TuneResult } from '../tune/result.ts'
import { linesOfRounds } from '../tune/rounds.ts'
import { tune as search } from '../tune/tune.ts'
import { durationMs, list } from './arguments.ts'
import { type Command, Complaint, EXIT, type Streams, UsageError } from './command.ts'
import { makeFolder, writeText } from './files.ts'
import { INPUT_FORMS, readInput } from './input/read.ts'
import { Interrupted, interruptible } from './interrupt.ts'
import { loadFunction } from './load-function.ts'
import { Progress } from './progress.ts'
import { painter, wrap } from './style.ts'
import { printTuneMarkdown, tuneTable } from './tune-table.ts'

/** Sweeps chunk sizes over a user's own function, and says which to use. */
export const tune: Command = {
  name: 'tune',
  summary: 'find the best chunksize for a function of yours, or that auto does',
  help: `Usage: lanewise tune FILE#EXPORT --input INPUT [options]

Runs your function over your input with many chunk sizes and with auto, in turn, and says with an interval which is best
here, or that auto is good enough.

  lanewise tune ./work.js#score --input range:100000
  lanewise tune ./work.js#price --input quotes.csv:spot --input quotes.csv:strike --out tuned

FILE is JavaScript, or TypeScript where Node runs it (22.18 and later). EXPORT is a function or a kernel.

  --input INPUT       one an argument of the function: range:STOP or range:START,STOP,STEP; export:NAME of the
                      same module; or a file: .json (an array), .jsonl, .csv:COLUMN, .npy, .f64 or .bin (doubles)
  --engines LIST      threads, processes, inline; for kernels js, wasm, native. Default: what a map takes by itself
  --workers LIST      1,2,4 … Default: as many as there are cores
  --chunks LIST       sweep, auto, numbers, N/4P, 16..1024. Default: sweep, which is 1 to N/P, and auto
  --budget TIME       45, 45s, 2m, 500ms. Default 45s
  --objective WHAT    makespan (default): all results soon · first: the first one · p95stall: no long waits between
  --out DIR           writes tune.json, rounds.jsonl, tune.md, and report.html there
  --json              one object for machines
  --quiet             no progress
  --no-color          plain text
  --help              this text

Exits with 0, with 1 where it cannot be measured or a result is wrong, and with 130 after Ctrl-C, which tells what is
known so far.
`,
  async run(args, streams: Streams): Promise<number> {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      allowNegative: true,
      options: {
        input: { type: 'string', multiple: true },
        engines: { type: 'string' },
        workers: { type: 'string' },
        chunks: { type: 'string' },
        budget: { type: 'string' },
        objective: { type: 'string' },
        out: { type: 'string' },
        json: { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        color: { type: 'boolean', default: true },
      },
    })
    if (positionals.length > 1) throw new UsageError(`one function is tuned at a time, got ${positionals.join(' ')}`)
    const options = checked(optionsOf(values))
    const texts = values.input ?? []
    if (texts.length === 0) throw new UsageError(`the function needs --input: ${INPUT_FORMS}`)
    const { fn, name, module } = await loadFunction(positionals[0])
    const inputs = await Promise.all(texts.map((text) => readInput(text, module)))
    if (values.out !== undefined) makeFolder(values.out) // a minute is not lost for one that cannot be made
    const progress = new Progress(streams.stderr, values.quiet)
    let hasRun = false
    const onProgress = (at: TuneProgress): void => {
      hasRun ||= at.runs > 0
      progress.tell(progressLine(at))
    }
    const given = { ...options, name, input: texts.join(', '), argv: ['tune', ...args], onProgress }
    try {
      const { result, code } = await interruptible((signal) =>
        search(fn, ...inputs, { ...given, signal } as TuneOptions),
      )
      progress.clear()
      if (values.out !== undefined) await writeAll(values.out, result)
      print(result, streams, values)
      return code ?? EXIT.ok
    } catch (error) {
      progress.clear()
      if (error instanceof Interrupted) {
        streams.stderr.write(`lanewise: ${error.message}\n`)
        return error.code
      }
      // Until something ran it is what the user gave that is refused, by tune or by map.
      if (!hasRun && (error instanceof TypeError || error instanceof RangeError)) throw new Complaint(error.message)
      throw error
    }
  },
}

function print(result: TuneResult, { stdout }: Streams, { json, color }: { json: boolean; color: boolean }): void {
  if (json) {
    stdout.write(`${JSON.stringify(result)}\n`)
    return
  }
  const width = stdout.columns ?? 100
  const paint = painter(stdout, color)
  const { sentence, advice } = result.verdict
  const { name, items, kind } = result.subject
  const head = `${name}, a ${kind}, over ${items} ${items === 1 ? 'row' : 'rows'}`
  const colour = advice === 'noisy' ? 'yellow' : 'green'
  const lines = [
    ...wrap(head, width).map((line) => paint('bold', line)),
    '',
    ...tuneTable(result, width),
    '',
    ...wrap(sentence, width).map((line) => paint(colour, line)),
  ]
  stdout.write(`${lines.join('\n')}\n`)
}

function progressLine({ runs, planned, best, leftMs }: TuneProgress): string {
  if (runs === 0) return `plain loop and warm-up, ${Math.ceil(leftMs / 1000)} s at most`
  const so = best === undefined ? '' : `; best so far ${best.label}: ${duration(best.ms)}`
  return `run ${runs} of ${planned}, ${Math.ceil(leftMs / 1000)} s at most${so}`
}

interface Values {
  readonly engines?: string | undefined
  readonly workers?: string | undefined
  readonly chunks?: string | undefined
  readonly budget?: string | undefined
  readonly objective?: string | undefined
}

function optionsOf({ engines, workers, chunks, budget, objective }: Values): TuneOptions {
  return {
    engines: engines === undefined ? undefined : (list(engines, '--engines') as TuneEngine[]),
    workers: workers === undefined ? undefined : list(workers, '--workers').map(numberOr),
    chunks: chunks === undefined ? undefined : list(chunks, '--chunks').map(numberOr),
    budget: budget === undefined ? undefined : durationMs(budget, '--budget'),
    objective: objective as Objective | undefined,
  } as TuneOptions
}

/** Errors: UsageError for what the door of `tune` refuses. */
function checked(options: TuneOptions): TuneOptions {
  try {
    readOptions(options, tuneChecks, 'tune')
    return options
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

/** What is no number stays what it is: the check of the option says what is wrong. */
function numberOr(word: string): number | string {
  return /^[+-]?[\d.]+(e\d+)?$/i.test(word) ? Number(word) : word
}

async function writeAll(folder: string, result: TuneResult): Promise<void> {
  const { writeReport } = await import('../tune/report.ts') // most calls need no figures
  const files = {
    'report.html': writeReport(result),
    'tune.json': `${JSON.stringify(result)}\n`,
    'rounds.jsonl': linesOfRounds(result),
    'tune.md': printTuneMarkdown(result),
  }
  for (const [name, text] of Object.entries(files)) writeText(join(folder, name), text)
}
