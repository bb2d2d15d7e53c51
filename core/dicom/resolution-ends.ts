/** Markers of a JPEG 2000 codestream. Source: ISO/IEC 15444-1 Table A.2. */
const SOC = 0xff4f
const COD = 0xff52
const SOT = 0xff90
const EOC = 0xffd9

/**
 * Where each resolution of a codestream ends, the coarsest first: that many bytes from the beginning decode to an image
 * of that resolution, the last is the whole. Read from the tile-parts (ISO/IEC 15444-1 A.4.2), of which there must be
 * one a resolution, in that order: RPCL with tile-parts at resolutions. Undefined for any other codestream.
 *
 * Shape: one more than there are decomposition levels. Units: bytes.
 */
export function resolutionEnds(codestream: Uint8Array): number[] | undefined {
  const view = new DataView(codestream.buffer, codestream.byteOffset, codestream.byteLength)
  if (view.byteLength < 4 || view.getUint16(0) !== SOC) return undefined
  let levels: number | undefined
  let at = 2
  for (; at + 12 <= view.byteLength && view.getUint16(at) !== SOT; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint16(at) !== COD) continue
    // SGcod: progression order (2 is RPCL), layers, colour transform; then SPcod: decomposition levels (A.6.1).
    if (view.getUint8(at + 5) !== 2) return undefined
    levels = view.getUint8(at + 9)
  }
  if (levels === undefined) return undefined
  const ends: number[] = []
  while (at + 12 <= view.byteLength && view.getUint16(at) === SOT) {
    const length = view.getUint32(at + 6)
    const isNext = view.getUint16(at + 4) === 0 && view.getUint8(at + 10) === ends.length
    if (!isNext || length < 14 || at + length > view.byteLength) return undefined
    at += length
    ends.push(at)
  }
  if (ends.length !== levels + 1) return undefined
  if (at + 2 !== view.byteLength || view.getUint16(at) !== EOC) return undefined
  return [...ends.slice(0, -1), view.byteLength]
}
