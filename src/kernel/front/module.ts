import { type AnyNode, type Program as ModuleNode, parse } from 'acorn'
import type { Program } from '../ir/ir.ts'
import { compileFunction } from './check.ts'
import { expression } from './expressions.ts'
import { constantOf } from './fold.ts'
import type { Source } from './frame.ts'
import { isOperator, MATH_ONLY } from './math-names.ts'
import type { FunctionText } from './parse.ts'
import { type Context, type Outer, Scope, type Session } from './scope.ts'

/**
 * Compiles functions of a module's text: those of src/math, when the package is built.
 *
 * What a function names from outside is the module's: functions, which are put in place, and constants. What it imports is taken for an
 * operation that only src/math may use.
 * Errors: KernelSyntaxError; RangeError for a name that is no function of the module.
 */
export function compileModule(
  text: string,
  names: readonly string[],
  library: ReadonlyMap<string, Program>,
): Map<string, Program> {
  const source: Source = { name: 'module', text }
  const module = new Module(source, parse(text, { ecmaVersion: 'latest', sourceType: 'module' }), library)
  return new Map(names.map((name) => [name, module.compile(name)]))
}

class Module {
  readonly #source: Source
  readonly #library: ReadonlyMap<string, Program>
  readonly #functions = new Map<string, FunctionText>()
  readonly #values = new Map<string, AnyNode>()
  /** Names outside of what stands in `export { a as b }`, by the names there. */
  readonly #exported = new Map<string, string>()
  /** Names that imports have outside, by those that they have here. */
  readonly #imported = new Map<string, string>()
  readonly #outers = new Map<string, Outer | undefined>()

  constructor(source: Source, node: ModuleNode, library: ReadonlyMap<string, Program>) {
    this.#source = source
    this.#library = library
    for (const each of node.body) this.#read(each)
  }

  compile(name: string): Program {
    const text = this.#functions.get(this.#exported.get(name) ?? name)
    if (!text) throw new RangeError(`the module has no function ${name}`)
    return compileFunction({ name, ...text }, this.#session())
  }

  #read(node: AnyNode): void {
    switch (node.type) {
      case 'ExportNamedDeclaration':
        if (node.declaration) this.#read(node.declaration)
        for (const { local, exported } of node.specifiers) {
          if (local.type === 'Identifier' && exported.type === 'Identifier')
            this.#exported.set(exported.name, local.name)
        }
        break
      case 'ImportDeclaration':
        for (const each of node.specifiers) {
          if (each.type === 'ImportSpecifier' && each.imported.type === 'Identifier') {
            this.#imported.set(each.local.name, each.imported.name)
          }
        }
        break
      case 'FunctionDeclaration':
        if (node.id) {
          const { name } = node.id
          this.#functions.set(name, { source: { ...this.#source, name: `function ${name}` }, node })
        }
        break
      case 'VariableDeclaration':
        for (const { id, init } of node.declarations)
          if (id.type === 'Identifier' && init) this.#values.set(id.name, init)
        break
      default:
    }
  }

  #session(): Session {
    return {
      library: this.#library,
      isMath: true,
      outer: (name) => this.#outer(name),
      cold: new Map(),
      inlined: 0,
    }
  }

  #outer(name: string): Outer | undefined {
    if (!this.#outers.has(name)) {
      // A constant that is made of itself is no constant.
      this.#outers.set(name, undefined)
      this.#outers.set(name, this.#find(name))
    }
    return this.#outers.get(name)
  }

  #find(name: string): Outer | undefined {
    const text = this.#functions.get(name)
    if (text) return { kind: 'helper', helper: () => ({ name, ...text }) }
    const imported = this.#imported.get(name)
    if (imported !== undefined && isOperator(MATH_ONLY, imported)) return { kind: 'operation', name: imported }
    const init = this.#values.get(name)
    if (!init) return undefined
    const value = constantOf(expression(this.#context(), init))
    return value === undefined ? undefined : { kind: 'number', value }
  }

  /** For the value of a constant, which calls nothing. */
  #context(): Context {
    const nothing = () => {
      throw new RangeError('a constant of a module calls no function')
    }
    return {
      session: this.#session(),
      source: this.#source,
      scope: new Scope(undefined),
      targets: [],
      preceding: undefined,
      give: nothing,
      reassigned: new Set(),
      stack: [],
      inline: nothing,
      cold: nothing,
    }
  }
}
