/** Types of the records that stand for one instance (PS3.3 F.3.2.2, Table F.3-3), those of this archive's instances. */
export type RecordType =
  | 'IMAGE'
  | 'SR DOCUMENT'
  | 'KEY OBJECT DOC'
  | 'ENCAP DOC'
  | 'PRESENTATION'
  | 'WAVEFORM'
  | 'RT DOSE'
  | 'RT STRUCTURE SET'
  | 'RT PLAN'
  | 'RT TREAT RECORD'
  | 'RADIOTHERAPY'
  | 'PLAN'
  | 'SPECTROSCOPY'
  | 'RAW DATA'
  | 'REGISTRATION'
  | 'FIDUCIAL'
  | 'VALUE MAP'
  | 'STEREOMETRIC'
  | 'MEASUREMENT'
  | 'SURFACE'
  | 'SURFACE SCAN'
  | 'TRACT'
  | 'ASSESSMENT'
  | 'ANNOTATION'
  | 'PRIVATE'

const STORAGE = '1.2.840.10008.5.1.4.1.1.'

/** By the beginnings of SOP Class UIDs below that of storage (PS3.4 B.5), whole components; the longest that fits. */
const BY_SOP_CLASS: ReadonlyMap<string, RecordType> = new Map([
  ['4.2', 'SPECTROSCOPY'],
  ['9', 'WAVEFORM'],
  ['11', 'PRESENTATION'],
  ['34.7', 'PLAN'],
  ['34.10', 'PLAN'],
  ['66', 'RAW DATA'],
  ['66.1', 'REGISTRATION'],
  ['66.2', 'FIDUCIAL'],
  ['66.3', 'REGISTRATION'],
  ['66.4', 'IMAGE'],
  ['66.5', 'SURFACE'],
  ['66.6', 'TRACT'],
  ['66.7', 'IMAGE'],
  ['66.8', 'IMAGE'],
  ['67', 'VALUE MAP'],
  ['68', 'SURFACE SCAN'],
  ['77.1.5.3', 'STEREOMETRIC'],
  ['78', 'MEASUREMENT'],
  ['78.6', 'SR DOCUMENT'],
  ['79.1', 'SR DOCUMENT'],
  ['80.1', 'MEASUREMENT'],
  ['88', 'SR DOCUMENT'],
  ['88.59', 'KEY OBJECT DOC'],
  ['90.1', 'ASSESSMENT'],
  ['91.1', 'ANNOTATION'],
  ['104', 'ENCAP DOC'],
  ['131', 'PRESENTATION'],
  ['481', 'RADIOTHERAPY'],
  ['481.1', 'IMAGE'],
  ['481.2', 'RT DOSE'],
  ['481.3', 'RT STRUCTURE SET'],
  ['481.4', 'RT TREAT RECORD'],
  ['481.5', 'RT PLAN'],
  ['481.6', 'RT TREAT RECORD'],
  ['481.7', 'RT TREAT RECORD'],
  ['481.8', 'RT PLAN'],
  ['481.9', 'RT TREAT RECORD'],
  ['481.23', 'IMAGE'],
  ['481.24', 'IMAGE'],
])

/** Which record an instance of this SOP class has. A class of nobody's standard is an image where it has pixels. */
export function recordType(sopClassUid: string, hasPixels: boolean): RecordType {
  if (!sopClassUid.startsWith(STORAGE)) return hasPixels ? 'IMAGE' : 'PRIVATE'
  const components = sopClassUid.slice(STORAGE.length).split('.')
  for (let length = components.length; length > 0; length--) {
    const found = BY_SOP_CLASS.get(components.slice(0, length).join('.'))
    if (found !== undefined) return found
  }
  return 'IMAGE'
}
