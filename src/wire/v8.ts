import type * as v8 from 'node:v8'

type Classes = Pick<typeof v8, 'Serializer' | 'Deserializer'>

/**
 * Classes of node:v8, to be extended. That is loaded when the first object is made: it is a tenth of an import, and of a worker's start, and programs that
 * send numbers only never need it.
 */
export const Serializer: Classes['Serializer'] = late('Serializer')
export const Deserializer: Classes['Deserializer'] = late('Deserializer')

function late<Name extends keyof Classes>(name: Name): Classes[Name] {
  let loaded: Classes[Name] | undefined
  function Late(...args: unknown[]): object {
    if (loaded === undefined) {
      loaded = process.getBuiltinModule('node:v8')[name]
      Object.setPrototypeOf(Late.prototype, loaded.prototype)
    }
    return Reflect.construct(loaded, args, new.target)
  }
  return Late as unknown as Classes[Name]
}
