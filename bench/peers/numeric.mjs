import { runInThisContext } from 'node:vm'
import { parseExpressionAt } from 'acorn'

/**
 * What runs a numeric function over columns without lanewise: `(inputs) => results`, or undefined where it has no way to say the function.
 *
 * @typedef {(inputs: readonly Float64Array[]) => ArrayLike<number>} Run
 * @typedef {(...numbers: number[]) => number} Numeric
 *
 * @typedef {import('ndarray').NdArray} NdArray
 * @typedef {[NdArray, NdArray, NdArray, NdArray]} NdArrays as many as the function has parameters
 *
 * @typedef {object} NumericPeer
 * @property {(fn: Numeric, count: number) => Promise<Run | undefined>} open
 * @property {number} accuracy largest error of a result, relative to 1 or to the result
 * @property {number} share    of the rows that it is given: the rest would take minutes
 */

/** By parameters of the function, one to four. */
const STRIDED = [
  () => import('@stdlib/strided-base-unary'),
  () => import('@stdlib/strided-base-binary'),
  () => import('@stdlib/strided-base-ternary'),
  () => import('@stdlib/strided-base-quaternary'),
]

/** Set up as their own pages show. @type {Record<string, NumericPeer>} */
export const NUMERIC_PEERS = {
  // On the processor it is plain code too, and its results are single floats.
  'gpu.js on the CPU': {
    accuracy: 1e-3,
    share: 1,
    async open(fn, count) {
      const { GPU } = await import('gpu.js')
      const { names, text } = partsOf(fn)
      const gpu = new GPU({ mode: 'cpu' })
      const parameters = names.join(', ')
      const body = text.startsWith('{') ? text : `{ return ${text} }`
      gpu.addFunction(functionOf(`function work(${parameters}) ${body}`))
      const reads = names.map((name) => `${name}[this.thread.x]`)
      const kernel = gpu.createKernel(functionOf(`function (${parameters}) { return work(${reads.join(', ')}) }`))
      kernel.setOutput([count])
      return (inputs) => kernel(...inputs)
    },
  },

  // Its expressions have no loops.
  'mathjs, compiled': {
    accuracy: 1e-9,
    share: 0.02,
    async open(fn, count) {
      const { compile } = await import('mathjs')
      const { names, statements } = partsOf(fn)
      if (statements === undefined) return undefined
      const expression = compile(statements.join('\n'))
      const out = new Float64Array(count)
      return (inputs) => {
        for (let i = 0; i < count; i++) {
          const result = expression.evaluate(Object.fromEntries(names.map((name, n) => [name, inputs[n]?.[i]])))
          out[i] = typeof result === 'number' ? result : (result.entries[0] ?? Number.NaN)
        }
        return out
      }
    },
  },

  ndarray: {
    accuracy: 0,
    share: 1,
    async open(fn, count) {
      const { default: ndarray } = await import('ndarray')
      const out = ndarray(new Float64Array(count))
      return (inputs) => {
        const [a, b, c, d] = /** @type {NdArrays} */ (inputs.map((column) => ndarray(column)))
        for (let i = 0; i < count; i++) {
          if (fn.length === 4) out.set(i, fn(a.get(i), b.get(i), c.get(i), d.get(i)))
          else if (fn.length === 3) out.set(i, fn(a.get(i), b.get(i), c.get(i)))
          else if (fn.length === 2) out.set(i, fn(a.get(i), b.get(i)))
          else out.set(i, fn(a.get(i)))
        }
        return out.data
      }
    },
  },

  stdlib: {
    accuracy: 0,
    share: 1,
    async open(fn, count) {
      const load = STRIDED[fn.length - 1]
      if (load === undefined) return undefined
      const { default: apply } = await load()
      const out = new Float64Array(count)
      return (inputs) => {
        const arrays = [...inputs, out]
        apply(arrays, [count], Array(arrays.length).fill(1), fn)
        return out
      }
    },
  },
}

/**
 * @param {string} text
 * @returns {Numeric}
 */
function functionOf(text) {
  return runInThisContext(`(${text})`)
}

/**
 * A function's parameters, its body as text, and, if there are no others than `const` and `return`, its statements as a language without
 * keywords has them.
 *
 * @param {Numeric} fn
 * @returns {{ names: string[], text: string, statements: string[] | undefined }}
 */
function partsOf(fn) {
  const source = fn.toString()
  const tree = /** @type {import('acorn').ArrowFunctionExpression} */ (
    parseExpressionAt(source, 0, { ecmaVersion: 'latest' })
  )
  /** @param {import('acorn').Node} node */
  const text = ({ start, end }) => source.slice(start, end)
  /** @param {import('acorn').Node} node */
  const plain = (node) => text(node).replace(/\s+/g, ' ').replaceAll('Math.', '')
  const names = tree.params.map(text)
  if (tree.body.type !== 'BlockStatement') return { names, text: text(tree.body), statements: [plain(tree.body)] }
  /** @type {string[]} */
  const statements = []
  for (const statement of tree.body.body) {
    if (statement.type === 'ReturnStatement' && statement.argument) statements.push(plain(statement.argument))
    else if (statement.type === 'VariableDeclaration' && statement.kind === 'const') {
      // A semicolon has mathjs keep a value to itself.
      for (const { id, init } of statement.declarations) if (init) statements.push(`${text(id)} = ${plain(init)};`)
    } else return { names, text: text(tree.body), statements: undefined }
  }
  return { names, text: text(tree.body), statements }
}
