import type { PixelLayout } from './describe-pixels.ts'

/** What a codestream's own header says of its size. */
export interface CodestreamSize {
  readonly rows: number
  readonly columns: number
  readonly components: number
  /** Bits a sample. */
  readonly precision: number
  readonly signed: boolean
  /** The second byte of the marker of a JPEG's frame header: which process it is. Undefined in JPEG 2000. */
  readonly jpegFrame?: number
}

/** The size in the header of a JPEG, JPEG-LS, JPEG 2000 or HTJ2K codestream; undefined when there is none to read. */
export function codestreamSize(bytes: Uint8Array): CodestreamSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 16) return undefined
  if (view.getUint16(0) === 0xffd8) return jpegSize(view)
  const start = view.getUint32(0) === 0xff4fff51 ? 0 : findJ2k(bytes)
  return start === undefined ? undefined : j2kSize(view, start)
}

/** SOI SIZ inside the boxes of a JP2 file (ISO/IEC 15444-1 Annex I). */
function findJ2k(bytes: Uint8Array): number | undefined {
  const most = Math.min(bytes.length, 4096) - 3
  for (let at = 0; at < most; at++) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0x4f && bytes[at + 2] === 0xff && bytes[at + 3] === 0x51)
      return at
  }
  return undefined
}

/** SIZ marker: ISO/IEC 15444-1 A.5.1. */
function j2kSize(view: DataView, start: number): CodestreamSize | undefined {
  if (view.byteLength < start + 45) return undefined
  const depth = view.getUint8(start + 42)
  return {
    columns: view.getUint32(start + 8) - view.getUint32(start + 16),
    rows: view.getUint32(start + 12) - view.getUint32(start + 20),
    components: view.getUint16(start + 40),
    precision: (depth & 0x7f) + 1,
    signed: depth >= 0x80,
  }
}

/** The frame header: SOF0…SOF15 but DHT, JPG, DAC (ITU-T T.81 B.2.2), or SOF55 of JPEG-LS. */
function jpegSize(view: DataView): CodestreamSize | undefined {
  for (let at = 2; at + 10 < view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at++
      continue
    }
    const isFrame =
      (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7
    if (isFrame) {
      return {
        precision: view.getUint8(at + 4),
        rows: view.getUint16(at + 5),
        columns: view.getUint16(at + 7),
        components: view.getUint8(at + 9),
        signed: false,
        jpegFrame: marker,
      }
    }
    at += 2 + view.getUint16(at + 2)
  }
  return undefined
}

/**
 * Why a codestream is not believed: another size than the instance names would make a codec write or allocate without
 * end. Undefined when it may be decoded.
 */
export function codestreamFault(bytes: Uint8Array, pixels: PixelLayout): string | undefined {
  const size = codestreamSize(bytes)
  if (size === undefined) return undefined
  if (size.rows !== pixels.rows || size.columns !== pixels.columns)
    return 'its size is not the size the instance names'
  if (size.components !== pixels.samplesPerPixel) return 'its components are not those the instance names'
  if (size.precision > pixels.bitsAllocated) return 'its samples are deeper than the instance allows'
  return undefined
}

/** Whether the components of a JPEG-LS codestream follow each other as planes. Source: ITU-T T.87 C.2.3, the scan header's ILV. */
export function isPlanarJpegLs(bytes: Uint8Array): boolean {
  if (bytes[2] !== 0xff || bytes[3] !== 0xf7) return false
  for (let at = 4; at + 6 < bytes.length; at++) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0xda) return bytes[at + 6 + 2 * (bytes[at + 4] ?? 0)] === 0
  }
  return false
}
