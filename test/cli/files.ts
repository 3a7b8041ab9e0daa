import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A folder for the files of one test file; it goes when that ends. A space in its name, as users have them. */
export function temporaryFolder(): { folder: string; put: (name: string, text: string) => string } {
  const folder = mkdtempSync(join(tmpdir(), 'lanewise cli-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const put = (name: string, text: string): string => {
    const file = join(folder, name)
    writeFileSync(file, text)
    return file
  }
  return { folder, put }
}
