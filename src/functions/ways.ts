/**
 * How a function reaches a worker under every tool. A bundler loses the others: it makes one file of many modules, whose exports are
 * its own, and a worker that imports that file runs the program. All errors about functions end with these, a worker's too.
 */
export const SURE_WAYS =
  "name its file with tasks(new URL('./file.js', import.meta.url)), or write it self-contained, with what it needs inside"
