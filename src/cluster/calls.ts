import type { Call } from '../executors/call.ts'
import { isNumeric, kernelParts } from '../kernel/parts.ts'
import { show } from '../show.ts'
import { readOutcomes } from './chunks.ts'
import type { Section } from './frame.ts'
import { programOf } from './kernel-map.ts'
import type { Manifest } from './manifest.ts'
import type { PortableRef } from './portable.ts'
import type { Parcel } from './run.ts'
import { numberSection, packValues } from './values.ts'

/** What hosts need to know of a call beside its arguments. Errors: those of `portable`, and of a kernel that cannot travel. */
export function callManifest(call: Call, portable: () => PortableRef): Manifest {
  const kernel = kernelParts(call.fn)
  if (kernel !== undefined) {
    const { code, uniforms } = kernel
    return { kind: 'kernel', name: code.name, program: programOf(code), uniforms, tables: [], engine: 'js' }
  }
  const { retries, itemTimeout } = call.limits
  return { kind: 'function', ref: portable(), raise: false, retries, itemTimeout, spread: false, repeats: [] }
}

/** A call as it is sent: a chunk of one row. `over` is called before its future is settled, `failed` behind a failure. */
export function callParcel(call: Call, over: () => void, failed: () => void): Parcel {
  return {
    items: 1,
    sections: argumentsOf(call),
    read(frame, sections) {
      const { values, failures } = readOutcomes(frame, sections, 0, 1, () => 'a call')
      const reason = failures?.get(0)
      if (reason instanceof Error) delete (reason as { index?: number }).index // it is of no map
      return () => {
        over()
        if (failures === undefined) call.returned(values[0])
        else {
          call.failed(reason)
          failed()
        }
      }
    },
    failed(reason) {
      over()
      call.failed(reason)
      failed()
    },
  }
}

function argumentsOf(call: Call): Section[] {
  const kernel = kernelParts(call.fn)
  if (kernel === undefined) return call.args.map((arg) => packValues([arg], 0, 1))
  return kernel.code.inputs.map((input, i) => {
    const value = call.args[i] ?? input.default
    if (isNumeric(value)) return numberSection(Number(value))
    throw new TypeError(`${kernel.code.name} takes numbers, got ${show(value)} for ${input.name}; convert it first`)
  })
}
