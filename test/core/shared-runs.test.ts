import { describe, expect, it } from 'vitest'
import { createSharedRuns } from '../../core/shared-runs.ts'

/** Runs that end when they are told to. */
function held() {
  const begun: { readonly key: string; readonly end: () => void; readonly fail: (error: Error) => void }[] =
    []
  const shared = createSharedRuns<string>()
  const ask = (key: string): Promise<void> =>
    shared(key, () => new Promise((resolve, reject) => begun.push({ key, end: resolve, fail: reject })))
  return { begun, ask }
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('shared runs', () => {
  it('are one for all who ask while another is under way, begun after it', async () => {
    const { begun, ask } = held()
    const first = ask('a')
    const later = [ask('a'), ask('a')]
    let over = 0
    for (const each of later) void each.then(() => over++)
    await turn()
    expect(begun).toHaveLength(1)
    begun[0]?.end()
    await first
    // Between the two: the next has not begun.
    later.push(ask('a'))
    await turn()
    expect([begun.length, over]).toEqual([2, 0])
    begun[1]?.end()
    await Promise.all(later)
    expect([begun.length, over]).toEqual([2, 2])
    const again = ask('a')
    begun[2]?.end()
    await again
  })

  it('fail for those who wait for them, not for those who wait for the next', async () => {
    const { begun, ask } = held()
    const first = ask('a')
    const second = ask('a')
    begun[0]?.fail(new Error('full'))
    await expect(first).rejects.toThrow('full')
    await turn()
    begun[1]?.end()
    await expect(second).resolves.toBeUndefined()
  })

  it('do not wait for those of another key', () => {
    const { begun, ask } = held()
    void ask('a')
    void ask('b')
    expect(begun.map(({ key }) => key)).toEqual(['a', 'b'])
  })
})
