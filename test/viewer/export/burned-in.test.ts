import { expect, it } from 'vitest'
import { burnedIn } from '../../../viewer/export/burned-in.ts'

const file = (modality: string, said?: string, conversion?: string) => ({
  '00080060': { vr: 'CS', Value: [modality] },
  ...(said === undefined ? {} : { '00280301': { vr: 'CS', Value: [said] } }),
  ...(conversion === undefined ? {} : { '00080064': { vr: 'CS', Value: [conversion] } }),
})

it('is what the file says', () => {
  expect(burnedIn(file('CT', 'YES'))).toBe('said')
  expect(burnedIn(file('US', 'NO'))).toBe('no')
})

it('is likely where the file does not say and such pictures often have words', () => {
  expect(burnedIn(file('US'))).toBe('likely')
  expect(burnedIn(file('OT'))).toBe('likely')
  // A CT as a secondary capture: a workstation's screen.
  expect(burnedIn(file('CT', undefined, 'WSD'))).toBe('likely')
  expect(burnedIn(file('CT'))).toBe('no')
})
