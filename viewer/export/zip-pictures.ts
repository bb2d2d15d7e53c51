import { Zip, ZipPassThrough } from 'fflate'

/** A ZIP that is written file by file; pictures are compressed already, and are stored as they are. */
export interface PictureZip {
  /** Errors: what the ZIP writer says. */
  add(name: string, blob: Blob): Promise<void>
  finish(): Blob
}

/** What is read and handed on at once is small; the browser may keep the rest on disk. */
export function openZip(): PictureZip {
  const parts: Blob[] = []
  let fault: Error | undefined
  const zip = new Zip((error, bytes) => {
    if (error !== null) fault = error
    else parts.push(new Blob([bytes as Uint8Array<ArrayBuffer>]))
  })
  return {
    async add(name, blob) {
      const file = new ZipPassThrough(name)
      // No day on which somebody was in hospital: the least that a ZIP can say.
      file.mtime = new Date(1980, 0, 1)
      zip.add(file)
      file.push(new Uint8Array(await blob.arrayBuffer()), true)
      if (fault !== undefined) throw fault
    },
    finish() {
      zip.end()
      if (fault !== undefined) throw fault
      return new Blob(parts, { type: 'application/zip' })
    },
  }
}
