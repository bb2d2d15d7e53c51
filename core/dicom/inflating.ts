import { Inflate } from 'fflate'
import { DicomFault } from './dicom-fault.ts'

/** No data set inflates to more. Bytes. */
export const LARGEST_INFLATED = 256 << 20
/** Deflate makes at most 1,032 bytes of one: so many go in at once, and what comes out stays bounded. */
const PIECE = 4096

/** Inflates what passes (raw deflate, PS3.5 A.5) and hands it on. Errors: DicomFault 'inflates-too-large', 'truncated', 'data-set-invalid'. */
export function createInflating(onBytes: (bytes: Uint8Array) => void): {
  write(chunk: Uint8Array): void
  end(): void
} {
  let total = 0
  const inflate = new Inflate((bytes) => {
    total += bytes.length
    if (total > LARGEST_INFLATED)
      throw new DicomFault('inflates-too-large', 'The deflated data set is too large.')
    if (bytes.length > 0) onBytes(bytes)
  })

  function push(piece: Uint8Array, last: boolean): void {
    try {
      inflate.push(piece, last)
    } catch (error) {
      if (error instanceof DicomFault) throw error
      // What is missing shows only at the end; what is wrong, at once.
      if (last) throw new DicomFault('truncated', 'The deflated data set ends too early.')
      throw new DicomFault('data-set-invalid', 'The deflated data set cannot be inflated.')
    }
  }

  return {
    write(chunk) {
      for (let at = 0; at < chunk.length; at += PIECE) push(chunk.subarray(at, at + PIECE), false)
    },
    end: () => push(new Uint8Array(0), true),
  }
}

/** The whole of a deflated data set. Errors: as `createInflating`. */
export function inflateDataset(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  const inflating = createInflating((part) => parts.push(part))
  inflating.write(bytes)
  inflating.end()
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
