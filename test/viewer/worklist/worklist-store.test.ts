import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { WorklistPage } from '../../../core/contract/api.ts'
import { ApiError } from '../../../viewer/client/api-error.ts'
import { WorklistStore } from '../../../viewer/worklist/worklist-store.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const page: WorklistPage = { studies: [], total: 0, totalIsExact: true, modalities: [] }
const askedToWait = (): ApiError =>
  new ApiError(429, 'too-many-searches', 'Too many searches.', { retryAfterSeconds: 7 })

describe('WorklistStore', () => {
  it('says that it waits, asks again when the archive said, and not before', async () => {
    const answers: (() => Promise<WorklistPage>)[] = [
      () => Promise.reject(askedToWait()),
      () => Promise.resolve(page),
    ]
    const fetchPage = vi.fn(() => answers.shift()?.() ?? Promise.resolve(page))
    const store = new WorklistStore(fetchPage)
    store.show(0, 40)
    await vi.advanceTimersByTimeAsync(6_900)
    expect(store.getState()).toMatchObject({ loaded: false, failure: { code: 'too-many-searches' } })
    store.show(0, 40)
    expect(fetchPage).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(200)
    expect(fetchPage).toHaveBeenCalledTimes(2)
    expect(store.getState()).toMatchObject({ loaded: true, failure: undefined })
  })

  it('follows what arrives again once it waited as long as it was asked to', async () => {
    const answers = [page, askedToWait(), page]
    const fetchPage = vi.fn(() => {
      const answer = answers.shift() ?? page
      return answer instanceof ApiError ? Promise.reject(answer) : Promise.resolve(answer)
    })
    const store = new WorklistStore(fetchPage)
    store.show(0, 40)
    await vi.advanceTimersByTimeAsync(0)
    store.refresh()
    await vi.advanceTimersByTimeAsync(6_900)
    expect(fetchPage).toHaveBeenCalledTimes(2)
    await vi.advanceTimersByTimeAsync(200)
    expect(fetchPage).toHaveBeenCalledTimes(3)
  })
})
