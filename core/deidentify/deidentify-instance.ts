import { deflateSync } from 'fflate'
import { asciiText } from '../dicom/character-set.ts'
import { DicomFault } from '../dicom/dicom-fault.ts'
import { metaGroup, PREFIX } from '../dicom/file-meta.ts'
import { blackPixels } from './black-pixels.ts'
import type { Rectangle } from './blackout.ts'
import { deidentifyElements } from './deidentify-dataset.ts'
import type { DeidentifyOptions } from './deidentify-options.ts'
import type { RawElement } from './elements.ts'
import { identityNet, characterSetOf, textOf } from './identity-net.ts'
import { openSource, type InstanceSource } from './instance-source.ts'
import { markDeidentified } from './mark-deidentified.ts'
import { passPixels } from './pass-pixels.ts'
import { isEncapsulatedDocument, pixelRisk, riskHeader } from './pixel-identity.ts'
import type { Pseudonyms } from './pseudonyms.ts'
import { DeidentificationRefused } from './refused.ts'
import { writeRawElements } from './write-elements.ts'

export interface DeidentifyRequest {
  readonly options: DeidentifyOptions
  readonly pseudonyms: Pseudonyms
  /** A person looked at the pixels: they name nobody, but for what is blacked out. */
  readonly confirmed: boolean
  /** Blacked out in every frame. */
  readonly blackout?: readonly Rectangle[]
}

/**
 * An instance by the basic profile and the options, as a file (PS3.10 7.1): every attribute by its action at any depth,
 * private ones gone, UIDs mapped in the file meta group too, the preamble zero. Pixel Data passes byte for byte in the same
 * transfer syntax unless regions are blacked out; what is blacked out of compressed pixels is written as Explicit VR Little
 * Endian. Holds the header, of a deflated or disordered instance the whole.
 *
 * Errors, all before the first byte but for 'identity-in-codestream' and 'truncated' pixels: DeidentificationRefused,
 * DicomFault. Source: PS3.15 E.1.1.
 */
export async function deidentifyInstance(
  source: InstanceSource,
  request: DeidentifyRequest,
): Promise<AsyncGenerator<Uint8Array>> {
  const opened = await openSource(source)
  const { elements, encoding } = opened
  const sopClassUid = uidOf(elements, '00080016')
  if (isEncapsulatedDocument(sopClassUid)) throw new DeidentificationRefused('encapsulated-document')
  const blackout = request.blackout ?? []
  const cleared = request.confirmed || blackout.length > 0
  const { transferSyntaxUid } = source
  const hasPixels = source.frames.kind !== 'none'
  const risk = pixelRisk(riskHeader(elements, encoding), { transferSyntaxUid, hasPixels })
  if (risk !== undefined && !cleared) throw new DeidentificationRefused(risk)
  const { options } = request
  const net = identityNet(elements, { uids: !options.keepUids })
  const isBlackedOut = blackout.length > 0 && hasPixels
  const cleaned = markDeidentified(
    deidentifyElements(elements, { ...request, net, patientKey: patientKeyOf(elements) }),
    options,
    {
      blackedOut: isBlackedOut,
      hasContentTree: elements.some(({ tag }) => tag === '0040A730'),
      pixelsCleared: hasPixels && cleared,
    },
  )
  const pixels = passPixels(opened.pixels(), encoding, net)
  const written = isBlackedOut
    ? await blackPixels(source, cleaned, { rectangles: blackout, encoding, native: pixels })
    : { elements: cleaned, transferSyntaxUid, encoding, pixels }
  const meta = metaGroup({
    sopClassUid,
    sopInstanceUid: uidOf(written.elements, '00080018'),
    transferSyntaxUid: written.transferSyntaxUid,
  })
  const head = writeRawElements(written.elements, written.encoding)
  const deflated = opened.deflated && written.transferSyntaxUid === transferSyntaxUid
  return deflated ? deflatedFile(meta, head, written.pixels) : plainFile(meta, head, written.pixels)
}

async function* plainFile(
  meta: Uint8Array,
  head: readonly Uint8Array[],
  pixels: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield Buffer.concat([PREFIX, meta, ...head])
  yield* pixels
}

async function* deflatedFile(
  meta: Uint8Array,
  head: readonly Uint8Array[],
  pixels: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const parts = [...head]
  for await (const part of pixels) parts.push(part)
  const deflated = deflateSync(Buffer.concat(parts))
  yield Buffer.concat([PREFIX, meta, deflated, new Uint8Array(deflated.length % 2)])
}

function uidOf(elements: readonly RawElement[], tag: string): string {
  const value = elements.find((element) => element.tag === tag)?.value
  if (value === undefined) throw new DicomFault('identifier-missing', `The attribute ${tag} is missing.`)
  return asciiText(value, 0, value.length).replace(/[\s\0]+/g, '')
}

/** The ID with who gave it; of a patient without, the study: two who have none are not one. */
function patientKeyOf(elements: readonly RawElement[]): string {
  const characterSet = characterSetOf(elements) ?? []
  const text = (tag: string): string => {
    const element = elements.find((each) => each.tag === tag)
    return element === undefined ? '' : textOf(element.value, element.vr ?? 'LO', characterSet).trim()
  }
  const id = text('00100020')
  return id === '' ? `study\0${text('0020000D')}` : `id\0${text('00100021')}\0${id}`
}
