import { dirname, resolve } from 'node:path'
import { KernelSyntaxError } from '../../errors.ts'

/**
 * The error of what asc says of the file at `path`: `errors` is its text, which is
 *
 *   ERROR TS2322: Type '~lib/string/String' is not assignable to type 'f64'.
 *      :
 *    3 │ return 'x'
 *      │        ~~~
 *      └─ in price.ts(3,10)
 *
 * for each mistake, warnings between them. Line and column are those of the first; files are named by their whole paths.
 */
export function syntaxError(errors: string, path: string): KernelSyntaxError {
  const mistakes = errors.split(/^(?=(?:ERROR|WARNING|INFO|PEDANTIC|FAILURE) )/m).filter((each) => /^ERROR /.test(each))
  const text = (mistakes.length > 0 ? mistakes.join('') : errors).trim()
  const frame = text.replaceAll(/(?<=─ in )(?!~lib\/).+(?=\(\d+,\d+\)$)/gm, (file) => resolve(dirname(path), file))
  const [, file = path, line = '1', column = '1'] = /─ in (.+)\((\d+),(\d+)\)$/m.exec(frame) ?? []
  const what = /^(?:ERROR )?(.*)/.exec(text)?.[1]
  const place = { line: Number(line), column: Number(column), frame }
  return new KernelSyntaxError(`${file}:${line}:${column}: ${what}`, place)
}
