import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root: string = fileURLToPath(new URL('../..', import.meta.url))

/** The pages that a user reads, by their paths from the root, with `/` everywhere. */
export const pages: readonly string[] = [
  'README.md',
  'examples/README.md',
  ...filesBelow('docs').filter((path) => path.endsWith('.md')),
]

/** The files below a folder of the root, by their paths from the root, with `/` everywhere. */
export function filesBelow(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.map(({ parentPath, name }) => join(parentPath, name).slice(root.length).replaceAll('\\', '/')).sort()
}

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}
