import { createRequire } from 'node:module'
import type { CodecModule } from '../../viewer/imaging/frames/codec-module.ts'

/**
 * Decodes codestreams of JPEG 2000 and HTJ2K with OpenJPEG, which shares nothing with what wrote them (OpenJPH): all
 * samples, little endian, those of a pixel together.
 */
export async function openJpeg(): Promise<(codestream: Uint8Array) => Buffer> {
  const require = createRequire(import.meta.url)
  const open = require('@cornerstonejs/codec-openjpeg') as (options: object) => Promise<CodecModule>
  const silent = (): void => undefined
  const module = await open({ print: silent, printErr: silent })
  return (codestream) => {
    const { J2KDecoder } = module
    if (J2KDecoder === undefined) throw new Error('OpenJPEG has no decoder')
    const decoder = new J2KDecoder()
    try {
      decoder.getEncodedBuffer(codestream.length).set(codestream)
      decoder.decode()
      return Buffer.from(decoder.getDecodedBuffer())
    } finally {
      decoder.delete()
    }
  }
}
