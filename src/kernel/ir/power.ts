/** The k of 2^k; undefined: it is none. */
export function powerOf2(x: number): number | undefined {
  const k = Math.round(Math.log2(x))
  return x > 0 && 2 ** k === x ? k : undefined
}
