import { describe, expect, it } from 'vitest'
import { createPrefetchQueue, type PrefetchSource } from '../../../viewer/imaging/prefetch-queue.ts'

const sourceOf = (...imageIds: string[]): PrefetchSource => ({ next: () => imageIds.shift() })

/** A network by hand: what was asked for, in order, and a way to let the oldest arrive. */
function handNetwork() {
  const asked: string[] = []
  const waiting: (() => void)[] = []
  return {
    asked,
    fetchOne: (imageId: string) => {
      asked.push(imageId)
      return new Promise<void>((resolve) => waiting.push(resolve))
    },
    async arrive() {
      waiting.shift()?.()
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

describe('images fetched before they are shown', () => {
  it('come in turn from each pane, never more at once than allowed', async () => {
    const { asked, fetchOne, arrive } = handNetwork()
    const queue = createPrefetchQueue(fetchOne, 2)
    queue.add(sourceOf('a1', 'a2', 'a3', 'a4'))
    expect(asked).toEqual(['a1', 'a2'])
    queue.add(sourceOf('b1', 'b2'))
    expect(asked).toHaveLength(2)
    await arrive()
    await arrive()
    await arrive()
    expect(asked).toEqual(['a1', 'a2', 'b1', 'a3', 'b2'])
  })

  it('go on when a pane has something again, and stop for one that is closed', async () => {
    const { asked, fetchOne, arrive } = handNetwork()
    const queue = createPrefetchQueue(fetchOne, 1)
    const wishes: string[] = []
    const source: PrefetchSource = { next: () => wishes.shift() }
    queue.add(source)
    wishes.push('a1', 'a2', 'a3')
    queue.add(source)
    await arrive()
    queue.remove(source)
    await arrive()
    expect(asked).toEqual(['a1', 'a2'])
  })
})
