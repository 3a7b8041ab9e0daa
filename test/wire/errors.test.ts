import assert from 'node:assert'
import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import {
  BrokenProcessPool,
  CancelledError,
  InvalidStateError,
  RemoteError,
  TimeoutError,
  WorkerDiedError,
} from '../../src/errors.ts'
import { decodeError, type ErrorWire, encodeError, registerError } from '../../src/wire/errors.ts'
import { CARRIERS, type Loose, throwAcross, thrownBy } from './carriers.ts'

class Registered extends TypeError {
  readonly detail: string
  constructor(first: string, second: string) {
    super(`${first} ${second.toUpperCase()}`) // fails without arguments
    this.detail = second
  }
}
registerError(Registered)

describe.each(CARRIERS)('a thrown error (%s)', (carrier) => {
  it.each([
    Error,
    TypeError,
    RangeError,
    SyntaxError,
    ReferenceError,
    EvalError,
    URIError,
    WebAssembly.CompileError,
    WebAssembly.LinkError,
    WebAssembly.RuntimeError,
  ])('keeps the class of the platform: $name', (Class) => {
    const got = throwAcross(new Class('why'), carrier)
    expect(Object.getPrototypeOf(got)).toBe(Class.prototype)
    expect(got.message).toBe('why')
    expect(String(got)).toBe(String(new Class('why')))
    expect(Object.keys(got)).toEqual([])
    expect(Object.hasOwn(got, 'name')).toBe(false)
  })

  it('keeps the errors of an AggregateError, and what is no error among them', () => {
    const got = throwAcross(
      new AggregateError([new RangeError('a'), 7, new AggregateError([new URIError('b')]), () => 1], 'all'),
      carrier,
    )
    expect(got).toBeInstanceOf(AggregateError)
    expect(got.errors).toHaveLength(4)
    expect(got.errors[0]).toBeInstanceOf(RangeError)
    expect(got.errors[1]).toBe(7)
    expect(got.errors[2].errors[0]).toBeInstanceOf(URIError)
    expect(Object.keys(got)).toEqual([])
  })

  it.runIf('SuppressedError' in globalThis)('keeps what a SuppressedError holds', () => {
    const { SuppressedError } = globalThis as Loose
    const got = throwAcross(new SuppressedError(new RangeError('a'), new URIError('b'), 'c'), carrier)
    expect(got).toBeInstanceOf(SuppressedError)
    expect(got.error).toBeInstanceOf(RangeError)
    expect(got.suppressed).toBeInstanceOf(URIError)
  })

  it('keeps a DOMException', () => {
    const sent = new DOMException('stop', { name: 'AbortError', cause: new RangeError('why') } as Loose)
    const got = throwAcross(sent, carrier)
    expect(got).toBeInstanceOf(DOMException)
    expect([got.name, got.message, got.code]).toEqual(['AbortError', 'stop', 20])
    expect(got.cause).toBeInstanceOf(RangeError)
    expect(Object.keys(got)).toEqual([])
  })

  it("keeps Node's own errors with their code and fields", () => {
    const system = throwAcross(
      thrownBy(() => readFileSync('/nowhere/at-all')),
      carrier,
    )
    expect(Object.getPrototypeOf(system)).toBe(Error.prototype)
    expect(system).toMatchObject({ code: 'ENOENT', syscall: 'open', path: '/nowhere/at-all', errno: -2 })

    const refused = thrownBy(() => Buffer.alloc('x' as never))
    const argument = throwAcross(refused, carrier)
    expect(Object.getPrototypeOf(argument)).toBe(TypeError.prototype)
    expect(argument.code).toBe('ERR_INVALID_ARG_TYPE')
    expect(argument.name).toBe('TypeError')
    expect(argument.stack).toBe(refused.stack)

    const assertion = throwAcross(
      thrownBy(() => assert.strictEqual(1, 2)),
      carrier,
    )
    expect(assertion).toBeInstanceOf(assert.AssertionError)
    expect(assertion).toMatchObject({ code: 'ERR_ASSERTION', actual: 1, expected: 2, operator: 'strictEqual' })
  })

  it("keeps lanewise's own classes with their fields", () => {
    const died = throwAcross(
      new WorkerDiedError('gone', { exitCode: null, signal: 'SIGKILL', cause: new TimeoutError('late') }),
      carrier,
    )
    expect(died).toBeInstanceOf(WorkerDiedError)
    expect(died).toMatchObject({
      code: 'ERR_LANEWISE_WORKER_DIED',
      exitCode: null,
      signal: 'SIGKILL',
      name: 'WorkerDiedError',
    })
    expect(died.cause).toBeInstanceOf(TimeoutError)
    for (const sent of [
      new CancelledError(),
      new InvalidStateError('x'),
      new BrokenProcessPool('y'),
      new RemoteError('z'),
    ]) {
      expect(Object.getPrototypeOf(throwAcross(sent, carrier))).toBe(Object.getPrototypeOf(sent))
    }
  })

  it('is not taken for one of ours for its name', () => {
    const Theirs = { TimeoutError: class extends Error {} }.TimeoutError
    const got = throwAcross(new Theirs('late'), carrier)
    expect(got).toBeInstanceOf(RemoteError)
    expect(got).not.toBeInstanceOf(TimeoutError)
    expect(got.name).toBe('TimeoutError')
  })

  it('keeps a registered class, without a call of its constructor', () => {
    const got = throwAcross(new Registered('a', 'b'), carrier)
    expect(Object.getPrototypeOf(got)).toBe(Registered.prototype)
    expect(got.message).toBe('a B')
    expect(got.detail).toBe('b')
    expect(got.stack).toContain('a B')
  })

  it('arrives as the nearest registered class', () => {
    class Nearer extends Registered {}
    const got = throwAcross(new Nearer('a', 'b'), carrier)
    expect(Object.getPrototypeOf(got)).toBe(Registered.prototype)
  })

  it('arrives as a RemoteError of its own name if nobody knows its class', () => {
    class QuotaError extends RangeError {
      readonly limit = 5
      override readonly name = 'Quota'
    }
    const got = throwAcross(new QuotaError('over'), carrier)
    expect(Object.getPrototypeOf(got)).toBe(RemoteError.prototype)
    expect(got).toMatchObject({ name: 'Quota', message: 'over', limit: 5, code: 'ERR_LANEWISE_REMOTE' })
    class Nameless extends Error {}
    expect(throwAcross(new Nameless('x'), carrier).name).toBe('Nameless')
    expect(throwAcross(new (class extends Error {})('x'), carrier).name).toBe('Error')
  })

  it('keeps its own code as a RemoteError', () => {
    class Coded extends Error {
      code = 'E_OWN'
    }
    class OnPrototype extends Error {
      get code(): string {
        return 'E_PROTOTYPE'
      }
    }
    expect(throwAcross(new Coded('x'), carrier).code).toBe('E_OWN')
    expect(throwAcross(new OnPrototype('x'), carrier).code).toBe('E_PROTOTYPE')
  })

  it('keeps its class on the way through a side that does not know it', () => {
    const name = `Relayed_${carrier}` // classes are found by their names
    const Relayed = { [name]: class extends Error {} }[name] as new () => Error
    const relayed = throwAcross(new Relayed(), carrier)
    expect(relayed).toBeInstanceOf(RemoteError)
    registerError(Relayed)
    expect(throwAcross(relayed, carrier)).toBeInstanceOf(Relayed)
  })

  it('keeps every field that can be cloned, and a name of its own', () => {
    const sent = Object.assign(new Error('m'), {
      name: 'Named',
      view: Buffer.from('b'),
      nested: { a: [1] },
      call: () => 1,
      symbol: Symbol('s'),
      inner: new RangeError('inner'),
      port: new WeakMap(),
      __proto: 1,
    })
    Object.defineProperty(sent, 'bad', { enumerable: true, get: () => { throw new Error('getter') } }) // biome-ignore format: one line reads better
    Object.defineProperty(sent, 'hidden', { enumerable: false, value: 1 })
    Object.defineProperty(sent, '__proto__', { enumerable: true, value: 5, configurable: true })
    const got = throwAcross(sent, carrier)
    expect(Object.keys(got).sort()).toEqual(['__proto', '__proto__', 'inner', 'name', 'nested', 'view'])
    expect(got.name).toBe('Named')
    expect(String(got.view)).toBe('b')
    expect(got.nested).toEqual({ a: [1] })
    expect(got.inner).toBeInstanceOf(RangeError)
    expect(Object.getPrototypeOf(got)).toBe(Error.prototype)
  })

  it('keeps its cause, at any depth and in circles', () => {
    const root = new Error('0')
    let at = root
    for (let depth = 1; depth <= 5000; depth++) {
      at.cause = new RangeError(String(depth))
      at = at.cause as Error
    }
    at.cause = root
    let got = throwAcross(root, carrier)
    const first = got
    for (let depth = 0; depth < 5000; depth++) got = got.cause
    expect(got).toBeInstanceOf(RangeError)
    expect(got.message).toBe('5000')
    expect(got.cause).toBe(first)
    expect(throwAcross(new Error('x', { cause: undefined }), carrier)).toHaveProperty('cause', undefined)
    expect(throwAcross(new Error('x'), carrier)).not.toHaveProperty('cause')
    expect(throwAcross(new Error('x', { cause: { plain: [1] } }), carrier).cause).toEqual({ plain: [1] })
  })

  it('has the frames of the worker under a line that says where they are', () => {
    const sent = new RangeError('two\nlines\n    at nowhere')
    const frames = sent.stack?.slice('RangeError: two\nlines\n    at nowhere'.length)
    const got = throwAcross(sent, carrier, { worker: '3', index: 1240 })
    expect(got.stack).toBe(`RangeError: two\nlines\n    at nowhere\n    — in worker 3, item 1240 —${frames}`)
    expect(got.index).toBe(1240)
    expect(Object.getOwnPropertyDescriptor(got, 'stack')?.enumerable).toBe(false)
    expect(throwAcross(sent, carrier, { index: 0 }).stack).toContain('    — item 0 —\n')
    expect(throwAcross(sent, carrier, { worker: 'pool_1' }).stack).toContain('    — in worker pool_1 —\n')
    expect(throwAcross(sent, carrier).stack).toBe(sent.stack)
    expect(throwAcross(sent, carrier)).not.toHaveProperty('index')
  })

  it('has a stack if it had none', () => {
    const sent = new RangeError('m')
    Object.defineProperty(sent, 'stack', { value: undefined })
    expect(throwAcross(sent, carrier, { worker: '1' }).stack).toBe('RangeError: m\n    — in worker 1 —')
  })

  it('of another realm keeps its class', () => {
    const got = throwAcross(
      runInNewContext("Object.assign(new RangeError('far', { cause: new TypeError('x') }), { n: 1 })"),
      carrier,
    )
    expect(got).toBeInstanceOf(RangeError)
    expect(got.cause).toBeInstanceOf(TypeError)
    expect(got.n).toBe(1)
  })

  it('made by hand on Error.prototype is an error', () => {
    const got = throwAcross(Object.assign(Object.create(RangeError.prototype), { message: 'by hand' }), carrier)
    expect(got).toBeInstanceOf(RangeError)
    expect(got.message).toBe('by hand')
  })

  it.each<[string, () => object, string]>([
    [
      'whose getters throw',
      () => Object.defineProperties(new Error('x'), bad('stack', 'message', 'name', 'cause', 'code')),
      '',
    ],
    ['whose message is a number', () => Object.assign(new Error(), { message: 5 }), '5'],
    ['whose message is an object', () => Object.assign(new Error(), { message: Object.create(null) }), ''],
    ['that is a Proxy', () => new Proxy(new Error('behind'), {}), 'behind'],
    [
      'that is a Proxy of which every trap throws but one',
      () => new Proxy(new Error('x'), allTrapsThrow({ getPrototypeOf: () => Error.prototype })),
      '',
    ],
    [
      'whose constructor is a lie',
      () => Object.setPrototypeOf(new Error('lie'), { constructor: { name: 5 }, __proto__: Error.prototype }),
      'lie',
    ],
    ['whose prototype is null', () => Object.setPrototypeOf(new Error('none'), null), 'none'],
    [
      'whose class throws for its name',
      () =>
        Object.setPrototypeOf(new Error('static'), {
          constructor: Object.defineProperties(() => 1, bad('name')),
          __proto__: Error.prototype,
        }),
      'static',
    ],
    ['whose causes never end', () => Object.defineProperty(new Error('endless'), 'cause', { get: endless }), 'endless'],
  ])('%s arrives as well as it can', (_, make, message) => {
    const got = throwAcross(make(), carrier, { index: 1, worker: '1' })
    expect(got).toBeInstanceOf(Error)
    expect(got.message).toBe(message)
    expect(got.index).toBe(1)
    expect(typeof got.stack).toBe('string')
  })
})

