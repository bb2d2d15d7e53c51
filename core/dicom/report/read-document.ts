import { firstPersonName, firstString, items, numbers, type DicomJson } from '../dicom-json.ts'
import { Tag } from '../tag.ts'
import type {
  ImageReference,
  KeyObjects,
  ReportDocument,
  ReportItem,
  ReportValue,
  Verification,
} from './report-document.ts'

const KEY_OBJECT_SELECTION = '1.2.840.10008.5.1.4.1.1.88.59'
/** No document of sense is deeper. A file may be. */
const DEEPEST = 64

/** Whether the instance is a document with a content tree: a structured report or a key object selection. */
export const isDocument = (instance: DicomJson): boolean =>
  firstString(instance, Tag.ValueType) === 'CONTAINER' || items(instance, Tag.ContentSequence).length > 0

export const isKeyObjects = (instance: DicomJson): boolean =>
  firstString(instance, Tag.SOPClassUID) === KEY_OBJECT_SELECTION

interface Reading {
  readonly document: DicomJson
  /** Where the evidence says an instance is. */
  readonly places: ReadonlyMap<string, { readonly study: string; readonly series: string }>
  isCut: boolean
}

/**
 * A content tree as a document to be read (PS3.3 C.17.2, C.17.3). What a file says wrongly is left out or shown as it
 * is, never refused: it is somebody's report.
 */
export function readDocument(instance: DicomJson): ReportDocument {
  const reading: Reading = { document: instance, places: placesOf(instance), isCut: false }
  const root = itemOf(instance, reading, 0, false)
  const completion = firstString(instance, Tag.CompletionFlag)
  const verification = firstString(instance, Tag.VerificationFlag)
  return {
    sopInstanceUid: firstString(instance, Tag.SOPInstanceUID) ?? '',
    sopClassUid: firstString(instance, Tag.SOPClassUID) ?? '',
    title: root.name,
    completion: completion === 'COMPLETE' ? 'complete' : completion === undefined ? undefined : 'partial',
    completionText: firstString(instance, Tag.CompletionFlagDescription) ?? '',
    isPreliminary: firstString(instance, Tag.PreliminaryFlag) === 'PRELIMINARY',
    isVerified: verification === undefined ? undefined : verification === 'VERIFIED',
    verifications: items(instance, Tag.VerifyingObserverSequence).map(verificationOf),
    contentDate: firstString(instance, Tag.ContentDate) ?? '',
    contentTime: firstString(instance, Tag.ContentTime) ?? '',
    language: languageOf(root),
    manufacturer: firstString(instance, Tag.Manufacturer) ?? '',
    root,
    isCut: reading.isCut,
  }
}

/** The same tree as a list of key objects. */
export function readKeyObjects(instance: DicomJson): KeyObjects {
  const { root, title } = readDocument(instance)
  const references = root.children.flatMap(({ value }) => (value?.kind === 'reference' ? [value] : []))
  return {
    title,
    reasons: root.modifiers.flatMap((item) => {
      const isLanguage = languageOf({ modifiers: [item] }) !== ''
      return item.value?.kind === 'code' && !isLanguage ? [item.value.meaning] : []
    }),
    descriptions: root.children.flatMap(({ value }) => (value?.kind === 'text' ? [value.text] : [])),
    images: references.filter(({ isImage }) => isImage).map(({ to }) => to),
    others: references.filter(({ isImage }) => !isImage).map(({ to }) => to),
    observers: root.context,
  }
}

