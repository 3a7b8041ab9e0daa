/** A fenced block of a page, or an example of a doc comment. */
export interface Block {
  /** The file it stands in, from the root, and the line of its first line of code. */
  readonly file: string
  readonly line: number
  readonly language: string
  readonly code: string
  /** What it prints, as the page says; undefined: the page says nothing, so it prints nothing. */
  readonly output: string | undefined
}

/** What a line's value is: `range(3).at(-1) // → 2`. */
const ARROW = /^(\s*)(.*?)\s*(?:\/\/|#) → (.*)$/

/**
 * The fenced blocks of a page. What a program prints stands behind it in a block called `text`, with nothing between, or line by line
 * behind `// →`.
 */
export function blocksOfPage(file: string, text: string): Block[] {
  const blocks: Block[] = []
  const lines = text.split('\n')
  let lastEnd = 0
  for (let i = 0; i < lines.length; i++) {
    const fence = /^```(\S*)$/.exec(lines[i]!)
    if (fence === null) continue
    const end = lines.indexOf('```', i + 1)
    if (end === -1) throw new Error(`${file}:${i + 1} begins a block that does not end`)
    const language = fence[1]!
    const code = `${lines.slice(i + 1, end).join('\n')}\n`
    const last = blocks.at(-1)
    if (language === 'text') {
      const between = lines.slice(lastEnd, i).join('')
      if (last === undefined || last.output !== undefined || between !== '') {
        throw new Error(`${file}:${i + 1} is an output that stands behind no program`)
      }
      blocks[blocks.length - 1] = { ...last, output: code }
    } else {
      blocks.push({ file, line: i + 2, language, code, output: arrowsOf(code) })
    }
    lastEnd = end + 1
    i = end
  }
  return blocks
}

/** The examples of the doc comments in a source: lines set in by four blanks, behind an empty one. */
export function blocksOfSource(file: string, text: string): Block[] {
  const blocks: Block[] = []
  const lines = text.split('\n')
  for (let i = 0; i < lines.length; i++) {
    if (!/^\s*\*$/.test(lines[i]!) || !EXAMPLE.test(lines[i + 1] ?? '')) continue
    const code: string[] = []
    const line = i + 2
    for (i++; EXAMPLE.test(lines[i] ?? ''); i++) code.push(lines[i]!.replace(EXAMPLE, ''))
    const example = `${code.join('\n')}\n`
    blocks.push({ file, line, language: 'ts', code: example, output: arrowsOf(example) })
  }
  return blocks
}

const EXAMPLE = /^\s*\* {5}/

function arrowsOf(code: string): string | undefined {
  const values = code.split('\n').flatMap((line) => ARROW.exec(line)?.[3] ?? [])
  return values.length === 0 ? undefined : `${values.join('\n')}\n`
}

/** The packages that a program imports, beside lanewise. */
export function packagesOf({ code }: Block): string[] {
  const imported = [...code.matchAll(/^import .* from '([^.'][^']*)'$/gm)].map(([, name]) => name!)
  return imported.filter((name) => !/^(?:node:|lanewise(?:\/|$))/.test(name))
}

/** The code as it is run: a line with an arrow prints its value, unless it is printing something already. */
export function withPrints(code: string, print: string): string {
  return code
    .split('\n')
    .map((line) => {
      const [, indent = '', expression = ''] = ARROW.exec(line) ?? []
      return expression === '' || expression.includes(print) ? line : `${indent}${print}(${expression})`
    })
    .join('\n')
}

/** What two outputs have in common if they say the same: times, ratios and shares of a machine aside, and how columns are set. */
export function comparable(output: string): string {
  return output
    .replace(/\d[\d,]*(?:\.\d+)?(?= ?(?:ms|s|µs|ns|×|%)(?![\w]))/g, 'N')
    .replace(/(?<=\S)[ \t]+/g, ' ')
    .trimEnd()
}
