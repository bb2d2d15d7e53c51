import type { Endpoint } from './client-job.ts'
import type { LaneRequest } from './http-lane.ts'

const BOUNDARY = 'bench-boundary-7c1f'

function head(endpoint: Endpoint, line: string, more: Readonly<Record<string, string | number>>): Buffer {
  const headers = { Host: `${endpoint.host}:${endpoint.port}`, ...endpoint.headers, ...more }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${line} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1')
}

export const getRequest = (endpoint: Endpoint, path: string): LaneRequest => ({
  chunks: [head(endpoint, `GET ${path}`, {})],
})

/** A STOW-RS request with these instances, each in pieces. Nothing is copied: large pieces are shared between requests. */
export function stowRequest(
  endpoint: Endpoint,
  path: string,
  instances: readonly (readonly Uint8Array[])[],
): LaneRequest {
  const { type, prefix, suffix } = multipart()
  const chunks: Uint8Array[] = []
  for (const instance of instances) chunks.push(prefix, ...instance, Buffer.from('\r\n'))
  chunks.push(suffix)
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  return {
    chunks: [
      head(endpoint, `POST ${path}`, {
        Accept: 'application/dicom+json',
        'Content-Type': type,
        'Content-Length': length,
      }),
      ...chunks,
    ],
  }
}

/** What stands before and after the parts of a multipart body. */
export const multipart = () => ({
  type: `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`,
  prefix: Buffer.from(`--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`),
  suffix: Buffer.from(`--${BOUNDARY}--\r\n`),
})
