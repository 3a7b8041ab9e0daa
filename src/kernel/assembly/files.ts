import { readFileSync } from 'node:fs'

/** Files by their paths, with the hashes of their texts. */
export type FileHashes = Readonly<Record<string, string>>

export function hashOf(text: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto')
  return createHash('sha256').update(text).digest('base64')
}

/** Whether they are the same files, with the same texts. */
export function areSame(some: FileHashes, others: FileHashes): boolean {
  const entries = Object.entries(some)
  return entries.length === Object.keys(others).length && entries.every(([path, hash]) => others[path] === hash)
}

/** Whether all of them still have the texts that they had. */
export function areUnchanged(files: FileHashes): boolean {
  return Object.entries(files).every(([path, hash]) => {
    try {
      return hashOf(readFileSync(path, 'utf8')) === hash
    } catch {
      return false
    }
  })
}
