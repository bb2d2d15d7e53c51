import type { DicomJson, DicomJsonElement, DicomJsonValue } from '../dicom-json.ts'
import { firstPersonName, firstString, items, strings } from '../dicom-json.ts'
import { parseDate, parseTime } from '../date-time.ts'
import { tagOfKeyword, vrOfTag } from '../dictionary.ts'
import { Tag } from '../tag.ts'
import type { RecordType } from './record-type.ts'

/** A record of no standard SOP class says by this whose it is (PS3.3 F.3.2.2, Private Record UID). */
const PRIVATE_RECORD_UID = '2.25.284136711948350437198316437209531846152'

/** Keys of which a record has at least an empty one; then those it has where the instance has them. */
interface Keys {
  readonly always: readonly string[]
  readonly ifPresent?: readonly string[]
}

const MADE = ['ContentDate', 'ContentTime']
const IDENTIFIED = ['InstanceNumber', ...MADE, 'ContentLabel', 'ContentDescription', 'ContentCreatorName']

/** Keywords by record type. Source: PS3.3 F.5. */
const KEYS: Readonly<Record<RecordType, Keys>> = {
  IMAGE: { always: ['InstanceNumber'] },
  'SR DOCUMENT': {
    always: ['InstanceNumber', 'CompletionFlag', 'VerificationFlag', ...MADE, 'ConceptNameCodeSequence'],
  },
  'KEY OBJECT DOC': { always: ['InstanceNumber', ...MADE, 'ConceptNameCodeSequence'] },
  'ENCAP DOC': {
    always: [
      ...MADE,
      'InstanceNumber',
      'ConceptNameCodeSequence',
      'DocumentTitle',
      'MIMETypeOfEncapsulatedDocument',
    ],
    ifPresent: ['HL7InstanceIdentifier'],
  },
  PRESENTATION: {
    always: [
      'PresentationCreationDate',
      'PresentationCreationTime',
      'InstanceNumber',
      'ContentLabel',
      'ContentDescription',
      'ContentCreatorName',
    ],
    ifPresent: ['ReferencedSeriesSequence', 'BlendingSequence'],
  },
  WAVEFORM: { always: ['InstanceNumber', ...MADE] },
  'RT DOSE': { always: ['InstanceNumber', 'DoseSummationType'] },
  'RT STRUCTURE SET': {
    always: ['InstanceNumber', 'StructureSetLabel', 'StructureSetDate', 'StructureSetTime'],
  },
  'RT PLAN': { always: ['InstanceNumber', 'RTPlanLabel', 'RTPlanDate', 'RTPlanTime'] },
  'RT TREAT RECORD': { always: ['InstanceNumber', 'TreatmentDate', 'TreatmentTime'] },
  RADIOTHERAPY: {
    always: ['InstanceNumber', 'ContentDescription', 'ContentCreatorName'],
    ifPresent: ['UserContentLabel', 'UserContentLongLabel'],
  },
  PLAN: { always: [] },
  SPECTROSCOPY: {
    always: [
      'ImageType',
      ...MADE,
      'InstanceNumber',
      'NumberOfFrames',
      'Rows',
      'Columns',
      'DataPointRows',
      'DataPointColumns',
    ],
    ifPresent: ['ReferencedImageEvidenceSequence'],
  },
  'RAW DATA': { always: [...MADE, 'InstanceNumber'] },
  REGISTRATION: { always: IDENTIFIED },
  FIDUCIAL: { always: IDENTIFIED },
  'VALUE MAP': { always: IDENTIFIED },
  STEREOMETRIC: { always: [] },
  MEASUREMENT: { always: IDENTIFIED },
  SURFACE: { always: IDENTIFIED },
  'SURFACE SCAN': { always: MADE },
  TRACT: { always: IDENTIFIED },
  ASSESSMENT: { always: ['InstanceNumber', 'InstanceCreationDate', 'InstanceCreationTime'] },
  ANNOTATION: { always: IDENTIFIED },
  PRIVATE: { always: [] },
}

/** The keys of an image's record, which its row tells. */
export const imageKeys = (instanceNumber: number): DicomJson => ({
  [Tag.InstanceNumber]: { vr: 'IS', Value: [instanceNumber] },
})

/**
 * The keys of the record of an instance. What the instance lacks of them is empty, even where the standard wants a value:
 * a date or a title is not ours to invent. Only its number, where it has none, is its place.
 */
