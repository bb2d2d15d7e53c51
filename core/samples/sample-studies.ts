import { crChest } from './thorax/cr-chest.ts'
import { ctThorax } from './thorax/ct-thorax.ts'
import { mrBrain } from './brain/mr-brain.ts'
import { annaKeller, jamesOconnor, liNa, zhangWei } from './sample-patients.ts'
import type { SampleStudy } from './sample-study.ts'
import { usEcho } from './echo/us-echo.ts'

/** The sample studies in the order in which they are made: the small ones first, so that the worklist fills at once. */
export function sampleStudies(): SampleStudy[] {
  return [
    mrBrain({
      key: 'brain MR 2026',
      patient: annaKeller,
      date: '20260911',
      time: '143005',
      accessionNumber: 'A26091122',
      studyId: '2187',
      description: 'MRI brain',
    }),
    usEcho({
      key: 'echo 2026',
      patient: liNa,
      date: '20260912',
      time: '110847',
      accessionNumber: 'A26091208',
      studyId: '2196',
      description: '经胸超声心动图',
    }),
    crChest({
      key: 'chest CR 2026',
      patient: jamesOconnor,
      date: '20260913',
      time: '081213',
      accessionNumber: 'A26091302',
      studyId: '2203',
      description: 'Chest X-ray',
    }),
    ctThorax({
      study: {
        key: 'chest CT 2025',
        patient: zhangWei,
        date: '20250908',
        time: '101522',
        accessionNumber: 'A25090817',
        studyId: '1107',
        description: '胸部CT增强',
      },
      slices: 60,
      thickness: 5,
      top: 146.5,
      noise: 9,
      noduleDiameter: 6,
      seriesDescription: '动脉期 5.0 mm',
      kernel: 'STANDARD',
    }),
    ctThorax({
      study: {
        key: 'chest CT 2026',
        patient: zhangWei,
        date: '20260914',
        time: '093640',
        accessionNumber: 'A26091403',
        studyId: '2214',
        description: '胸部CT增强（复查）',
      },
      slices: 200,
      thickness: 1.5,
      top: 148.5,
      noise: 13,
      noduleDiameter: 11,
      seriesDescription: '动脉期 1.5 mm',
      kernel: 'STANDARD',
    }),
  ]
}
