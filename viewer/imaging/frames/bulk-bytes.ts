import type { DicomJsonElement } from '../../../core/dicom/dicom-json.ts'
import { shareHeaders } from '../../client/shared-page.ts'
import { FrameRefused } from './fetch-frame.ts'

/** Values kept: the frames of an instance share one, and a reader goes back and forth. */
const KEPT = 16

/** By path, the one asked for last at the end. */
const kept = new Map<string, Promise<Uint8Array>>()

/** The value of a binary element, inline or fetched. Errors: FrameRefused; whatever `fetch` throws. */
export function bulkBytes({
  InlineBinary: inline,
  BulkDataURI: path,
}: Pick<DicomJsonElement, 'InlineBinary' | 'BulkDataURI'>): Promise<Uint8Array> {
  if (inline !== undefined)
    return Promise.resolve(Uint8Array.from(atob(inline), (character) => character.charCodeAt(0)))
  if (path === undefined) return Promise.resolve(new Uint8Array())
  const bytes = kept.get(path) ?? fetchBytes(path)
  kept.delete(path)
  kept.set(path, bytes)
  // What failed may come the next time.
  bytes.catch(() => kept.delete(path))
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break
    kept.delete(oldest)
  }
  return bytes
}

async function fetchBytes(path: string): Promise<Uint8Array> {
  const response = await fetch(path, {
    headers: { Accept: 'application/octet-stream', ...shareHeaders() },
    credentials: 'same-origin',
  })
  if (!response.ok) throw new FrameRefused(response.status)
  return new Uint8Array(await response.arrayBuffer())
}
