import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Command, EXIT, type Streams, UsageError } from './command.ts'
import { readText, writeText } from './files.ts'

/** Makes the page of a tuning. */
export const report: Command = {
  name: 'report',
  summary: 'a page with figures, of what lanewise tune measured',
  help: `Usage: lanewise report RESULT … [--out FILE] [--json]

Makes one HTML file of a tune.json, or of the folder that it lies in. It needs no network and no script. Several results
of one function, as of several numbers of items, become one page with the verdict of the first.

  lanewise tune ./work.js#score --input range:100000 --out tuned
  lanewise report tuned

  --out FILE    to this file; without it, to report.html beside the first; - prints the page
  --json        one object for machines, of what was written
  --help        this text

Prints the name of the file. Exits with 0, or with 1 if the result cannot be read, or the page not be written.
`,
  async run(args, streams: Streams): Promise<number> {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        out: { type: 'string' },
        json: { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        color: { type: 'boolean', default: true },
      },
      allowPositionals: true,
      allowNegative: true,
    })
    if (positionals.length === 0) throw new UsageError('RESULT is missing')
    const files = positionals.map((given) => (isFolder(given) ? join(given, 'tune.json') : given))
    const [first = ''] = files
    const { readResult } = await import('../tune/read-result.ts')
    const { mergeResults } = await import('../tune/report/merge.ts')
    const { figuresOf } = await import('../tune/chart/figures.ts')
    const { writeReport } = await import('../tune/report.ts')
    const { stdout } = streams
    const results = files.map((file) => readResult(readText(file), file))
    const result = mergeResults(results, files)
    const page = writeReport(result)
    if (values.out === '-') {
      stdout.write(page)
      return EXIT.ok
    }
    const out = values.out ?? join(dirname(first), 'report.html')
    writeText(out, page)
    if (!values.json) {
      stdout.write(`${out}\n`)
      return EXIT.ok
    }
    const figures = figuresOf(result).map((figure) => ({
      id: figure.id,
      missing: 'missing' in figure ? figure.missing : null,
    }))
    const written = { schema: 1, kind: 'report', from: files, file: out, bytes: Buffer.byteLength(page), figures }
    stdout.write(`${JSON.stringify(written)}\n`)
    return EXIT.ok
  },
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
