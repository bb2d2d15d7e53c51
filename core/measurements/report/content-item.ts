import type { DicomJson, DicomJsonElement, DicomJsonPersonName } from '../../dicom/dicom-json.ts'
import { Tag } from '../../dicom/tag.ts'
import type { Code } from '../shapes.ts'
import { unitCode } from './codes.ts'

/** How a content item belongs to the one that holds it (PS3.3 Table C.17.3.2.4). */
export type Relationship =
  'CONTAINS' | 'HAS OBS CONTEXT' | 'HAS CONCEPT MOD' | 'HAS ACQ CONTEXT' | 'INFERRED FROM' | 'SELECTED FROM'

/** Content items as DICOM JSON (PS3.3 C.17.3, C.18). `name` may be absent only where a template says so. */
interface Item {
  /** Absent: the root of the document. */
  readonly relationship?: Relationship
  readonly name?: Code
}

/** A long code goes where there is room for it (PS3.3 8.1). */
export function codeItem({ value, scheme, meaning }: Code): DicomJson {
  return {
    ...(value.length > 16
      ? { [Tag.LongCodeValue]: one('UC', value) }
      : { [Tag.CodeValue]: one('SH', value) }),
    [Tag.CodingSchemeDesignator]: one('SH', scheme),
    [Tag.CodeMeaning]: one('LO', meaning),
  }
}

export function container(item: Item, content: readonly DicomJson[], template?: string): DicomJson {
  return {
    ...head(item, 'CONTAINER'),
    [Tag.ContinuityOfContent]: one('CS', 'SEPARATE'),
    ...(template === undefined
      ? {}
      : {
          [Tag.ContentTemplateSequence]: sequence([
            { [Tag.MappingResource]: one('CS', 'DCMR'), [Tag.TemplateIdentifier]: one('CS', template) },
          ]),
        }),
    ...holding(content),
  }
}

export const textItem = (item: Item, text: string, content: readonly DicomJson[] = []): DicomJson => ({
  ...head(item, 'TEXT'),
  [Tag.TextValue]: one('UT', text),
  ...holding(content),
})

export const codeContent = (item: Item, code: Code, content: readonly DicomJson[] = []): DicomJson => ({
  ...head(item, 'CODE'),
  [Tag.ConceptCodeSequence]: sequence([codeItem(code)]),
  ...holding(content),
})

export const uidItem = (item: Item, uid: string): DicomJson => ({
  ...head(item, 'UIDREF'),
  [Tag.UID]: one('UI', uid),
})

export const personItem = (item: Item, name: DicomJsonPersonName): DicomJson => ({
  ...head(item, 'PNAME'),
  [Tag.PersonName]: { vr: 'PN', Value: [name] },
})

/** A number with its unit; one that is not known says why instead (CID 42). */
export function numberItem(
  item: Item,
  measured: { readonly value: number; readonly unit: string } | { readonly missing: Code },
  content: readonly DicomJson[] = [],
): DicomJson {
  if ('missing' in measured) {
    return {
      ...head(item, 'NUM'),
      [Tag.MeasuredValueSequence]: sequence([]),
      [Tag.NumericValueQualifierCodeSequence]: sequence([codeItem(measured.missing)]),
      ...holding(content),
    }
  }
  const shown = decimalString(measured.value)
  return {
    ...head(item, 'NUM'),
    [Tag.MeasuredValueSequence]: sequence([
      {
        [Tag.MeasurementUnitsCodeSequence]: sequence([codeItem(unitCode(measured.unit))]),
        [Tag.NumericValue]: one('DS', shown),
        // Sixteen characters are not enough for every number.
        ...(shown === measured.value ? {} : { [Tag.FloatingPointValue]: one('FD', measured.value) }),
      },
    ]),
    ...holding(content),
  }
}

/** Two-dimensional graphics (PS3.3 C.18.6): [column, row] pairs, flat, as 32-bit floats. */
export const graphicItem = (
  item: Item,
  type: string,
  coordinates: readonly number[],
  content: readonly DicomJson[],
): DicomJson => ({
  ...head(item, 'SCOORD'),
  [Tag.GraphicData]: { vr: 'FL', Value: [...coordinates] },
  [Tag.GraphicType]: one('CS', type),
  ...holding(content),
})

/** `frameNumber`: of an image of several frames, 1-based. */
export const imageItem = (
  item: Item,
  image: {
    readonly sopClassUid: string
    readonly sopInstanceUid: string
    readonly frameNumber: number | undefined
  },
): DicomJson => ({
  ...head(item, 'IMAGE'),
  [Tag.ReferencedSOPSequence]: sequence([
    {
      [Tag.ReferencedSOPClassUID]: one('UI', image.sopClassUid),
      [Tag.ReferencedSOPInstanceUID]: one('UI', image.sopInstanceUid),
      ...(image.frameNumber === undefined
        ? {}
        : { [Tag.ReferencedFrameNumber]: one('IS', image.frameNumber) }),
    },
  ]),
})

function head({ relationship, name }: Item, valueType: string): DicomJson {
  return {
    ...(relationship === undefined ? {} : { [Tag.RelationshipType]: one('CS', relationship) }),
    [Tag.ValueType]: one('CS', valueType),
    ...(name === undefined ? {} : { [Tag.ConceptNameCodeSequence]: sequence([codeItem(name)]) }),
  }
}

const holding = (content: readonly DicomJson[]): DicomJson =>
  content.length === 0 ? {} : { [Tag.ContentSequence]: sequence(content) }

export const one = (vr: string, value: string | number): DicomJsonElement => ({ vr, Value: [value] })

export const sequence = (items: readonly DicomJson[]): DicomJsonElement =>
  items.length === 0 ? { vr: 'SQ' } : { vr: 'SQ', Value: [...items] }

/** The nearest number that DS can hold: sixteen characters (PS3.5 6.2). */
function decimalString(value: number): number {
  for (let digits = 16; digits > 1; digits--) {
    const rounded = Number(value.toPrecision(digits))
    if (String(rounded).length <= 16) return rounded
  }
  return Number(value.toPrecision(1))
}
