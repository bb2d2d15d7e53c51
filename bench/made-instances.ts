import type { DicomJson } from '../core/dicom/dicom-json.ts'
import { openPart10Writer } from '../core/dicom/write-part10.ts'

/** What is alike in the instances of one made study. */
export interface MadeStudy {
  /** Any text; UIDs, IDs and names follow from it, so that they are the same in each run. */
  readonly number: number
  readonly side: number
}

const ROOT = '2.25.1137'
const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2'

export const studyUid = (study: number): string => `${ROOT}.${study}`
export const seriesUid = (study: number): string => `${ROOT}.${study}.1`
export const instanceUid = (study: number, instance: number): string => `${ROOT}.${study}.1.${instance}`
export const patientId = (study: number): string => `BENCH-${String(study).padStart(7, '0')}`
export const accessionNumber = (study: number): string => `B${study}`

const FAMILIES = ['Wang', 'Li', 'Zhang', 'Liu', 'Chen', 'Miller', 'Garcia', 'Ivanova', 'Tanaka', 'Okafor']
const GIVEN = ['Wei', 'Fang', 'Min', 'Anna', 'Jose', 'Olga', 'Kenji', 'Ada', 'Lukas', 'Mei']

/** Makes CT instances of one size: the header is its own, the pixels are shared by all. */
export function openInstanceMaker(side: number): (study: number, instance: number) => readonly Uint8Array[] {
  const write = openPart10Writer('ISO_IR 192')
  const pixels = pixelsOf(side)
  return (study, instance) => write({ dataset: dataset(study, instance, side), pixels })
}

/** 12-bit values with detail and noise, so that nothing on the way can compress them to nothing. */
function pixelsOf(side: number): Uint8Array {
  const values = new Int16Array(side * side)
  let state = 12345
  for (let index = 0; index < values.length; index++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    const x = index % side
    const y = Math.floor(index / side)
    values[index] = 300 * Math.sin(x / 17) * Math.cos(y / 23) + ((state >>> 20) % 64) - 200
  }
  return new Uint8Array(values.buffer)
}

function dataset(study: number, instance: number, side: number): DicomJson {
  const name = `${FAMILIES[study % 10] ?? ''}^${GIVEN[Math.floor(study / 10) % 10] ?? ''}`
  const date = `2026${String(1 + (Math.floor(study / 28) % 12)).padStart(2, '0')}${String(1 + (study % 28)).padStart(2, '0')}`
  return {
    '00080008': { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY', 'AXIAL'] },
    '00080016': { vr: 'UI', Value: [CT_IMAGE_STORAGE] },
    '00080018': { vr: 'UI', Value: [instanceUid(study, instance)] },
    '00080020': { vr: 'DA', Value: [date] },
    '00080021': { vr: 'DA', Value: [date] },
    '00080022': { vr: 'DA', Value: [date] },
    '00080023': { vr: 'DA', Value: [date] },
    '00080030': { vr: 'TM', Value: ['101500'] },
    '00080031': { vr: 'TM', Value: ['101512'] },
    '00080033': { vr: 'TM', Value: ['101513'] },
    '00080050': { vr: 'SH', Value: [accessionNumber(study)] },
    '00080060': { vr: 'CS', Value: ['CT'] },
    '00080070': { vr: 'LO', Value: ['Yunying'] },
    '00080080': { vr: 'LO', Value: ['Bench Hospital'] },
    '00080090': { vr: 'PN', Value: [{ Alphabetic: 'Referrer^One' }] },
    '00081030': { vr: 'LO', Value: ['CT chest'] },
    '0008103E': { vr: 'LO', Value: ['Axial 1.0'] },
    '00081090': { vr: 'LO', Value: ['Bench'] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: name }] },
    '00100020': { vr: 'LO', Value: [patientId(study)] },
    '00100030': { vr: 'DA', Value: ['19600101'] },
    '00100040': { vr: 'CS', Value: ['O'] },
    '00180015': { vr: 'CS', Value: ['CHEST'] },
    '00180050': { vr: 'DS', Value: [1] },
    '00180060': { vr: 'DS', Value: [120] },
    '00181020': { vr: 'LO', Value: ['1'] },
    '00181151': { vr: 'IS', Value: [240] },
    '00181210': { vr: 'SH', Value: ['STANDARD'] },
    '00185100': { vr: 'CS', Value: ['HFS'] },
    '0020000D': { vr: 'UI', Value: [studyUid(study)] },
    '0020000E': { vr: 'UI', Value: [seriesUid(study)] },
    '00200010': { vr: 'SH', Value: [String(study)] },
    '00200011': { vr: 'IS', Value: [1] },
    '00200012': { vr: 'IS', Value: [1] },
    '00200013': { vr: 'IS', Value: [instance] },
    '00200032': { vr: 'DS', Value: [-160, -160, -instance] },
    '00200037': { vr: 'DS', Value: [1, 0, 0, 0, 1, 0] },
    '00200052': { vr: 'UI', Value: [`${studyUid(study)}.9`] },
    '00201041': { vr: 'DS', Value: [-instance] },
    '00280002': { vr: 'US', Value: [1] },
    '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
    '00280010': { vr: 'US', Value: [side] },
    '00280011': { vr: 'US', Value: [side] },
    '00280030': { vr: 'DS', Value: [0.625, 0.625] },
    '00280100': { vr: 'US', Value: [16] },
    '00280101': { vr: 'US', Value: [16] },
    '00280102': { vr: 'US', Value: [15] },
    '00280103': { vr: 'US', Value: [1] },
    '00281050': { vr: 'DS', Value: [40] },
    '00281051': { vr: 'DS', Value: [400] },
    '00281052': { vr: 'DS', Value: [-24] },
    '00281053': { vr: 'DS', Value: [1] },
  }
}
