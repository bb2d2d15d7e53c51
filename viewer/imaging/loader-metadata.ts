import { numbers, type DicomJson } from '../../core/dicom/dicom-json.ts'
import { lutEntries } from '../../core/dicom/lookup-table.ts'

const PALETTES = [
  ['00281101', '00281201'],
  ['00281102', '00281202'],
  ['00281103', '00281203'],
] as const

/** Metadata as the image loader reads it: it looks for palette entries as values, where DICOM JSON has them as binary. */
export function loaderMetadata(metadata: DicomJson): DicomJson {
  if (metadata['00281201']?.InlineBinary === undefined) return metadata
  const expanded: DicomJson = { ...metadata }
  for (const [descriptor, data] of PALETTES) {
    const [count = 0, , bits = 16] = numbers(metadata, descriptor)
    const entries = lutEntries(metadata[data], count === 0 ? 65_536 : count, bits)
    if (entries !== undefined) expanded[data] = { vr: 'US', Value: entries }
  }
  return expanded
}
