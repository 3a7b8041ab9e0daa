import { describe, expect, it } from 'vitest'
import { Builder } from '../../../src/kernel/ir/build.ts'
import type { Program, Value, Variable } from '../../../src/kernel/ir/ir.ts'
import { mask } from '../../../src/kernel/masks/mask.ts'
import { printText } from '../../../src/kernel/print/text.ts'

const r: Variable = { name: 'r', type: 'f64' }
const v: Variable = { name: 'v', type: 'f64' }

function programOf(write: (b: Builder) => void): Program {
  const b = new Builder()
  const body = b.body(() => write(b))
  return { name: 'f', inputs: [{ name: 'x' }], uniforms: ['a'], tables: [], body, result: r, subroutines: [] }
}

/** The masked form, as text. */
function masked(write: (b: Builder) => void): string {
  const program = programOf(write)
  return printText({ ...program, body: mask(program).body })
}

function dear(b: Builder, x: Value): Value {
  let value = x
  for (let i = 0; i < 3; i++) value = b.op('sqrt', [value])
  return value
}

describe('masks', () => {
  it('run both sides of an `if` that varies, where they are cheap, and keep what lanes that do not want it had', () => {
    const text = masked((b) => {
      b.set(r, b.const(1))
      b.if(b.op('lt', [b.input(0), b.const(2)]), () => b.set(r, b.const(3)))
    })
    expect(text).toMatchInlineSnapshot(`
      "kernel f(x), uniforms [a]
        r := 1
        %0 = lt x, 2
        %1 = get r: f64
        %2 = select %0, 3, %1
        r := %2
      result r: f64
      "
    `)
  })

  it('skip a dear side that no lane wants', () => {
    const text = masked((b) =>
      b.if(
        b.op('lt', [b.input(0), b.const(2)]),
        () => b.set(r, dear(b, b.input(0))),
        () => b.set(r, b.const(3)),
      ),
    )
    expect(text).toMatchInlineSnapshot(`
      "kernel f(x), uniforms [a]
        %0 = lt x, 2
        if %0
          %1 = sqrt x
          %2 = sqrt %1
          %3 = sqrt %2
          %4 = get r: f64
          %5 = select %0, %3, %4
          r := %5
        %6 = not %0
        %7 = get r: f64
        %8 = select %6, 3, %7
        r := %8
      result r: f64
      "
    `)
  })

  it('skip a side with a remainder, which is a loop of its own', () => {
    const text = masked((b) =>
      b.if(b.op('lt', [b.input(0), b.const(2)]), () => b.set(r, b.op('rem', [b.input(0), b.uniform(0)]))),
    )
    expect(text).toContain(`
  if %0
    %1 = rem x, $a
`)
  })

  it('choose by one select what both sides give', () => {
    const text = masked((b) =>
      b.if(
        b.op('lt', [b.input(0), b.const(2)]),
        () => b.set(r, b.const(2)),
        () => b.set(r, b.const(3)),
      ),
    )
    expect(text).toMatchInlineSnapshot(`
      "kernel f(x), uniforms [a]
        %0 = lt x, 2
        %1 = select %0, 2, 3
        r := %1
      result r: f64
      "
    `)
  })

  it('leave conditions that are the same in all lanes as they are', () => {
    const text = masked((b) => {
      b.set(v, b.const(0))
      b.set(r, b.input(0))
      b.loop('for', (loop) => {
        b.if(b.op('ge', [b.get(v), b.uniform(0)]), () => b.leave(loop))
        b.set(r, b.op('mul', [b.get(r), b.get(r)]))
        b.set(v, b.op('add', [b.get(v), b.const(1)]))
      })
    })
    expect(text).toMatchInlineSnapshot(`
      "kernel f(x), uniforms [a]
        v := 0
        r := x
        loop for
          %0 = get v: f64
          %1 = ge %0, $a
          if %1
            leave for
          %2 = get r: f64
          %3 = get r: f64
          %4 = mul %2, %3
          r := %4
          %5 = get v: f64
          %6 = add %5, 1
          v := %6
      result r: f64
      "
    `)
  })

  it('loop while any lane is on, and let variables that nobody reads behind the loop run on', () => {
    const text = masked((b) => {
      b.set(r, b.const(0))
      b.set(v, b.input(0))
      b.loop('while', (loop) => {
        b.if(b.op('gt', [b.get(v), b.const(100)]), () => b.leave(loop))
        b.set(v, b.op('mul', [b.get(v), b.get(v)]))
        b.set(r, b.op('add', [b.get(r), b.const(1)]))
      })
    })
    expect(text).toMatchInlineSnapshot(`
      "kernel f(x), uniforms [a]
        r := 0
        v := x
        r.2 := 0
        on while := true
        loop while
          %0 = get on while: mask
          %1 = get v: f64
          %2 = gt %1, 100
          %3 = and %0, %2
          if %3
            %4 = get r.2: f64
            %5 = get r: f64
            %6 = select %3, %4, %5
            r := %6
            %7 = not %3
            %8 = get on while: mask
            %9 = and %8, %7
            on while := %9
            %10 = get on while: mask
            if %10
            else
              leave while
          %11 = get on while: mask
          %12 = get v: f64
          %13 = get v: f64
          %14 = mul %12, %13
          v := %14
          %15 = get r.2: f64
          %16 = add %15, 1
          r.2 := %16
      result r: f64
      "
    `)
  })

  it('bring lanes together again behind each block, but for those that left more than it', () => {
    const text = masked((b) => {
      b.block('return', (out) => {
        b.block('next', (next) => {
          b.if(b.op('lt', [b.input(0), b.const(0)]), () => {
            b.set(r, b.const(-1))
            b.leave(out)
          })
          b.if(b.op('lt', [b.input(0), b.const(1)]), () => b.leave(next))
          b.set(v, dear(b, b.input(0)))
        })
        b.set(r, dear(b, b.get(v)))
      })
    })
    expect(text).toMatchInlineSnapshot(`
      "kernel f(x), uniforms [a]
        v := 0
        on return := true
        block return
          on next := true
          block next
            %0 = lt x, 0
            %1 = get r: f64
            %2 = select %0, -1, %1
            r := %2
            %3 = not %0
            %4 = get on next: mask
            %5 = and %4, %3
            on next := %5
            %6 = not %0
            %7 = get on return: mask
            %8 = and %7, %6
            on return := %8
            %9 = get on next: mask
            if %9
            else
              leave next
            %10 = lt x, 1
            %11 = not %10
            %12 = get on next: mask
            %13 = and %12, %11
            on next := %13
            %14 = get on next: mask
            if %14
            else
              leave next
            %15 = sqrt x
            %16 = sqrt %15
            %17 = sqrt %16
            %18 = get v: f64
            %19 = select %14, %17, %18
            v := %19
          %20 = get on return: mask
          if %20
          else
            leave return
          %21 = get v: f64
          %22 = sqrt %21
          %23 = sqrt %22
          %24 = sqrt %23
          %25 = get r: f64
          %26 = select %20, %24, %25
          r := %26
      result r: f64
      "
    `)
  })

  it('count by a scalar what lanes hand over one by one, before those that stay go on', () => {
    const program = programOf((b) => {
      b.set(r, b.const(0))
      b.set(v, b.input(0))
      b.loop('while', (loop) =>
        b.if(
          b.op('lt', [b.get(v), b.const(100)]),
          () => {
            b.set(v, b.op('mul', [b.get(v), b.get(v)]))
            b.set(r, b.op('add', [b.get(r), b.const(1)]))
          },
          () => b.leave(loop),
        ),
      )
    })
    const form = mask(program)
    const loop = form.body.find((statement) => statement.kind === 'loop')
    const sets = loop?.body.filter((statement) => statement.kind === 'set')
    expect(sets?.map(({ variable, value }) => [variable.name, value.op, form.variableVaries(variable)])).toEqual([
      ['v', 'mul', true],
      ['r', 'add', false],
    ])
  })
})
