import { parseArgs } from 'node:util'
import { type Command, EXIT, type Streams } from './command.ts'
import { onlyFile, readText, writeText } from './files.ts'

/** Turns a chunk log into a trace that Perfetto opens. */
export const trace: Command = {
  name: 'trace',
  summary: 'a chunk log as a trace for Perfetto, a lane a worker',
  help: `Usage: lanewise trace LOG [--out FILE] [--quiet]

Writes a chunk log as Trace Event JSON, which ui.perfetto.dev and chrome://tracing open: a process a map, a lane a worker,
a slice a chunk.

  LANEWISE_CHUNK_LOG=chunks.jsonl node work.js
  lanewise trace chunks.jsonl --out trace.json

  --out FILE    to this file, whose name is printed; without it the trace is printed
  --quiet       no word of what is odd about the log
  --help        this text

Exits with 0, or with 1 if the log cannot be read, or the file not be written.
`,
  async run(args, streams: Streams): Promise<number> {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        out: { type: 'string' },
        quiet: { type: 'boolean', default: false },
        color: { type: 'boolean', default: true }, // taken as by all commands; a trace has none
      },
      allowPositionals: true,
      allowNegative: true,
    })
    const file = onlyFile(positionals, 'LOG')
    const { readChunkLog } = await import('../tune/chunk-log.ts')
    const { traceOf } = await import('../tune/trace.ts')
    const { stdout, stderr } = streams
    const { maps, notes } = readChunkLog(readText(file), file)
    if (!values.quiet) for (const note of notes) stderr.write(`lanewise: ${note}\n`)
    const text = `${JSON.stringify(traceOf(maps))}\n`
    if (values.out === undefined) stdout.write(text)
    else {
      writeText(values.out, text)
      stdout.write(`${values.out}\n`)
    }
    return EXIT.ok
  },
}
