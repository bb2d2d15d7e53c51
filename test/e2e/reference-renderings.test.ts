import { createHash } from 'node:crypto'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { firstNumber, type DicomJson } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { storeReferenceScans, type StoredScan } from '../support/reference-archive.ts'
import { describeWith } from '../support/require.ts'
import { manifest, SHARED_DICOM } from '../support/shared-dicom.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'

/**
 * Grey levels of these are computed here, from the stored values that the manifest vouches for; through a window that
 * leaves much to see, and has its centre and edges among the values.
 */
const GRAY: [path: string, center: number, width: number][] = [
  ['series/ct-prior-current/A002304/axial/19010112-135.dcm', -100, 900],
  ['syntaxes/wg04/MR4_J2KR.dcm', -1000, 5000],
  ['series/cr-dx/cr-mono1-1760-j2kr.dcm', 400, 700],
  ['pixels/bits/signed-16.dcm', -1000, 40_000],
  ['syntaxes/ct-same-image/1.2.840.10008.1.2.4.70_JPEGProcess14SV1.dcm', 40.5, 399],
]
/** Whose stored values are what is shown. */
const COLOUR = [
  'pixels/colour/SC_rgb.dcm',
  'pixels/colour/TestPattern_JPEG-Lossless_RGB.dcm',
  'pixels/colour/us-ybr_rct-j2k.dcm',
  'syntaxes/htj2k/201_lossless_rgb.dcm',
]

/** Mean difference that a lossy picture of high quality may have, in grey levels of 255. */
const LOSSY_MEAN = { gray: 2, colour: 4 }
/** Share of its samples that may differ by more than 32 levels: hard edges suffer most, those of colours more (4:2:0). */
const LOSSY_STRAYS = { gray: 0.002, colour: 0.025 }

/** From a value to 0…1 (PS3.3 C.11.2.1.2.1, C.11.2.1.3.2 and C.11.2.1.3.1). */
const WINDOWS: Readonly<Record<string, (value: number, center: number, width: number) => number>> = {
  linear: (value, center, width) => (value - (center - 0.5)) / (width - 1) + 0.5,
  'linear-exact': (value, center, width) => (value - center) / width + 0.5,
  sigmoid: (value, center, width) => 1 / (1 + Math.exp((-4 * (value - center)) / width)),
}

