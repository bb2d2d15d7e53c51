import { describe, expect, it } from 'vitest'
import type { PixelDescription } from '../../../../core/dicom/pixel-description.ts'
import type { DecodedPixels } from '../../../../viewer/imaging/frames/decode-frame.ts'
import {
  openDecoderPool,
  type DecodeAnswer,
  type DecodeRequest,
} from '../../../../viewer/imaging/frames/decoder-pool.ts'

const pixels: PixelDescription = {
  rows: 1,
  columns: 1,
  samplesPerPixel: 1,
  photometricInterpretation: 'PALETTE COLOR',
  planarConfiguration: 0,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  numberOfFrames: 1,
  sampleKind: 'integer',
  presentation: {
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'A' }] },
    '00281101': { vr: 'US', Value: [1, 0, 8] },
  },
}
const request = (value: number) => ({ bytes: Uint8Array.of(value), transferSyntaxUid: '1', pixels })
const waiting = new AbortController().signal

const GRAY: DecodedPixels = {
  kind: 'gray',
  measured: { values: Uint8Array.of(7), least: 7, most: 7, padding: undefined },
  drawings: [],
}

/** A worker that answers when the test says so. */
class FakeWorker extends EventTarget {
  readonly asked: DecodeRequest[] = []
  ended = false
  postMessage(message: DecodeRequest): void {
    this.asked.push(message)
  }
  terminate(): void {
    this.ended = true
  }
  answer(answer: Omit<DecodeAnswer, 'id'> = { decoded: GRAY }): void {
    const { id } = this.asked[this.asked.length - 1] ?? { id: 0 }
    this.dispatchEvent(new MessageEvent('message', { data: { id, ...answer } }))
  }
}

function openPool(size: number) {
  const workers: FakeWorker[] = []
  const pool = openDecoderPool(size, () => {
    const worker = new FakeWorker()
    workers.push(worker)
    return worker as unknown as Worker
  })
  return { pool, workers }
}

describe('decoder pool', () => {
  it('starts no more workers than it may, and asks each for one frame at a time', async () => {
    const { pool, workers } = openPool(2)
    const decoded = [1, 2, 3].map((value) => pool.decode(request(value), waiting))
    expect(workers.map((worker) => worker.asked.length)).toEqual([1, 1])
    workers[0]?.answer()
    expect(workers[0]?.asked.map(({ bytes }) => bytes[0])).toEqual([1, 3])
    workers[0]?.answer()
    workers[1]?.answer()
    expect(await Promise.all(decoded)).toHaveLength(3)
  })

  it('sends the palettes along, and nothing else of the attributes', () => {
    const { pool, workers } = openPool(1)
    void pool.decode(request(1), waiting)
    expect(Object.keys(workers[0]?.asked[0]?.pixels.presentation ?? {})).toEqual(['00281101'])
  })

  it('takes what nobody waits for any longer out of the queue', async () => {
    const { pool, workers } = openPool(1)
    const leaving = new AbortController()
    const first = pool.decode(request(1), leaving.signal)
    const second = pool.decode(request(2), leaving.signal)
    const third = pool.decode(request(3), waiting)
    leaving.abort()
    await expect(first).rejects.toThrow()
    await expect(second).rejects.toThrow()
    workers[0]?.answer()
    expect(workers[0]?.asked.map(({ bytes }) => bytes[0])).toEqual([1, 3])
    workers[0]?.answer()
    await expect(third).resolves.toMatchObject({ kind: 'gray' })
  })

  it('puts another worker in the place of one that died', async () => {
    const { pool, workers } = openPool(1)
    const first = pool.decode(request(1), waiting)
    const second = pool.decode(request(2), waiting)
    workers[0]?.dispatchEvent(new Event('error'))
    await expect(first).rejects.toThrow('the decoder stopped')
    expect(workers[0]?.ended).toBe(true)
    workers[1]?.answer()
    await expect(second).resolves.toMatchObject({ kind: 'gray' })
  })

  it('says what a decoder said', async () => {
    const { pool, workers } = openPool(1)
    const decoded = pool.decode(request(1), waiting)
    workers[0]?.answer({ fault: 'cut short' })
    await expect(decoded).rejects.toThrow('cut short')
  })

  it('starts one worker before there is a frame, which then decodes the first', async () => {
    const workers: FakeWorker[] = []
    const pool = openDecoderPool(2, () => {
      const worker = new FakeWorker()
      workers.push(worker)
      return worker as unknown as Worker
    })
    pool.prepare()
    pool.prepare()
    expect(workers.map(({ asked }) => asked)).toEqual([['prepare']])
    const decoded = pool.decode(request(1), waiting)
    expect(workers).toHaveLength(1)
    workers[0]?.answer()
    expect(await decoded).toEqual(GRAY)
  })
})
