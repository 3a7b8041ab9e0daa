import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { blocksOfPage } from './blocks.ts'
import { pages, read, root } from './site.ts'

const manifest = JSON.parse(read('package.json'))

describe('README.md', () => {
  it('shows code within its first 15 lines', () => {
    expect(blocksOfPage('README.md', read('README.md'))[0]!.line).toBeLessThanOrEqual(16)
  })
})

describe.each([...pages, 'CHANGELOG.md'])('%s', (page) => {
  const text = read(page)
  const prose = proseOf(text)

  it('links to what is there', () => {
    expect(linksOf(text).filter((to) => isBroken(page, to))).toEqual([])
  })

  it('names files that are there', () => {
    const named = [...prose.matchAll(/`((?:src|test|bench|docs|examples|scripts)\/[\w./-]+)`/g)].map(
      ([, path]) => path!,
    )
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('tells the shell to run what there is', () => {
    const named = [...text.matchAll(/^\/\/ (\S+\.[cm]?[jt]s)(?:: .*)?$/gm)].map(([, name]) => name!)
    const lines = blocksOfPage(page, text)
      .filter(({ language }) => language === 'sh')
      .flatMap(({ code }) => code.trim().split('\n'))
    const inProse = [...prose.matchAll(/`((?:np[mx]|node) [^`]+)`/g)].map(([, command]) => command!)
    expect([...lines, ...inProse].filter((command) => !canRun(command, named))).toEqual([])
  })
})

describe('the pages', () => {
  it('are all reached from README.md', () => {
    const reached = new Set(['README.md'])
    for (const page of reached) {
      for (const to of linksOf(read(page))) {
        const path = targetOf(page, to)
        if (pages.includes(path)) reached.add(path)
      }
    }
    expect(pages.filter((page) => !reached.has(page))).toEqual([])
  })
})

describe('docs/README.md', () => {
  it('lists all pages of the folder', () => {
    const listed = linksOf(read('docs/README.md')).map((to) => targetOf('docs/README.md', to))
    const others = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md')
    expect(others.filter((page) => !listed.includes(page))).toEqual([])
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

function proseOf(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, '')
}

function linksOf(text: string): string[] {
  return [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => to)
}

/** The file that a link of a page leads to, from the root; of a web address, nothing that is there. */
function targetOf(page: string, to: string): string {
  const [path = ''] = to.split('#')
  return path === '' ? page : posix.join(posix.dirname(page), path)
}

function isBroken(page: string, to: string): boolean {
  if (/^https?:/.test(to)) return false
  const file = targetOf(page, to)
  if (!existsSync(join(root, file))) return true
  const [, anchor] = to.split('#')
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
