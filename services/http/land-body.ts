import { freeBytes } from '../../core/archive/free-bytes.ts'
import { copyBytes } from '../../core/copy-bytes.ts'
import { LANDING_PAGE, LANDING_SIZE, type ObjectStore } from '../../core/ports/object-store.ts'
import type { Request } from './messages.ts'
import { LINE_END } from './dicomweb/multipart-reader.ts'
import { requestBytes } from './request-bytes.ts'

const HEADER_END = Buffer.from('\r\n\r\n')

export interface LandedBody {
  /** The whole body, and a line end before it. */
  readonly bytes: Buffer
  release(): void
}

/**
 * The body of a small request in memory that the object store keeps it from as it lies, without a copy: at the beginning of a page where an
 * object begins, which is behind the head of its first part. Undefined, and nothing is read, for a request that does not say how long it
 * is, or is too long, and where there is no such memory. Errors: as `requestBytes`.
 */
export async function landBody(
  request: Request,
  objects: Pick<ObjectStore, 'land'>,
): Promise<LandedBody | undefined> {
  // The protocol holds a body to the length it says.
  const length = Number(request.headers['content-length'] ?? Infinity)
  const landing = length <= LANDING_SIZE ? objects.land() : undefined
  if (landing === undefined) return undefined
  try {
    let begin: number | undefined
    let end = LANDING_PAGE
    for await (const chunk of requestBytes(request)) {
      if (begin === undefined) begin = end = beginningOf(chunk)
      copyBytes(landing.bytes, chunk, end)
      end += chunk.length
      freeBytes(chunk)
    }
    const from = (begin ?? end) - LINE_END.length
    copyBytes(landing.bytes, LINE_END, from)
    return { bytes: landing.bytes.subarray(from, end), release: () => landing.release() }
  } catch (error) {
    landing.release()
    throw error
  }
}

/** Where a body begins so that its first object begins a page. */
function beginningOf(chunk: Uint8Array): number {
  const at = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).indexOf(HEADER_END)
  const head = at < 0 ? 0 : at + HEADER_END.length
  return head <= LANDING_PAGE - LINE_END.length ? LANDING_PAGE - head : LANDING_PAGE
}
