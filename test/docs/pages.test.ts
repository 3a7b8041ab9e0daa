import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { blocksOfPage } from './blocks.ts'
import { root } from './programs.ts'

const pages = ['README.md', 'CHANGELOG.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)]
const manifest = JSON.parse(read('package.json'))

describe('README.md', () => {
  it('shows code within its first 15 lines', () => {
    expect(blocksOfPage('README.md', read('README.md'))[0]!.line).toBeLessThanOrEqual(16)
  })
})

describe.each(pages)('%s', (page) => {
  const text = read(page)
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '')

  it('links to what is there', () => {
    const broken = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => to).filter((to) => isBroken(page, to))
    expect(broken).toEqual([])
  })

  it('names files that are there', () => {
    const named = [...prose.matchAll(/`((?:src|test|bench|docs|examples|scripts)\/[\w./-]+)`/g)].map(
      ([, path]) => path!,
    )
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('tells the shell to run what there is', () => {
    const named = text.match(/^\/\/ \S+\.[cm]?[jt]s$/gm)?.map((line) => line.slice(3)) ?? []
    const lines = blocksOfPage(page, text)
      .filter(({ language }) => language === 'sh')
      .flatMap(({ code }) => code.trim().split('\n'))
    const inProse = [...prose.matchAll(/`((?:np[mx]|node) [^`]+)`/g)].map(([, command]) => command!)
    expect([...lines, ...inProse].filter((command) => !canRun(command, named))).toEqual([])
  })
})

/** A command of ours, by the manifest; or Node with a file that the page has made before. */
function canRun(line: string, files: readonly string[]): boolean {
  const command = line.replace(/\s+#.*$/, '').replace(/^[A-Z_]+=\S+ /, '')
  const [program = '', verb = '', name = ''] = command.split(' ')
  if (program === 'node') return files.includes(verb) || existsSync(join(root, verb))
  if (program === 'npm' && verb === 'run') return name in manifest.scripts
  if (program === 'npm' && (verb === 'start' || verb === 'test')) return verb in manifest.scripts
  if (program === 'npm' && (verb === 'i' || verb === 'install')) return name === manifest.name
  if (program === 'npx' && verb in manifest.bin) return existsSync(join(root, `src/cli/${name}.ts`))
  return false
}

function isBroken(page: string, to: string): boolean {
  if (/^https?:/.test(to)) return false
  const [path = '', anchor] = to.split('#')
  const file = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(root, file))) return true
  return anchor !== undefined && !anchorsOf(read(file)).includes(anchor)
}

/** The anchors that GitHub gives to headings. */
function anchorsOf(text: string): string[] {
  const headings = text.match(/^#+ .+$/gm) ?? []
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\-_ ]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}
