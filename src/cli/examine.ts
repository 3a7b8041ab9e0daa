import { availableParallelism, cpus } from 'node:os'
import type { EngineName } from '../engines/engine.ts'
import { cgroupProcessors } from '../executors/cgroup.ts'
import { ThreadPoolExecutor } from '../executors/threads.ts'
import { compileKernel } from '../kernel/compiler.ts'
import { type Kernel, kernelOf } from '../kernel/kernel.ts'
import { loadNative, type NativeBinding, type NativeLoad } from '../native/load.ts'
import { isasOf, usedIsa } from '../native/machine-code.ts'
import { show } from '../show.ts'

/** Whether an engine works here, and what there is to say of it. */
export interface EngineReport {
  readonly name: EngineName
  readonly works: boolean
  /** Where it was loaded from. */
  readonly from?: string
  /** Why it does not work: a reason for each place that was tried. */
  readonly reasons: readonly string[]
  /** It is not there, or this processor has nothing for it, which is no fault: the others serve. */
  readonly isMissing: boolean
  /** What machine code is made for, of what this processor has. */
  readonly isa?: string
  readonly isas?: readonly string[]
}

/** What lanewise finds on a machine. Its shape is that of `--json`; `schema` counts its incompatible changes. */
export interface Examination {
  readonly schema: 1
  readonly lanewise: string
  readonly node: string
  readonly platform: string
  readonly arch: string
  readonly processors: {
    /** That this process may use, as Node counts; the default of `maxWorkers`. */
    readonly available: number
    readonly total: number
    /** By control groups; null: no limit. */
    readonly cgroup: number | null
    /** As the addon counts; null without one. */
    readonly native: number | null
  }
  readonly sharedMemory: boolean
  readonly simd: { readonly wasm: boolean; readonly relaxed: boolean }
  /** The fastest first. */
  readonly engines: readonly EngineReport[]
  /** What runs kernels unless told otherwise; null: nothing can. */
  readonly engine: EngineName | null
  /** The value of LANEWISE_ENGINE, which tells otherwise; null if it is not set. */
  readonly override: string | null
  /** What is wrong, in sentences; none: all is well. */
  readonly problems: readonly string[]
}

/** A row that never comes back is a fault too. Far longer than a busy machine takes to start a worker. */
const TRIAL_MS = 30_000

/** (func (result v128) v128.const 0 …), as a module. */
const SIMD = '0061736d01000000 01050160 00017b 03020100 0a160114 00fd0c 00000000000000000000000000000000 0b'
/** (func (param v128 v128 v128) (result v128) f64x2.relaxed_madd of them), as a module. */
const RELAXED_SIMD = '0061736d01000000 01080160 037b7b7b017b 03020100 0a0d010b00 2000 2001 2002 fd8702 0b'

/** Looks at this machine, and tries each engine on a few rows. */
export async function examine(version: string): Promise<Examination> {
  const native = loadNative()
  const override = process.env.LANEWISE_ENGINE
  delete process.env.LANEWISE_ENGINE // each engine is tried, whatever it says
  const engines = [
    await nativeReport(native),
    { name: 'wasm' as const, isMissing: false, ...(await trial('wasm')) },
    { name: 'js' as const, isMissing: false, ...(await trial('js')) },
  ]
  if (override !== undefined) process.env.LANEWISE_ENGINE = override
  const sharedMemory = hasSharedMemory()
  const simd = { wasm: isValid(SIMD), relaxed: isValid(RELAXED_SIMD) }
  const problems = [
    ...(sharedMemory ? [] : ['there is no shared memory for WebAssembly, which threads need']),
    ...(simd.wasm ? [] : ['this WebAssembly has no SIMD, which the wasm engine needs']),
    ...engines
      .filter(({ works, isMissing }) => !works && !isMissing)
      .map(({ name, reasons }) => `the ${name} engine does not work: ${reasons.join('; ')}`),
    ...overrideProblems(override, engines),
  ]
  return {
    schema: 1,
    lanewise: version,
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    processors: {
      available: availableParallelism(),
      total: cpus().length,
      cgroup: cgroupProcessors() ?? null,
      native: 'binding' in native ? native.binding.availableParallelism() : null,
    },
    sharedMemory,
    simd,
    engines,
    engine: engines.find(({ works }) => works)?.name ?? null,
    override: override || null,
    problems,
  }
}

/** What is wrong with the value of LANEWISE_ENGINE, where something is. */
export function overrideProblems(override: string | undefined, engines: readonly EngineReport[]): string[] {
  if (override === undefined || override === '' || override === 'auto') return []
  const what = 'so that every map of a kernel fails; set or unset it'
  const named = engines.find(({ name }) => name === override)
  if (named === undefined) {
    return [`LANEWISE_ENGINE must be auto, js, wasm or native, got ${show(override)}, ${what}`]
  }
  return named.works ? [] : [`LANEWISE_ENGINE is ${override}, which does not run here, ${what}`]
}

async function nativeReport(load: NativeLoad): Promise<EngineReport> {
  if ('binding' in load) return addonReport(load.binding, load.from)
  const isMissing = load.errors.every((error) => (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND')
  const isAskedFor = Boolean(process.env.LANEWISE_NATIVE)
  const reasons = load.errors.map(({ message }) => message.split('\n', 1)[0] ?? '')
  return { name: 'native', works: false, isMissing: isMissing && !isAskedFor, reasons }
}

async function addonReport(binding: NativeBinding, from: string): Promise<EngineReport> {
  const isas = isasOf(binding)
  const isMissing = isas.length === 0
  const report = { name: 'native' as const, from, isMissing, isas, ...(await trial('native')) }
  return report.works ? { ...report, isa: usedIsa(binding) as string } : report
}

const FACTOR = -0.3

/** Of a text, so that no tool has changed it. */
function trialKernel(): Kernel<(x: number, y: number) => number> {
  const compiled = compileKernel('(x, y) => a * x + y', 'trial', { values: { a: FACTOR } })
  return kernelOf((x: number, y: number) => FACTOR * x + y, compiled)
}

/** Runs a kernel of a few rows on an engine, on a worker where it needs one, and compares bits. */
async function trial(engine: EngineName): Promise<{ works: boolean; reasons: readonly string[] }> {
  const pool = new ThreadPoolExecutor({ maxWorkers: 1 })
  try {
    const xs = Float64Array.from({ length: 1001 }, (_, i) => i / 7 - 50)
    const results = await pool.map(trialKernel(), xs, xs, { engine, timeout: TRIAL_MS })
    const wrong = results.findIndex((result, i) => !Object.is(result, FACTOR * (xs[i] as number) + (xs[i] as number)))
    if (wrong === -1) return { works: true, reasons: [] }
    return { works: false, reasons: [`row ${wrong} of a trial came out as ${results[wrong]}`] }
  } catch (error) {
    return { works: false, reasons: [error instanceof Error ? `${error.name}: ${error.message}` : String(error)] }
  } finally {
    await pool.shutdown({ timeout: TRIAL_MS })
  }
}

function hasSharedMemory(): boolean {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer instanceof SharedArrayBuffer
  } catch {
    return false
  }
}

function isValid(hex: string): boolean {
  return WebAssembly.validate(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}
