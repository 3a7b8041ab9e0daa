import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Whether a program of this name stands in a folder of PATH.
 *
 * @param {string} name
 */
export function isOnPath(name) {
  const file = process.platform === 'win32' ? `${name}.exe` : name
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, file), constants.X_OK)
      return folder !== ''
    } catch {
      return false
    }
  })
}

/** Why nothing of Rust is built or tested, and what to do about it. */
export const WITHOUT_CARGO = 'cargo is not on PATH; install Rust (rustup.rs) and run this again to have it'
