import type { DicomJson, DicomJsonValue } from '../../core/dicom/dicom-json.ts'
import { dicom, type DicomBuilder } from './dicom-builder.ts'

const LEADS = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6']
const FREQUENCY = 500
const SECONDS = 10

const code = (value: string, scheme: string, meaning: string): DicomJsonValue => ({
  '00080100': { vr: 'SH', Value: [value] },
  '00080102': { vr: 'SH', Value: [scheme] },
  '00080104': { vr: 'LO', Value: [meaning] },
})

/** Sixty beats a minute: a spike of 1 mV in lead II at each full second, 0.5 mV in the others, on a low wave. */
export function ecgSample(lead: number, sample: number): number {
  const phase = (sample % FREQUENCY) / FREQUENCY
  const spike = Math.max(0, 1 - Math.abs(phase - 0.3) / 0.02) * (lead === 1 ? 1000 : 500)
  const after = 150 * Math.exp(-(((phase - 0.6) / 0.06) ** 2))
  return Math.round(spike + after)
}

/** A twelve-lead electrocardiogram of ten seconds; its samples count 2.5 µV. */
export function ecg(): DicomBuilder {
  const samples = new Int16Array(LEADS.length * FREQUENCY * SECONDS)
  for (let at = 0; at < FREQUENCY * SECONDS; at++)
    LEADS.forEach((_, lead) => (samples[at * LEADS.length + lead] = ecgSample(lead, at) / 2.5))
  const channel = (lead: string): DicomJson => ({
    '003A0208': { vr: 'SQ', Value: [code('5.6.3-9-1', 'SCPECG', `Lead ${lead}`)] },
    '003A0210': { vr: 'DS', Value: [2.5] },
    '003A0211': { vr: 'SQ', Value: [code('uV', 'UCUM', 'microvolt')] },
    '003A0212': { vr: 'DS', Value: [1] },
    '003A0213': { vr: 'DS', Value: [0] },
    '003A021A': { vr: 'US', Value: [16] },
    '003A0220': { vr: 'DS', Value: [0.05] },
    '003A0221': { vr: 'DS', Value: [150] },
  })
  return dicom()
    .set('SOPClassUID', 'UI', ['1.2.840.10008.5.1.4.1.1.9.1.1'])
    .set('Modality', 'CS', ['ECG'])
    .set('SeriesDescription', 'LO', ['12 leads at rest'])
    .set('WaveformSequence', 'SQ', [
      {
        '003A0004': { vr: 'CS', Value: ['ORIGINAL'] },
        '003A0005': { vr: 'US', Value: [LEADS.length] },
        '003A0010': { vr: 'UL', Value: [FREQUENCY * SECONDS] },
        '003A001A': { vr: 'DS', Value: [FREQUENCY] },
        '003A0020': { vr: 'SH', Value: ['RHYTHM'] },
        '003A0200': { vr: 'SQ', Value: LEADS.map(channel) },
        '54001004': { vr: 'US', Value: [16] },
        '54001006': { vr: 'CS', Value: ['SS'] },
        '54001010': { vr: 'OW', InlineBinary: Buffer.from(samples.buffer).toString('base64') },
      },
    ])
    .set('WaveformAnnotationSequence', 'SQ', [
      {
        '0040A043': { vr: 'SQ', Value: [code('8867-4', 'LN', 'Heart rate')] },
        '0040A30A': { vr: 'DS', Value: [60] },
        '004008EA': { vr: 'SQ', Value: [code('/min', 'UCUM', 'per minute')] },
        '0040A0B0': { vr: 'US', Value: [1, 0] },
      },
    ])
}
