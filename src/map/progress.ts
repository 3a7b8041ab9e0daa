import type { MapOptions } from './options.ts'

/** Calls `onProgress`; what it throws becomes a warning. `total` is undefined where nobody knows it. */
export function tellProgress(onProgress: MapOptions['onProgress'], done: number, total: number | undefined): void {
  try {
    onProgress?.({ done, ...(total !== undefined && { total }) })
  } catch (error) {
    process.emitWarning(`exception calling onProgress: ${String(error)}`, 'LanewiseWarning')
  }
}
