import { delimiter } from 'node:path'
import { judge, scenarioFiles } from './judge.ts'

/** LANEWISE_ORACLE names files of scenarios to play instead of ours. */
const named = process.env.LANEWISE_ORACLE?.split(delimiter).filter((file) => file !== '') ?? []

judge(named.length > 0 ? named : scenarioFiles('scenarios'))
