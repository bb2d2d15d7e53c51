import { afterEach, describe, expect, it, vi } from 'vitest'
import { fetchFrame, FrameRefused } from '../../../../viewer/imaging/frames/fetch-frame.ts'

const waiting = new AbortController().signal
const frame = () =>
  new Response(Uint8Array.of(1, 2), {
    headers: { 'Content-Type': 'image/jls;transfer-syntax=1.2.840.10008.1.2.4.80' },
  })

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

function answering(...answers: (() => Response | Promise<Response>)[]) {
  const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(async () => {
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    return answer?.() ?? frame()
  })
  vi.stubGlobal('fetch', fetched)
  return fetched
}

describe('fetchFrame', () => {
  it('asks for one part in the syntax wanted, under the session, and reads which it is', async () => {
    const fetched = answering(frame)
    expect(await fetchFrame('/f', 'stored', waiting)).toEqual({
      bytes: Uint8Array.of(1, 2),
      transferSyntaxUid: '1.2.840.10008.1.2.4.80',
      size: 2,
      etag: '',
    })
    expect(fetched.mock.calls[0]).toMatchObject([
      '/f',
      { headers: { Accept: 'application/octet-stream; transfer-syntax=*' }, credentials: 'same-origin' },
    ])
  })

  it('asks for the rendition first where that will do, and for what is stored where there is none', async () => {
    const fetched = answering(frame)
    await fetchFrame('/f', 'small', waiting)
    expect(fetched.mock.calls[0]?.[1].headers).toEqual({
      Accept:
        'image/jphc; transfer-syntax=1.2.840.10008.1.2.4.202, application/octet-stream; transfer-syntax=*; q=0.5',
    })
  })

  it('asks for a part, and reads of how much and of what it is one', async () => {
    const part = () =>
      new Response(Uint8Array.of(1, 2), {
        status: 206,
        headers: { 'Content-Range': 'bytes 0-1/900', ETag: '"made-1"' },
      })
    const fetched = answering(part)
    expect(await fetchFrame('/f', 'small', waiting, { from: 0, to: 2 })).toMatchObject({
      size: 900,
      etag: '"made-1"',
    })
    await fetchFrame('/f', 'small', waiting, { from: 2 })
    expect(fetched.mock.calls.map(([, { headers }]) => (headers as Record<string, string>)['Range'])).toEqual(
      ['bytes=0-1', 'bytes=2-'],
    )
  })

  it('tries again when the server stumbles or the answer breaks off', async () => {
    vi.useFakeTimers()
    const broken = () =>
      new Response(new ReadableStream({ start: (stream) => stream.error(new TypeError('broke off')) }))
    const fetched = answering(() => new Response('', { status: 503 }), broken, frame)
    const got = fetchFrame('/f', 'stored', waiting)
    await vi.runAllTimersAsync()
    expect((await got).bytes).toHaveLength(2)
    expect(fetched).toHaveBeenCalledTimes(3)
  })

  it('takes a refusal for an answer', async () => {
    const fetched = answering(() => new Response('', { status: 404 }))
    await expect(fetchFrame('/f', 'stored', waiting)).rejects.toThrow(FrameRefused)
    expect(fetched).toHaveBeenCalledTimes(1)
  })

  it('does not try again what nobody waits for', async () => {
    vi.useFakeTimers()
    const leaving = new AbortController()
    const fetched = answering(() => new Response('', { status: 500 }))
    const got = expect(fetchFrame('/f', 'stored', leaving.signal)).rejects.toThrow('left')
    await vi.advanceTimersByTimeAsync(100)
    leaving.abort(new Error('left'))
    await got
    await vi.runAllTimersAsync()
    expect(fetched).toHaveBeenCalledTimes(1)
  })
})
