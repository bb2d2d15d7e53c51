import { afterEach, describe, expect, it, vi } from 'vitest'
import type { FetchedFrame, FetchFrame } from '../../../../viewer/imaging/frames/fetch-frame.ts'
import { fetchTogether } from '../../../../viewer/imaging/frames/fetch-together.ts'

const SERIES = '/studies/1.2/series/1.2.3'
const pathOf = (instance: number, series = SERIES) => `/dicom-web${series}/instances/9.${instance}/frames/1`
const link = {
  begin: () => ({ answered: () => undefined, arrived: () => undefined, end: () => undefined }),
}
const never = new AbortController().signal
const turn = Symbol('turn')
afterEach(() => vi.unstubAllGlobals())

/** Frames that come alone: what was asked for, and an answer that says so. */
function aloneBy() {
  const asked: string[] = []
  const fetchFrame: FetchFrame = (url, wanted, signal, { part } = {}) => {
    asked.push(`${wanted} ${url} ${part?.from ?? ''}`)
    return signal.aborted ? Promise.reject(signal.reason as Error) : Promise.resolve(ALONE)
  }
  return { asked, fetchFrame }
}
const ALONE: FetchedFrame = {
  bytes: Uint8Array.of(7),
  transferSyntaxUid: '1.2.840.10008.1.2.1',
  size: 1,
  etag: '"alone"',
}

const partOf = (path: string, body: string, head = ''): string =>
  `--x\r\nContent-Type: image/jphc;transfer-syntax=1.2.840.10008.1.2.4.202\r\nContent-Location: ${path}\r\nContent-Length: ${body.length}\r\n${head}\r\n${body}\r\n`

/** A server that answers so; what it was asked. */
function answering(answer: (signal: AbortSignal) => Response | Promise<Response>) {
  const requests: { url: string; body: unknown }[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit & { body: string; signal: AbortSignal }) => {
    requests.push({ url, body: JSON.parse(init.body) })
    return answer(init.signal)
  })
  return requests
}

