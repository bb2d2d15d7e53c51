import { describe, expect, it } from 'vitest'
import { createGroupCommit } from '../../../core/archive/group-commit.ts'
import { unavailable } from '../../../core/errors.ts'

describe('createGroupCommit', () => {
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
