/**
 * What a kernel's plain call does without: the printers of code for several lanes, and `explain()`. In the package they are a text of their own
 * (scripts/build-dist.mjs), compiled when a map first asks for it, so that the first kernel of a program need not wait for them.
 */
export { explain } from './explain.ts'
export { encode, encodeLanes } from './print/binary.ts'
export { printWasm } from './print/wasm.ts'
