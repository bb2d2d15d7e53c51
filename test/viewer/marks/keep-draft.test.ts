import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MarkDraft } from '../../../core/contract/api.ts'
import { ApiError } from '../../../viewer/client/api-error.ts'
import { keepDraft, type DraftStatus } from '../../../viewer/marks/keep-draft.ts'
import { createMarkStore } from '../../../viewer/marks/mark-store.ts'
import { draftMark } from '../../support/draft-mark.ts'

/** An archive that keeps one draft, and can be away. */
function archive(first: MarkDraft = { version: 0, marks: [] }) {
  const server = { draft: first, away: false, saves: 0 }
  const answer = <T>(make: () => T): Promise<T> =>
    server.away ? Promise.reject(new ApiError(0, 'offline', 'away')) : Promise.resolve().then(make)
  return {
    server,
    load: () => answer(() => server.draft),
    save: (draft: MarkDraft) =>
      answer(() => {
        if (draft.version !== server.draft.version) throw new ApiError(409, 'draft-changed', 'changed')
        server.saves += 1
        server.draft = { version: draft.version + 1, marks: draft.marks }
        return server.draft.version
      }),
  }
}
const named = (label: string) => draftMark({ trackingUid: label, label })
const labels = (marks: readonly { label: string }[]) => marks.map(({ label }) => label)

