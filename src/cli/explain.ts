import { parseArgs } from 'node:util'
import type { LoggedMap } from '../tune/chunk-log.ts'
import { type Command, EXIT, type Streams } from './command.ts'
import { onlyFile, readText } from './files.ts'
import { painter, wrap } from './style.ts'

/** Tells in words what the scheduler did, from a chunk log. */
export const explain: Command = {
  name: 'explain',
  summary: 'what the scheduler did, in words, from a chunk log',
  help: `Usage: lanewise explain LOG [--all] [--json] [--quiet] [--no-color]

Reads a chunk log and tells of each map how its chunks were sized, what came otherwise than planned, where workers waited,
and one thing to do about it.

  LANEWISE_CHUNK_LOG=chunks.jsonl node work.js
  lanewise explain chunks.jsonl

  --all         of more than 20 maps all, not only the longest
  --json        one object for machines, with all maps
  --quiet       no word of what is odd about the file
  --no-color    plain text
  --help        this text

Exits with 0, or with 1 if the file cannot be read as a chunk log.
`,
  async run(args, streams: Streams): Promise<number> {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        all: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        color: { type: 'boolean', default: true },
      },
      allowPositionals: true,
      allowNegative: true,
    })
    const file = onlyFile(positionals, 'LOG')
    const { readChunkLog } = await import('../tune/chunk-log.ts')
    const { explain: explainMap } = await import('../tune/explain.ts')
    const { stdout, stderr } = streams
    const { maps, notes } = readChunkLog(readText(file), file)
    if (!values.quiet) for (const note of notes) stderr.write(`lanewise: ${note}\n`)
    if (values.json) {
      stdout.write(`${JSON.stringify({ schema: 1, kind: 'explain', file, notes, maps: maps.map(explainMap) })}\n`)
      return EXIT.ok
    }
    const shown = values.all ? maps : longest(maps)
    if (shown.length < maps.length && !values.quiet) {
      stderr.write(`lanewise: these are the ${MOST_MAPS} longest of ${maps.length} maps; --all tells of each\n`)
    }
    const paint = painter(stdout, values.color)
    const width = stdout.columns ?? 100
    const texts = shown
      .map(explainMap)
      .map(({ heading, sentences, advice }) => [
        ...wrap(heading, width).map((line) => paint('bold', line)),
        ...sentences.flatMap((sentence) => wrap(sentence, width - 2).map((line) => `  ${line}`)),
        ...wrap(`→ ${advice}`, width - 2).map((line) => paint('green', `  ${line}`)),
      ])
    stdout.write(`${texts.map((lines) => lines.join('\n')).join('\n\n')}\n`)
    return EXIT.ok
  },
}

/** A page or two of a terminal. More: what matters scrolls away. */
const MOST_MAPS = 20

/** The maps that took longest, in the order of the log. */
function longest(maps: readonly LoggedMap[]): LoggedMap[] {
  const chosen = new Set(maps.toSorted((a, b) => b.makespanMs - a.makespanMs).slice(0, MOST_MAPS))
  return maps.filter((map) => chosen.has(map))
}
