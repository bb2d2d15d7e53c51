import { keywordOfTag } from './dictionary.ts'
import type { DicomJson, DicomJsonElement, DicomJsonPersonName, DicomJsonValue } from './dicom-json.ts'

/** One data set in the Native DICOM Model. Source: PS3.19 A.1. */
export function toNativeXml(json: DicomJson): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM">${attributes(json)}</NativeDicomModel>`
}

function attributes(json: DicomJson): string {
  return Object.entries(json)
    .map(([tag, element]) => {
      const keyword = keywordOfTag(tag)
      const named = keyword === undefined ? '' : ` keyword="${keyword}"`
      return `<DicomAttribute tag="${tag}" vr="${escapeXml(element.vr)}"${named}>${content(element)}</DicomAttribute>`
    })
    .join('')
}

function content(element: DicomJsonElement): string {
  if (element.InlineBinary !== undefined) return `<InlineBinary>${element.InlineBinary}</InlineBinary>`
  if (element.BulkDataURI !== undefined) return `<BulkData uri="${escapeXml(element.BulkDataURI)}"/>`
  return (element.Value ?? []).map((value, index) => one(element.vr, value, index + 1)).join('')
}

function one(vr: string, value: DicomJsonValue, number: number): string {
  if (value === null) return ''
  if (vr === 'SQ')
    return `<Item number="${number}">${typeof value === 'object' ? attributes(value as DicomJson) : ''}</Item>`
  if (vr === 'PN') return personName(value, number)
  return `<Value number="${number}">${escapeXml(String(value))}</Value>`
}

const COMPONENTS = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'] as const

function personName(value: DicomJsonValue, number: number): string {
  const groups: DicomJsonPersonName =
    typeof value === 'object' ? (value as DicomJsonPersonName) : { Alphabetic: String(value) }
  const inside = (['Alphabetic', 'Ideographic', 'Phonetic'] as const)
    .filter((group) => groups[group] !== undefined)
    .map((group) => {
      const parts = (groups[group] ?? '').split('^').slice(0, COMPONENTS.length)
      const named = parts.map((part, index) =>
        part === '' ? '' : `<${COMPONENTS[index]}>${escapeXml(part)}</${COMPONENTS[index]}>`,
      )
      return `<${group}>${named.join('')}</${group}>`
    })
  return `<PersonName number="${number}">${inside.join('')}</PersonName>`
}

/** Also drops what XML 1.0 cannot carry at all. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
}
