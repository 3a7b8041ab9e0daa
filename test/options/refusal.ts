export interface Refusal {
  readonly type: typeof TypeError | typeof RangeError
  readonly text: string
}

/** What `act` throws: its very class, and its message. */
export function refusal(act: () => unknown): Refusal {
  try {
    act()
  } catch (error) {
    return { type: (error as Error).constructor as typeof TypeError, text: (error as Error).message }
  }
  throw new Error('nothing was refused')
}
