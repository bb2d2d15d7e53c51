import { DicomFault } from '../dicom/dicom-fault.ts'
import { readHead, UNDEFINED_LENGTH, type Encoding } from '../dicom/element-head.ts'
import { GatheredBytes } from '../dicom/gathered-bytes.ts'
import { encapsulatedPixelScanner, nativePixelScanner, type PixelScanner } from '../dicom/pixel-scanner.ts'
import type { IdentityNet } from './identity-net.ts'
import { DeidentificationRefused } from './refused.ts'

/** Longest name that is found across two pieces of a codestream. Bytes. */
const OVERLAP = 64
/** FFFE,E0DD and no length. */
const DELIMITATION = {
  little: [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0],
  big: [0xff, 0xfe, 0xe0, 0xdd, 0, 0, 0, 0],
}

/**
 * The Pixel Data element that `bytes` begin with, byte for byte, and nothing of what lies behind it; a sequence delimitation
 * where the sender forgot it. Errors: DicomFault 'truncated', 'data-set-invalid'; DeidentificationRefused
 * 'identity-in-codestream'.
 */
export async function* passPixels(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  encoding: Encoding,
  net: IdentityNet,
): AsyncGenerator<Uint8Array> {
  const start = new GatheredBytes()
  let scanner: PixelScanner | undefined
  let encapsulated = false
  let tail: Uint8Array = new Uint8Array(0)
  const pass = (chunk: Uint8Array): Uint8Array => {
    const behind = scanner?.write(chunk) ?? chunk
    const passed = chunk.subarray(0, chunk.length - behind.length)
    if (encapsulated) {
      const looked = Buffer.concat([tail, passed])
      if (net.catchesBytes(looked)) throw new DeidentificationRefused('identity-in-codestream')
      tail = looked.subarray(Math.max(0, looked.length - OVERLAP))
    }
    return passed
  }
  for await (const chunk of bytes) {
    if (scanner !== undefined) {
      const passed = pass(chunk)
      if (passed.length > 0) yield passed
      if (passed.length < chunk.length) return
      continue
    }
    start.add(chunk)
    if (start.length < 12) continue
    const whole = start.take()
    const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength)
    const head = readHead(view, 0, whole.length, encoding)
    if (head === undefined) throw new DicomFault('truncated', 'The pixel data has no beginning.')
    encapsulated = head.length === UNDEFINED_LENGTH
    scanner = encapsulated
      ? encapsulatedPixelScanner(head.valueOffset, encoding.bigEndian)
      : nativePixelScanner(head.length)
    yield whole.subarray(0, head.valueOffset)
    const passed = pass(whole.subarray(head.valueOffset))
    if (passed.length > 0) yield passed
    if (passed.length < whole.length - head.valueOffset) return
  }
  if (scanner === undefined) {
    const left = start.take()
    if (left.length === 0) return
    // An empty element of eight bytes is one.
    if (left.length === 8 && left.subarray(4).every((byte) => byte === 0)) return
    throw new DicomFault('truncated', 'The pixel data has no beginning.')
  }
  scanner.end()
  if (scanner.warnings.includes('no-sequence-delimiter'))
    yield Uint8Array.from(encoding.bigEndian ? DELIMITATION.big : DELIMITATION.little)
}