function itemOf(from: DicomJson, reading: Reading, depth: number, isByReference: boolean): ReportItem {
  // What a reference leads to is said once more, not all that hangs on it: the way may lead back here.
  const below = isByReference
    ? items(from, Tag.ContentSequence).filter(isImageItem)
    : items(from, Tag.ContentSequence)
  if (depth >= DEEPEST && below.length > 0) reading.isCut = true
  const content = depth >= DEEPEST ? [] : below.map((item) => followed(item, reading, depth))
  const of = (...relationships: string[]): ReportItem[] =>
    content.filter(({ relationship }) => relationships.includes(relationship))
  const modifiers = of('HAS CONCEPT MOD')
  const context = of('HAS OBS CONTEXT', 'HAS ACQ CONTEXT')
  return {
    relationship: firstString(from, Tag.RelationshipType) ?? '',
    name: meaningIn(from, Tag.ConceptNameCodeSequence),
    value: valueOf(from, reading),
    modifiers,
    context,
    children: content.filter((item) => !modifiers.includes(item) && !context.includes(item)),
    isRunning: firstString(from, Tag.ContinuityOfContent) === 'CONTINUOUS',
    isByReference,
  }
}

const isImageItem = (item: DicomJson): boolean =>
  firstString(item, Tag.ValueType) === 'IMAGE' ||
  numbers(item, Tag.ReferencedContentItemIdentifier).length > 0

/** The item, or the one it stands for (PS3.3 C.17.3.2.5): positions from 1 on the way from the root, which is the first. */
function followed(item: DicomJson, reading: Reading, depth: number): ReportItem {
  const [, ...path] = numbers(item, Tag.ReferencedContentItemIdentifier)
  if (numbers(item, Tag.ReferencedContentItemIdentifier).length === 0)
    return itemOf(item, reading, depth + 1, false)
  let at: DicomJson | undefined = reading.document
  for (const position of path) at = at && items(at, Tag.ContentSequence)[position - 1]
  const relationship = firstString(item, Tag.RelationshipType) ?? ''
  const found = at === undefined ? itemOf({}, reading, depth + 1, true) : itemOf(at, reading, depth + 1, true)
  return { ...found, relationship }
}

function valueOf(item: DicomJson, reading: Reading): ReportValue | undefined {
  const valueType = firstString(item, Tag.ValueType) ?? ''
  switch (valueType) {
    case 'CONTAINER':
      return undefined
    case 'TEXT':
      return { kind: 'text', text: firstString(item, Tag.TextValue) ?? '' }
    case 'CODE':
      return codeValue(item)
    case 'NUM':
      return numberValue(item)
    case 'PNAME':
      return { kind: 'person', name: firstPersonName(item, Tag.PersonName) ?? {} }
    case 'DATE':
      return { kind: 'date', text: firstString(item, Tag.Date) ?? '' }
    case 'TIME':
      return { kind: 'time', text: firstString(item, Tag.Time) ?? '' }
    case 'DATETIME':
      return { kind: 'date-time', text: firstString(item, Tag.DateTime) ?? '' }
    case 'UIDREF':
      return { kind: 'uid', uid: firstString(item, Tag.UID) ?? '' }
    case 'IMAGE':
    case 'COMPOSITE':
    case 'WAVEFORM':
      return referenceValue(item, valueType === 'IMAGE', reading)
    case 'SCOORD':
    case 'SCOORD3D': {
      const inSpace = valueType === 'SCOORD3D'
      const points = Math.floor(numbers(item, Tag.GraphicData).length / (inSpace ? 3 : 2))
      return { kind: 'region', shape: firstString(item, Tag.GraphicType) ?? '', points, inSpace }
    }
    case 'TCOORD':
      return {
        kind: 'moments',
        range: firstString(item, Tag.TemporalRangeType) ?? '',
        positions: [Tag.ReferencedTimeOffsets, Tag.ReferencedSamplePositions].flatMap((tag) =>
          numbers(item, tag),
        ),
      }
    default:
      return { kind: 'unknown', valueType }
  }
}

function codeValue(item: DicomJson): ReportValue {
  const [concept = {}] = items(item, Tag.ConceptCodeSequence)
  const code = codeIn(concept)
  return {
    kind: 'code',
    meaning: firstString(concept, Tag.CodeMeaning) ?? code,
    code: `${firstString(concept, Tag.CodingSchemeDesignator) ?? ''} ${code}`.trim(),
  }
}

