import diagnostics from 'node:diagnostics_channel'
import type { ChunkLine, MapEvent } from '../../src/index.ts'

/** Listens at both channels for as long as it is not disposed of. */
export class Watch implements Disposable {
  /** What was told, in its order. */
  readonly told: (MapEvent | ChunkLine)[] = []
  readonly #hear = (message: unknown): void => {
    this.told.push(message as MapEvent | ChunkLine)
    for (const hear of this.#waiting) hear()
  }
  readonly #waiting = new Set<() => void>()

  constructor() {
    diagnostics.subscribe('lanewise:map', this.#hear)
    diagnostics.subscribe('lanewise:chunk', this.#hear)
  }

  get chunks(): ChunkLine[] {
    return this.told.filter((message): message is ChunkLine => !('event' in message))
  }

  get maps(): MapEvent[] {
    return this.told.filter((message): message is MapEvent => 'event' in message)
  }

  /** Resolves when `count` maps are over. */
  over(count = 1): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.maps.filter(({ event }) => event === 'end').length < count) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }

  [Symbol.dispose](): void {
    diagnostics.unsubscribe('lanewise:map', this.#hear)
    diagnostics.unsubscribe('lanewise:chunk', this.#hear)
  }
}
