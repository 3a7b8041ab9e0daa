import { describe, expectTypeOf, it } from 'vitest'
import { type Executor, kernel, type MapResult, type Settled } from '../../src/index.ts'
import { type ClusterStats, NatsExecutor, type NatsOptions } from '../../src/nats.ts'

declare const signal: AbortSignal
declare const pool: NatsExecutor

describe('a NatsExecutor', () => {
  it('is an executor, and infers as the others do', () => {
    expectTypeOf<NatsExecutor>().toExtend<Executor>()
    expectTypeOf(pool.map((x) => x * 2, [1, 2])).toEqualTypeOf<MapResult<number>>()
    expectTypeOf(pool.map((x) => x * 2, [1], { errors: 'settle' })).toEqualTypeOf<MapResult<Settled<number>>>()
    expectTypeOf(
      pool.map(
        kernel((x: number) => x),
        [1],
      ),
    ).toExtend<PromiseLike<Float64Array>>()
    expectTypeOf(pool.stats()).toEqualTypeOf<ClusterStats>()
  })

  it('takes options, each of which may be undefined', () => {
    new NatsExecutor()
    new NatsExecutor({ servers: ['nats://a:1'], pool: 'p', credentials: { user: 'u', pass: 'p' }, attempts: 2, signal })
    new NatsExecutor({
      servers: undefined,
      credentials: './host.creds',
      tls: { ca: 'ca.pem' },
      noWorkersTimeout: undefined,
    })
    expectTypeOf<NatsOptions>().not.toHaveProperty('maxWorkers')
  })

  it('refuses those of workers', () => {
    // @ts-expect-error hosts say so
    new NatsExecutor({ maxWorkers: 2 })
    // @ts-expect-error a user has a password
    new NatsExecutor({ credentials: { user: 'u' } })
  })
})
