import { createHash } from 'node:crypto'
import { firstNumber, firstString, items, numbers, type DicomJson } from '../../dicom/dicom-json.ts'
import { Tag } from '../../dicom/tag.ts'
import { isUsableUid } from '../../dicom/uid.ts'
import { scaleOf } from '../scale.ts'
import type { Calibration, Code, ImagePoint, MeasuredValue } from '../shapes.ts'
import { Concept, isConcept, quantityOf } from './codes.ts'
import { geometryOfGraphics, type Graphic, type TracedGraphic } from './graphics.ts'
import { isGivenName } from './identifier.ts'
import type { ReportMark } from './measurement-group.ts'

export interface ReportReading {
  readonly marks: readonly ReportMark[]
  /** Measurement groups that cannot be drawn: of segmentations, in three dimensions, or shapes we do not have. */
  readonly undrawn: number
}

export interface ReadOptions {
  /** How it is known what a pixel of an image measures at these points; the image says, if it is there. */
  calibrationOf(
    image: { sopInstanceUid: string; frameNumber: number },
    points: readonly ImagePoint[],
  ): Calibration
}

/**
 * The marks of a measurement report (PS3.16 TID 1500), ours or another maker's, in its order. What a group has that no mark of
 * ours does is left out; `undrawn` counts the groups of which nothing remains. No document is too broken to be asked: one
 * that is no measurement report has no marks.
 */
export function readReport(document: DicomJson, options: ReadOptions): ReportReading {
  if (!isConcept(nameOf(document), Concept.report)) return { marks: [], undrawn: 0 }
  const context: Context = { document, options }
  const groups = childrenOf(document)
    .filter((item) => isConcept(nameOf(item), Concept.imagingMeasurements))
    .flatMap(childrenOf)
    .filter((item) => isConcept(nameOf(item), Concept.measurementGroup))
  const marks = groups.flatMap((group, index) => markOf(group, index, context) ?? [])
  return { marks, undrawn: groups.length - marks.length }
}

/** SOP Instance UIDs that measurements of a document are on. */
export function referencedImages(document: DicomJson): string[] {
  return childrenOf(document).flatMap((item) => {
    const [reference] = items(item, Tag.ReferencedSOPSequence)
    const own = reference && firstString(reference, Tag.ReferencedSOPInstanceUID)
    return [...(own === undefined ? [] : [own]), ...referencedImages(item)]
  })
}

interface Context {
  readonly document: DicomJson
  readonly options: ReadOptions
}

function markOf(group: DicomJson, index: number, context: Context): ReportMark | undefined {
  const content = childrenOf(group)
  const traced = content.flatMap((item) => tracedBy(item, context.document))
  const [first] = traced
  if (first === undefined) return undefined
  const place = { sopInstanceUid: first.sopInstanceUid, frameNumber: first.frameNumber }
  if (traced.some(({ sopInstanceUid }) => sopInstanceUid !== place.sopInstanceUid)) return undefined
  const graphics = withoutRepeats(traced)
  const text = content.find(
    (item) => valueTypeOf(item) === 'TEXT' && tracedBy(item, context.document).length > 0,
  )
  const values = content.flatMap((item) => measuredValue(item) ?? [])
  const points = graphics.flatMap((graphic) => graphic.points)
  const found = readerCalibration(content) ?? context.options.calibrationOf(place, points)
  const calibration = accepted(found, values)
  const findingSite = codeOf(find(content, Concept.findingSite))
  const geometry = geometryOfGraphics(graphics, calibration, text !== undefined, findingSite)
  if (geometry === undefined) return undefined
  const name =
    firstString(text ?? {}, Tag.TextValue) ??
    firstString(find(content, Concept.trackingIdentifier), Tag.TextValue)
  return {
    trackingUid: trackingUid(content, context.document, index),
    label: labelOf(name ?? ''),
    ...place,
    geometry,
    calibration,
    values,
    ...(findingSite === undefined || geometry.kind === 'vertebra' ? {} : { findingSite }),
  }
}

type Placed = TracedGraphic & { readonly sopInstanceUid: string; readonly frameNumber: number }

