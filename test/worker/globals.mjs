// Prints the names of the globals of a module.
console.log(JSON.stringify(Object.getOwnPropertyNames(globalThis)))
