import { mammogram } from './breast/mammogram.ts'
import { crChest } from './thorax/cr-chest.ts'
import { ctThorax } from './thorax/ct-thorax.ts'
import { petCt } from './thorax/pet-ct.ts'
import { mrBrain } from './brain/mr-brain.ts'
import { annaKeller, jamesOconnor, liNa, wangFang, zhangWei } from './sample-patients.ts'
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
    mammogram({
      study: {
        key: 'mammogram 2025',
        patient: wangFang,
        date: '20250317',
        time: '094218',
        accessionNumber: 'A25031705',
        studyId: '1032',
        description: '双乳X线摄影',
      },
      pitch: 0.2,
      withFindings: false,
      positioning: { reach: -3, shift: 4 },
    }),
    mammogram({
      study: {
        key: 'mammogram 2026',
        patient: wangFang,
        date: '20260915',
        time: '102655',
        accessionNumber: 'A26091508',
        studyId: '2221',
        description: '双乳X线摄影',
      },
      pitch: 0.1,
      withFindings: true,
      positioning: { reach: 0, shift: 0 },
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
    petCt(
      {
        key: 'chest PET/CT 2026',
        patient: zhangWei,
        date: '20260918',
        time: '102930',
        accessionNumber: 'A26091811',
        studyId: '2236',
        description: 'PET/CT 躯干 FDG显像',
      },
      11,
    ),
  ]
}
