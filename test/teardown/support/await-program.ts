// What natural.test.ts runs: awaits one thing at the top of the module. Node ends a program by 13 when that never comes.
import { AWAITS } from './awaits.ts'
import { type Kind, open } from './open.ts'

const [kind, title] = process.argv.slice(2) as [Kind, string]
const found = AWAITS.find((each) => each.title === title)
if (found === undefined) throw new Error(`there is no ${title}`)

console.log(`got ${await found.run(open(kind), kind)}`)
