import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AUDIT_EVENTS } from '../../../core/audit/audit-events.ts'
import { auditMessage, type RecordedEvent } from '../../../core/audit/audit-message.ts'
import { fhirAuditEvent } from '../../../core/audit/present-audit.ts'
import { schemaFaults } from '../../support/audit-schema.ts'
import { readXml, type XmlElement } from '../../support/read-xml.ts'

const ORGANISATION = '00000000-0000-4000-8000-00000000000a'
const recorded = (given: Partial<RecordedEvent>): RecordedEvent => ({
  id: 17,
  seq: 3,
  organisationId: ORGANISATION,
  occurredAt: '2026-01-02T03:04:05.000006Z',
  event: 'instances-accessed',
  outcome: 'success',
  person: { userId: 'u-1', email: 'li.wei@example.org', displayName: '李伟' },
  address: '192.0.2.7',
  studyInstanceUid: '1.2.3',
  patientId: 'P-77',
  issuerOfPatientId: null,
  detail: {},
  ...given,
})

const read = (given: Partial<RecordedEvent>): XmlElement =>
  readXml(auditMessage(recorded(given), 'pacs.example.org'))
const all = (root: XmlElement, name: string): XmlElement[] =>
  root.children.filter((child) => child.name === name)
const codeOf = (element: XmlElement | undefined, name: string): string | undefined =>
  element?.children.find((child) => child.name === name)?.attributes['csd-code']
const eventOf = (root: XmlElement): (string | undefined)[] => {
  const [event] = all(root, 'EventIdentification')
  const { EventActionCode, EventOutcomeIndicator } = event?.attributes ?? {}
  return [codeOf(event, 'EventID'), codeOf(event, 'EventTypeCode'), EventActionCode, EventOutcomeIndicator]
}
/** Type, role, type of the id, id. */
const objectsOf = (root: XmlElement): (string | undefined)[][] =>
  all(root, 'ParticipantObjectIdentification').map((object) => [
    object.attributes['ParticipantObjectTypeCode'],
    object.attributes['ParticipantObjectTypeCodeRole'],
    codeOf(object, 'ParticipantObjectIDTypeCode'),
    object.attributes['ParticipantObjectID'],
  ])
const RECORD = ['2', '13', '12', 'urn:yunying:audit:17']
const STUDY = ['2', '3', '110180', '1.2.3']
const PATIENT = ['1', '1', '2', 'P-77']

