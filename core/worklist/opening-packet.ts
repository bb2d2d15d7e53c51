import { listProtocols } from './hanging-protocols.ts'
import { openStudy } from './open-study.ts'
import type { Principal } from '../access/principal.ts'
import type { ReadableStudy } from '../access/require-study.ts'
import { getInstance, getSeriesId } from '../archive/instance-record.ts'
import { renderStoredFrame } from '../archive/retrieve-frames.ts'
import { metadataTexts } from '../archive/retrieve-metadata.ts'
import type { KeptProtocol } from '../contract/hanging.ts'
import type { StudyOpening } from '../contract/api.ts'
import type { OpeningPacket } from '../contract/opening.ts'
import type { DicomJson } from '../dicom/dicom-json.ts'
import { isYunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import { hang, matchProtocols, stagesFor, withoutEmpty } from '../reading/hanging-protocol.ts'
import { markOf } from '../sharing/watermark.ts'
import { openingFrame } from '../reading/reading-order.ts'
import { hangingSeries, studyFacts, withBuiltIns } from '../reading/study-facts.ts'

/** Longer series are asked for apart: the answer would take longer than what it saves. Instances. */
const MOST_INSTANCES = 600
/** Of the picture: enough for a pane, and for a slice exact in size. Pixels. */
const PICTURE_MOST = 1024
const PICTURE_QUALITY = 80

/**
 * What a study is opened with, in one answer: its series, how they hang, the metadata of the first to be seen, and a picture
 * of it. The caller has authorised the study. What cannot be made of it is left out, never an error.
 *
 * @returns the JSON of an OpeningPacket in pieces, which is made while it is read
 */
export async function openingPacket(
  pacs: Pick<Pacs, 'database' | 'objects' | 'codec'>,
  principal: Principal,
  study: ReadableStudy,
): Promise<AsyncIterable<string>> {
  const [opening, protocols] = await Promise.all([openStudy(pacs, study), listProtocols(pacs, principal)])
  return packetTexts(pacs, principal, study, { opening, protocols })
}

async function* packetTexts(
  pacs: Pick<Pacs, 'database' | 'objects' | 'codec'>,
  principal: Principal,
  study: ReadableStudy,
  { opening, protocols }: Pick<OpeningPacket, 'opening' | 'protocols'>,
): AsyncGenerator<string> {
  const known = `{"opening":${JSON.stringify(opening)},"protocols":${JSON.stringify(protocols)}`
  const first = firstHung(opening, protocols)
  if (first === undefined) {
    yield `${known}}`
    return
  }
  const { seriesInstanceUid, isAlone, window } = first
  const named = `${known},"first":{"seriesInstanceUid":${JSON.stringify(seriesInstanceUid)}`
  const series = opening.series.find((each) => each.seriesInstanceUid === seriesInstanceUid)
  if (series === undefined || series.instanceCount > MOST_INSTANCES) {
    yield `${named}}}`
    return
  }
  const seriesId = await getSeriesId(pacs.database, study.studyId, seriesInstanceUid)
  const texts: string[] = []
  for await (const text of metadataTexts(pacs, { seriesId })) texts.push(text)
  const instances = `[${texts.join()}]`
  const frame = isAlone ? openingFrame(JSON.parse(instances) as DicomJson[]) : undefined
  // Drawn while what is before it is compressed and on its way.
  const drawing =
    frame &&
    pictureOf(pacs, study, { seriesInstanceUid, ...frame }, { window, ...markOf(principal) }).catch(notMade)
  // Whoever reads this may stop before the picture: that it could not be made is nobody's fault then.
  drawing?.catch(() => undefined)
  yield `${named},"instances":${instances}`
  const picture = await drawing
  yield picture === undefined ? '}}' : `,"picture":"${picture}"}}`
}

/** What hangs in the first pane before anybody chooses, as the reading room hangs it before it knows of priors. */
function firstHung(
  opening: StudyOpening,
  protocols: readonly KeptProtocol[],
):
  | {
      readonly seriesInstanceUid: string
      readonly isAlone: boolean
      readonly window: { readonly center: number; readonly width: number } | undefined
    }
  | undefined {
  const [best] = matchProtocols(withBuiltIns(protocols), studyFacts(opening, false, 1))
  const stage = best && stagesFor(best.protocol, false)[0]
  if (stage === undefined) return undefined
  const hung = hang(stage, hangingSeries(opening, [], []))
  const { panes } = withoutEmpty(stage.layout, hung)
  const [pane = 0] = panes
  const first = hung[pane]
  if (first === undefined) return undefined
  const { window, ...look } = first.wished ? (stage.panes[pane]?.look ?? {}) : {}
  // A picture is as the image is filed: not turned, not at an edge, not under another, nor another than it begins with.
  const { computed, over } = stage.panes[pane] ?? {}
  const isAsFiled =
    Object.keys(look).length === 0 &&
    first.sopInstanceUid === undefined &&
    computed === undefined &&
    over === undefined
  return {
    seriesInstanceUid: first.seriesInstanceUid,
    isAlone: panes.length === 1 && isAsFiled,
    window,
  }
}

async function pictureOf(
  pacs: Pick<Pacs, 'database' | 'objects' | 'codec'>,
  study: ReadableStudy,
  of: { readonly seriesInstanceUid: string; readonly sopInstanceUid: string; readonly frameNumber: number },
  shown: {
    readonly window: { readonly center: number; readonly width: number } | undefined
    readonly watermark?: string
  },
): Promise<string> {
  const { window, watermark } = shown
  const instance = await getInstance(pacs.database, study.studyId, of.seriesInstanceUid, of.sopInstanceUid)
  const { rows = 0, columns = 0 } = instance.layout.pixels ?? {}
  const bytes = await renderStoredFrame(pacs, instance, of.frameNumber, {
    mediaType: 'image/jpeg',
    quality: PICTURE_QUALITY,
    ...(Math.max(rows, columns) > PICTURE_MOST
      ? { viewport: { width: PICTURE_MOST, height: PICTURE_MOST } }
      : {}),
    ...(window === undefined ? {} : { window: { ...window, function: 'LINEAR' } }),
    ...(watermark === undefined ? {} : { watermark }),
  })
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/** Pixels that cannot be shown are no reason not to open their study. */
function notMade(error: unknown): undefined {
  if (!isYunyingError(error)) throw error
  return undefined
}
