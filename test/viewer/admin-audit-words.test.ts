import { expect, it } from 'vitest'
import en from '../../viewer/locales/en/admin.json'
import shell from '../../viewer/locales/en/shell.json'
import people from '../../viewer/locales/en/people.json'
import { deedOf, notesOf } from '../../viewer/admin/audit-words.ts'

type Entry = Parameters<typeof deedOf>[0]
const SENTENCES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(en).map(([key, text]) => [`admin.${key}`, text])),
  ...Object.fromEntries(Object.entries(shell).map(([key, text]) => [`shell.${key}`, text])),
  ...Object.fromEntries(Object.entries(people).map(([key, text]) => [`people.${key}`, text])),
}
const t = ((key: string, values: { count?: number } = {}) => {
  const text = SENTENCES[key] ?? SENTENCES[`${key}_${values.count === 1 ? 'one' : 'other'}`]
  if (text === undefined) throw new Error(`no sentence for ${key}`)
  return text.replace('{count}', String(values.count))
}) as unknown as Parameters<typeof deedOf>[1]

const words = (event: string, detail: Entry['detail'], outcome = 'success'): [string, string] => {
  const entry: Entry = {
    id: '1',
    occurredAt: '2026-01-02T03:04:05.000006Z',
    event,
    outcome,
    person: null,
    subject: null,
    address: null,
    studyInstanceUid: null,
    patientId: null,
    patientName: null,
    detail,
  }
  return [deedOf(entry, t), notesOf(entry, t)]
}

const ID = '00000000-0000-4000-8000-00000000000a'

it.each<[string, Entry['detail'], string, string, string]>([
  ['user-authentication', { reason: 'password-wrong' }, 'denied', 'Signed in', 'Wrong password'],
  ['user-authentication', { method: 'password+code' }, 'success', 'Signed in', 'With password and code'],
  ['security-alert', { action: 'user.manage' }, 'denied', 'Manage people and how they sign in', ''],
  [
    'configuration-changed',
    { change: 'share-created', subject: ID, share: ID },
    'success',
    'Shared a study by link',
    '',
  ],
  [
    'configuration-changed',
    { change: 'hanging-protocol-deleted' },
    'success',
    'Changed a hanging protocol',
    '',
  ],
  [
    'instances-transferred',
    { action: 'stored', count: 1, source: 'upload' },
    'success',
    'Stored images',
    '1 image · Uploaded',
  ],
  ['instances-transferred', { instances: 120 }, 'success', 'Retrieved images', '120 images'],
  ['export', { what: 'study', format: 'zip', instances: 2 }, 'success', 'Exported', '2 images · ZIP'],
  ['export', { what: 'audit', format: 'csv' }, 'success', 'Exported the audit trail', 'CSV'],
  ['query', { level: 'study', found: 3 }, 'success', 'Searched', 'Studies · 3 found'],
  ['instances-accessed', { purpose: 'opening' }, 'success', 'Opened a study', ''],
  [
    'configuration-changed',
    { change: 'of-tomorrow', minutes: 5 },
    'success',
    'Changed settings or rights',
    'minutes: 5',
  ],
])('says %s %j %s in words', (event, detail, outcome, deed, notes) => {
  expect(words(event, detail, outcome)).toEqual([deed, notes])
})
