import { afterEach, describe, expect, it, vi } from 'vitest'
import { createGroupCommit } from '../../../core/archive/group-commit.ts'
import { unavailable } from '../../../core/errors.ts'

describe('createGroupCommit', () => {
  afterEach(() => void vi.useRealTimers())

  it('writes together what arrives while a write is under way, in order', async () => {
    const batches: number[][] = []
    const submit = createGroupCommit<number, number>(async (items) => {
      batches.push([...items])
      await new Promise((resolve) => setTimeout(resolve, 5))
      return items.map((item) => item * 10)
    }, 4)
    const first = submit(1)
    await new Promise((resolve) => setTimeout(resolve, 2))
    const rest = [2, 3, 4, 5, 6].map(submit)
    expect(await Promise.all([first, ...rest])).toEqual([10, 20, 30, 40, 50, 60])
    expect(batches).toEqual([[1], [2, 3, 4, 5], [6]])
  })

  it('waits for company that is on its way, until half of all are there', async () => {
    // As long as it takes: how long it waits at most is of the next test.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const batches: number[][] = []
    let coming = 4
    const submit = createGroupCommit<number, number>(
      async (items) => {
        batches.push([...items])
        return items
      },
      64,
      () => coming,
    )
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
    const first = submit(1)
    await turn()
    await turn()
    expect(batches).toEqual([])
    coming = 2
    await Promise.all([first, submit(2)])
    expect(batches).toEqual([[1, 2]])
    // Nobody, or hardly anybody, is coming: at once.
    await submit(3)
    expect(batches).toEqual([[1, 2], [3]])
  })

  it('waits for nobody for long', async () => {
    const submit = createGroupCommit<number, number>(
      async (items) => items,
      64,
      () => 10,
    )
    expect(await submit(1)).toBe(1)
  })

  it('fails only the item that cannot be written', async () => {
    const submit = createGroupCommit<number, number>(async (items) => {
      if (items.includes(3)) throw new Error('bad row')
      return items
    }, 64)
    const settled = await Promise.allSettled([1, 2, 3, 4, 5].map(submit))
    expect(settled.map((one) => one.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ])
  })

  it('fails the whole batch at once when the far side does not answer, and goes on afterwards', async () => {
    let calls = 0
    let down = true
    const submit = createGroupCommit<number, number>(async (items) => {
      calls += 1
      if (down) throw unavailable('database-unavailable', 'Try again.')
      return items
    }, 64)
    const settled = await Promise.allSettled([1, 2, 3].map(submit))
    expect(settled.every((one) => one.status === 'rejected')).toBe(true)
    expect(calls).toBe(1)
    down = false
    expect(await submit(4)).toBe(4)
  })
})
