import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Api } from '../../../viewer/client/api.ts'
import {
  askAhead,
  askOpening,
  forgetOpenings,
  giveUpAhead,
  isUnheard,
  takeOpening,
} from '../../../viewer/client/opening-packet.ts'

interface Call {
  readonly path: string
  readonly isAhead: boolean
  readonly signal: AbortSignal | undefined
  answer(): void
}

let calls: Call[] = []
const api: Api = {
  call(_method, path, options) {
    return new Promise((resolve, reject) => {
      const { signal, isAhead = false } = options ?? {}
      signal?.addEventListener('abort', () => reject(signal.reason as Error))
      const answer = (): void => resolve({ opening: path, protocols: [] } as never)
      calls.push({ path, isAhead, signal, answer })
    })
  },
}
const asked = (): string[] => calls.map(({ path, isAhead }) => (isAhead ? `${path} ahead` : path))
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

beforeEach(() => {
  forgetOpenings()
  calls = []
})

describe('askAhead', () => {
  it('asks once, as ahead of its reader, and is what the study is opened with', async () => {
    askAhead(api, '1')
    askAhead(api, '1')
    expect(asked()).toEqual(['/api/studies/1/opening ahead'])
    calls[0]?.answer()
    expect(await askOpening(api, '1')).toMatchObject({ opening: '/api/studies/1/opening' })
    expect(await takeOpening('1', 'opening')).toBeDefined()
    expect(calls).toHaveLength(1)
  })

  it('leaves the archive to be told of the opening, once', async () => {
    askAhead(api, '1')
    calls[0]?.answer()
    expect(isUnheard('1')).toBe(false)
    await askOpening(api, '1')
    expect([isUnheard('1'), isUnheard('1')]).toEqual([true, false])
    void askOpening(api, '2')
    expect(isUnheard('2')).toBe(false)
  })

  it('is given up, and asked for anew when it is wanted', async () => {
    askAhead(api, '1')
    giveUpAhead()
    expect(calls[0]?.signal?.aborted).toBe(true)
    await settle()
    void askOpening(api, '1')
    expect(asked()).toEqual(['/api/studies/1/opening ahead', '/api/studies/1/opening'])
  })

  it('keeps what came when nothing more may be asked for', async () => {
    askAhead(api, '1')
    calls[0]?.answer()
    await settle()
    giveUpAhead()
    askAhead(api, '1')
    expect(calls).toHaveLength(1)
  })

  it('is dropped when another study is opened, and when nobody is signed in', async () => {
    askAhead(api, '1')
    void askOpening(api, '2')
    expect(calls[0]?.signal?.aborted).toBe(true)
    await settle()
    askAhead(api, '3')
    calls[2]?.answer()
    await settle()
    forgetOpenings()
    void askOpening(api, '3')
    expect(asked().slice(2)).toEqual(['/api/studies/3/opening ahead', '/api/studies/3/opening'])
  })

  it('waits for its reader for minutes, not for ever', async () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(0)
    askAhead(api, '1')
    calls[0]?.answer()
    await settle()
    now.mockReturnValue(240_000)
    askAhead(api, '1')
    expect(calls).toHaveLength(1)
    now.mockReturnValue(301_000)
    askAhead(api, '1')
    expect(calls).toHaveLength(2)
    now.mockRestore()
  })
})
