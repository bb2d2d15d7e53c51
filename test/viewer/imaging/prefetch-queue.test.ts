import { describe, expect, it } from 'vitest'
import { createPrefetchQueue, type PrefetchSource } from '../../../viewer/imaging/prefetch-queue.ts'

/** A network by hand: what was asked for, in order, and a way to let the oldest arrive. */
function handNetwork() {
  const asked: string[] = []
  const waiting: (() => void)[] = []
  const fetchOne = (imageId: string) => () => {
    asked.push(imageId)
    return new Promise<void>((resolve) => waiting.push(resolve))
  }
  /** What can be looked at, then what is exact. */
  const sourceOf = (usable: string[], exact: string[] = []): PrefetchSource => ({
    next(pass) {
      const imageId = (pass === 'usable' ? usable : exact).shift()
      return imageId === undefined ? undefined : { bytes: 100_000, run: fetchOne(imageId) }
    },
  })
  return {
    asked,
    sourceOf,
    async arrive() {
      waiting.shift()?.()
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

describe('images fetched before they are shown', () => {
  it('come in turn from each pane, never more at once than allowed', async () => {
    const { asked, sourceOf, arrive } = handNetwork()
    const queue = createPrefetchQueue(() => ({ turns: 2, bytes: 0 }))
    queue.add(sourceOf(['a1', 'a2', 'a3', 'a4']))
    expect(asked).toEqual(['a1', 'a2'])
    queue.add(sourceOf(['b1', 'b2']))
    expect(asked).toHaveLength(2)
    await arrive()
    await arrive()
    await arrive()
    expect(asked).toEqual(['a1', 'a2', 'b1', 'a3', 'b2'])
  })

  it('go on when a pane has something again, and stop for one that is closed', async () => {
    const { asked, sourceOf, arrive } = handNetwork()
    const queue = createPrefetchQueue(() => ({ turns: 1, bytes: 0 }))
    const wishes: string[] = []
    const source = sourceOf(wishes)
    queue.add(source)
    wishes.push('a1', 'a2', 'a3')
    queue.add(source)
    await arrive()
    queue.remove(source)
    await arrive()
    expect(asked).toEqual(['a1', 'a2'])
  })

  it('are all there to be looked at before the first is made exact, and of those fewer come at once', async () => {
    const { asked, sourceOf, arrive } = handNetwork()
    const queue = createPrefetchQueue((pass) => ({ turns: pass === 'usable' ? 2 : 1, bytes: 0 }))
    queue.add(sourceOf(['a1', 'a2'], ['A1', 'A2']))
    queue.add(sourceOf(['b1'], ['B1']))
    await arrive()
    expect(asked).toEqual(['a1', 'a2', 'b1'])
    await arrive()
    expect(asked).toEqual(['a1', 'a2', 'b1'])
    for (let exact = 0; exact < 3; exact++) await arrive()
    expect(asked).toEqual(['a1', 'a2', 'b1', 'A1', 'B1', 'A2'])
  })

  it('are asked for several at once where a turn has room for them, each turn of one pane and one pass', async () => {
    const { asked, sourceOf, arrive } = handNetwork()
    const queue = createPrefetchQueue(() => ({ turns: 1, bytes: 350_000 }))
    queue.add(sourceOf(['a1', 'a2', 'a3', 'a4'], ['A1']))
    expect(asked).toEqual(['a1', 'a2', 'a3'])
    queue.add(sourceOf(['b1']))
    await arrive()
    await arrive()
    // Not before all of a turn is here.
    expect(asked).toHaveLength(3)
    await arrive()
    expect(asked.slice(3)).toEqual(['b1'])
    await arrive()
    expect(asked.slice(4)).toEqual(['a4'])
    await arrive()
    expect(asked.slice(5)).toEqual(['A1'])
  })

  it('share a turn where they are asked for at once, and have none where each is alone', () => {
    const turns: (symbol | undefined)[] = []
    const of = (count: number): PrefetchSource => ({
      next: (pass) =>
        pass === 'usable' && count-- > 0
          ? { bytes: 100_000, run: (turn) => (turns.push(turn), new Promise(() => undefined)) }
          : undefined,
    })
    createPrefetchQueue(() => ({ turns: 3, bytes: 200_000 })).add(of(5))
    expect(turns).toHaveLength(5)
    const [first, second, third, fourth, fifth] = turns
    expect(typeof first).toBe('symbol')
    expect([second, fourth]).toEqual([first, third])
    expect(third).not.toBe(first)
    expect(fifth).toBeUndefined()
  })

  it('are alone on a near link, also those of which nothing is known', () => {
    const turns: (symbol | undefined)[] = []
    let left = 5
    const source: PrefetchSource = {
      next: () =>
        left-- > 0
          ? { bytes: 0, run: (turn) => (turns.push(turn), new Promise(() => undefined)) }
          : undefined,
    }
    createPrefetchQueue(() => ({ turns: 3, bytes: 0 })).add(source)
    expect(turns).toEqual([undefined, undefined, undefined])
  })
})
