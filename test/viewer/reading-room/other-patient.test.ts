import { describe, expect, it } from 'vitest'
import type { WorklistStudy } from '../../../core/contract/api.ts'
import { isSamePerson } from '../../../viewer/reading-room/other-patient.tsx'

const study = (more: Partial<WorklistStudy>): WorklistStudy =>
  ({
    patientName: { Alphabetic: 'Wang^Fang' },
    patientId: 'P7',
    patientBirthDate: '19700102',
    patientSex: 'F',
    ...more,
  }) as WorklistStudy

describe('whether two studies are of one person', () => {
  it('is so where nothing contradicts: spelling in capitals, empty name parts, what is not said', () => {
    expect(isSamePerson(study({}), study({ patientName: { Alphabetic: 'WANG^FANG^^' } }))).toBe(true)
    expect(isSamePerson(study({}), study({ patientName: null, patientBirthDate: '', patientSex: '' }))).toBe(
      true,
    )
  })

  it.each([
    { patientName: { Alphabetic: 'Wang^Fei' } },
    { patientId: 'P8' },
    { patientBirthDate: '19710102' },
    { patientSex: 'M' },
  ])('is not so with %o', (more) => {
    expect(isSamePerson(study({}), study(more))).toBe(false)
  })
})
