/** What an instance without pixels is, as its thumbnail shows it. */
export type PlaceholderKind =
  | 'report'
  | 'document'
  | 'key-objects'
  | 'presentation'
  | 'segmentation'
  | 'radiotherapy'
  | 'waveform'
  | 'video'
  | 'model'
  | 'unknown'

/** By the beginnings of SOP Class UIDs (PS3.4 B.5), the longest that fits. */
const BY_SOP_CLASS: readonly (readonly [string, PlaceholderKind])[] = [
  ['1.2.840.10008.5.1.4.1.1.88.59', 'key-objects'],
  ['1.2.840.10008.5.1.4.1.1.88', 'report'],
  ['1.2.840.10008.5.1.4.1.1.104.1', 'document'],
  ['1.2.840.10008.5.1.4.1.1.104.2', 'document'],
  ['1.2.840.10008.5.1.4.1.1.104', 'model'],
  ['1.2.840.10008.5.1.4.1.1.11', 'presentation'],
  ['1.2.840.10008.5.1.4.1.1.66', 'segmentation'],
  ['1.2.840.10008.5.1.4.1.1.481', 'radiotherapy'],
  ['1.2.840.10008.5.1.4.1.1.9', 'waveform'],
  ['1.2.840.10008.5.1.4.1.1.77.1.1.1', 'video'],
  ['1.2.840.10008.5.1.4.1.1.77.1.2.1', 'video'],
  ['1.2.840.10008.5.1.4.1.1.77.1.4.1', 'video'],
]

/** The picture for an instance of this SOP class. */
export function placeholderKind(sopClassUid: string): PlaceholderKind {
  const fits = ([prefix]: readonly [string, PlaceholderKind]): boolean =>
    sopClassUid === prefix || sopClassUid.startsWith(`${prefix}.`)
  return BY_SOP_CLASS.find(fits)?.[1] ?? 'unknown'
}
