import type { DicomJson } from '../../dicom/dicom-json.ts'
import { invalid } from '../../errors.ts'
import type { Code, KeyTitle } from '../shapes.ts'
import { Concept } from './codes.ts'
import { container, imageItem, textItem } from './content-item.ts'
import { documentHead, observedBy, type DocumentInput } from './document-head.ts'

export const KEY_OBJECT_SELECTION = '1.2.840.10008.5.1.4.1.1.88.59'

/** For what images are key (CID 7010). */
const TITLES: Readonly<Record<KeyTitle, string>> = {
  '113000': 'Of Interest',
  '113002': 'For Referring Provider',
  '113003': 'For Surgery',
  '113004': 'For Teaching',
  '113005': 'For Conference',
  '113006': 'For Therapy',
  '113007': 'For Patient',
  '113008': 'For Peer Review',
  '113009': 'For Research',
}

export interface KeyObjectsInput extends DocumentInput {
  readonly title: KeyTitle
  /** Why; may be empty. */
  readonly description: string
  /** At least one; no frame twice. */
  readonly keys: readonly { readonly sopInstanceUid: string; readonly frameNumber: number }[]
}

/**
 * Images under one title as a Key Object Selection Document by TID 2010 (PS3.3 A.35.4, PS3.16). Frames are named where an
 * image has several. Errors: 'invalid' code 'image-unknown' for one that is not among `images`.
 */
export function buildKeyObjects(input: KeyObjectsInput): DicomJson {
  const { keys, images, title, description, language } = input
  const name: Code = { value: title, scheme: 'DCM', meaning: TITLES[title] }
  return {
    ...documentHead(input, {
      sopClassUid: KEY_OBJECT_SELECTION,
      modality: 'KO',
      description: language === 'en' ? 'Key images' : '关键图像',
      images: keys.map(({ sopInstanceUid }) => sopInstanceUid),
    }),
    ...container(
      { name },
      [
        ...observedBy(input),
        ...(description === ''
          ? []
          : [textItem({ relationship: 'CONTAINS', name: Concept.keyObjectDescription }, description)]),
        ...keys.map(({ sopInstanceUid, frameNumber }) => {
          const image = images.get(sopInstanceUid)
          if (image === undefined) throw invalid('image-unknown', 'A key image is not of this study.')
          const { sopClassUid, frames } = image
          return imageItem(
            { relationship: 'CONTAINS' },
            { sopClassUid, sopInstanceUid, frameNumber: frames > 1 ? frameNumber : undefined },
          )
        }),
      ],
      '2010',
    ),
  }
}
