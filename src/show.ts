import { inspect } from 'node:util'

/** How a value reads in an error message: one short line, whatever it is; never throws. */
export function show(value: unknown): string {
  try {
    const text = inspect(value, { depth: -1, maxStringLength: 60, customInspect: false, breakLength: Infinity })
    const [line = ''] = text.split('\n', 1) // an Error shows its stack
    return line
  } catch {
    return `a value of type ${typeof value}`
  }
}