describeWith(SHARED_DICOM, 'renderings of the reference scans', () => {
  let app: TestApp
  const stored = new Map<string, StoredScan>()

  beforeAll(async () => {
    app = await startTestApp({ workers: false })
    const rows = manifest().filter(({ path }) => [...GRAY.map(([each]) => each), ...COLOUR].includes(path))
    const archive = await storeReferenceScans(app, rows, () => true)
    for (const scan of archive.stored) stored.set(scan.row.path, scan)
    expect(archive.refused).toEqual([])
  })
  afterAll(() => app.close())

  const scanOf = (path: string): StoredScan => {
    const scan = stored.get(path)
    if (scan === undefined) throw new Error(`The manifest has no ${path}.`)
    return scan
  }
  const bytesOf = async (path: string, accept: string): Promise<Buffer> => {
    const answer = await app.fetch(path, { headers: { Accept: accept } })
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect(answer.status, bytes.toString().slice(0, 200)).toBe(200)
    return bytes
  }
  /** The stored values of the first frame, as the manifest has them. */
  async function truth({ row, path }: StoredScan): Promise<Buffer> {
    const bytes = await bytesOf(`${path}/frames/1`, 'application/octet-stream')
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(row.truth_sha256)
    return bytes
  }
  async function shown(scan: StoredScan, query: string, mediaType: string) {
    const picture = sharp(await bytesOf(`${scan.path}/rendered${query}`, mediaType))
    const { width, height } = await picture.metadata()
    expect([height, width]).toEqual([Number(scan.row.rows), Number(scan.row.cols)])
    return picture
  }
  /** Grey levels 0…255 by the standard's formula. */
  async function grayTruth(scan: StoredScan, window: { kind: string; center?: number; width?: number }) {
    const [metadata = {}] = JSON.parse(
      (await bytesOf(`${scan.path}/metadata`, 'application/dicom+json')).toString(),
    ) as DicomJson[]
    const bytes = await truth(scan)
    const number = (tag: string, otherwise: number) => firstNumber(metadata, tag) ?? otherwise
    const center = window.center ?? number(Tag.WindowCenter, NaN)
    const width = window.width ?? number(Tag.WindowWidth, NaN)
    const padding = firstNumber(metadata, Tag.PixelPaddingValue)
    const signed = scan.row.bits.endsWith('s')
    return Array.from({ length: bytes.length / 2 }, (_, index) => {
      const value = signed ? bytes.readInt16LE(index * 2) : bytes.readUInt16LE(index * 2)
      if (value === padding) return 0
      const measured = value * number(Tag.RescaleSlope, 1) + number(Tag.RescaleIntercept, 0)
      const level = 255 * Math.min(1, Math.max(0, WINDOWS[window.kind]?.(measured, center, width) ?? NaN))
      return scan.row.photometric === 'MONOCHROME1' ? 255 - level : level
    })
  }

  /** Lossless: each level is the formula's, rounded. */
  function expectSame(is: ArrayLike<number>, should: ArrayLike<number>): void {
    expect(is.length).toBe(should.length)
    let most = 0
    for (let index = 0; index < is.length; index++)
      most = Math.max(most, Math.abs((is[index] ?? NaN) - (should[index] ?? NaN)))
    expect(most).toBeLessThanOrEqual(0.5 + 1e-6)
  }
  function expectNear(is: ArrayLike<number>, should: ArrayLike<number>, what: 'gray' | 'colour'): void {
    expect(is.length).toBe(should.length)
    let sum = 0
    let strays = 0
    for (let index = 0; index < is.length; index++) {
      const difference = Math.abs((is[index] ?? NaN) - (should[index] ?? NaN))
      sum += difference
      if (difference > 32) strays++
    }
    expect(sum / is.length).toBeLessThan(LOSSY_MEAN[what])
    expect(strays / is.length).toBeLessThan(LOSSY_STRAYS[what])
  }
  const gray = async (picture: Sharp) => picture.extractChannel(0).raw().toBuffer()
  const rgb = async (picture: Sharp) => picture.removeAlpha().toColourspace('srgb').raw().toBuffer()

  it.each(GRAY)('%s through a window is what the standard computes', async (path, center, width) => {
    const scan = scanOf(path)
    for (const kind of Object.keys(WINDOWS)) {
      const expected = await grayTruth(scan, { kind, center, width })
      expect(new Set(expected.map(Math.round)).size, 'a picture, not a plain').toBeGreaterThan(10)
      const query = `?window=${center},${width},${kind}`
      expectSame(await gray(await shown(scan, query, 'image/png')), expected)
    }
  })

  it.each(GRAY.filter(([path]) => !path.includes('pacsman')))('%s has its own window', async (path) => {
    const scan = scanOf(path)
    expectSame(await gray(await shown(scan, '', 'image/png')), await grayTruth(scan, { kind: 'linear' }))
  })

  it.each(GRAY)('%s is nearly the same as JPEG and WebP', async (path, center, width) => {
    const scan = scanOf(path)
    const expected = await grayTruth(scan, { kind: 'linear', center, width })
    for (const mediaType of ['image/jpeg', 'image/webp']) {
      const picture = await shown(scan, `?window=${center},${width}&quality=95`, mediaType)
      expectNear(await gray(picture), expected, 'gray')
    }
  })

  it.each(COLOUR)('%s keeps its colours', async (path) => {
    const scan = scanOf(path)
    const expected = await truth(scan)
    expectSame(await rgb(await shown(scan, '', 'image/png')), expected)
    for (const mediaType of ['image/jpeg', 'image/webp'])
      expectNear(await rgb(await shown(scan, '?quality=95', mediaType)), expected, 'colour')
  })

  it.each(GRAY)('%s fits a viewport', async (path, center, width) => {
    const scan = scanOf(path)
    const [rows, columns] = [Number(scan.row.rows), Number(scan.row.cols)]
    const expected = await grayTruth(scan, { kind: 'linear', center, width })
    const query = `?window=${center},${width}&viewport=64,64`
    const small = sharp(await bytesOf(`${scan.path}/rendered${query}`, 'image/png'))
    const size = await small.metadata()
    expect(Math.max(size.width, size.height)).toBe(64)
    expect(Math.abs(size.width / size.height - columns / rows)).toBeLessThan(0.02)
    // What is made smaller keeps its brightness.
    const mean = (levels: ArrayLike<number>) => Array.from(levels).reduce((a, b) => a + b, 0) / levels.length
    expect(Math.abs(mean(await gray(small)) - mean(expected))).toBeLessThan(1.5)
  })
})
