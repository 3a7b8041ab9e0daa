import { describe, expect, it } from 'vitest'
import { cgroupProcessors } from '../../src/executors/cgroup.ts'

const reader = (files: Record<string, string>) => (path: string) => files[path]

describe('the limit by control groups', () => {
  it('is that of version 2, a fraction of a processor too', () => {
    const self = { '/proc/self/cgroup': '0::/\n' }
    expect(cgroupProcessors(reader({ ...self, '/sys/fs/cgroup/cpu.max': '150000 100000\n' }))).toBe(1.5)
    expect(cgroupProcessors(reader({ ...self, '/sys/fs/cgroup/cpu.max': 'max 100000\n' }))).toBeUndefined()
    expect(cgroupProcessors(reader(self))).toBeUndefined()
  })

  it('is the narrowest of the group and those around it', () => {
    const files = {
      '/proc/self/cgroup': '0::/outer/inner:with-colon\n',
      '/sys/fs/cgroup/outer/inner:with-colon/cpu.max': '400000 100000',
      '/sys/fs/cgroup/outer/cpu.max': '200000 100000',
      '/sys/fs/cgroup/cpu.max': 'max 100000',
    }
    expect(cgroupProcessors(reader(files))).toBe(2)
  })

  it('is that of version 1, where the cpu controller stands with another', () => {
    const files = {
      '/proc/self/cgroup': '12:memory:/a\n4:cpu,cpuacct:/a\n0::/\n',
      '/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us': '50000\n',
      '/sys/fs/cgroup/cpu/a/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    }
    expect(cgroupProcessors(reader(files))).toBe(0.5)
  })

  it('is none elsewhere, and where the files make no sense', () => {
    expect(cgroupProcessors(() => undefined)).toBeUndefined()
    expect(cgroupProcessors(() => '')).toBeUndefined()
    expect(cgroupProcessors(() => 'nonsense')).toBeUndefined()
    expect(cgroupProcessors(reader({ '/proc/self/cgroup': '0::/', '/sys/fs/cgroup/cpu.max': '1 0' }))).toBeUndefined()
  })
})
