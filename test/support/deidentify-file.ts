import { deidentifyInstance, type DeidentifyRequest } from '../../core/deidentify/deidentify-instance.ts'
import { BASIC_PROFILE } from '../../core/deidentify/deidentify-options.ts'
import type { InstanceSource } from '../../core/deidentify/instance-source.ts'
import { pseudonyms } from '../../core/deidentify/pseudonyms.ts'
import { InstanceScanner, type ScannedInstance } from '../../core/dicom/instance-scanner.ts'

/** What the scanner tells of a file. Errors: DicomFault. */
export function scan(file: Uint8Array): ScannedInstance {
  const scanner = new InstanceScanner()
  scanner.write(file)
  return scanner.end()
}

/** A file in memory as the archive would have it. */
export const sourceOf = (file: Uint8Array, scanned: ScannedInstance): InstanceSource => ({
  ...scanned,
  read: (offset, length) => Promise.resolve(file.subarray(offset, offset + length)),
  // In uneven pieces, as a store would.
  stream: async function* (offset, length) {
    for (let at = offset; at < offset + length; at += 60_001)
      yield await Promise.resolve(file.subarray(at, Math.min(at + 60_001, offset + length)))
  },
})

export const PSEUDONYMS = pseudonyms(Buffer.alloc(32, 7))

/** The file de-identified, a person having confirmed its pixels unless the request says otherwise. */
export async function deidentifyFile(
  file: Uint8Array,
  request: Partial<DeidentifyRequest> & Pick<InstanceSource, 'decode'> = {},
): Promise<Buffer> {
  const { decode, ...rest } = request
  const source = { ...sourceOf(file, scan(file)), ...(decode === undefined ? {} : { decode }) }
  const bytes = await deidentifyInstance(source, {
    options: BASIC_PROFILE,
    pseudonyms: PSEUDONYMS,
    confirmed: true,
    ...rest,
  })
  const parts: Uint8Array[] = []
  for await (const part of bytes) parts.push(part)
  return Buffer.concat(parts)
}