describe('what is drawn is saved', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('once a hand rests, all strokes together; what was there before is there again', async () => {
    const { server, load, save } = archive({ version: 3, marks: [named('before')] })
    const store = createMarkStore()
    const statuses: DraftStatus[] = []
    keepDraft({ store, load, save, onStatus: (status) => statuses.push(status) })
    await vi.advanceTimersByTimeAsync(0)
    expect(labels(store.list())).toEqual(['before'])
    store.put(named('a'))
    await vi.advanceTimersByTimeAsync(300)
    store.put(named('b'))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(server.saves).toBe(1)
    expect(labels(server.draft.marks)).toEqual(['before', 'a', 'b'])
    expect(statuses.at(-1)).toBe('saved')
  })

  it('while a hand goes on and on: strokes wait for a rest no longer than the first of them', async () => {
    const { server, load, save } = archive()
    const store = createMarkStore()
    keepDraft({ store, load, save, onStatus: () => undefined })
    await vi.advanceTimersByTimeAsync(0)
    for (const label of ['a', 'b', 'c', 'd']) {
      store.put(named(label))
      await vi.advanceTimersByTimeAsync(200)
    }
    expect(labels(server.draft.marks)).toEqual(['a', 'b', 'c'])
  })

  it('and is not called saved from its change on until it is', async () => {
    const { load, save } = archive({ version: 1, marks: [named('before')] })
    const store = createMarkStore()
    const statuses: DraftStatus[] = []
    keepDraft({ store, load, save, onStatus: (status) => statuses.push(status) })
    await vi.advanceTimersByTimeAsync(0)
    // What came from the archive is not a change.
    expect(statuses).toEqual(['loading', 'saved'])
    store.put(named('a'))
    expect(statuses.at(-1)).toBe('saving')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(statuses.at(-1)).toBe('saved')
  })

  it('when the archive is back, and says meanwhile that it is not', async () => {
    const { server, load, save } = archive()
    const store = createMarkStore()
    let status: DraftStatus = 'loading'
    keepDraft({ store, load, save, onStatus: (next) => (status = next) })
    await vi.advanceTimersByTimeAsync(0)
    server.away = true
    store.put(named('a'))
    await vi.advanceTimersByTimeAsync(2_000)
    expect(status).toBe('failed')
    server.away = false
    await vi.advanceTimersByTimeAsync(5_000)
    expect(status).toBe('saved')
    expect(labels(server.draft.marks)).toEqual(['a'])
  })

  it('beside what another window saved meanwhile; what was deleted here stays deleted', async () => {
    const { server, load, save } = archive({ version: 1, marks: [named('old'), named('doomed')] })
    const store = createMarkStore()
    keepDraft({ store, load, save, onStatus: () => undefined })
    await vi.advanceTimersByTimeAsync(0)
    server.draft = { version: 2, marks: [...server.draft.marks, named('theirs')] }
    store.remove('doomed')
    store.put(named('ours'))
    await vi.advanceTimersByTimeAsync(2_000)
    expect(labels(server.draft.marks).sort()).toEqual(['old', 'ours', 'theirs'])
    expect(labels(store.list()).sort()).toEqual(['old', 'ours', 'theirs'])
  })

  it('at once when the page is left', async () => {
    const { server, load, save } = archive()
    const store = createMarkStore()
    const keeper = keepDraft({ store, load, save, onStatus: () => undefined })
    await vi.advanceTimersByTimeAsync(0)
    store.put(named('a'))
    keeper.flush()
    await vi.advanceTimersByTimeAsync(0)
    expect(labels(server.draft.marks)).toEqual(['a'])
    void keeper.stop()
    store.put(named('b'))
    await vi.advanceTimersByTimeAsync(10_000)
    expect(labels(server.draft.marks)).toEqual(['a'])
  })

  it('before a stop resolves, which then says nothing any more', async () => {
    const { server, load, save } = archive()
    const store = createMarkStore()
    const statuses: DraftStatus[] = []
    const keeper = keepDraft({ store, load, save, onStatus: (status) => statuses.push(status) })
    await vi.advanceTimersByTimeAsync(0)
    store.put(named('a'))
    statuses.splice(0)
    await keeper.stop()
    expect(labels(server.draft.marks)).toEqual(['a'])
    expect(statuses).toEqual([])
  })

  it('is settled at once when somebody asks, and not while the archive is away', async () => {
    const { server, load, save } = archive({ version: 3, marks: [named('before')] })
    const store = createMarkStore()
    const keeper = keepDraft({ store, load, save, onStatus: () => undefined })
    await vi.advanceTimersByTimeAsync(0)
    store.put(named('a'))
    const settled = await keeper.settle()
    expect(settled?.version).toBe(4)
    expect(labels(settled?.marks ?? [])).toEqual(['before', 'a'])
    server.away = true
    store.put(named('b'))
    expect(await keeper.settle()).toBeUndefined()
  })

  it('lets go of what the archive took out of it, but for what was changed since', async () => {
    const { server, load, save } = archive()
    const store = createMarkStore()
    const keeper = keepDraft({ store, load, save, onStatus: () => undefined })
    await vi.advanceTimersByTimeAsync(0)
    for (const name of ['a', 'b', 'c']) store.put(named(name))
    const settled = await keeper.settle()
    store.rename('b', 'changed')
    server.draft = { version: 2, marks: [named('c')] }
    keeper.release(2, settled?.marks.slice(0, 2) ?? [])
    expect(labels(store.list())).toEqual(['changed', 'c'])
    await vi.advanceTimersByTimeAsync(1000)
    expect(labels(server.draft.marks)).toEqual(['changed', 'c'])
    expect(server.draft.version).toBe(3)
  })

  it('in step with another window: drawn, changed and deleted there, unless it was changed here', async () => {
    const { server, load, save } = archive({ version: 1, marks: ['a', 'b', 'c', 'd'].map(named) })
    const [here, there] = [createMarkStore(), createMarkStore()]
    const keepers = [here, there].map((store, own) =>
      keepDraft({
        store,
        load,
        save,
        onStatus: () => undefined,
        onVersion: (version) => keepers[1 - own]?.changedElsewhere(version),
      }),
    )
    await vi.advanceTimersByTimeAsync(0)
    there.remove('a')
    there.remove('b')
    there.put({ ...named('c'), label: 'C' })
    there.put(named('e'))
    here.put({ ...named('b'), label: 'B' })
    await vi.advanceTimersByTimeAsync(2_000)
    for (const marks of [here.list(), there.list(), server.draft.marks])
      expect(labels(marks).toSorted()).toEqual(['B', 'C', 'd', 'e'])
  })
})
