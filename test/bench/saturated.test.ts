import { cpus } from 'node:os'
import { describe, expect, it } from 'vitest'
import { saturated } from '../../bench/cluster/cluster-told.ts'

const cores = cpus().length
const nothing = { web: 0, worker: 0, PostgreSQL: 0, Redis: 0, MinIO: 0, client: 0, others: 0 }

describe('the part of a cluster that is in the way', () => {
  it('is the one that has most of full cores', () => {
    const shares = { ...nothing, web: 0.3, MinIO: 0.45, client: 0.2 }
    expect(saturated({ shares, webs: 2, workers: 1 })).toBe('all cores: MinIO 45 %')
  })

  it('is none of ours where the machine does something else', () => {
    const shares = { ...nothing, web: 0.3, others: 0.65 }
    expect(saturated({ shares, webs: 1, workers: 1 })).toBe('all cores: others 65 %')
  })

  it('is a process whose one thread is full', () => {
    const shares = { ...nothing, web: 0.88 / cores }
    const rest = cores > 1 ? 'one core: web' : 'no part (88 % in all): it waits, for the disk or for answers'
    expect(saturated({ shares, webs: 1, workers: 1 })).toBe(rest)
    expect(saturated({ shares, webs: 2, workers: 1 })).toContain('no part')
  })
})
