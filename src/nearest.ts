/**
 * The candidate that `word` was probably meant to be: the one that fewest slips of the keyboard lead to; undefined if none is near.
 *
 * Case, `_` and `-` do not count, so that `max_workers` and `chunkSize` are found. A slip is a letter too many, missing, wrong, or swapped with the next.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = plain(word)
  let best: string | undefined
  let least = Math.floor(wanted.length / 3) + 1 // a slip in three letters is a slip, two are another word
  for (const candidate of candidates) {
    const slips = countSlips(wanted, plain(candidate))
    if (slips < least) {
      least = slips
      best = candidate
    }
  }
  return best
}

function plain(word: string): string {
  return word.slice(0, 64).toLowerCase().replaceAll(/[_-]/g, '')
}

/** Optimal string alignment distance. Source: Damerau 1964, by the table of Wagner and Fischer 1974. */
function countSlips(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      let slips = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (isSame ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) slips = Math.min(slips, before[j - 2]! + 1)
      row.push(slips)
    }
    before = last
    last = row
  }
  return last[b.length]!
}