describe.each(CARRIERS)('what is thrown and no error (%s)', (carrier) => {
  it.each([undefined, null, 0, -0, '', false, Number.NaN, 7, 'text', 5n])('arrives as itself: %s', (thrown) => {
    expect(throwAcross(thrown, carrier, { index: 1 })).toBe(thrown)
  })

  it('arrives as a copy', () => {
    expect(throwAcross({ status: 404, body: [Buffer.from('x')] }, carrier, { index: 1 })).toStrictEqual({
      status: 404,
      body: [Buffer.from('x')],
    })
  })

  it.each<[unknown, string]>([
    [function stop() {}, 'a function (stop)'],
    [Symbol('s'), 'a symbol (s)'],
    [new Proxy({}, {}), 'a Proxy'],
    [{ call() {} }, 'an Object'],
    [Promise.resolve(), 'a Promise'],
  ])('arrives as a RemoteError that says so if it cannot be cloned', (thrown, what) => {
    const got = throwAcross(thrown, carrier, { index: 2 })
    expect(got).toBeInstanceOf(RemoteError)
    expect(got.message).toBe(`a call threw ${what}, which cannot be cloned`)
    expect(got.cause.name).toBe('DataCloneError')
    expect(got.index).toBe(2)
  })

  it('arrives as a RemoteError that names the getter which threw', () => {
    const got = throwAcross({ get a() { throw new RangeError('mine') } }, carrier) // biome-ignore format: one line reads better
    expect(got.cause).toBeInstanceOf(RangeError)
  })
})

