import type { OutgoingFile } from './upload-transport.ts'

/**
 * The files as one `multipart/related` body; the Blob refers to them, so nothing is read until it is sent. Each part's
 * Content-Location is its place in the batch, by which the answer names it.
 */
export function multipartBody(files: readonly OutgoingFile[], boundary: string): Blob {
  const parts: BlobPart[] = []
  files.forEach((file, index) => {
    parts.push(
      `${index === 0 ? '' : '\r\n'}--${boundary}\r\nContent-Type: application/dicom\r\n` +
        `Content-Length: ${file.size}\r\nContent-Location: ${index}\r\n\r\n`,
      file.blob,
    )
  })
  parts.push(`\r\n--${boundary}--\r\n`)
  return new Blob(parts)
}

/** The Content-Type of such a body. */
export function multipartType(boundary: string): string {
  return `multipart/related; type="application/dicom"; boundary=${boundary}`
}
