import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../../core/dicom/dicom-json.ts'
import type { LoadedPixels } from '../../../../viewer/imaging/frames/load-pixels.ts'
import { createOpeningFrames } from '../../../../viewer/imaging/frames/opening-frames.ts'
import { FILL } from '../../../../viewer/imaging/prefetch-queue.ts'

const PREVIEW = 10_000

/** Slices 1 to `count` of a CT. */
const slices = (count: number, side = 512): DicomJson[] =>
  Array.from({ length: count }, (_, index) => ({
    '00080018': { vr: 'UI', Value: [`1.${index + 1}`] },
    '00200013': { vr: 'IS', Value: [index + 1] },
    '00280002': { vr: 'US', Value: [1] },
    '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
    '00280010': { vr: 'US', Value: [side] },
    '00280011': { vr: 'US', Value: [side] },
    '00280100': { vr: 'US', Value: [16] },
    '00280101': { vr: 'US', Value: [16] },
    '00280102': { vr: 'US', Value: [15] },
    '00280103': { vr: 'US', Value: [0] },
    '7FE00010': { vr: 'OW', BulkDataURI: '/b' },
  }))

interface Asked {
  readonly slice: number
  readonly whole: boolean
  readonly turn: symbol | undefined
  readonly signal: AbortSignal
}

/** A loader that answers at most the first whole image, and what it was asked for. */
function opening(linkHolds: number, firstAs?: string) {
  const asked: Asked[] = []
  const ask =
    (whole: boolean) =>
    (url: string, _pixels: unknown, signal: AbortSignal, turn?: symbol): Promise<LoadedPixels> => {
      asked.push({ slice: Number(/instances\/1\.(\d+)/.exec(url)?.[1]), whole, turn, signal })
      if (whole && firstAs !== undefined) {
        const measured = { values: new Int16Array(1), least: 0, most: 0, padding: undefined }
        return Promise.resolve({
          kind: 'gray',
          measured,
          drawings: [],
          storedAs: firstAs,
          beginning: undefined,
        })
      }
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      })
    }
  const frames = createOpeningFrames(() => ({
    load: ask(true),
    loadQuickly: ask(false),
    beginsWithPreview: () => true,
    expects: () => PREVIEW,
    linkHolds: () => linkHolds,
  }))
  return { asked, frames, slicesAsked: () => asked.map(({ slice }) => slice) }
}

const url = (slice: number): string => `/dicom-web/studies/1/series/2/instances/1.${slice}/frames/1`
const live = new AbortController().signal

describe('what a series begins with', () => {
  it('is its first image alone, whole, on a near link', () => {
    const { asked, frames } = opening(0)
    frames.fetch('1', '2', slices(101), undefined)
    expect(asked).toMatchObject([{ slice: 51, whole: true, turn: undefined }])
  })

  it('is a preview of its first image where that is large', () => {
    const { asked, frames } = opening(0)
    frames.fetch('1', '2', slices(3, 1024), undefined)
    expect(asked).toMatchObject([{ slice: 2, whole: false }])
  })

  it('is in one turn on a far link: the first, and as many about it as fill the link', () => {
    const { asked, frames, slicesAsked } = opening((2 * PREVIEW) / FILL + 2 * PREVIEW)
    frames.fetch('1', '2', slices(101), undefined)
    const many = Math.floor(((2 * PREVIEW) / FILL + 2 * PREVIEW) * FILL) / PREVIEW
    expect(slicesAsked()).toEqual([51, 52, 50, 53, 49, 54, 48, 55, 47].slice(0, 1 + many))
    expect(asked.map(({ whole }) => whole)).toEqual(asked.map((_, index) => index === 0))
    expect(new Set(asked.map(({ turn }) => turn)).size).toBe(1)
    expect(asked[0]?.turn).toBeTypeOf('symbol')
  })

  it('is no more than there is', () => {
    const { frames, slicesAsked } = opening(1e6)
    frames.fetch('1', '2', slices(4), undefined)
    expect(slicesAsked()).toEqual([3, 4, 2, 1])
  })

  it('leaves the link to the code until that is here', async () => {
    const { asked, frames, slicesAsked } = opening(PREVIEW)
    let comes = (): void => undefined
    const code = new Promise<void>((resolve) => (comes = resolve))
    frames.fetch('1', '2', slices(101), () => code)
    expect(asked).toMatchObject([{ slice: 51, whole: true, turn: undefined }])
    comes()
    await code
    expect(slicesAsked()).toEqual([51, 52, 50, 53])
    expect(asked[1]?.turn).toBeTypeOf('symbol')
  })

  it('is asked for no further once it is given up', async () => {
    const { asked, frames } = opening(PREVIEW)
    const code = Promise.resolve()
    frames.fetch('1', '2', slices(101), () => code)
    frames.giveUp()
    await code
    expect(asked.map(({ slice, signal }) => [slice, signal.aborted])).toEqual([[51, true]])
  })

  it('leaves the code to those who need it on a near link', () => {
    const { frames } = opening(0)
    let isAsked = false
    frames.fetch('1', '2', slices(3), () => {
      isAsked = true
      return Promise.resolve()
    })
    expect(isAsked).toBe(false)
  })

  it.each([
    ['1.2.840.10008.1.2.4.202', false],
    ['1.2.840.10008.1.2.1', true],
  ])('of %s: beginnings that would show nothing are given up', async (storedAs, isGivenUp) => {
    const { asked, frames } = opening(PREVIEW, storedAs)
    frames.fetch('1', '2', slices(3), undefined)
    await frames.take(url(2), live)
    await Promise.resolve()
    expect(asked.map(({ slice, signal }) => [slice, signal.aborted])).toEqual([
      [2, false],
      [3, isGivenUp],
      [1, isGivenUp],
    ])
  })

  it('is given up for that of another series, and asked for once', () => {
    const { asked, frames } = opening(PREVIEW)
    frames.fetch('1', '2', slices(3), undefined)
    frames.fetch('1', '2', slices(3), undefined)
    expect(asked).toHaveLength(3)
    frames.fetch('1', '3', slices(3), undefined)
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true, true, false, false, false])
  })

  it('is taken once, each image by itself', async () => {
    const { asked, frames } = opening(PREVIEW)
    frames.fetch('1', '2', slices(3), undefined)
    const leaving = new AbortController()
    const taken = frames.take(url(3), leaving.signal)
    leaving.abort()
    // Whoever gave it up, or could not have it, asks for it again when it is wanted.
    await expect(taken).resolves.toBeUndefined()
    expect(asked.map(({ slice, signal }) => [slice, signal.aborted])).toEqual([
      [2, false],
      [3, true],
      [1, false],
    ])
    await expect(frames.take(url(3), live)).resolves.toBeUndefined()
    await expect(frames.take(url(9), live)).resolves.toBeUndefined()
  })
})
