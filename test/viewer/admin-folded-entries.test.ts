import { describe, expect, it } from 'vitest'
import { foldedEntries } from '../../viewer/admin/folded-entries.ts'

type Entry = ReturnType<typeof foldedEntries>[number]

const entry = (second: number, changes: Partial<Entry> = {}): Entry => ({
  id: String(second),
  occurredAt: new Date(Date.UTC(2026, 0, 2, 3, 0, second)).toISOString(),
  event: 'instances-transferred',
  outcome: 'success',
  person: { userId: 'u', email: 'u@example.org', displayName: 'U' },
  subject: null,
  address: '192.0.2.1',
  studyInstanceUid: '2.25.1',
  patientId: null,
  patientName: null,
  detail: { action: 'stored', count: 2, source: 'upload' },
  ...changes,
})
const linesOf = (entries: readonly Entry[]) =>
  foldedEntries(entries).map(({ id, detail }) => [id, detail['count'] ?? detail['instances']])

describe('foldedEntries', () => {
  it('makes one line of what was sent in one stream, with all its images and the time of the last', () => {
    expect(linesOf([entry(90), entry(50), entry(10), entry(0)])).toEqual([['90', 8]])
    const retrieved = { detail: { instances: 1 } }
    expect(linesOf([entry(3, retrieved), entry(2, retrieved)])).toEqual([['3', 2]])
  })

  it('keeps apart what came later, of another study, by another person or way, or was no transfer', () => {
    const apart = [
      entry(300),
      entry(200),
      entry(199, { studyInstanceUid: '2.25.2' }),
      entry(198, { person: null }),
      entry(197, { address: '192.0.2.2' }),
      entry(196, { detail: { action: 'stored', count: 2, source: 'stow-rs' } }),
      entry(195, { outcome: 'failure' }),
      entry(194, { event: 'export', detail: { instances: 2 } }),
      entry(193, { event: 'export', detail: { instances: 2 } }),
    ]
    expect(foldedEntries(apart)).toEqual(apart)
    expect(foldedEntries([])).toEqual([])
  })
})
