import { describe, expect, it } from 'vitest'
import {
  PartsUnreadable,
  readParts,
  type AnsweredPart,
} from '../../../../viewer/imaging/frames/part-reader.ts'

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, 'latin1'))
const ANSWER = bytes(
  '--x\r\nContent-Type: a/b\r\nContent-Length: 7\r\n\r\n\r\n--x\r\n\r\n--x\r\nContent-Length: 0\r\nETag: "e:1"\r\n\r\n\r\n--x\r\nContent-Length: 2\r\n\r\nyz\r\n--x--\r\n',
)

/** The answer in pieces of so many bytes. */
function streamOf(answer: Uint8Array<ArrayBuffer>, piece: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= answer.length) controller.close()
      else controller.enqueue(answer.slice(at, (at += piece)))
    },
  })
}

async function partsOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<AnsweredPart[]> {
  const parts: AnsweredPart[] = []
  for await (const part of readParts(stream)) parts.push(part)
  return parts
}

describe('parts of an answer', () => {
  it.each([1, 2, 3, 7, 10, 64, 4096])(
    'are read however the answer is cut, here into %i bytes',
    async (piece) => {
      const parts = await partsOf(streamOf(ANSWER, piece))
      expect(parts.map((part) => Buffer.from(part.bytes).toString('latin1'))).toEqual([
        '\r\n--x\r\n',
        '',
        'yz',
      ])
      expect(parts[0]?.headers.get('content-type')).toBe('a/b')
      expect(parts[1]?.headers.get('etag')).toBe('"e:1"')
    },
  )

  it('are given as soon as each is here', async () => {
    let feed: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined
    const parts = readParts(new ReadableStream({ start: (controller) => void (feed = controller) }))
    feed?.enqueue(ANSWER.slice(0, 60))
    const first = await parts.next()
    expect((first.value as AnsweredPart).bytes.length).toBe(7)
  })

  it.each([
    ['breaks off in a part', ANSWER.slice(0, 48)],
    ['has a part of no length', bytes('--x\r\nContent-Type: a/b\r\n\r\nabc')],
    ['is something else', bytes('<html>\r\n\r\n</html>')],
    ['has a head without an end', bytes('--x\r\n'.padEnd(10_000, 'a'))],
  ])('are refused where the answer %s', async (_, answer) => {
    await expect(partsOf(streamOf(answer, 16))).rejects.toThrow(PartsUnreadable)
  })

  it('end where the answer does, and let it go when they are not wanted', async () => {
    expect(await partsOf(streamOf(bytes(''), 16))).toEqual([])
    let isLetGo = false
    const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => controller.enqueue(ANSWER.slice(0, -7)),
      cancel: () => void (isLetGo = true),
    })
    for await (const part of readParts(endless)) {
      expect(part.bytes.length).toBe(7)
      break
    }
    expect(isLetGo).toBe(true)
  })
})
