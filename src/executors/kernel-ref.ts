import { FunctionError } from '../errors.ts'
import type { SourceRef } from '../functions/ref.ts'
import type { KernelParts } from '../kernel/parts.ts'

/**
 * How a kernel reaches a worker as a plain function, for `submit`: its loop of one row, with what it captured written in.
 *
 * Errors: FunctionError for one that captures arrays, which a map shares with workers and a source cannot hold; and for one that has no source, of a file
 *         in AssemblyScript.
 */
export function refOfKernel(parts: KernelParts): SourceRef {
  const ref = refs.get(parts) ?? newRef(parts)
  refs.set(parts, ref)
  return ref
}

const refs = new WeakMap<KernelParts, SourceRef>()

function newRef({ code, uniforms, tables }: KernelParts): SourceRef {
  const [table] = code.tables
  if (tables.length > 0) {
    throw new FunctionError(
      `a single call takes no kernel that captures arrays, got ${code.name}, which reads ${table}; use map with arrays of one item`,
    )
  }
  if (code.js === undefined) {
    throw new FunctionError(
      `a single call takes no kernel of a file in AssemblyScript, got ${code.name}; use map with arrays of one item`,
    )
  }
  const parameters = code.inputs.map(
    (input) => `[${JSON.stringify(input.name)}, ${input.default === undefined ? 'undefined' : literal(input.default)}]`,
  )
  const source = `(() => {
  const loop = ${code.js(code.inputs.map(() => 'repeat'))}
  const uniforms = [${Array.from(uniforms, literal).join(', ')}]
  const parameters = [${parameters.join(', ')}]
  const out = [0]
  return (...args) => {
    const inputs = parameters.map(([name, missing], i) => {
      const value = args[i] === undefined ? missing : args[i]
      if (typeof value === 'number' || typeof value === 'boolean') return Number(value)
      throw new TypeError(${JSON.stringify(code.name)} + ' takes numbers, got ' + typeof value + ' for ' + name + '; convert it first')
    })
    loop(uniforms, [], inputs, out)(0, 1)
    return out[0]
  }
})`
  return { kind: 'source', id: `kernel:${source}`, name: code.name, code: source, shims: [] }
}

function literal(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}
