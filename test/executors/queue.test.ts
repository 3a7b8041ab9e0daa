import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Call, type CallHost } from '../../src/executors/call.ts'
import { WorkQueue } from '../../src/executors/queue.ts'

const host: CallHost = { cancelled: () => {}, block: () => {} }
const ref = { kind: 'builtin', id: 'abs', name: 'abs', path: ['Math', 'abs'] } as const

function drain(queue: WorkQueue<{ order: number }>): number[] {
  const orders: number[] = []
  queue.offer((entry) => {
    orders.push(entry.order)
    return 'gone'
  })
  return orders
}

describe('the queue', () => {
  it('has what was put back at its old place, however it was handed out and came back', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ add: fc.integer({ min: 1, max: 5 }) }),
        fc.record({ take: fc.integer({ min: 1, max: 8 }) }),
        fc.record({ back: fc.integer({ min: 1, max: 8 }), from: fc.nat() }),
      ),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(steps, (list) => {
        const queue = new WorkQueue<{ order: number }>()
        const out: Call[] = []
        let added = 0
        for (const step of list) {
          if ('add' in step) {
            for (let i = 0; i < step.add; i++, added++) queue.push(new Call(host, Math.abs, ref, [i], undefined))
          } else if ('take' in step) {
            let left = step.take
            queue.offer((entry) => {
              if (left-- === 0) return 'full'
              out.push(entry as Call)
              return 'gone'
            })
          } else {
            const some = out.splice(step.from % (out.length + 1), step.back).sort((a, b) => a.order - b.order)
            queue.putBack(some)
          }
        }
        const isOut = new Set(out.map(({ order }) => order))
        const waiting = Array.from({ length: added }, (_, order) => order).filter((order) => !isOut.has(order))
        expect(drain(queue)).toEqual(waiting)
      }),
    )
  })
})
