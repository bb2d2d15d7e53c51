import { describe, expect, it } from 'vitest'
import { items, type DicomJson } from '../../../core/dicom/dicom-json.ts'
import { readWaveform } from '../../../core/dicom/waveform.ts'
import { ecg, ecgSample } from '../../support/ecg.ts'

const instance = ecg().json()
const groupOf = (json: DicomJson): DicomJson => items(json, '54000100')[0] ?? {}
const bytes = Buffer.from(groupOf(instance)['54001010']?.InlineBinary ?? '', 'base64')

describe('waveforms', () => {
  it('are what was measured, in its unit', () => {
    const [group] = readWaveform(instance, [bytes]).groups
    expect(group).toMatchObject({ frequency: 500, samples: 5000, label: 'RHYTHM', fault: undefined })
    expect(group?.channels.map(({ label }) => label).join(' ')).toBe('I II III aVR aVL aVF V1 V2 V3 V4 V5 V6')
    const second = group?.channels[1]
    expect(second).toMatchObject({ unit: 'uV', lowFrequency: 0.05, highFrequency: 150 })
    // To the step of a sample.
    for (const at of [0, 145, 150, 300, 4999])
      expect(Math.abs((second?.values[at] ?? 0) - ecgSample(1, at))).toBeLessThan(2.5)
    expect(Math.max(...(second?.values ?? []))).toBe(1000)
  })

  it('have a sensitivity that may be corrected, and a baseline', () => {
    const json = structuredClone(instance)
    const [channel = {}] = items(groupOf(json), '003A0200')
    channel['003A0212'] = { vr: 'DS', Value: [2] }
    channel['003A0213'] = { vr: 'DS', Value: [-10] }
    const [group] = readWaveform(json, [bytes]).groups
    expect(Math.max(...(group?.channels[0]?.values ?? []))).toBe(500 * 2 - 10)
  })

  it('say what was found in them', () => {
    expect(readWaveform(instance, [bytes]).annotations).toEqual([{ text: 'Heart rate: 60 /min', group: 0 }])
  })

  it('are as long as their samples, or say that there are none', () => {
    expect(readWaveform(instance, [bytes.subarray(0, 2400)]).groups[0]?.samples).toBe(100)
    expect(readWaveform(instance, []).groups[0]?.fault).toBe('no-samples')
    const strange = structuredClone(instance)
    groupOf(strange)['54001006'] = { vr: 'CS', Value: ['XX'] }
    expect(readWaveform(strange, [bytes]).groups[0]?.fault).toBe('interpretation')
    expect(readWaveform({}, [])).toEqual({ groups: [], annotations: [] })
  })

  it('expand the logarithmic samples of telephony', () => {
    const json = structuredClone(instance)
    const group = groupOf(json)
    group['54001006'] = { vr: 'CS', Value: ['MB'] }
    group['003A0200'] = { vr: 'SQ', Value: [{}] }
    group['003A0005'] = { vr: 'US', Value: [1] }
    const [read] = readWaveform(json, [Uint8Array.of(0x00, 0x80, 0xff, 0x7f)]).groups
    expect([...(read?.channels[0]?.values ?? [])]).toEqual([-32124, 32124, 0, 0].map((value) => value))
  })
})
