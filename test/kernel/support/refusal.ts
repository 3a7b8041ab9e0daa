import { describe, expect, it } from 'vitest'
import { KernelSyntaxError } from '../../../src/errors.ts'
import type { Capture } from '../../../src/kernel/front/check.ts'
import { compile } from './compiled.ts'
import { marked } from './marked.ts'

type Captures = Readonly<Record<string, Capture>>

/** A source with the place marked that is refused, the rule, and the way out. */
export type Refusal = readonly [source: string, rule: string, wayOut: string, captures?: Captures]

/** Tests that a kernel refuses each of them. */
export function refuses(among: string, refusals: readonly Refusal[]): void {
  describe(`among ${among} a kernel refuses`, () => {
    for (const [source, rule, wayOut, captures] of refusals) {
      it(`${source}`, () => expectRefusal(source, `${rule}; ${wayOut}`, captures))
    }
  })
}

/** Expects that the kernel is refused at its mark, and that the frame underlines the mark. */
export function expectRefusal(source: string, reason: string, captures?: Captures): void {
  const { text, line, column, mark } = marked(source)
  const error = refusalOf(() => compile(text, captures))
  expect(error.message.split('\n', 1)[0]).toBe(`kernel f, line ${line}, column ${column}: ${reason}`)
  expect(error).toMatchObject({ name: 'KernelSyntaxError', code: 'ERR_LANEWISE_KERNEL_SYNTAX', line, column })
  expect(error.message).toContain(error.frame)
  expect(underlined(error.frame)).toBe(mark || undefined)
}

/** What the carets of a frame stand under. */
function underlined(frame: string): string | undefined {
  const lines = frame.split('\n')
  const at = lines.findIndex((line) => line.startsWith('>'))
  const carets = lines[at + 1] ?? ''
  return lines[at]?.slice(carets.indexOf('^'), carets.length) || undefined
}

/** The error of what is no kernel; all else that is thrown goes on. */
export function refusalOf(compile: () => unknown): KernelSyntaxError {
  try {
    compile()
  } catch (error) {
    if (error instanceof KernelSyntaxError) return error
    throw error
  }
  throw new Error('it was not refused')
}