/** The graphics of a content item: its own, or those it was inferred from. */
function tracedBy(item: DicomJson, document: DicomJson): Placed[] {
  const type = valueTypeOf(item)
  if (type === 'SCOORD') return isSource(item) ? placed(item, document, undefined) : []
  if (type !== 'NUM' && type !== 'TEXT' && type !== 'CODE') return []
  const name = nameOf(item)
  const site = codeOf(find(childrenOf(item), Concept.findingSite))
  const of = type === 'NUM' && name !== undefined ? quantityOf(name, undefined, site)?.quantity : undefined
  return childrenOf(item)
    .map((child) => byReference(child, document))
    .filter((child) => valueTypeOf(child) === 'SCOORD' && isSource(child))
    .flatMap((child) => placed(child, document, of))
}

/** Where the text of a mark stands, say, is a property of it and no part of it. */
const isSource = (item: DicomJson): boolean =>
  !['HAS PROPERTIES', 'HAS CONCEPT MOD'].includes(firstString(item, Tag.RelationshipType) ?? '')

function placed(item: DicomJson, document: DicomJson, of: TracedGraphic['of']): Placed[] {
  const image = childrenOf(item)
    .map((child) => byReference(child, document))
    .find((child) => valueTypeOf(child) === 'IMAGE')
  const [reference] = image === undefined ? [] : items(image, Tag.ReferencedSOPSequence)
  const sopInstanceUid = reference && firstString(reference, Tag.ReferencedSOPInstanceUID)
  const graphic = graphicOf(item)
  if (reference === undefined || sopInstanceUid === undefined || graphic === undefined) return []
  const frameNumber = firstNumber(reference, Tag.ReferencedFrameNumber) ?? 1
  return [{ ...graphic, of, sopInstanceUid, frameNumber }]
}

const TYPES = ['POINT', 'POLYLINE', 'CIRCLE', 'ELLIPSE'] as const

function graphicOf(item: DicomJson): Graphic | undefined {
  const type = TYPES.find((one) => one === firstString(item, Tag.GraphicType))
  const flat = numbers(item, Tag.GraphicData)
  if (type === undefined || flat.length < 2 || flat.length % 2 === 1) return undefined
  const points: ImagePoint[] = []
  for (let at = 0; at < flat.length; at += 2) points.push([flat[at] ?? 0, flat[at + 1] ?? 0])
  return { type, points }
}

