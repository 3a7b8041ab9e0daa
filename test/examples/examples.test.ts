import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { read, root } from '../docs/site.ts'

/** Runs an example as set-up has built it; rejects if it fails, or has not ended by itself after a minute. */
async function run(name: string, count: number, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const file = join(root, 'build/examples', `${name}.js`)
  const options = { env: { ...process.env, ...env }, timeout: 60_000, killSignal: 'SIGKILL' } as const
  const { stdout } = await promisify(execFile)(process.execPath, [file, String(count)], options)
  return stdout.replaceAll(/(?<=\S) +/g, ' ') // columns apart
}

describe('examples/README.md', () => {
  it('names each program and each module', () => {
    const files = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.ts'))
    const page = read('examples/README.md')
    expect(files.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })
})

// Small inputs, and what is sure in what they print: the data's facts, not the machine's times.
describe('an example', { timeout: 90_000 }, () => {
  it('airports: every way and every engine agree about the loneliest of 300', async () => {
    const printed = await run('airports', 300)
    expect(printed).toContain('510 km Port Protection SPB, AK (3597 km to the average one)')
    expect(printed).toMatch(/^threads, auto .*\n(?:.*\n)*kernel, wasm /m)
    expect(printed).toMatch(/^All answers agree/m)
    expect(printed).toMatch(/^ +auto █+ +\d+ ms$/m)
    const [, page = ''] = /^All figures: (.*\.html)$/m.exec(printed) ?? []
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/)
  })

  it('flights: of the 12 busiest airports Atlanta would be missed most', async () => {
    const printed = await run('flights', 12)
    expect(printed).toContain('a way between two of 305 airports takes 2.332 flights')
    const ranked = [...printed.matchAll(/^([A-Z]{3}) (\d\.\d{3}) (\d+)/gm)].map(([, ...cells]) => cells.join(' '))
    expect(ranked).toHaveLength(10)
    expect(ranked.slice(0, 3)).toEqual(['ATL 2.353 9121', 'DFW 2.334 4180', 'SLC 2.359 2992'])
  })

  it('movies: what is wrong with the first 320 records, one of which its check never ends on', async () => {
    const printed = await run('movies', 320)
    const counts = [...printed.matchAll(/^(.*): (\d+)$/gm)].map(([, what, count]) => [what, Number(count)])
    expect(printed).toMatch(/^306 of 320 records are well/)
    expect(counts).toEqual([
      ['mended', 3],
      ['Release Date', 11],
      ['Title', 2],
      ['the check did not end', 1],
    ])
    expect(printed).toContain('AstÈrix aux Jeux Olympiques → Astérix aux Jeux Olympiques')
  })

  it('zipcodes: stops reading the file where it is told to, and never reads further ahead than buffersize', async () => {
    const printed = await run('zipcodes', 900)
    expect(printed).toMatch(/^ +\d+ km \d{5} .*, MA, to /m)
    expect(printed).toMatch(/Half of 900 ZIP codes are within \d+\.\d km of one/)
    const [, ahead, read] = /At most (\d+) lines were read ahead, of (\d+)\./.exec(printed) ?? []
    expect(Number(ahead)).toBeLessThanOrEqual(512)
    expect(Number(read)).toBeLessThanOrEqual(900 + 512)
  })

  it('savings: prints the same futures on every engine', async () => {
    const [js, wasm] = await Promise.all([
      run('savings', 3_000, { LANEWISE_ENGINE: 'js' }),
      run('savings', 3_000, { LANEWISE_ENGINE: 'wasm' }),
    ])
    const futures = (printed: string): string => printed.slice(0, printed.indexOf('\n\n')) // behind them, the time
    expect(futures(js)).toContain('on average there will be 79,315 dollars')
    expect(futures(wasm)).toBe(futures(js))
  })
})
