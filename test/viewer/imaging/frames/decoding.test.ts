import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { toRgb } from '../../../../core/dicom/frame-colour.ts'
import { samplesOf } from '../../../../core/dicom/frame-samples.ts'
import { modalityTransform } from '../../../../core/dicom/grayscale.ts'
import { embeddedOverlays } from '../../../../core/dicom/overlay-planes.ts'
import { packBits } from '../../../../core/dicom/pack-bits.ts'
import { datasetToJson } from '../../../../core/dicom/parse-dataset.ts'
import { pixelDescription, type PixelDescription } from '../../../../core/dicom/pixel-description.ts'
import type { DecodedFrame } from '../../../../core/dicom/decoded-frame.ts'
import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax } from '../../../../core/dicom/transfer-syntax.ts'
import { renditionRefusal } from '../../../../core/dicom/rendition-refusal.ts'
import { decodeFrame } from '../../../../workers/codec/decode.ts'
import { createHtj2kEncoder } from '../../../../workers/codec/encode-htj2k.ts'
import { readFileSync } from 'node:fs'
import { servePageOf, type ScriptPage } from '../../../support/browser-script.ts'
import { CHROMIUM, openBrowser } from '../../../support/chromium.ts'
import { firstFrame } from '../../../support/first-frame.ts'
import { allOf, describeWith } from '../../../support/require.ts'
import { manifest, SHARED_DICOM, sharedDicom, type ManifestRow } from '../../../support/shared-dicom.ts'
import type { Decoded, Progress } from './decoding-page.ts'

declare const decode: (path: string, syntax: string, pixels: PixelDescription) => Promise<Decoded>
declare const progress: (path: string, pixels: PixelDescription) => Promise<Progress>

const RPCL = '1.2.840.10008.1.2.4.202'
const YBR_AS_STORED = ['pixels/colour/SC_ybr_full_uncompressed.dcm', 'pixels/colour/us-ybr_full-rle.dcm']
/** Of a long series of equal slices, these are enough. */
const EACH_KIND = 3

interface Stored {
  readonly bytes: Uint8Array
  readonly transferSyntaxUid: string
  readonly pixels: PixelDescription
  /** Its HTJ2K rendition, where it is served. */
  readonly rendition?: Uint8Array
}