function numberValue(item: DicomJson): ReportValue {
  const [measured = {}] = items(item, Tag.MeasuredValueSequence)
  const [unit = {}] = items(measured, Tag.MeasurementUnitsCodeSequence)
  const [qualifier = {}] = items(item, Tag.NumericValueQualifierCodeSequence)
  return {
    kind: 'number',
    number: firstString(measured, Tag.NumericValue) ?? firstString(measured, Tag.FloatingPointValue) ?? '',
    unit: shownUnit(unit),
    qualifier: firstString(qualifier, Tag.CodeMeaning) ?? '',
  }
}

/** UCUM's own spelling is short and known to those who measure; other schemes' codes are not. */
function shownUnit(unit: DicomJson): string {
  const meaning = firstString(unit, Tag.CodeMeaning) ?? ''
  const code = codeIn(unit)
  if (firstString(unit, Tag.CodingSchemeDesignator) !== 'UCUM') return meaning || code
  if (code === '1') return meaning === 'no units' || meaning === '1' ? '' : meaning
  const annotation = /^\{(.+)\}$/.exec(code)?.[1]
  if (annotation !== undefined) return annotation
  if (/^\[hnsf'U\]$/.test(code)) return 'HU'
  const short = code
    .replace(/\{.*\}/g, '')
    .replace(/([a-z])2\b/g, '$1²')
    .replace(/([a-z])3\b/g, '$1³')
  return /[[\]]/.test(short) ? meaning : short.replace(/^um/, 'µm')
}

function referenceValue(item: DicomJson, isImage: boolean, reading: Reading): ReportValue {
  const [reference = {}] = items(item, Tag.ReferencedSOPSequence)
  const sopInstanceUid = firstString(reference, Tag.ReferencedSOPInstanceUID) ?? ''
  const place = reading.places.get(sopInstanceUid)
  return {
    kind: 'reference',
    isImage,
    to: {
      sopClassUid: firstString(reference, Tag.ReferencedSOPClassUID) ?? '',
      sopInstanceUid,
      frameNumbers: numbers(reference, Tag.ReferencedFrameNumber),
      seriesInstanceUid: place?.series,
      studyInstanceUid: place?.study,
    } satisfies ImageReference,
  }
}

/** Both sequences of evidence name all instances the tree refers to, by study and series. */
function placesOf(instance: DicomJson): Reading['places'] {
  const places = new Map<string, { study: string; series: string }>()
  for (const tag of [Tag.CurrentRequestedProcedureEvidenceSequence, Tag.PertinentOtherEvidenceSequence])
    for (const study of items(instance, tag))
      for (const series of items(study, Tag.ReferencedSeriesSequence))
        for (const one of items(series, Tag.ReferencedSOPSequence)) {
          const uid = firstString(one, Tag.ReferencedSOPInstanceUID)
          if (uid === undefined) continue
          places.set(uid, {
            study: firstString(study, Tag.StudyInstanceUID) ?? '',
            series: firstString(series, Tag.SeriesInstanceUID) ?? '',
          })
        }
  return places
}

function verificationOf(observer: DicomJson): Verification {
  return {
    name: firstPersonName(observer, Tag.VerifyingObserverName),
    organisation: firstString(observer, Tag.VerifyingOrganization) ?? '',
    dateTime: firstString(observer, Tag.VerificationDateTime) ?? '',
  }
}

/** By the concept's name, which is the same in every version: (121049, DCM) and its descendants. */
function languageOf({ modifiers }: Pick<ReportItem, 'modifiers'>): string {
  const found = modifiers.find(({ name }) => /^Language of Content/i.test(name))
  return found?.value?.kind === 'code' ? found.value.meaning : ''
}

function meaningIn(item: DicomJson, tag: string): string {
  const [concept = {}] = items(item, tag)
  return firstString(concept, Tag.CodeMeaning) ?? codeIn(concept)
}

const codeIn = (concept: DicomJson): string =>
  firstString(concept, Tag.CodeValue) ??
  firstString(concept, Tag.LongCodeValue) ??
  firstString(concept, Tag.UrnCodeValue) ??
  ''
