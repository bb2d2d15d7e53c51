import { describe, expect, it, vi } from 'vitest'
import type { WorklistPage, WorklistStudy } from '../../../core/contract/api.ts'
import { missingBlock, NO_ROWS, refreshed, withPage } from '../../../viewer/worklist/worklist-rows.ts'
import { WorklistStore } from '../../../viewer/worklist/worklist-store.ts'

const study = (studyId: string): WorklistStudy => ({ studyId }) as WorklistStudy
const page = (ids: readonly string[], total = ids.length): WorklistPage => ({
  studies: ids.map(study),
  total,
  totalIsExact: true,
  modalities: [],
})

describe('withPage', () => {
  const atLeast = (total: number): WorklistPage => ({ ...page(['a'], total), totalIsExact: false })

  it('keeps the largest of the totals that are only so far as was counted', () => {
    const far = withPage(NO_ROWS, { offset: 1000, page: atLeast(1200) })
    const near = withPage(far, { offset: 0, page: atLeast(1000) })
    expect([near.total, near.totalIsExact]).toEqual([1200, false])
  })

  it('believes the one who counted them all', () => {
    const far = withPage(NO_ROWS, { offset: 1000, page: atLeast(1200) })
    const end = withPage(far, { offset: 1100, page: page(['z'], 1101) })
    expect([end.total, end.totalIsExact]).toEqual([1101, true])
  })
})

describe('refreshed', () => {
  const before = withPage(NO_ROWS, { offset: 0, page: page(['a', 'b', 'c', 'd']) })

  it('tells how far the first row on screen moved when others arrived above', () => {
    const after = refreshed(
      before,
      { offset: 0, page: page(['x', 'y', 'a', 'b', 'c', 'd']) },
      { first: 1, last: 3 },
    )
    expect(after.movedBy).toBe(2)
    expect(after.total).toBe(6)
    expect(after.rows.get(3)?.studyId).toBe('b')
  })

  it('goes by the next row when the first is gone', () => {
    const after = refreshed(before, { offset: 0, page: page(['a', 'c', 'd']) }, { first: 1, last: 3 })
    expect(after.movedBy).toBe(-1)
  })

  it('does not move when nothing on screen is there any more', () => {
    expect(refreshed(before, { offset: 0, page: page(['z']) }, { first: 0, last: 3 }).movedBy).toBe(0)
  })
})

describe('missingBlock', () => {
  it('names the block of the first missing row, within the list', () => {
    const rows = withPage(NO_ROWS, { offset: 0, page: page(['a', 'b'], 500) })
    expect(missingBlock(rows, -10, 1, 100)).toBeUndefined()
    expect(missingBlock(rows, 0, 40, 100)).toBe(0)
    expect(missingBlock(rows, 230, 260, 100)).toBe(200)
    expect(missingBlock(rows, 600, 700, 100)).toBeUndefined()
  })
})

describe('WorklistStore', () => {
  it('loads what is looked at once, and reads it again when something arrives', async () => {
    let ids = Array.from({ length: 300 }, (_, index) => `s${index}`)
    const fetchPage = vi.fn(({ offset, limit }: { offset: number; limit: number }) =>
      Promise.resolve(page(ids.slice(offset, offset + limit), ids.length)),
    )
    const store = new WorklistStore(fetchPage)
    store.show(0, 30)
    store.show(0, 31)
    await vi.waitFor(() => expect(store.getState().loaded).toBe(true))
    expect(fetchPage).toHaveBeenCalledTimes(1)
    store.show(150, 180)
    await vi.waitFor(() => expect(store.getState().rows.has(160)).toBe(true))
    // From the row before on, where it is known: what is above need not be walked again.
    expect(fetchPage.mock.calls.map(([range]) => range)).toEqual([
      { offset: 0, limit: 100 },
      { offset: 100, limit: 100, after: 's99' },
    ])
    ids = ['new', ...ids]
    store.refresh()
    await vi.waitFor(() => expect(store.getState().moved).toEqual({ by: 1, version: 1 }))
    expect(store.getState().total).toBe(301)
    expect(store.getState().rows.get(151)?.studyId).toBe('s150')
    store.close()
  })

  it('says that the first load failed, and recovers', async () => {
    let fails = true
    const store = new WorklistStore(() =>
      fails ? Promise.reject(new Error('down')) : Promise.resolve(page(['a'])),
    )
    store.show(0, 30)
    await vi.waitFor(() => expect(store.getState().failure).toBeInstanceOf(Error))
    fails = false
    store.refresh()
    await vi.waitFor(() => expect(store.getState()).toMatchObject({ loaded: true, failure: undefined }))
    store.close()
  })
})