describe('decodeError()', () => {
  it.each([undefined, null, 5, {}, { thrown: { error: 3 }, errors: [] }, { thrown: { error: 0 }, errors: [null] }])(
    'never throws, whatever it is given: %j',
    (wire) => {
      expect(decodeError(wire as unknown as ErrorWire, { index: 1 })).toBeInstanceOf(RemoteError)
    },
  )

  it('leaves Error.stackTraceLimit as it was', () => {
    const before = Error.stackTraceLimit
    decodeError(encodeError(new Error('x'), 'bytes'))
    expect(Error.stackTraceLimit).toBe(before)
  })
})

describe('registerError()', () => {
  it('refuses what is no class of errors, and a class without a name', () => {
    for (const wrong of [undefined, null, 5, {}, () => 1, Map, class {}]) {
      expect(thrownBy(() => registerError(wrong as never))).toBeInstanceOf(TypeError)
    }
    expect(thrownBy(() => registerError(Map as never)).message).toContain('got a function (Map)')
    expect(thrownBy(() => registerError(class extends Error {})).message).toContain('name it')
  })
})

function bad(...keys: string[]): PropertyDescriptorMap {
  const get = (): never => {
    throw new Error('getter')
  }
  return Object.fromEntries(keys.map((key) => [key, { get, enumerable: true, configurable: true }]))
}

function allTrapsThrow(traps: object): ProxyHandler<Error> {
  return new Proxy(traps, {
    get: (target, trap) => Reflect.get(target, trap) ?? (() => { throw new Error(`trap ${String(trap)}`) }), // biome-ignore format: one line reads better
  })
}

function endless(): Error {
  const error: Error = Object.create(Error.prototype)
  return Object.defineProperties(error, { message: { value: 'more' }, cause: { get: endless } })
}
