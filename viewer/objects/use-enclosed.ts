import { useEffect, useState } from 'react'
import { shareHeaders } from '../client/shared-page.ts'
import { firstNumber, type DicomJson } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { instanceAddress } from './offered-file.tsx'

/** A file inside a file. */
export type Enclosed =
  | { readonly state: 'loading' }
  | { readonly state: 'failed' }
  /** `url`: of a blob of the type asked for, while the component lives. */
  | { readonly state: 'here'; readonly url: string; readonly bytes: Uint8Array<ArrayBuffer> }

/** The encapsulated document of an instance, or its pixel data as they are, under the session of the page. */
export function useEnclosed(
  instance: DicomJson,
  tag: typeof Tag.EncapsulatedDocument | typeof Tag.PixelData,
  type: string,
): Enclosed {
  const [enclosed, setEnclosed] = useState<Enclosed>({ state: 'loading' })
  useEffect(() => {
    const controller = new AbortController()
    let url: string | undefined
    setEnclosed({ state: 'loading' })
    enclosedBytes(instance, tag, controller.signal)
      .then((bytes) => {
        if (controller.signal.aborted) return
        url = URL.createObjectURL(new Blob([bytes], { type }))
        setEnclosed({ state: 'here', url, bytes })
      })
      .catch(() => {
        // Of whatever kind: the pane says so, and offers the whole file.
        if (!controller.signal.aborted) setEnclosed({ state: 'failed' })
      })
    return () => {
      controller.abort()
      if (url !== undefined) URL.revokeObjectURL(url)
    }
  }, [instance, tag, type])
  return enclosed
}

async function enclosedBytes(
  instance: DicomJson,
  tag: string,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const { InlineBinary, BulkDataURI } = instance[tag] ?? {}
  const bytes =
    InlineBinary === undefined
      ? await fetched(BulkDataURI ?? `${instanceAddress(instance)}/bulkdata/${tag}`, signal)
      : Uint8Array.from(atob(InlineBinary), (letter) => letter.charCodeAt(0))
  // A value has an even number of bytes; the document may have an odd one, and says so since 2019 (PS3.3 C.24.2).
  const length =
    tag === Tag.EncapsulatedDocument ? firstNumber(instance, Tag.EncapsulatedDocumentLength) : undefined
  return length !== undefined && length > 0 && length < bytes.length ? bytes.slice(0, length) : bytes
}

/** Octets of a path of the archive. Errors: whatever `fetch` throws; an Error with the status. */
export async function fetched(path: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(path, {
    headers: { Accept: 'application/octet-stream', ...shareHeaders() },
    credentials: 'same-origin',
    signal,
  })
  if (!response.ok) {
    await response.body?.cancel()
    throw new Error(`the archive answered with ${response.status}`)
  }
  return new Uint8Array(await response.arrayBuffer())
}
