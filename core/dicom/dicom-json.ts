/** DICOM JSON Model, PS3.18 Annex F. */
export interface DicomJsonPersonName {
  Alphabetic?: string
  Ideographic?: string
  Phonetic?: string
}

export type DicomJsonValue = string | number | null | DicomJsonPersonName | DicomJson

export interface DicomJsonElement {
  vr: string
  Value?: DicomJsonValue[]
  BulkDataURI?: string
  InlineBinary?: string
}

/** Keys are eight upper-case hexadecimal digits, in ascending order. */
export interface DicomJson {
  [tag: string]: DicomJsonElement
}

/** First value as text, or undefined when absent or empty. */
export function firstString(json: DicomJson, tag: string): string | undefined {
  const value = json[tag]?.Value?.[0]
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' ? String(value) : undefined
}

/** First value as a number (IS and DS are numbers in Annex F; text that is one is accepted), or undefined. */
export function firstNumber(json: DicomJson, tag: string): number | undefined {
  const value = json[tag]?.Value?.[0]
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const parsed = Number(value)
  return Number.isFinite(parsed) ? parsed : undefined
}

/** All values that are numbers (or text that is one). */
export function numbers(json: DicomJson, tag: string): number[] {
  return (json[tag]?.Value ?? []).map(Number).filter(Number.isFinite)
}

/** All values that are text. */
export function strings(json: DicomJson, tag: string): string[] {
  return (json[tag]?.Value ?? []).filter((value): value is string => typeof value === 'string')
}

/** First person name, or undefined when absent or empty. */
export function firstPersonName(json: DicomJson, tag: string): DicomJsonPersonName | undefined {
  const value = json[tag]?.Value?.[0]
  return json[tag]?.vr === 'PN' && typeof value === 'object' && value !== null
    ? (value as DicomJsonPersonName)
    : undefined
}

/** Items of a sequence; empty when absent. */
export function items(json: DicomJson, tag: string): DicomJson[] {
  return json[tag]?.vr === 'SQ'
    ? (json[tag].Value ?? []).filter((v): v is DicomJson => typeof v === 'object' && v !== null)
    : []
}
