import { ThreadWorker } from 'poolifier'
import * as functions from './functions.mjs'

export default new ThreadWorker(/** @type {Record<string, (argument: any) => unknown>} */ ({ ...functions }))
