import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { datasetToJson } from '../../../core/dicom/parse-dataset.ts'
import { suvOf } from '../../../core/measurements/suv.ts'
import { describeWith } from '../../support/require.ts'
import { manifest, sharedDicom, SHARED_DICOM } from '../../support/shared-dicom.ts'

const of =
  (vr: string) =>
  (...values: (string | number)[]) => ({ vr, Value: values })
const [cs, ds, da, tm, dt, lo] = ['CS', 'DS', 'DA', 'TM', 'DT', 'LO'].map(of) as [
  ReturnType<typeof of>,
  ReturnType<typeof of>,
  ReturnType<typeof of>,
  ReturnType<typeof of>,
  ReturnType<typeof of>,
  ReturnType<typeof of>,
]

const INJECTED: DicomJson = {
  '00181072': tm('090000'),
  '00181074': ds(400e6),
  '00181075': ds(6000),
}
/** 80 kg; 400 MBq at nine, scanned 6000 s later: one half-life. */
const image = (more: DicomJson = {}, injected: DicomJson = INJECTED): DicomJson => ({
  '00080060': cs('PT'),
  '00541001': cs('BQML'),
  '00280051': cs('DECY', 'ATTN', 'SCAT'),
  '00541102': cs('START'),
  '00101030': ds(80),
  '00080021': da('20260301'),
  '00080031': tm('104000'),
  '00080022': da('20260301'),
  '00080032': tm('104500'),
  '00540016': { vr: 'SQ', Value: [injected] },
  ...more,
})
const HALVED = (80 * 1000) / 200e6
const known = (scale: number) => ({ kind: 'known', scale: expect.closeTo(scale, 12) })
const unknown = (because: string) => ({ kind: 'unknown', because })
const without = (tag: string, from: DicomJson): DicomJson =>
  Object.fromEntries(Object.entries(from).filter(([each]) => each !== tag))

describe('suvOf', () => {
  it('is the activity by what is left of the dose for each gram', () => {
    expect(suvOf(image())).toEqual(known(HALVED))
  })

  it('takes the dose as it was given where decay was corrected to then', () => {
    expect(suvOf(image({ '00541102': cs('ADMIN') }))).toEqual(known((80 * 1000) / 400e6))
  })

  it('takes the time of day before the scan, be it of yesterday', () => {
    const night = { '00080031': tm('003000'), '00080032': tm('003100') }
    const injected = { ...INJECTED, '00181072': tm('225000') }
    expect(suvOf(image(night, injected))).toEqual(known(HALVED))
  })

  it('takes the day and time of the injection where both are there', () => {
    const injected = { ...INJECTED, '00181072': tm('010000'), '00181078': dt('20260301090000.00+0800') }
    expect(suvOf(image({}, injected))).toEqual(known(HALVED))
  })

  it('goes back from the middle of the frame where the series was made again later', () => {
    // A short frame: its middle, by counts, is its middle. Acquired at 10:45, 300 s after the scan began.
    const later = {
      '00080031': tm('180000'),
      '00541300': ds(300_500),
      '00181242': { vr: 'IS', Value: [1000] },
    }
    const suv = suvOf(image(later))
    expect(suv).toMatchObject({ kind: 'known' })
    expect(suv?.kind === 'known' ? suv.scale / HALVED : 0).toBeCloseTo(1, 6)
    expect(suvOf(image({ '00080031': tm('180000') }))).toEqual(unknown('no-scan-time'))
    const kept = {
      '00080031': tm('180000'),
      '00090010': lo('GEMS_PETD_01'),
      '0009100D': dt('20260301104000'),
    }
    expect(suvOf(image(kept))).toEqual(known(HALVED))
  })

  it('takes uptake that is uptake already, if by body weight', () => {
    expect(suvOf(image({ '00541001': cs('GML') }))).toEqual(known(1))
    expect(suvOf(image({ '00541001': cs('GML'), '00541006': cs('LBM') }))).toEqual(unknown('other-uptake'))
  })

  it("takes counts by the maker's own factors, from the maker's own block", () => {
    const counts = { '00541001': cs('CNTS'), '70530010': lo('Philips PET Private Group') }
    expect(suvOf(image({ ...counts, '70531000': ds(0.0005) }))).toEqual(known(0.0005))
    expect(suvOf(image({ ...counts, '70531000': ds(0), '70531009': ds(2) }))).toEqual(known(2 * HALVED))
    expect(suvOf(image({ '00541001': cs('CNTS'), '70531000': ds(0.0005) }))).toEqual(unknown('other-units'))
  })

  it('says what is missing, and gives no figure', () => {
    expect(suvOf(image({ '00101030': ds() }))).toEqual(unknown('no-weight'))
    expect(suvOf(image({ '00101030': ds(0) }))).toEqual(unknown('no-weight'))
    expect(suvOf(image({}, without('00181074', INJECTED)))).toEqual(unknown('no-dose'))
    // In megabecquerels, against the standard.
    expect(suvOf(image({}, { ...INJECTED, '00181074': ds(400) }))).toEqual(unknown('no-dose'))
    expect(suvOf(image({}, without('00181075', INJECTED)))).toEqual(unknown('no-half-life'))
    expect(suvOf(image({}, without('00181072', INJECTED)))).toEqual(unknown('no-start'))
    expect(suvOf(image({ '00280051': cs('DECY') }))).toEqual(unknown('not-corrected'))
    expect(suvOf(image({ '00541102': cs('NONE') }))).toEqual(unknown('not-corrected'))
    expect(suvOf(image({ '00541001': cs('PROPCPS') }))).toEqual(unknown('other-units'))
    const after = { ...INJECTED, '00181078': dt('20260301110000') }
    expect(suvOf(image({}, after))).toEqual(unknown('start-after-scan'))
  })

  it('has nothing to say of other images', () => {
    expect(suvOf({ '00080060': cs('CT') })).toBeUndefined()
  })
})

describeWith(SHARED_DICOM, 'suvOf of a real scan', () => {
  it('equals what its figures give by hand', async () => {
    const rows = (await manifest()).filter(({ path }) => path.startsWith('series/pt-headneck-299/pt/'))
    expect(rows.length).toBeGreaterThan(3)
    for (const { path } of rows.slice(0, 8)) {
      const json = datasetToJson(await readFile(join(sharedDicom() ?? '', path)), { bulkDataUri: (at) => at })
      // 66.2 kg; 381.47 MBq of fluorine-18 at 11:39:00, half of it left each 6586.2 s; scanned from 13:02:44.678.
      const passed = 1 * 3600 + 23 * 60 + 44.678
      const left = 381_470_000 * Math.exp((-Math.log(2) * passed) / 6586.2)
      expect(suvOf(json)).toEqual(known(66_200 / left))
      // 10,000 Bq/ml in 66.2 kg with 224.7 MBq left: 2.9.
      expect((10_000 * 66_200) / left).toBeCloseTo(2.945, 2)
    }
  })
})
