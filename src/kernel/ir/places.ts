import type { Block, If, Loop, Statement, Value, Variable } from './ir.ts'

/** A body: that of the program, or one inside a statement of another body. */
export interface Place {
  /** The place and the statement that this body stands in; none for the outermost. */
  readonly outer: { readonly place: Place; readonly owner: If | Block | Loop } | undefined
  readonly depth: number
}

/** Where a variable is set and read. */
export interface Mentions {
  readonly sets: Place[]
  readonly gets: Place[]
  /** The innermost body that all of them are in. */
  scope: Place
}

/** Where everything of a program stands. */
export interface Places {
  readonly root: Place
  readonly variables: ReadonlyMap<Variable, Mentions>
  /** Of each body, by its array of statements. */
  readonly bodies: ReadonlyMap<readonly Statement[], Place>
}

/** Finds the places of a body; `results` are read behind its last statement. */
export function placesOf(body: readonly Statement[], results: readonly Variable[]): Places {
  const root: Place = { outer: undefined, depth: 0 }
  const variables = new Map<Variable, Mentions>()
  const bodies = new Map<readonly Statement[], Place>()

  const mention = (variable: Variable, place: Place, kind: 'sets' | 'gets') => {
    const known = variables.get(variable)
    if (known === undefined) {
      const none: Mentions = { sets: [], gets: [], scope: place }
      none[kind].push(place)
      variables.set(variable, none)
      return
    }
    known[kind].push(place)
    known.scope = common(known.scope, place)
  }
  const walk = (statements: readonly Statement[], place: Place) => {
    bodies.set(statements, place)
    for (const statement of statements) {
      for (const [variable, kind] of mentionsOf(statement)) mention(variable, place, kind)
      for (const inner of bodiesOf(statement)) {
        walk(inner, { outer: { place, owner: statement as If | Block | Loop }, depth: place.depth + 1 })
      }
    }
  }
  walk(body, root)
  for (const variable of results) mention(variable, root, 'gets')
  return { root, variables, bodies }
}

/** The bodies inside a statement. */
export function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'if':
      return [statement.yes, statement.no]
    case 'block':
    case 'loop':
      return [statement.body]
    default:
      return []
  }
}

/** The statements of a body and of those inside, in the order of the program. */
export function* everyStatement(body: readonly Statement[]): Generator<Statement> {
  for (const statement of body) {
    yield statement
    for (const inner of bodiesOf(statement)) yield* everyStatement(inner)
  }
}

/** Values that a statement itself uses, without those of bodies inside. */
export function usesOf(statement: Statement): readonly Value[] {
  switch (statement.kind) {
    case 'let':
      return statement.value.args
    case 'set':
      return [statement.value]
    case 'if':
      return [statement.condition]
    case 'call':
      return statement.args
    default:
      return []
  }
}

/** Variables that a statement sets, those of bodies inside included. */
export function setIn(statement: Statement): Set<Variable> {
  const found = new Set<Variable>()
  for (const inside of everyStatement([statement])) {
    for (const [variable, kind] of mentionsOf(inside)) if (kind === 'sets') found.add(variable)
  }
  return found
}

/** Whether `inner` is `outer` or a body somewhere inside it. */
export function isWithin(inner: Place, outer: Place): boolean {
  let place = inner
  while (place.depth > outer.depth) place = (place.outer as NonNullable<Place['outer']>).place
  return place === outer
}

/** What stands around a place up to `limit`, from the inside out: each statement, and the body of it that the place is in. */
export function* around(place: Place, limit?: Place): Generator<{ owner: If | Block | Loop; body: Place }> {
  for (let at = place; at.outer !== undefined && at !== limit; at = at.outer.place) {
    yield { owner: at.outer.owner, body: at }
  }
}

function mentionsOf(statement: Statement): [Variable, 'sets' | 'gets'][] {
  if (statement.kind === 'set') return [[statement.variable, 'sets']]
  if (statement.kind === 'call') return statement.results.map((variable) => [variable, 'sets'])
  if (statement.kind === 'let' && statement.value.variable) return [[statement.value.variable, 'gets']]
  return []
}

/** The innermost body that both are in. */
export function common(a: Place, b: Place): Place {
  let [x, y] = [a, b]
  while (x !== y) {
    if (x.depth >= y.depth) x = (x.outer as NonNullable<Place['outer']>).place
    else y = (y.outer as NonNullable<Place['outer']>).place
  }
  return x
}
