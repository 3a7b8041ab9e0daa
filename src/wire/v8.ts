import type * as v8 from 'node:v8'

/**
 * Classes of node:v8, to be extended. That is loaded when the first object is made: it is a tenth of an import, and of a worker's start, and programs that
 * send numbers only never need it.
 */
export const Serializer: typeof v8.Serializer = late('Serializer')
export const Deserializer: typeof v8.Deserializer = late('Deserializer')

function late(name: 'Serializer'): typeof v8.Serializer
function late(name: 'Deserializer'): typeof v8.Deserializer
function late(name: 'Serializer' | 'Deserializer'): new (...args: never[]) => object {
  class Base {}
  let loaded: (new (...args: never[]) => object) | undefined
  return new Proxy(Base, {
    construct(_, args, heir) {
      if (loaded === undefined) {
        loaded = process.getBuiltinModule('node:v8')[name]
        Object.setPrototypeOf(Base.prototype, loaded.prototype)
      }
      return Reflect.construct(loaded, args, heir)
    },
  })
}
