import type { Debugger, Runtime, Session } from 'node:inspector'
import { SourceMap } from 'node:module'
import type { AnyFunction } from './ref.ts'

/** Where a function stands: its script, and the offset of its beginning in the script's text. */
export interface Place {
  readonly url: string
  readonly text: string
  readonly offset: number
  /** 1-based, in the file as it was written, where the script carries its source map. */
  readonly line: number
  readonly column: number
}

/** Which of the names are variables around `fn`, not global ones, and whether they hold `fn` itself. undefined: nobody can look. */
export function inspectScopes(fn: AnyFunction, names: readonly string[]): Map<string, 'itself' | 'other'> | undefined {
  return inspecting(fn, (session, self) => {
    const found = new Map<string, 'itself' | 'other'>()
    const list = internalOf(session, self, '[[Scopes]]')
    if (list?.objectId === undefined) return found
    // From the inside out. Global is what every thread has; all the others, a script's top-level `const` too, are the caller's.
    for (const { value: scope } of propertiesOf(session, list.objectId).result) {
      if (scope?.objectId === undefined || scope.description === 'Global') continue
      for (const { name, value } of propertiesOf(session, scope.objectId).result) {
        if (found.has(name) || !names.includes(name)) continue
        found.set(name, isSame(session, self, value) ? 'itself' : 'other')
      }
    }
    return found
  })
}

/** Where `fn` stands. undefined: it is native, or nobody can look. */
export function findPlace(fn: AnyFunction): Place | undefined {
  return inspecting(fn, (session, self) => {
    const urls = new Map<string, string>()
    session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url))
    post(session, 'Debugger.enable') // tells of every script: about 20 ms the first time, 3 ms later
    const location = internalOf(session, self, '[[FunctionLocation]]')?.value as Debugger.Location | undefined
    if (location === undefined) return
    const { scriptId, lineNumber, columnNumber = 0 } = location
    const { scriptSource: text } = post<Debugger.GetScriptSourceReturnType>(session, 'Debugger.getScriptSource', {
      scriptId,
    })
    const offset = offsetOf(text, lineNumber, columnNumber)
    return { url: urls.get(scriptId) ?? '', text, offset, ...asWritten(text, lineNumber, columnNumber) }
  })
}

/**
 * Looks at `fn` through an inspector of our own process. The session is closed again: while a debugger is on, V8 keeps WebAssembly
 * in its slow tier. undefined where there is no inspector (Bun, Deno, `--permission`) or it sees another world (vitest's vmThreads).
 */
function inspecting<T>(fn: AnyFunction, look: (session: Session, self: string) => T): T | undefined {
  const key = Symbol.for('lanewise.inspected')
  const world = globalThis as { [key]?: AnyFunction }
  let session: Session | undefined
  try {
    // Not imported: where it is missing, that would throw.
    session = new (process.getBuiltinModule('node:inspector').Session)()
    session.connect()
    world[key] = fn
    const expression = `globalThis[Symbol.for(${JSON.stringify(key.description)})]`
    const { result } = post<Runtime.EvaluateReturnType>(session, 'Runtime.evaluate', { expression })
    return result.objectId === undefined ? undefined : look(session, result.objectId)
  } catch {
    return
  } finally {
    delete world[key]
    session?.disconnect()
  }
}

/** Sends a command; in-process, the answer is there when `post` returns. */
function post<T>(session: Session, method: string, params?: object): T {
  let failed: Error | null = null
  let answer: unknown
  session.post(method, params, (error, result) => {
    failed = error
    answer = result
  })
  if (failed !== null) throw failed
  return answer as T
}

function propertiesOf(session: Session, objectId: string): Runtime.GetPropertiesReturnType {
  return post(session, 'Runtime.getProperties', { objectId, ownProperties: true })
}

function internalOf(session: Session, objectId: string, name: string): Runtime.RemoteObject | undefined {
  return propertiesOf(session, objectId).internalProperties?.find((each) => each.name === name)?.value
}

function isSame(session: Session, self: string, value: Runtime.RemoteObject | undefined): boolean {
  if (value?.type !== 'function' || value.objectId === undefined) return false
  const { result } = post<Runtime.CallFunctionOnReturnType>(session, 'Runtime.callFunctionOn', {
    objectId: self,
    functionDeclaration: 'function (other) { "use strict"; return this === other }',
    arguments: [{ objectId: value.objectId }],
  })
  return result.value === true
}

function offsetOf(text: string, line: number, column: number): number {
  const breaks = /\r\n|[\n\r\u2028\u2029]/g
  for (let passed = 0; passed < line; passed++) if (breaks.exec(text) === null) return text.length
  return breaks.lastIndex + column
}

/** Undoes what a transpiler moved: tsx and vitest leave their source map in the text. */
function asWritten(text: string, line: number, column: number): { line: number; column: number } {
  const inline = text.slice(text.lastIndexOf('//# sourceMappingURL=data:application/json')).match(/;base64,([\w+/=]+)/)
  if (inline?.[1] !== undefined) {
    const map = new SourceMap(JSON.parse(Buffer.from(inline[1], 'base64').toString()))
    const entry = map.findEntry(line, column)
    if ('originalLine' in entry) return { line: entry.originalLine + 1, column: entry.originalColumn + 1 }
  }
  return { line: line + 1, column: column + 1 }
}