describeWith(allOf(SHARED_DICOM, CHROMIUM), 'frames in the browser', () => {
  const folder = sharedDicom() ?? ''
  let served: ScriptPage
  let browser: Browser
  let page: Page
  const frames: Stored[] = []

  beforeAll(async () => {
    served = await servePageOf(join(import.meta.dirname, 'decoding-page.ts'), async (path, accept) => {
      const frame = frames[Number(/^\/frames\/(\d+)$/.exec(path)?.[1] ?? NaN)]
      if (frame === undefined) return undefined
      if (frame.rendition !== undefined && accept.includes(RPCL)) {
        return { type: `image/jphc;transfer-syntax=${RPCL}`, body: frame.rendition }
      }
      return accept.includes(EXPLICIT_VR_LITTLE_ENDIAN)
        ? { type: 'application/octet-stream', body: await decodedThere(frame) }
        : {
            type: `application/octet-stream;transfer-syntax=${servedSyntax(frame.transferSyntaxUid)}`,
            body: frame.bytes,
          }
    })
    browser = await openBrowser()
    page = await browser.newPage()
    await page.goto(served.url)
    await page.waitForFunction(() => 'decode' in globalThis)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await served?.close()
  })

  const inBrowser = (frame: Stored): Promise<Decoded> =>
    page.evaluate(([path, syntax, pixels]) => decode(path, syntax, pixels), [
      `/frames/${frames.push(frame) - 1}`,
      frame.transferSyntaxUid,
      frame.pixels,
    ] as const)

  it(
    'are the values they were made from, and shown as the archive shows them',
    { timeout: 240_000 },
    async () => {
      const rows = ofEachKind(manifest().filter((row) => row.truth_kind === 'exact'))
      const wrong: string[] = []
      const elsewhere: string[] = []
      for (const row of rows) {
        const frame = read(join(folder, row.path))
        const got = await inBrowser(frame)
        const name = `${row.path} (${row.transfer_syntax})`
        if (!got.here) elsewhere.push(row.transfer_syntax)
        if (got.fault !== undefined) wrong.push(`${name}: ${got.fault}`)
        else if (got.here && got.stored !== row.truth_sha256) wrong.push(`${name}: other values`)
        else if (got.shown !== (await shownThere(frame))) wrong.push(`${name}: shown otherwise`)
      }
      expect(rows.length).toBeGreaterThan(100)
      expect(wrong).toEqual([])
      // The archive decodes what is too rare for a codec of its own here, and nothing else.
      expect([...new Set(elsewhere)]).toEqual(['1.2.840.10008.1.2.8.1'])
    },
  )

  it(
    'have the colours that are stored where a codestream does not transform them',
    { timeout: 60_000 },
    async () => {
      const rows = manifest().filter(({ path }) => YBR_AS_STORED.includes(path))
      expect(rows).toHaveLength(YBR_AS_STORED.length)
      for (const row of rows) {
        const frame = read(join(folder, row.path))
        const { bytes } = await createHtj2kEncoder()(frame)
        const got = await inBrowser({ ...frame, bytes, transferSyntaxUid: RPCL })
        expect([row.path, got.stored, got.shown]).toEqual([
          row.path,
          row.truth_sha256,
          await shownThere(frame),
        ])
      }
    },
  )

  it('are the same from their renditions', { timeout: 240_000 }, async () => {
    const encode = createHtj2kEncoder()
    const rows = ofEachKind(manifest().filter((row) => row.truth_kind === 'exact'))
    const wrong: string[] = []
    let compared = 0
    for (const row of rows) {
      const frame = read(join(folder, row.path))
      if (renditionRefusal(frame.transferSyntaxUid, frame.pixels) !== undefined) continue
      if (isAlwaysAsStored(frame.pixels)) continue
      const rendition = (await encode(frame)).bytes
      // What is stored is another image: it must not be what is shown.
      const got = await inBrowser({ ...frame, bytes: new Uint8Array(frame.bytes.length), rendition })
      compared += 1
      if (got.shown !== (await shownThere(frame)))
        wrong.push(`${row.path}: ${got.fault ?? 'shown otherwise'}`)
    }
    expect(compared).toBeGreaterThan(50)
    expect(wrong).toEqual([])
  })

  it('are soft at first on a slow link, and exact in the end', { timeout: 240_000 }, async () => {
    const encode = createHtj2kEncoder()
    const rows = ofEachKind(manifest().filter((row) => row.truth_kind === 'exact'))
    const wrong: string[] = []
    const errors: number[] = []
    const colourErrors: number[] = []
    for (const row of rows) {
      const frame = read(join(folder, row.path))
      if (renditionRefusal(frame.transferSyntaxUid, frame.pixels) !== undefined) continue
      if (isAlwaysAsStored(frame.pixels)) continue
      const rendition = (await encode(frame)).bytes
      const { preview, error, shown } = await page.evaluate(([path, pixels]) => progress(path, pixels), [
        `/frames/${frames.push({ ...frame, bytes: new Uint8Array(frame.bytes.length), rendition }) - 1}`,
        frame.pixels,
      ] as const)
      const isPalette = frame.pixels.photometricInterpretation === 'PALETTE COLOR'
      if (isPalette && preview !== undefined) wrong.push(`${row.path}: a preview of a palette`)
      if (!isPalette && shown !== (await shownThere(frame)))
        wrong.push(`${row.path}: other values in the end`)
      if (preview === undefined) continue
      ;(frame.pixels.samplesPerPixel === 1 ? errors : colourErrors).push(error)
      // Test patterns and noise have hardly anything that is soft.
      if (!(error < 0.2))
        wrong.push(`${row.path}: preview of ${preview.join(' of ')} bytes is off by ${error}`)
    }
    expect(colourErrors.length).toBeGreaterThan(5)
    expect(errors.length).toBeGreaterThan(20)
    expect(errors.sort((a, b) => a - b)[Math.floor(errors.length / 2)]).toBeLessThan(0.03)
    expect(wrong).toEqual([])
  })

  it('are within two levels of their mean where what is stored is lossy', { timeout: 120_000 }, async () => {
    const rows = manifest().filter((row) => row.truth_kind === 'lossy')
    const wrong: string[] = []
    for (const row of rows) {
      const frame = read(join(folder, row.path))
      const { mean = NaN, fault = '' } = await inBrowser(frame)
      const valueOf = modalityTransform(frame.pixels)
      // What a person sees of YBR is RGB, whatever the truth is of.
      const expected =
        frame.pixels.samplesPerPixel === 3 ? await meanThere(frame) : valueOf(Number(row.truth_mean))
      if (!(Math.abs(mean - expected) < 2 * (valueOf(1) - valueOf(0))))
        wrong.push(`${row.path} (${row.transfer_syntax}): ${mean}, not ${expected} ${fault}`)
    }
    expect(rows.length).toBeGreaterThan(20)
    expect(wrong).toEqual([])
  })

  it('are decoded though the one before was corrupt', async () => {
    for (const path of [
      'syntaxes/wg04/CT1_JLSL.dcm',
      'syntaxes/wg04/CT1_J2KR.dcm',
      'syntaxes/wg04/CT1_JPLL.dcm',
      'syntaxes/htj2k/202_rpcl_CT1.dcm',
      'pixels/colour/TestPattern_JPEG-Baseline_YBRFull.dcm',
    ]) {
      const frame = read(join(folder, path))
      const cut = Uint8Array.from(frame.bytes).fill(0x55, frame.bytes.length >> 2)
      const before = await inBrowser(frame)
      await inBrowser({ ...frame, bytes: cut })
      expect(await inBrowser(frame), path).toEqual(before)
    }
  })
})

