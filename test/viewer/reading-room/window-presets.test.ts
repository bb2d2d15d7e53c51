import { describe, expect, it } from 'vitest'
import type { StackImage } from '../../../viewer/imaging/stack-image.ts'
import { CT_PRESETS, presetsOf } from '../../../viewer/reading-room/window-presets.ts'

const image = (centers: number[], widths: number[], names: string[] = []): StackImage => ({
  url: '/x',
  frameNumber: 1,
  numberOfFrames: 1,
  metadata: {
    '00281050': { vr: 'DS', Value: centers },
    '00281051': { vr: 'DS', Value: widths },
    '00281055': { vr: 'LO', Value: names },
  },
})

describe('window presets', () => {
  it('of CT are those that are taught, the lung below zero', () => {
    expect(CT_PRESETS.map(({ width, center }) => [width, center])).toEqual([
      [80, 40],
      [200, 80],
      [40, 40],
      [2000, 500],
      [1500, -600],
      [350, 50],
      [400, 50],
      [150, 90],
    ])
  })

  it('end with what the file names, each once', () => {
    const presets = presetsOf('CT', image([30, 30, 300], [300, 300, 1500], ['A', 'B', 'C']))
    expect(presets.slice(CT_PRESETS.length).map(({ name, width, center }) => [name, width, center])).toEqual([
      ['A', 300, 30],
      ['C', 1500, 300],
    ])
  })

  it('of other modalities are the file’s alone', () => {
    expect(presetsOf('MR', undefined)).toEqual([])
    expect(presetsOf('MR', image([600], [1200]))).toHaveLength(1)
  })
})
