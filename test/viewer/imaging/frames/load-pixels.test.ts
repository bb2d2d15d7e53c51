import { afterEach, describe, expect, it, vi } from 'vitest'
import type { PixelDescription } from '../../../../core/dicom/pixel-description.ts'
import type { DecoderPool } from '../../../../viewer/imaging/frames/decoder-pool.ts'
import { nothingKnown, openPixelLoader } from '../../../../viewer/imaging/frames/load-pixels.ts'

const SIZE = 100_000
const PIXELS: PixelDescription = {
  rows: 512,
  columns: 512,
  samplesPerPixel: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  pixelRepresentation: 1,
  numberOfFrames: 1,
  sampleKind: 'integer',
  presentation: {},
}
const never = new AbortController().signal
/** Decoders that decode nothing: what they are given is what matters. */
function handDecoders() {
  const given: number[] = []
  const pool: DecoderPool = {
    decode: ({ bytes }) => {
      given.push(bytes.length)
      const measured = { values: new Int16Array(1), least: 0, most: 0, padding: undefined }
      return Promise.resolve({ kind: 'gray', measured, drawings: [] })
    },
    isBehind: () => false,
    prepare: () => undefined,
    close: () => undefined,
  }
  return { given, pool }
}
const linkThatIs = (isSlow: boolean) => ({
  begin: () => ({ answered: () => undefined, arrived: () => undefined, end: () => undefined }),
  isFast: () => false,
  isSlow: () => isSlow,
  holds: () => 0,
})

/** A server with one frame in HTJ2K; the ranges that are asked of it. */
function serving(etags: readonly string[] = ['"one"']): (string | undefined)[] {
  const ranges: (string | undefined)[] = []
  vi.stubGlobal('fetch', (_url: string, { headers }: { headers: Record<string, string> }) => {
    const range = headers['Range']
    const etag = etags[Math.min(ranges.length, etags.length - 1)] ?? ''
    ranges.push(range)
    const [, from = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? []
    const bytes = new Uint8Array(SIZE).subarray(Number(from), last === '' ? SIZE : Number(last) + 1)
    return Promise.resolve(
      new Response(bytes, {
        status: range === undefined ? 200 : 206,
        headers: {
          'Content-Type': 'image/jphc;transfer-syntax=1.2.840.10008.1.2.4.202',
          ETag: etag,
          ...(range === undefined ? {} : { 'Content-Range': `bytes ${from}-x/${SIZE}` }),
        },
      }),
    )
  })
  return ranges
}
afterEach(() => vi.unstubAllGlobals())

describe('a frame', () => {
  it('is asked for once where the link is not slow', async () => {
    const ranges = serving()
    const { given, pool } = handDecoders()
    const loaded = await openPixelLoader(pool, linkThatIs(false)).loadQuickly('/s/instances/1', PIXELS, never)
    expect(loaded.beginning).toBeUndefined()
    expect([ranges, given]).toEqual([[undefined], [SIZE]])
  })

  it('is a preview first where it is, and then only its rest is fetched', async () => {
    const ranges = serving()
    const { given, pool } = handDecoders()
    const loader = openPixelLoader(pool, linkThatIs(true))
    const { beginning } = await loader.loadQuickly('/s/instances/1', PIXELS, never)
    if (beginning === undefined) throw new Error('no preview')
    expect((await loader.complete(beginning, '/s/instances/1', PIXELS, never)).beginning).toBeUndefined()
    expect(ranges).toEqual(['bytes=0-32767', 'bytes=32768-'])
    expect(given).toEqual([32_768, SIZE])
  })

  it('is fetched anew when its rest is of another rendition', async () => {
    const ranges = serving(['"one"', '"other"'])
    const { given, pool } = handDecoders()
    const loader = openPixelLoader(pool, linkThatIs(true))
    const { beginning } = await loader.loadQuickly('/s/instances/1', PIXELS, never)
    if (beginning === undefined) throw new Error('no preview')
    await loader.complete(beginning, '/s/instances/1', PIXELS, never)
    expect(ranges).toEqual(['bytes=0-32767', 'bytes=32768-', undefined])
    expect(given).toEqual([32_768, SIZE])
  })

  it('has no preview where a soft image would be another image', async () => {
    const ranges = serving()
    const { pool } = handDecoders()
    const palette = { ...PIXELS, photometricInterpretation: 'PALETTE COLOR' }
    await openPixelLoader(pool, linkThatIs(true)).loadQuickly('/s/instances/1', palette, never)
    expect(ranges).toEqual([undefined])
  })

  it('is expected to be as large as those of its series were, or as its beginning', async () => {
    serving()
    const { pool } = handDecoders()
    const loader = openPixelLoader(pool, linkThatIs(false))
    expect(loader.expects('/s/instances/2', PIXELS)).toBeCloseTo((512 * 512 * 2) / 3)
    await loader.load('/s/instances/1', PIXELS, never)
    expect(loader.expects('/s/instances/2', PIXELS)).toBe(SIZE)
    expect(loader.expects('/t/instances/2', PIXELS)).toBeGreaterThan(SIZE)
    expect(openPixelLoader(pool, linkThatIs(true)).expects('/s/instances/2', PIXELS)).toBe(32_768)
  })

  it('without a rendition says so of its series, to whoever knows the same', async () => {
    vi.stubGlobal('fetch', () =>
      Promise.resolve(
        new Response(new Uint8Array(SIZE), {
          headers: { 'Content-Type': 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1' },
        }),
      ),
    )
    const { pool } = handDecoders()
    const known = nothingKnown()
    const [one, other] = [1, 2].map(() => openPixelLoader(pool, linkThatIs(true), undefined, known))
    expect(other?.beginsWithPreview('/s/instances/2', PIXELS)).toBe(true)
    await one?.load('/s/instances/1', PIXELS, never)
    expect(other?.beginsWithPreview('/s/instances/2', PIXELS)).toBe(false)
    expect(other?.beginsWithPreview('/t/instances/1', PIXELS)).toBe(true)
  })
})
