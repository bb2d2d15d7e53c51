/** Files as the body of a STOW-RS request or of an upload; each part is named by its place. */
export function multipart(files: readonly Uint8Array[]): {
  headers: Record<string, string>
  body: Uint8Array<ArrayBuffer>
} {
  const boundary = 'a-boundary-of-a-test'
  const chunks: Uint8Array[] = []
  files.forEach((file, index) => {
    const head = `--${boundary}\r\nContent-Type: application/dicom\r\nContent-Location: ${index}\r\n\r\n`
    chunks.push(Buffer.from(head), file, Buffer.from('\r\n'))
  })
  chunks.push(Buffer.from(`--${boundary}--\r\n`))
  const headers = { 'Content-Type': `multipart/related; type="application/dicom"; boundary=${boundary}` }
  return { headers, body: new Uint8Array(Buffer.concat(chunks)) }
}

/** Bytes as they come over a wire: in pieces. */
export async function* inPieces(bytes: Uint8Array, length = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}