describe('auditMessage', () => {
  it('says who opened whose study, when and from where', () => {
    const root = read({})
    expect(schemaFaults(root)).toEqual([])
    expect(eventOf(root)).toEqual(['110103', undefined, 'R', '0'])
    expect(root.children[0]?.attributes['EventDateTime']).toBe('2026-01-02T03:04:05.000006Z')
    const [person, archive] = all(root, 'ActiveParticipant')
    expect(person?.attributes).toEqual({
      UserID: 'li.wei@example.org',
      UserName: '李伟',
      UserIsRequestor: 'true',
      NetworkAccessPointID: '192.0.2.7',
      NetworkAccessPointTypeCode: '2',
    })
    expect(archive?.attributes).toMatchObject({
      UserID: 'yunying@pacs.example.org',
      UserIsRequestor: 'false',
    })
    expect(all(root, 'AuditSourceIdentification')[0]?.attributes).toEqual({
      AuditEnterpriseSiteID: ORGANISATION,
      AuditSourceID: 'yunying@pacs.example.org',
    })
    expect(objectsOf(root)).toEqual([STUDY, PATIENT, RECORD])
  })

  it.each<[string, Partial<RecordedEvent>, (string | undefined)[]]>([
    ['a sign-in', { event: 'user-authentication' }, ['110114', '110122', 'E', '0']],
    [
      'a sign-out',
      { event: 'user-authentication', detail: { change: 'signed-out' } },
      ['110114', '110123', 'E', '0'],
    ],
    [
      'a refusal',
      { event: 'security-alert', outcome: 'denied', detail: { action: 'user.manage' } },
      ['110113', '110132', 'E', '4'],
    ],
    [
      'an emergency',
      { event: 'security-alert', detail: { change: 'emergency-started' } },
      ['110113', '110127', 'E', '0'],
    ],
    [
      'a new rule',
      { event: 'configuration-changed', detail: { change: 'rule-added' } },
      ['110113', '110136', 'E', '0'],
    ],
    [
      'a new password',
      { event: 'configuration-changed', detail: { change: 'password-changed' } },
      ['110113', '110137', 'E', '0'],
    ],
    [
      'a link',
      { event: 'configuration-changed', detail: { change: 'share-created' } },
      ['110113', '110135', 'E', '0'],
    ],
    [
      'a grant',
      { event: 'configuration-changed', detail: { change: 'study-granted' } },
      ['110113', '110135', 'E', '0'],
    ],
    [
      'what was sent in',
      { event: 'instances-transferred', detail: { action: 'stored', count: 2 } },
      ['110104', undefined, 'C', '0'],
    ],
    [
      'what was fetched',
      { event: 'instances-transferred', detail: { instances: 2 } },
      ['110104', undefined, 'R', '0'],
    ],
    ['the trail on the screen', { event: 'audit-log-used' }, ['110101', undefined, 'R', '0']],
    ['the trail as a file', { event: 'export', detail: { what: 'audit' } }, ['110101', undefined, 'R', '0']],
    ['a download', { event: 'export', outcome: 'failure' }, ['110106', undefined, 'R', '8']],
  ])('codes %s as its table says, and FHIR agrees', (_, given, codes) => {
    const root = read(given)
    expect(schemaFaults(root)).toEqual([])
    expect(eventOf(root)).toEqual(codes)
    const { event, outcome, detail } = recorded(given)
    const fhir = fhirAuditEvent({
      ...recorded(given),
      id: '17',
      event,
      outcome,
      detail,
      patientName: null,
      subject: null,
    })
    expect(fhir).toMatchObject({ type: { code: codes[0] }, action: codes[2], outcome: codes[3] })
    if (codes[1] !== undefined) expect(fhir).toMatchObject({ subtype: [{ code: codes[1] }] })
  })

  it('names where instances came from and where they went', () => {
    const roles = (given: Partial<RecordedEvent>) =>
      all(read({ event: 'instances-transferred', ...given }), 'ActiveParticipant').map((each) =>
        codeOf(each, 'RoleIDCode'),
      )
    expect(roles({ detail: { action: 'stored' } })).toEqual(['110153', '110152'])
    expect(roles({ detail: { instances: 1 } })).toEqual(['110152', '110153'])
    expect(roles({ event: 'query', detail: { level: 'study' } })).toEqual(['110153', '110152'])
    expect(roles({ event: 'export' })).toEqual(['110153', '110153', '110154'])
  })

  it('says of a search of what kind it was, and of an alert what it is about', () => {
    const asked = all(
      read({ event: 'query', detail: { level: 'series', found: 3 } }),
      'ParticipantObjectIdentification',
    )
    const query = asked[2]?.children.find(({ name }) => name === 'ParticipantObjectQuery')?.text
    expect(Buffer.from(query ?? '', 'base64').toString()).toBe('level=series')
    const alert = all(
      read({ event: 'security-alert', detail: { change: 'emergency-started' } }),
      'ParticipantObjectIdentification',
    )
    const details = alert.at(-1)?.children.filter(({ name }) => name === 'ParticipantObjectDetail')
    expect(details?.map(({ attributes }) => attributes['type'])).toEqual([
      'Alert Description',
      'Chain Position',
      'change',
    ])
    expect(Buffer.from(details?.[0]?.attributes['value'] ?? '', 'base64').toString()).toBe(
      'emergency-started',
    )
  })

  it('says why something was refused, and where an unknown person came from', () => {
    const root = read({
      event: 'user-authentication',
      outcome: 'denied',
      person: null,
      address: null,
      studyInstanceUid: null,
      patientId: null,
      detail: { actor: 'sign-in', reason: 'account-unknown', address: '198.51.100.4' },
    })
    expect(schemaFaults(root)).toEqual([])
    expect(root.children[0]?.children.at(-1)).toMatchObject({
      name: 'EventOutcomeDescription',
      text: 'account-unknown',
    })
    expect(all(root, 'ActiveParticipant').map(({ attributes }) => attributes['UserIsRequestor'])).toEqual([
      'false',
      'true',
    ])
    expect(all(root, 'ActiveParticipant')[0]?.attributes).toMatchObject({
      NetworkAccessPointID: '198.51.100.4',
    })
    expect(objectsOf(root)).toEqual([RECORD])
  })

  it('writes a Patient ID with who gave it, no name, and unknown where a table wants one of a study that is not here', () => {
    expect(objectsOf(read({ issuerOfPatientId: 'MADE' }))[1]?.[3]).toBe('P-77^^^MADE')
    expect(objectsOf(read({ patientId: null }))[1]?.[3]).toBe('unknown')
  })

  it('is well-formed and of the schema, whatever the record holds', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 })
    const filled = text.map((value) => `x${value}x`)
    const detail = fc.dictionary(
      fc.constantFrom('reason', 'change', 'actor', 'level', 'share'),
      fc.oneof(filled, fc.integer(), fc.boolean()),
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...AUDIT_EVENTS),
        fc.constantFrom('success', 'denied', 'failure'),
        fc.option(fc.record({ userId: fc.uuid(), email: filled, displayName: text })),
        fc.option(filled),
        detail,
        (event, outcome, person, patientId, details) => {
          const root = read({ event, outcome, person, patientId, detail: details })
          expect(schemaFaults(root)).toEqual([])
          const requestors = all(root, 'ActiveParticipant').filter(
            ({ attributes }) => attributes['UserIsRequestor'] === 'true',
          )
          expect(requestors).toHaveLength(1)
        },
      ),
    )
  })

  it('keeps what every receiver takes, however long a list is', () => {
    const series = Array.from({ length: 2_000 }, (_, index) => `2.25.${index}`).join(' ')
    const message = auditMessage(recorded({ event: 'export', detail: { series } }), 'pacs.example.org')
    expect(Buffer.byteLength(message)).toBeLessThan(16_384)
  })
})