/** Colours but RGB, and overlays in unused bits. */
const isAlwaysAsStored = (pixels: PixelDescription): boolean =>
  pixels.samplesPerPixel === 1
    ? embeddedOverlays(pixels).length > 0
    : pixels.photometricInterpretation !== 'RGB'

function read(path: string): Stored {
  const frame = firstFrame(path)
  if (frame?.scanned.pixels === undefined) throw new Error('no pixels')
  const metadata = datasetToJson(readFileSync(path), { bulkDataUri: () => '' })
  return {
    bytes: frame.bytes,
    transferSyntaxUid: frame.scanned.transferSyntaxUid,
    pixels: pixelDescription(frame.scanned.pixels, metadata, 1),
  }
}

/** As the archive says it: what was implicit or deflated is plain octets by then. */
function servedSyntax(uid: string): string {
  const syntax = transferSyntax(uid)
  return syntax?.deflated === true || syntax?.implicit === true ? EXPLICIT_VR_LITTLE_ENDIAN : uid
}

async function decodedThere(frame: Stored): Promise<Uint8Array> {
  const { bytes } = await decodeFrame(frame)
  return frame.pixels.bitsAllocated === 1 ? packBits(bytes) : bytes
}

async function valuesThere(frame: Stored): Promise<Float64Array> {
  const decoded: DecodedFrame = await decodeFrame(frame)
  const isColour = frame.pixels.samplesPerPixel > 1 || decoded.photometricInterpretation === 'PALETTE COLOR'
  const values = isColour ? toRgb(decoded, frame.pixels) : samplesOf(decoded, frame.pixels)
  if (values === undefined) throw new Error('no palette')
  if (isColour) return Float64Array.from(values)
  const valueOf = modalityTransform(frame.pixels)
  const measured = Float64Array.from(values, valueOf)
  // What is not whole is kept in single precision.
  return measured.every(Number.isInteger) ? measured : measured.map(Math.fround)
}

async function meanThere(frame: Stored): Promise<number> {
  const values = await valuesThere(frame)
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

async function shownThere(frame: Stored): Promise<string> {
  const values = await valuesThere(frame)
  return createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex')
}

/** Some of each transfer syntax and kind of pixels, and everything that was collected for being odd. */
function ofEachKind(rows: readonly ManifestRow[]): ManifestRow[] {
  const seen = new Map<string, number>()
  return rows.filter((row) => {
    if (/^(pixels|syntaxes)\//.test(row.path)) return true
    const kind = [row.transfer_syntax, row.bits, row.photometric, row.modality].join()
    const count = (seen.get(kind) ?? 0) + 1
    seen.set(kind, count)
    return count <= EACH_KIND
  })
}
