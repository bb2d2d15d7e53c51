import { describe, expect, it } from 'vitest'
import type { MeasurementReport } from '../../../core/contract/api.ts'
import { createMarkStore } from '../../../viewer/marks/mark-store.ts'
import { createSavedMarks } from '../../../viewer/marks/saved-marks.ts'
import { draftMark } from '../../support/draft-mark.ts'

const named = (trackingUid: string, label = trackingUid) => draftMark({ trackingUid, label })
const report = (sopInstanceUid: string, ...marks: ReturnType<typeof named>[]): MeasurementReport => ({
  sopInstanceUid,
  seriesInstanceUid: '1.2',
  observer: null,
  contentDate: '',
  contentTime: '',
  marks,
  undrawn: 0,
})
const labels = (marks: readonly { label: string }[]) => marks.map(({ label }) => label)

describe('what is drawn', () => {
  it('is the draft and what was saved; of a mark that was saved twice the later', () => {
    const store = createMarkStore()
    const saved = createSavedMarks(store)
    store.put(named('draft'))
    saved.restore([report('1', named('a', 'early'), named('b')), report('2', named('a', 'late'))])
    expect(labels(saved.list())).toEqual(['late', 'b', 'draft'])
    expect(saved.reports().map(({ sopInstanceUid, marks }) => [sopInstanceUid, labels(marks)])).toEqual([
      ['2', ['late']],
      ['1', ['b']],
    ])
    expect(['a', 'b', 'draft'].map(saved.isSaved)).toEqual([true, true, false])
  })

  it('has a saved mark that was taken into the draft once, and again when that is taken back', () => {
    const store = createMarkStore()
    const saved = createSavedMarks(store)
    saved.restore([report('1', named('a'))])
    saved.put(named('a', 'changed'))
    expect(labels(saved.list())).toEqual(['changed'])
    expect(labels(store.list())).toEqual(['changed'])
    expect(saved.isSaved('a')).toBe(false)
    expect(saved.reports()).toEqual([])
    store.undo()
    expect(labels(saved.list())).toEqual(['a'])
    expect(saved.isSaved('a')).toBe(true)
  })

  it('hides a saved mark without touching the draft, and still says how many a report has that cannot be drawn', () => {
    const store = createMarkStore()
    const saved = createSavedMarks(store)
    let told = 0
    saved.subscribe(() => told++)
    saved.restore([{ ...report('1', named('a')), undrawn: 2 }])
    saved.setHidden('a', true)
    expect(saved.list()).toMatchObject([{ label: 'a', hidden: true }])
    saved.setHidden('a', false)
    expect(saved.list()).toMatchObject([{ label: 'a', hidden: false }])
    store.put(named('a', 'changed'))
    expect(saved.reports()).toMatchObject([{ marks: [], undrawn: 2 }])
    expect(store.list()).toHaveLength(1)
    expect(told).toBe(4)
  })
})