export function recordKeys(type: RecordType, instance: DicomJson, place: number): DicomJson {
  const { always, ifPresent = [] } = KEYS[type]
  const keys: DicomJson = {}
  for (const keyword of always) {
    const [tag, element] = keyOf(instance, keyword)
    keys[tag] = element
  }
  for (const keyword of ifPresent) {
    const [tag, element] = keyOf(instance, keyword)
    if (element.Value !== undefined) keys[tag] = element
  }
  if (always.includes('InstanceNumber') && keys[Tag.InstanceNumber]?.Value === undefined)
    Object.assign(keys, imageKeys(place))
  if (type === 'SR DOCUMENT' || type === 'KEY OBJECT DOC') Object.assign(keys, documentKeys(instance))
  if (type === 'PRIVATE') keys[Tag.PrivateRecordUID] = { vr: 'UI', Value: [PRIVATE_RECORD_UID] }
  return keys
}

/** What narrows a document's title, and when it was verified last (PS3.3 F.5.25, F.5.26). */
function documentKeys(instance: DicomJson): DicomJson {
  const modifiers = items(instance, Tag.ContentSequence).filter(
    (item) => firstString(item, Tag.RelationshipType) === 'HAS CONCEPT MOD',
  )
  const verified = items(instance, Tag.VerifyingObserverSequence)
    .flatMap((observer) => strings(observer, Tag.VerificationDateTime))
    .sort()
    .at(-1)
  return {
    ...(modifiers.length > 0 && { [Tag.ContentSequence]: { vr: 'SQ', Value: modifiers.map(fitting) } }),
    ...(verified !== undefined &&
      firstString(instance, Tag.VerificationFlag) === 'VERIFIED' && {
        [Tag.VerificationDateTime]: { vr: 'DT', Value: [verified] },
      }),
  }
}

function keyOf(instance: DicomJson, keyword: string): readonly [string, DicomJsonElement] {
  const tag = tagOfKeyword(keyword) ?? ''
  return [tag, keyElement(instance, tag)]
}

/** One attribute as a key: in the VR the standard gives it, whatever the sender did; empty where it has no value. */
export function keyElement(from: DicomJson, tag: string): DicomJsonElement {
  const vr = vrOfTag(tag) ?? 'UN'
  if (vr === 'SQ') {
    const found = items(from, tag)
    return found.length === 0 ? { vr } : { vr, Value: found.map(fitting) }
  }
  if (vr === 'PN') {
    const alphabetic = firstString(from, tag)
    const name = firstPersonName(from, tag) ?? (alphabetic && { Alphabetic: alphabetic })
    return name ? fittingElement({ vr, Value: [name] }) : { vr }
  }
  const values = (from[tag]?.Value ?? [])
    .filter((value) => value !== null && typeof value !== 'object')
    .slice(0, tag === IMAGE_TYPE ? undefined : 1)
    .map((value) => (typeof value === 'string' ? readable(vr, value) : value))
  return values.length === 0 || values[0] === '' ? { vr } : fittingElement({ vr, Value: values })
}

/** The only key of more than one value. */
const IMAGE_TYPE = '00080008'

/** A date or a time as the standard writes it, from the old forms too; empty where it is none. Other text as it is. */
function readable(vr: string, text: string): string {
  if (vr === 'DA') return parseDate(text) ?? ''
  if (vr === 'TM') return parseTime(text, 'first') === undefined ? '' : text.trim().replaceAll(':', '')
  return text
}

/** Characters of a value, of each group of a name (PS3.5 6.2). */
const LONGEST: Readonly<Record<string, number>> = {
  AE: 16,
  AS: 4,
  CS: 16,
  DA: 8,
  DS: 16,
  DT: 26,
  IS: 12,
  LO: 64,
  LT: 10240,
  PN: 64,
  SH: 16,
  ST: 1024,
  TM: 14,
  UI: 64,
}

/** Text of several lines (PS3.5 6.2). */
const PARAGRAPHS: ReadonlySet<string> = new Set(['LT', 'ST', 'UT'])
/** In no other text. */
const CONTROLS = /\p{Cc}/gu

/** An item as a directory can hold it: no value longer than its VR allows, and text in the record's own character set. */
function fitting(item: DicomJsonValue): DicomJson {
  const fitted: DicomJson = {}
  for (const [tag, element] of Object.entries(item as DicomJson))
    if (tag !== Tag.SpecificCharacterSet) fitted[tag] = fittingElement(element)
  return fitted
}

function fittingElement({ vr, Value: values, InlineBinary }: DicomJsonElement): DicomJsonElement {
  if (InlineBinary !== undefined) return { vr, InlineBinary }
  if (values === undefined) return { vr }
  if (vr === 'SQ') return { vr, Value: values.map(fitting) }
  const longest = LONGEST[vr]
  if (longest === undefined) return { vr, Value: values }
  const fit = (text: string): string =>
    [...(PARAGRAPHS.has(vr) ? text : text.replace(CONTROLS, ' '))].slice(0, longest).join('')
  const cut = (value: DicomJsonValue): DicomJsonValue => {
    if (typeof value === 'string') return fit(value)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([group, text]) => [group, fit(String(text))]))
  }
  return { vr, Value: values.map(cut) }
}