/** Several measurements may be inferred from the same coordinates. */
function withoutRepeats(graphics: readonly Placed[]): Placed[] {
  const seen = new Set<string>()
  return graphics.filter(({ type, points }) => {
    const key = `${type} ${points.join(' ')}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** The item itself, or the one that it stands for (PS3.3 C.17.3.2.5): the position of each on the way from the root, from 1. */
function byReference(item: DicomJson, document: DicomJson): DicomJson {
  const [, ...path] = numbers(item, Tag.ReferencedContentItemIdentifier)
  if (path.length === 0) return item
  let at: DicomJson | undefined = document
  for (const position of path) at = at && items(at, Tag.ContentSequence)[position - 1]
  return at ?? item
}

/** What a measurement says, in the units that we measure in. */
function measuredValue(item: DicomJson): MeasuredValue | undefined {
  const name = nameOf(item)
  if (valueTypeOf(item) !== 'NUM' || isContext(item) || name === undefined) return undefined
  const modifier = (concept: Code): Code | undefined => codeOf(find(childrenOf(item), concept))
  const known = quantityOf(name, modifier(Concept.derivation), modifier(Concept.findingSite))
  const [measured] = items(item, Tag.MeasuredValueSequence)
  if (known === undefined || measured === undefined) return undefined
  const value = firstNumber(measured, Tag.FloatingPointValue) ?? firstNumber(measured, Tag.NumericValue)
  const [unit] = items(measured, Tag.MeasurementUnitsCodeSequence)
  const code = unit && codeItemOf(unit)
  if (value === undefined || code === undefined) return undefined
  const [ours, times] = unitOf(code)
  const { quantity, intensity } = known
  return {
    quantity,
    value: value * times * known.times,
    unit: ours,
    ...(intensity === undefined ? {} : { intensity }),
  }
}

const isContext = (item: DicomJson): boolean => firstString(item, Tag.RelationshipType) === 'HAS ACQ CONTEXT'

const UNITS: Readonly<Record<string, readonly [string, number]>> = {
  cm: ['mm', 10],
  um: ['mm', 1e-3],
  m: ['mm', 1e3],
  cm2: ['mm2', 100],
  ms: ['s', 1e-3],
  'cm/s': ['mm/s', 10],
  'm/s': ['mm/s', 1e3],
  '{SUVbw}g/ml': ['g/ml{SUVbw}', 1],
  HU: ["[hnsf'U]", 1],
}

/** The unit as we write it, and what its values are multiplied by. Some write pixels as nothing. */
function unitOf({ value, meaning }: Code): readonly [string, number] {
  if (value === '1' && /^(px|pixels?)$/i.test(meaning)) return ['{pixels}', 1]
  if (value === '1' && /^mm\u00b2?$/.test(meaning)) return [meaning === 'mm' ? 'mm' : 'mm2', 1]
  return UNITS[value] ?? [value.slice(0, 16), 1]
}

/** A line of known length that the reader drew. */
function readerCalibration(content: readonly DicomJson[]): Calibration | undefined {
  const context = content.filter(isContext)
  const method = codeOf(find(context, Concept.calibrationMethod))
  if (!isConcept(method, Concept.calibrationObjectUsed)) return undefined
  const number = (concept: Code): number => valueIn(find(context, concept)) ?? 0
  const [x, y] = [number(Concept.horizontalPixelSpacing), number(Concept.verticalPixelSpacing)]
  const millimetres = number(Concept.calibrationObjectSize)
  return x > 0 && y > 0 && millimetres > 0
    ? { kind: 'known-length', spacing: [x, y], millimetres }
    : undefined
}

function valueIn(item: DicomJson): number | undefined {
  const [measured] = items(item, Tag.MeasuredValueSequence)
  if (measured === undefined) return undefined
  return firstNumber(measured, Tag.FloatingPointValue) ?? firstNumber(measured, Tag.NumericValue)
}

/** Millimetres on a detector's image: the reader accepted that they are those of the detector. */
function accepted(calibration: Calibration, values: readonly MeasuredValue[]): Calibration {
  const inMillimetres = values.some(({ unit }) => unit === 'mm' || unit === 'mm2')
  return calibration.kind === 'detector' && inMillimetres && scaleOf(calibration)?.unit !== 'mm'
    ? { ...calibration, accepted: true }
    : calibration
}

const LONGEST_LABEL = 64

/** One line; empty for a name that no reader gave. */
function labelOf(name: string): string {
  // What is between a maker's name of its tool and the mark is for that tool.
  if (isGivenName(name) || /^Cornerstone3DTools@/i.test(name)) return ''
  return [...name.replace(/[\\\x00-\x1f\x7f]+/g, ' ').trim()].slice(0, LONGEST_LABEL).join('')
}

/** The one of the document; for a group that has none, one that is the same at each reading. */
function trackingUid(content: readonly DicomJson[], document: DicomJson, index: number): string {
  const own = firstString(find(content, Concept.trackingUid), Tag.UID)
  if (own !== undefined && own.length <= 64 && isUsableUid(own)) return own
  const name = `${firstString(document, Tag.SOPInstanceUID) ?? ''} ${index}`
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 32)
  return `2.25.${BigInt(`0x${hash}`)}`
}

const childrenOf = (item: DicomJson): DicomJson[] => items(item, Tag.ContentSequence)

const valueTypeOf = (item: DicomJson): string | undefined => firstString(item, Tag.ValueType)

const find = (content: readonly DicomJson[], concept: Code): DicomJson =>
  content.find((item) => isConcept(nameOf(item), concept)) ?? {}

function nameOf(item: DicomJson): Code | undefined {
  const [name] = items(item, Tag.ConceptNameCodeSequence)
  return name && codeItemOf(name)
}

function codeOf(item: DicomJson): Code | undefined {
  const [code] = items(item, Tag.ConceptCodeSequence)
  return code && codeItemOf(code)
}

function codeItemOf(item: DicomJson): Code | undefined {
  const value = firstString(item, Tag.CodeValue) ?? firstString(item, Tag.LongCodeValue)
  const scheme = firstString(item, Tag.CodingSchemeDesignator)
  if (value === undefined || scheme === undefined) return undefined
  return { value, scheme, meaning: firstString(item, Tag.CodeMeaning) ?? value }
}
