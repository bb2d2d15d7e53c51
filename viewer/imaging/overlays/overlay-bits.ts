import type { OverlayPlane } from '../../../core/dicom/overlay-planes.ts'
import { FrameRefused } from '../frames/fetch-frame.ts'

/** Values kept: the frames of an instance share one, and a reader goes back and forth. */
const KEPT = 16

/** By path, the one asked for last at the end. */
const kept = new Map<string, Promise<Uint8Array>>()

/** The bits of a plane, of all its frames. Errors: FrameRefused; whatever `fetch` throws. */
export function overlayBits({
  InlineBinary: inline,
  BulkDataURI: path,
}: OverlayPlane['data']): Promise<Uint8Array> {
  if (inline !== undefined)
    return Promise.resolve(Uint8Array.from(atob(inline), (character) => character.charCodeAt(0)))
  if (path === undefined) return Promise.resolve(new Uint8Array())
  const bits = kept.get(path) ?? fetchBits(path)
  kept.delete(path)
  kept.set(path, bits)
  // What failed may come the next time.
  bits.catch(() => kept.delete(path))
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break
    kept.delete(oldest)
  }
  return bits
}

async function fetchBits(path: string): Promise<Uint8Array> {
  const response = await fetch(path, {
    headers: { Accept: 'application/octet-stream' },
    credentials: 'same-origin',
  })
  if (!response.ok) throw new FrameRefused(response.status)
  return new Uint8Array(await response.arrayBuffer())
}
