import type { DicomJson } from '../dicom/dicom-json.ts'
import { SERIES_TAGS, STUDY_TAGS } from '../dicom/indexed-tags.ts'
import { Tag } from '../dicom/tag.ts'

/** Decoded text has no character set any more. */
const STUDY_LEVEL: ReadonlySet<string> = new Set(STUDY_TAGS.filter((tag) => tag !== Tag.SpecificCharacterSet))

/** The offset says what the times beside it mean, at each level. */
const SERIES_LEVEL: ReadonlySet<string> = new Set([...SERIES_TAGS, Tag.TimezoneOffsetFromUTC])

/** The attributes of an instance that its study keeps. */
export const studyAttributes = (header: DicomJson): DicomJson => pick(header, STUDY_LEVEL)

/** The attributes of an instance that its series keeps. */
export const seriesAttributes = (header: DicomJson): DicomJson => pick(header, SERIES_LEVEL)

function pick(header: DicomJson, tags: ReadonlySet<string>): DicomJson {
  const picked: DicomJson = {}
  for (const [tag, element] of Object.entries(header)) if (tags.has(tag)) picked[tag] = element
  return picked
}