describe('frames that are asked for together', () => {
  it('are one request for each series and form, and each gets its own', async () => {
    const { asked, fetchFrame } = aloneBy()
    const requests = answering(
      () =>
        new Response(
          partOf(pathOf(2), 'two', 'ETag: "e2"\r\nContent-Range: bytes 4-6/70\r\n') +
            partOf(pathOf(1), 'one') +
            '--x--\r\n',
        ),
    )
    const fetchOne = fetchTogether(fetchFrame, link)
    const [one, two] = await Promise.all([
      fetchOne(pathOf(1), 'small', never, { turn }),
      fetchOne(pathOf(2), 'small', never, { part: { from: 4 }, turn }),
    ])
    expect(requests).toEqual([
      {
        url: `/api${SERIES}/frames`,
        body: {
          frames: [
            { instance: '9.1', frame: 1 },
            { instance: '9.2', frame: 1, part: { from: 4 } },
          ],
        },
      },
    ])
    expect(Buffer.from(one.bytes).toString()).toBe('one')
    expect(one).toMatchObject({ size: 3, etag: '' })
    expect(two).toMatchObject({ size: 70, etag: '"e2"', transferSyntaxUid: '1.2.840.10008.1.2.4.202' })
    expect(asked).toEqual([])
  })

  it('are fetched alone where one is alone, and where a path is not that of a frame', async () => {
    const { asked, fetchFrame } = aloneBy()
    const requests = answering(() => new Response())
    const fetchOne = fetchTogether(fetchFrame, link)
    const other = pathOf(1, '/studies/1.2/series/1.2.4')
    await Promise.all([
      fetchOne(pathOf(1), 'small', never, { turn }),
      fetchOne(other, 'small', never, { turn }),
      fetchOne(pathOf(2), 'stored', never, { turn }),
      fetchOne('/computed', 'small', never, { turn }),
      // At the same moment, but in another turn, or in none.
      fetchOne(pathOf(3), 'small', never, { turn: Symbol('other') }),
      fetchOne(pathOf(4), 'small', never),
    ])
    expect(asked.sort()).toEqual([
      'small /computed ',
      `small ${pathOf(1)} `,
      `small ${pathOf(3)} `,
      `small ${pathOf(4)} `,
      `small ${other} `,
      `stored ${pathOf(2)} `,
    ])
    expect(requests).toEqual([])
  })

  it.each([
    ['leaves one out', () => new Response(`${partOf(pathOf(1), 'one')}--x--\r\n`)],
    ['breaks off', () => new Response(`${partOf(pathOf(1), 'one')}--x\r\nContent-Length: 9\r\n\r\nab`)],
  ])('are asked for alone when the answer %s', async (_, answer) => {
    const { asked, fetchFrame } = aloneBy()
    answering(answer)
    const fetchOne = fetchTogether(fetchFrame, link)
    const all = [1, 2].map((instance) =>
      fetchOne(pathOf(instance), 'small', never, { part: { from: 5 }, turn }),
    )
    expect((await Promise.all(all)).map(({ bytes }) => bytes.length)).toEqual([3, 1])
    expect(asked).toEqual([`small ${pathOf(2)} 5`])
  })

  it.each([
    ['is refused', () => new Response('', { status: 403 })],
    ['fails', () => Promise.reject(new Error('no network'))],
  ])('are each asked for alone when the request %s', async (_, answer) => {
    const { asked, fetchFrame } = aloneBy()
    answering(answer)
    const fetchOne = fetchTogether(fetchFrame, link)
    await Promise.all([1, 2].map((instance) => fetchOne(pathOf(instance), 'small', never, { turn })))
    expect(asked).toHaveLength(2)
  })

  it('go on for those who wait when one is given up, and are broken off when all are', async () => {
    const { asked, fetchFrame } = aloneBy()
    const signals: AbortSignal[] = []
    answering((signal) => {
      signals.push(signal)
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('off'))))
    })
    const fetchOne = fetchTogether(fetchFrame, link)
    const [first, second] = [new AbortController(), new AbortController()]
    const all = [first, second].map(({ signal }, index) => fetchOne(pathOf(index), 'small', signal, { turn }))
    const ends = Promise.allSettled(all)
    await vi.waitFor(() => expect(signals).toHaveLength(1))
    first.abort(new Error('scrolled on'))
    await expect(all[0]).rejects.toThrow('scrolled on')
    expect(signals[0]?.aborted).toBe(false)
    second.abort(new Error('closed'))
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(signals[0]?.aborted).toBe(true)
    expect(asked).toEqual([])
  })

  it('are broken off when what is still wanted has come and the others were given up', async () => {
    const { fetchFrame } = aloneBy()
    const signals: AbortSignal[] = []
    let feed: ReadableStreamDefaultController<Uint8Array> | undefined
    answering((signal) => {
      signals.push(signal)
      return new Response(new ReadableStream<Uint8Array>({ start: (controller) => void (feed = controller) }))
    })
    const fetchOne = fetchTogether(fetchFrame, link)
    const given = new AbortController()
    const wanted = fetchOne(pathOf(1), 'small', never, { turn })
    const other = fetchOne(pathOf(2), 'small', given.signal, { turn })
    await vi.waitFor(() => expect(signals).toHaveLength(1))
    given.abort(new Error('scrolled on'))
    await expect(other).rejects.toThrow('scrolled on')
    expect(signals[0]?.aborted).toBe(false)
    feed?.enqueue(Buffer.from(partOf(pathOf(1), 'one')))
    expect((await wanted).size).toBe(3)
    await vi.waitFor(() => expect(signals[0]?.aborted).toBe(true))
  })

  it('are not asked for once they were given up, before or in the same task', async () => {
    const { asked, fetchFrame } = aloneBy()
    const requests = answering(() => new Response('--x--\r\n'))
    const fetchOne = fetchTogether(fetchFrame, link)
    const leaving = new AbortController()
    const given = [1, 2].map((instance) => fetchOne(pathOf(instance), 'small', leaving.signal, { turn }))
    leaving.abort(new Error('left'))
    given.push(fetchOne(pathOf(3), 'small', leaving.signal, { turn }))
    for (const each of given) await expect(each).rejects.toThrow('left')
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([requests, asked]).toEqual([[], []])
  })
})
