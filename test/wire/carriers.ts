import { deserialize, serialize } from 'node:v8'
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import { type Carrier, decodeValue, encodeValue } from '../../src/wire/codec.ts'
import { decodeError, encodeError, type Where } from '../../src/wire/errors.ts'
import type { Transferable } from '../../src/wire/transfer.ts'

export const CARRIERS: readonly Carrier[] = ['thread', 'bytes', 'inline']

// biome-ignore lint/suspicious/noExplicitAny: what arrives is whatever was sent, and the tests ask what that is
export type Loose = any

/** Sends a message as each executor does: through a port, through what Node writes on a pipe, or not at all. */
export function deliver<T>(carrier: Carrier, message: T, transferList: Transferable[]): T {
  if (carrier === 'inline') return message
  if (carrier === 'bytes') return deserialize(serialize(message))
  const { port1, port2 } = new MessageChannel()
  port1.postMessage(message, transferList)
  const received = receiveMessageOnPort(port2) as { message: T }
  port1.close()
  return received.message
}

export function roundTrip<T>(value: T, carrier: Carrier): T {
  const transferList: Transferable[] = []
  const wire = encodeValue(value, carrier, transferList)
  return decodeValue(deliver(carrier, wire, transferList)) as T
}

export function throwAcross(thrown: unknown, carrier: Carrier, where?: Where): Loose {
  const transferList: Transferable[] = []
  const wire = encodeError(thrown, carrier, transferList)
  return decodeError(deliver(carrier, wire, transferList), where)
}

/** The error that `run` throws. */
export function thrownBy(run: () => unknown): Loose {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
