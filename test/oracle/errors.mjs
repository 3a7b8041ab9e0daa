/** Error classes with Python's names, for what scenarios raise. */

/** Can be sent, but its constructor refuses what a message holds. */
class Unrebuildable extends Error {
  /**
   * @param {string} first
   * @param {string} second
   */
  constructor(first, second) {
    if (second === undefined) throw new TypeError('an Unrebuildable takes two arguments')
    super(`${first}-${second}`)
  }
}

const names = ['ValueError', 'KeyError', 'RuntimeError', 'ZeroDivisionError', 'TimeoutError', 'SystemExit', 'Exception']

/** @type {Map<string, new (message: string) => Error>} */
const classes = new Map(names.map((name) => [name, { [name]: class extends Error {} }[name] ?? Error]))

for (const named of [...classes.values(), Unrebuildable]) {
  Object.defineProperty(named.prototype, 'name', { value: named.name, configurable: true, writable: true })
}

/** All of them, for registerError. */
export const errorClasses = [...classes.values(), Unrebuildable]

/**
 * @param {string} name
 * @param {string} message
 */
export function makeError(name, message) {
  if (name === 'Unrebuildable') return new Unrebuildable('a', 'b')
  const Class = classes.get(name)
  if (Class === undefined) throw new ReferenceError(`no scenario raises ${name}`)
  return new Class(textOf(name, message))
}

/**
 * What Python's str() gives of an error: of a KeyError the repr of its key.
 *
 * @param {string} name
 * @param {string} message
 */
export function textOf(name, message) {
  if (name !== 'KeyError') return message
  const quote = message.includes("'") && !message.includes('"') ? '"' : "'"
  const escaped = message
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote
}
