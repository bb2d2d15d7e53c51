import type { z } from 'zod'
import type { AuditEntryView } from '../contract/api.ts'
import { codesOf } from './audit-codes.ts'

type Entry = z.infer<typeof AuditEntryView>

const CSV_COLUMNS: readonly (readonly [string, (entry: Entry) => string])[] = [
  ['id', (entry) => entry.id],
  ['occurred_at', (entry) => entry.occurredAt],
  ['event', (entry) => entry.event],
  ['outcome', (entry) => entry.outcome],
  ['person', (entry) => entry.person?.displayName ?? ''],
  ['email', (entry) => entry.person?.email ?? ''],
  ['subject', (entry) => entry.subject?.email ?? ''],
  ['address', (entry) => entry.address ?? ''],
  ['study_instance_uid', (entry) => entry.studyInstanceUid ?? ''],
  ['patient_id', (entry) => entry.patientId ?? ''],
  ['patient_name', (entry) => Object.values(entry.patientName ?? {}).join(' = ')],
  ['detail', (entry) => JSON.stringify(entry.detail)],
]

/** RFC 4180 with a head line, UTF-8 with its mark, so that a spreadsheet shows names right. */
export async function* auditCsv(entries: AsyncIterable<Entry>): AsyncGenerator<string> {
  yield `\uFEFF${CSV_COLUMNS.map(([name]) => name).join(',')}\r\n`
  for await (const entry of entries) {
    yield `${CSV_COLUMNS.map(([, value]) => csvField(value(entry))).join(',')}\r\n`
  }
}

/** A field that a spreadsheet would run as a formula begins with an apostrophe. */
function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A FHIR R4 Bundle (type collection) of AuditEvent resources, written as it is read. */
export async function* auditFhir(entries: AsyncIterable<Entry>): AsyncGenerator<string> {
  yield '{"resourceType":"Bundle","type":"collection","entry":['
  let first = true
  for await (const entry of entries) {
    yield `${first ? '' : ','}${JSON.stringify({ fullUrl: `urn:yunying:audit:${entry.id}`, resource: fhirAuditEvent(entry) })}`
    first = false
  }
  yield ']}'
}

const DCM = 'http://dicom.nema.org/resources/ontology/DCM'

/** AuditEvent as HL7 FHIR R4 defines it. */
export function fhirAuditEvent(entry: Entry): object {
  const { event, type, action, outcome } = codesOf(entry)
  return {
    resourceType: 'AuditEvent',
    id: entry.id,
    type: { system: DCM, code: event.code, display: event.meaning },
    ...(type === undefined ? {} : { subtype: [{ system: DCM, code: type.code, display: type.meaning }] }),
    action,
    recorded: entry.occurredAt,
    outcome,
    agent: [
      {
        requestor: entry.person !== null,
        who: {
          identifier: { value: entry.person?.email ?? entry.detail['actor'] ?? 'unknown' },
          display: entry.person?.displayName ?? 'Yunying',
        },
        ...(entry.address === null ? {} : { network: { address: entry.address, type: '2' } }),
      },
    ],
    source: { observer: { display: 'Yunying' } },
    entity: [
      ...(entry.studyInstanceUid === null
        ? []
        : [
            {
              what: { identifier: { system: 'urn:dicom:uid', value: `urn:oid:${entry.studyInstanceUid}` } },
              role: { system: 'http://terminology.hl7.org/CodeSystem/object-role', code: '3' },
            },
          ]),
      ...(entry.patientId === null
        ? []
        : [
            {
              what: { identifier: { value: entry.patientId } },
              role: { system: 'http://terminology.hl7.org/CodeSystem/object-role', code: '1' },
            },
          ]),
      {
        detail: Object.entries(entry.detail).map(([type, value]) => ({ type, valueString: String(value) })),
      },
    ],
  }
}
