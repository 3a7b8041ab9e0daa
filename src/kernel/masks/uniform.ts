import type { Call, If, Label, Leave, Statement, Value, Variable } from '../ir/ir.ts'
import { around, bodiesOf, isWithin, type Mentions, type Place, type Places, placesOf } from '../ir/places.ts'

/**
 * What differs between the lanes of a vector when it runs a body, and where they part.
 *
 * Lanes run in step. They part in an `if` whose condition varies, and at a `leave` that only some of them take: those wait at the end of its block
 * or loop, their mask turned off. Everywhere else all lanes that are on do the same, by real branches.
 */
export interface Uniformity {
  readonly places: Places
  /** Whether a value may differ between the lanes that are on. */
  varies(value: Value): boolean
  variableVaries(variable: Variable): boolean
  /** Whether lanes part at this statement. */
  parts(statement: If | Leave): boolean
  /** The outermost body around a place, or the place, that lanes were spared who may still read what the variable held before a `set` there. */
  seenFrom(variable: Variable, place: Place): Place | undefined
}

/**
 * Finds what varies: the least that inputs make vary, by going over the body until nothing is added.
 *
 * A variable that is set where some lanes are off still is the same in all lanes that are on, if only these ever read it: a counter inside a loop that
 * lanes leave one by one. `seenFrom` is that rule: nothing outside the construct where lanes parted reads the variable, and no loop enters that construct
 * again meanwhile.
 * Every variable must be set before it is read, on every path: zeroed() sees to it.
 * Cost: O(statements × depth) a round; a round for each step by which variance spreads backwards, in practice three or four.
 */
export function uniformity(body: readonly Statement[], results: readonly Variable[]): Uniformity {
  const places = placesOf(body, results)
  const values = new Set<Value>()
  const variables = new Set<Variable>()
  const partings = new Set<If | Leave>()
  const left = new Set<Label>()
  let isChanged = true

  const add = <T>(found: Set<T>, thing: T) => {
    if (found.has(thing)) return
    found.add(thing)
    isChanged = true
  }
  const varies = (value: Value) => value.op === 'input' || values.has(value)

  const seenFrom = (variable: Variable, place: Place): Place | undefined => {
    const { gets, scope } = places.variables.get(variable) as Mentions
    let found: Place | undefined
    for (const { owner, body: inside } of around(place, scope)) {
      const isParting = owner.kind === 'if' ? partings.has(owner) : left.has(owner.label)
      if (!isParting) continue
      const outside = (inside.outer as NonNullable<Place['outer']>).place
      const isAgain = () => [...around(outside, scope)].some(({ owner: around_ }) => around_.kind === 'loop')
      if (!gets.every((get) => isWithin(get, inside)) || isAgain()) found = inside
    }
    return found
  }

  const assign = (variable: Variable, isVarying: boolean, place: Place) => {
    if (isVarying || seenFrom(variable, place)) add(variables, variable)
  }

  const visit = (statements: readonly Statement[]) => {
    const place = places.bodies.get(statements) as Place
    for (const statement of statements) {
      switch (statement.kind) {
        case 'let': {
          const { value } = statement
          if (value.args.some(varies) || (value.variable && variables.has(value.variable))) add(values, value)
          break
        }
        case 'set':
          assign(statement.variable, varies(statement.value), place)
          break
        case 'call':
          for (const variable of statement.results) assign(variable, callVaries(statement, varies), place)
          break
        case 'if':
          if (varies(statement.condition)) add(partings, statement)
          break
        case 'leave':
          if (leavesSome(statement, place)) {
            add(partings, statement)
            add(left, statement.label)
          }
          break
        default: // a block or a loop is what is in it
      }
      for (const inner of bodiesOf(statement)) visit(inner)
    }
  }

  /** Some lanes may be elsewhere, and go on there: in the other branch of an `if`, or at the end of a block inside the one that is left. */
  const leavesSome = (leave: Leave, place: Place): boolean => {
    for (const { owner } of around(place)) {
      if (owner.kind === 'if') {
        if (partings.has(owner)) return true
      } else if (owner.label === leave.label) return false
      else if (left.has(owner.label)) return true
    }
    return false
  }

  while (isChanged) {
    isChanged = false
    visit(body)
  }
  return {
    places,
    varies,
    variableVaries: (variable) => variables.has(variable),
    parts: (statement) => partings.has(statement),
    seenFrom,
  }
}

/** Whether the results of a call differ between lanes: a subroutine has nothing but its arguments. */
export function callVaries(call: Call, varies: (value: Value) => boolean): boolean {
  return call.args.some(varies)
}

/** The body with every variable that may be read before it is set given 0 at its begin, as the IR means it. */
export function zeroed(body: readonly Statement[], results: readonly Variable[]): readonly Statement[] {
  const early = readEarly(body, results)
  if (early.size === 0) return body
  return [...Array.from(early, zero), ...body]
}

/** Sets a variable to 0, or to false. */
export function zero(variable: Variable): Statement {
  const op = variable.type === 'f64' ? 'const' : variable.type === 'i32' ? 'constI32' : 'constMask'
  return { kind: 'set', variable, value: { op, type: variable.type, args: [], imm: 0 } }
}

/** Variables that some path reads before it sets them. */
function readEarly(body: readonly Statement[], results: readonly Variable[]): Set<Variable> {
  const early = new Set<Variable>()
  /** What is set at the end of each block and loop on every path that left it; undefined: no path did yet. */
  const ends = new Map<Label, Set<Variable> | undefined>()

  /** What is set behind the statements; undefined: nothing comes behind them. */
  const walk = (statements: readonly Statement[], before: ReadonlySet<Variable>): Set<Variable> | undefined => {
    let set: Set<Variable> | undefined = new Set(before)
    for (const statement of statements) {
      if (set === undefined) return undefined
      switch (statement.kind) {
        case 'let':
          if (statement.value.variable && !set.has(statement.value.variable)) early.add(statement.value.variable)
          break
        case 'set':
          set.add(statement.variable)
          break
        case 'call':
          for (const variable of statement.results) set.add(variable)
          break
        case 'if':
          set = both(walk(statement.yes, set), walk(statement.no, set))
          break
        case 'leave':
          ends.set(statement.label, both(ends.get(statement.label), set))
          return undefined
        case 'block':
          set = both(walk(statement.body, set), ends.get(statement.label))
          break
        case 'loop':
          walk(statement.body, set)
          set = ends.get(statement.label)
          break
      }
    }
    return set
  }
  const behind = walk(body, new Set())
  for (const variable of results) if (behind !== undefined && !behind.has(variable)) early.add(variable)
  return early
}

function both(a: Set<Variable> | undefined, b: Set<Variable> | undefined): Set<Variable> | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return new Set([...a].filter((variable) => b.has(variable)))
}
