import { judge, scenarioFiles } from './judge.ts'

judge(scenarioFiles('more'))
