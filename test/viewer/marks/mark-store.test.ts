import { describe, expect, it, vi } from 'vitest'
import type { Mark } from '../../../viewer/marks/mark.ts'
import { createMarkStore } from '../../../viewer/marks/mark-store.ts'

const mark = (trackingUid: string, more: Partial<Mark> = {}): Mark => ({
  trackingUid,
  label: '',
  studyInstanceUid: '1',
  seriesInstanceUid: '1.1',
  sopInstanceUid: '1.1.1',
  frameNumber: 1,
  geometry: { kind: 'probe', point: [3, 4] },
  calibration: { kind: 'none', aspect: [1, 1] },
  values: [],
  hidden: false,
  ...more,
})
const uids = (store: ReturnType<typeof createMarkStore>) => store.list().map(({ trackingUid }) => trackingUid)

describe('the marks of a reading room', () => {
  it('are kept in order; one that is put again is replaced where it stood', () => {
    const store = createMarkStore()
    store.put(mark('a'))
    store.put(mark('b'))
    store.put(mark('a', { label: 'moved' }))
    expect(uids(store)).toEqual(['a', 'b'])
    expect(store.list()[0]?.label).toBe('moved')
  })

  it('undo and redo every change, and a new change forgets what was undone', () => {
    const store = createMarkStore()
    store.put(mark('a'))
    store.rename('a', 'aorta')
    store.setHidden('a', true)
    store.remove('a')
    expect(store.list()).toEqual([])
    store.undo()
    expect(store.list()).toEqual([mark('a', { label: 'aorta', hidden: true })])
    store.undo()
    store.undo()
    expect(store.list()).toEqual([mark('a')])
    store.redo()
    expect(store.list()[0]?.label).toBe('aorta')
    store.put(mark('b'))
    expect(store.canRedo()).toBe(false)
    store.redo()
    expect(uids(store)).toEqual(['a', 'b'])
    for (let step = 0; step < 10; step++) store.undo()
    expect(store.list()).toEqual([])
    expect(store.canUndo()).toBe(false)
  })

  it('tell of changes only, and not those that are gone', () => {
    const store = createMarkStore()
    const told = vi.fn()
    const stop = store.subscribe(told)
    store.remove('nobody')
    store.rename('nobody', 'x')
    store.undo()
    expect(told).not.toHaveBeenCalled()
    store.put(mark('a'))
    expect(told).toHaveBeenCalledTimes(1)
    stop()
    store.remove('a')
    expect(told).toHaveBeenCalledTimes(1)
  })

  it('restored, they are a beginning: there is nothing to undo', () => {
    const store = createMarkStore()
    store.put(mark('a'))
    store.restore([mark('b')])
    expect(uids(store)).toEqual(['b'])
    expect(store.canUndo()).toBe(false)
  })
})
