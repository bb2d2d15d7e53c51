import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { DicomJson } from '../../core/dicom/dicom-json.ts'
import { packBits } from '../../core/dicom/pack-bits.ts'
import { datasetToJson } from '../../core/dicom/parse-dataset.ts'
import { pixelDescription, type PixelDescription } from '../../core/dicom/pixel-description.ts'
import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax } from '../../core/dicom/transfer-syntax.ts'
import type { Drawing } from '../../viewer/imaging/start-imaging.ts'
import { decodeFrame } from '../../workers/codec/decode.ts'
import type { Hand, Seen } from '../viewer/imaging/viewport-page.ts'
import { servePageOf } from './browser-script.ts'
import { openBrowser } from './chromium.ts'
import { firstFrame } from './first-frame.ts'

declare const see: (
  drawing: Drawing,
  frames: readonly { url: string; metadata: DicomJson }[],
  index: number,
  hand: Hand,
) => Promise<Seen>

/** The first frame of a file, as the archive would serve it. */
export interface ServedFrame {
  readonly url: string
  readonly bytes: Uint8Array
  readonly transferSyntaxUid: string
  readonly pixels: PixelDescription
  readonly metadata: DicomJson
}

/** A browser that shows frames of files in the viewer's own pane. */
export interface PixelPage {
  /** @param change attributes in place of the file's */
  read(file: string, change?: DicomJson): ServedFrame
  /** What a person sees of one frame of a stack, one screen pixel an image pixel. */
  look(drawing: Drawing, stack: readonly ServedFrame[], index?: number, hand?: Hand): Promise<Seen>
  /** A page is one way of drawing: another needs a new one. */
  renew(): Promise<void>
  close(): Promise<void>
}

export async function openPixelPage(): Promise<PixelPage> {
  const frames: ServedFrame[] = []
  const script = join(import.meta.dirname, '../viewer/imaging/viewport-page.ts')
  const served = await servePageOf(script, async (path, accept) => {
    const frame = frames.find(({ url }) => url === path)
    if (frame === undefined) return undefined
    return accept.includes(EXPLICIT_VR_LITTLE_ENDIAN)
      ? { type: 'application/octet-stream', body: await decodedThere(frame) }
      : {
          type: `application/octet-stream;transfer-syntax=${servedSyntax(frame.transferSyntaxUid)}`,
          body: frame.bytes,
        }
  })
  const browser = await openBrowser()
  let page: Page | undefined

  return {
    read(file, change = {}) {
      const frame = firstFrame(file)
      if (frame?.scanned.pixels === undefined) throw new Error(`${file} has no pixels`)
      const metadata = { ...datasetToJson(readFileSync(file), { bulkDataUri: () => '' }), ...change }
      const stored = {
        url: `/s${frames.length}/instances/1/frames/1`,
        bytes: frame.bytes,
        transferSyntaxUid: frame.scanned.transferSyntaxUid,
        pixels: pixelDescription(frame.scanned.pixels, metadata, 1),
        metadata,
      }
      frames.push(stored)
      return stored
    },
    look(drawing, stack, index = 0, hand = {}) {
      if (page === undefined) throw new Error('there is no page yet')
      return page.evaluate(([how, images, at, by]) => see(how, images, at, by), [
        drawing,
        stack.map(({ url, metadata }) => ({ url, metadata })),
        index,
        hand,
      ] as const)
    },
    async renew() {
      await page?.close()
      page = await browser.newPage({ viewport: { width: 1400, height: 1400 } })
      await page.goto(served.url)
      await page.waitForFunction(() => 'see' in globalThis)
    },
    async close() {
      await browser.close()
      await served.close()
    },
  }
}

/** What is seen as RGB, row by row. */
export const rgbOf = ({ rgb }: Seen): Uint8Array => new Uint8Array(Buffer.from(rgb, 'base64'))

/** As the archive says it: what was implicit or deflated is plain octets by then. */
function servedSyntax(uid: string): string {
  const syntax = transferSyntax(uid)
  return syntax?.deflated === true || syntax?.implicit === true ? EXPLICIT_VR_LITTLE_ENDIAN : uid
}

async function decodedThere(frame: ServedFrame): Promise<Uint8Array> {
  const { bytes } = await decodeFrame(frame)
  return frame.pixels.bitsAllocated === 1 ? packBits(bytes) : bytes
}
