import type { SkipReason } from './found-file.ts'
import { Sha256 } from './sha256.ts'
import { sniff, SNIFFED_BYTES } from './sniff.ts'

export type Inspected =
  | { readonly kind: 'dicom'; /** Lower-case hexadecimal. */ readonly sha256: string }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }

/** Up to here the whole file is read at once and hashed by the browser itself, which is several times faster. */
const WHOLE_BYTES = 64 * 1024 * 1024
const SLICE_BYTES = 4 * 1024 * 1024

/** Whether a file is worth sending, and its hash when it is. Memory stays bounded whatever its size. */
export async function inspectBlob(
  path: string,
  blob: Blob,
  subtle: Pick<SubtleCrypto, 'digest'> | undefined,
): Promise<Inspected> {
  const head = new Uint8Array(await blob.slice(0, SNIFFED_BYTES).arrayBuffer())
  const kind = sniff(path, blob.size, head)
  if (kind !== 'dicom') return { kind: 'skipped', reason: kind }
  return { kind: 'dicom', sha256: await hash(blob, subtle) }
}

async function hash(blob: Blob, subtle: Pick<SubtleCrypto, 'digest'> | undefined): Promise<string> {
  if (subtle !== undefined && blob.size <= WHOLE_BYTES) {
    const digest = await subtle.digest('SHA-256', await blob.arrayBuffer())
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  }
  const sha256 = new Sha256()
  for (let offset = 0; offset < blob.size; offset += SLICE_BYTES) {
    sha256.update(new Uint8Array(await blob.slice(offset, offset + SLICE_BYTES).arrayBuffer()))
  }
  return sha256.digest()
}
