import { describe, expect, it, vi } from 'vitest'
import { shareWork } from '../../../../viewer/imaging/frames/shared-work.ts'

function openWork() {
  const begun: {
    readonly signal: AbortSignal
    readonly how: string | undefined
    end(): void
    fail(error: Error): void
  }[] = []
  const work = vi.fn(
    (_key: string, signal: AbortSignal, how?: string) =>
      new Promise<void>((end, fail) => {
        begun.push({ signal, how, end, fail })
      }),
  )
  return { begun, share: shareWork(work) }
}
const caller = () => new AbortController()

describe('shareWork', () => {
  it('does once what several ask for, and anew what is asked for afterwards', async () => {
    const { begun, share } = openWork()
    const both = Promise.all([share('a', caller().signal, 'ahead'), share('a', caller().signal, 'now')])
    expect(begun.map(({ how }) => how)).toEqual(['ahead'])
    begun[0]?.end()
    await both
    void share('a', caller().signal, 'now')
    expect(begun).toHaveLength(2)
  })

  it('goes on while one of them waits, and is given up when none does', async () => {
    const { begun, share } = openWork()
    const [one, other] = [caller(), caller()]
    const first = expect(share('a', one.signal, 'now')).rejects.toThrow('moved on')
    const second = expect(share('a', other.signal, 'now')).rejects.toThrow('left')
    one.abort(new Error('moved on'))
    await first
    expect(begun[0]?.signal.aborted).toBe(false)
    other.abort(new Error('left'))
    await second
    expect(begun[0]?.signal.aborted).toBe(true)
  })

  it('begins anew for who asks after it was given up', async () => {
    const { begun, share } = openWork()
    const one = caller()
    const first = expect(share('a', one.signal, 'now')).rejects.toThrow('left')
    one.abort(new Error('left'))
    await first
    const again = share('a', caller().signal, 'now')
    expect(begun).toHaveLength(2)
    begun[1]?.end()
    await again
  })

  it('fails for all who wait', async () => {
    const { begun, share } = openWork()
    const both = Promise.allSettled([share('a', caller().signal, 'now'), share('a', caller().signal, 'now')])
    begun[0]?.fail(new Error('no answer'))
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})
