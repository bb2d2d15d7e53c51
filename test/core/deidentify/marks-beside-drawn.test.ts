import { expect, it } from 'vitest'
import { marksBesideDrawn, type IdentityMark } from '../../support/identity-of.ts'

const mark = (what: string, text: string): IdentityMark => ({ what, bytes: Buffer.from(text) })

it('finds what was left of an identity, and not what drawn digits have by chance', () => {
  const id = mark('patient ID', '99000')
  const accession = mark('accession number', 'ACC1')
  const uid = mark('study UID', '2.25.329800737698586629295641978511506172918')
  const found = (text: string): string[] => marksBesideDrawn(Buffer.from(text), [id, accession, uid])

  expect(found('UI 2.25.1239900045 LO ANON-0ACC1FFFFFFF')).toEqual([])
  expect(found('UI 2.25.1239900045 LO 99000')).toEqual(['patient ID: 99000'])
  expect(found('LO ANON-0ACC1FFFFFFF SH ACC1')).toEqual(['accession number: ACC1'])
  expect(found(`UI ${uid.bytes.toString()}`)).toEqual([`study UID: ${uid.bytes.toString()}`])
})
