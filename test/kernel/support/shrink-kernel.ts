import { type AnyNode, parseExpressionAt } from 'acorn'
import type { KernelCase } from './fuzz-kernel.ts'
import { children } from './plain.ts'

/** What loops count by: the generator calls nothing else so. */
const COUNTER = /\bk\d+\b/
const COUNTS = /(\+\+|--)k\d+|\bk\d+ *(\+\+|--|[-+*]?=[^=])/

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * A smaller case that still `fails`: of fewer rows, then of less source. Counters of loops are left as they are, so that every loop of it ends.
 *
 * Errors: none; a candidate that does not parse is none.
 * Cost:   `tries` runs of `fails` at most.
 */
export function shrink(given: KernelCase, fails: (candidate: KernelCase) => boolean, tries = 3000): KernelCase {
  let best = given
  let left = tries
  const take = (candidate: KernelCase): boolean => {
    if (left-- <= 0 || !fails(candidate)) return false
    best = candidate
    return true
  }
  shrinkRows(best, take)
  for (let isSmaller = true; isSmaller && left > 0; ) {
    isSmaller = false
    for (const candidate of candidates(best)) {
      if (!take(candidate)) continue
      isSmaller = true
      break
    }
  }
  return best
}

/** The rows that are enough: as a rule one, or two beside each other. */
function shrinkRows(given: KernelCase, take: (candidate: KernelCase) => boolean): void {
  let { rows } = given
  for (let size = Math.ceil(rows.length / 2); size >= 1 && rows.length > 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < rows.length; ) {
      const fewer = [...rows.slice(0, start), ...rows.slice(start + size)]
      if (take({ ...given, rows: fewer })) rows = fewer
      else start += size
    }
  }
}

/** Cases that are one step smaller, those that lose most first. */
function* candidates(given: KernelCase): Generator<KernelCase> {
  const { captures, source } = given
  for (const name of Object.keys(captures)) {
    const { [name]: _, ...others } = captures
    yield { ...given, captures: others }
  }
  for (const text of smaller(source)) yield { ...given, source: text }
  for (const [name, value] of Object.entries(captures)) {
    if (typeof value !== 'string') continue
    for (const text of smaller(value)) yield { ...given, captures: { ...captures, [name]: text } }
  }
}

/** Shorter texts of a function. */
function* smaller(source: string): Generator<string> {
  const root = parse(source)
  if (!root) return
  const found = [...edits(root, source)].filter((edit) => gain(edit) > 0).sort((a, b) => gain(b) - gain(a))
  for (const { start, end, text } of found) {
    const candidate = source.slice(0, start) + text + source.slice(end)
    if (parse(candidate)) yield candidate
  }
}

function gain({ start, end, text }: Edit): number {
  return end - start - text.length
}

function parse(source: string): AnyNode | undefined {
  try {
    const node = parseExpressionAt(source, 0, { ecmaVersion: 'latest' })
    return node.end === source.length ? node : undefined
  } catch {
    return undefined
  }
}

/** `frozen`: what the loops around must keep. */
function* edits(node: AnyNode, source: string, frozen: readonly AnyNode[] = []): Generator<Edit> {
  const text = (of: AnyNode) => source.slice(of.start, of.end)
  const replace = (by: string): Edit => ({ start: node.start, end: node.end, text: by })
  const isFree = frozen.every((each) => each.end <= node.start || node.end <= each.start)
  const inner = [...frozen, ...(isLoop(node) ? countersOf(node, text) : [])]
  if (isFree && isStatement(node)) {
    for (const nothing of ['', ';']) yield replace(nothing)
    for (const part of children(node).filter(isStatement)) {
      yield replace(part.type === 'BlockStatement' ? text(part).slice(1, -1) : text(part))
    }
  } else if (isFree && isExpression(node)) {
    for (const part of children(node).filter(isExpression)) yield replace(text(part))
    if (text(node).length > 1) for (const simple of ['0', '1', '2', 'true']) yield replace(simple)
  } else if (node.type === 'AssignmentPattern') yield replace(text(node.left))
  for (const part of children(node)) if (!isName(node, part)) yield* edits(part, source, inner)
}

/** Parts of a loop that decide how often it runs. */
function countersOf(loop: AnyNode, text: (node: AnyNode) => string): AnyNode[] {
  return children(loop).flatMap((part): AnyNode[] => {
    if (part.type === 'BlockStatement') return part.body.filter((each) => COUNTS.test(text(each)) && !isLoop(each))
    return isStatement(part) && part.type !== 'VariableDeclaration' ? [] : COUNTER.test(text(part)) ? [part] : []
  })
}

function isLoop({ type }: AnyNode): boolean {
  return type === 'ForStatement' || type === 'WhileStatement' || type === 'DoWhileStatement'
}

function isStatement({ type }: AnyNode): boolean {
  return type.endsWith('Statement') || type === 'VariableDeclaration'
}

function isExpression({ type }: AnyNode): boolean {
  return (type.endsWith('Expression') && !type.includes('Function')) || type === 'Identifier' || type === 'Literal'
}

/** A name that is declared or assigned, called, or read off an object: no value by itself. */
function isName(around: AnyNode, part: AnyNode): boolean {
  switch (around.type) {
    case 'VariableDeclarator':
      return part === around.id
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return part === around.left
    case 'UpdateExpression':
      return true
    case 'CallExpression':
      return part === around.callee
    case 'MemberExpression':
      return part === around.object || !around.computed
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return part !== around.body && part.type !== 'AssignmentPattern'
    case 'LabeledStatement':
      return part === around.label
    case 'BreakStatement':
    case 'ContinueStatement':
      return true
    default:
      return false
  }
}
