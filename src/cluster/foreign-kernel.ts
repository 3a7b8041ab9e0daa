import type { Program, Statement } from '../kernel/ir/ir.ts'
import { type Kernel, kernelOf } from '../kernel/kernel.ts'
import { decode } from '../kernel/print/binary.ts'
import { codeOf } from '../kernel/program-code.ts'
import { FrameError } from './errors.ts'
import type { KernelManifest } from './manifest.ts'

/**
 * A kernel of a program from elsewhere: verified, and taken for one that may never end, so that each loop of it can be stopped.
 *
 * What the bytes say of rounds is the writer's promise, which nobody can check.
 * Errors: LanewiseError for bytes that are no program; FrameError where captures do not fit.
 */
export function foreignKernel({ name, program: bytes, uniforms, tables }: KernelManifest): Kernel {
  const program = unbounded(decode(bytes))
  if (program.uniforms.length !== uniforms.length || program.tables.length !== tables.length) {
    throw new FrameError(
      `kernel ${name} captures ${program.uniforms.length} numbers and ${program.tables.length} arrays, got ${uniforms.length} and ${tables.length}`,
    )
  }
  const code = codeOf(program)
  const uncalled = (): number => {
    throw new TypeError(`kernel ${name} is called by workers only`)
  }
  return kernelOf(uncalled, {
    program,
    parts: { code, uniforms, tables },
    booleans: new Set(),
    explain: () => '',
  }) as Kernel
}

/** The program without what it says of its rounds. */
export function unbounded(program: Program): Program {
  return {
    ...program,
    body: program.body.map(withoutRounds),
    // Calls name a subroutine by identity, so it stays the same object, with another body.
    subroutines: program.subroutines.map((each) => Object.assign(each, { body: each.body.map(withoutRounds) })),
  }
}

function withoutRounds(statement: Statement): Statement {
  switch (statement.kind) {
    case 'if':
      return { ...statement, yes: statement.yes.map(withoutRounds), no: statement.no.map(withoutRounds) }
    case 'block':
      return { ...statement, body: statement.body.map(withoutRounds) }
    case 'loop':
      return { kind: 'loop', label: statement.label, body: statement.body.map(withoutRounds) }
    default:
      return statement
  }
}
