import type { XmlElement } from './read-xml.ts'

interface Rule {
  /** Those that end with `?` may be absent. */
  readonly attributes: Readonly<Record<string, RegExp>>
  /** In their order, each with how often it comes: once, `?`, `*` or `+`. */
  readonly children: readonly string[]
  readonly text?: RegExp
}

const TOKEN = /^\S(.*\S)?$/su
const TEXT = /^/
const BOOLEAN = /^(true|false)$/
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
const CODED: Rule = {
  attributes: { 'csd-code': TOKEN, codeSystemName: TOKEN, 'displayName?': TOKEN, originalText: TOKEN },
  children: [],
}

/** The schema of DICOM audit messages, as far as this archive writes them. Source: PS3.15 A.5.1.1. */
const RULES: Readonly<Record<string, Rule>> = {
  AuditMessage: {
    attributes: {},
    children: [
      'EventIdentification',
      'ActiveParticipant+',
      'AuditSourceIdentification',
      'ParticipantObjectIdentification*',
    ],
  },
  EventIdentification: {
    attributes: {
      'EventActionCode?': /^[CRUDE]$/,
      EventDateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
      EventOutcomeIndicator: /^(0|4|8|12)$/,
    },
    children: ['EventID', 'EventTypeCode*', 'EventOutcomeDescription?'],
  },
  ActiveParticipant: {
    attributes: {
      UserID: /./,
      'AlternativeUserID?': TEXT,
      'UserName?': TEXT,
      UserIsRequestor: BOOLEAN,
      'NetworkAccessPointID?': TOKEN,
      'NetworkAccessPointTypeCode?': /^[1-5]$/,
    },
    children: ['RoleIDCode*', 'MediaIdentifier?'],
  },
  MediaIdentifier: { attributes: {}, children: ['MediaType'] },
  AuditSourceIdentification: {
    attributes: { 'AuditEnterpriseSiteID?': TOKEN, AuditSourceID: TOKEN },
    children: ['AuditSourceTypeCode*'],
  },
  AuditSourceTypeCode: { attributes: { 'csd-code': /^[1-9]$/ }, children: [] },
  ParticipantObjectIdentification: {
    attributes: {
      ParticipantObjectID: TOKEN,
      'ParticipantObjectTypeCode?': /^[1-4]$/,
      'ParticipantObjectTypeCodeRole?': /^([1-9]|1\d|2[0-6])$/,
      'ParticipantObjectDataLifeCycle?': /^([1-9]|1[0-5])$/,
    },
    // A name or a query: looked at below.
    children: [
      'ParticipantObjectIDTypeCode',
      'ParticipantObjectName?',
      'ParticipantObjectQuery?',
      'ParticipantObjectDetail*',
    ],
  },
  ParticipantObjectName: { attributes: {}, children: [], text: TOKEN },
  ParticipantObjectQuery: { attributes: {}, children: [], text: BASE64 },
  ParticipantObjectDetail: { attributes: { type: TOKEN, value: /^[A-Za-z0-9+/]*={0,2}$/ }, children: [] },
  EventOutcomeDescription: { attributes: {}, children: [], text: TEXT },
  EventID: CODED,
  EventTypeCode: CODED,
  RoleIDCode: CODED,
  MediaType: CODED,
  ParticipantObjectIDTypeCode: CODED,
}

/** Where an element does not have the shape that the schema gives it; nothing when it has. */
export function schemaFaults(element: XmlElement): string[] {
  const { name, attributes, children, text } = element
  const rule = RULES[name]
  if (rule === undefined) return [`${name} is not in the schema`]
  const faults: string[] = []
  const known = Object.keys(rule.attributes)
  for (const key of known) {
    const value = attributes[key.replace('?', '')]
    if (value === undefined ? !key.endsWith('?') : !rule.attributes[key]?.test(value))
      faults.push(`${name}@${key}: ${value}`)
  }
  for (const key of Object.keys(attributes))
    if (!known.includes(key) && !known.includes(`${key}?`)) faults.push(`${name}@${key} is not in the schema`)
  const order = new RegExp(
    `^${rule.children.map((child) => `(?:${child.replace(/[?*+]$/, '')} )${/[?*+]$/.exec(child)?.[0] ?? ''}`).join('')}$`,
  )
  const names = children.map((child) => `${child.name} `).join('')
  if (!order.test(names)) faults.push(`${name} has ${names}`)
  if (!(rule.text ?? /^$/).test(text)) faults.push(`${name} holds ${text}`)
  if (name === 'ParticipantObjectIdentification' && /Name/.test(names) === /Query/.test(names))
    faults.push('a participant object has a name or a query')
  return [...faults, ...children.flatMap(schemaFaults)]
}
