import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { cardiothoracic, cardiothoracicRefusal } from '../../../core/measurements/cardiothoracic.ts'
import { measure } from '../../../core/measurements/measure.ts'
import type { Segment } from '../../../core/measurements/shapes.ts'

const HEART: Segment = [
  [60, 100],
  [130, 104],
]
const THORAX: Segment = [
  [30, 150],
  [170, 147],
]

describe('a cardiothoracic ratio', () => {
  it('is of widths along one axis, the wider one that of the thorax, whichever was drawn first', () => {
    const shape = cardiothoracic(HEART, THORAX)
    expect(shape).toEqual({
      kind: 'cardiothoracic',
      heart: [
        [60, 100],
        [130, 100],
      ],
      thorax: [
        [30, 150],
        [170, 150],
      ],
    })
    expect(cardiothoracic(THORAX, HEART)).toEqual(shape)
    const values = measure(shape, { kind: 'patient', spacing: [0.5, 0.8] })
    expect(values).toEqual([
      { quantity: 'heart-width', value: 35, unit: 'mm' },
      { quantity: 'thorax-width', value: 70, unit: 'mm' },
      { quantity: 'cardiothoracic-ratio', value: 0.5, unit: '{ratio}' },
    ])
  })

  it('needs no millimetres', () => {
    const values = measure(cardiothoracic(HEART, THORAX), { kind: 'none', aspect: [1, 1] })
    expect(values.map(({ value, unit }) => [value, unit])).toEqual([
      [70, '{pixels}'],
      [140, '{pixels}'],
      [0.5, '{ratio}'],
    ])
  })

  it('lies along columns where it was drawn along them', () => {
    const turned = ([[a, b], [c, d]]: Segment): Segment => [
      [b, a],
      [d, c],
    ]
    expect(cardiothoracic(turned(HEART), turned(THORAX))).toMatchObject({
      heart: [
        [100, 60],
        [100, 130],
      ],
    })
  })

  it('is refused where it plainly makes no sense, and nowhere else', () => {
    const of = (modality: string, view?: string): DicomJson => ({
      '00080060': { vr: 'CS', Value: [modality] },
      ...(view === undefined ? {} : { '00185101': { vr: 'CS', Value: [view] } }),
    })
    expect(['MG', 'US', 'IO'].map((each) => cardiothoracicRefusal(of(each)))).toEqual(
      Array(3).fill('elsewhere'),
    )
    expect(['LL', 'RL'].map((view) => cardiothoracicRefusal(of('CR', view)))).toEqual(['side', 'side'])
    expect(['PA', 'AP', undefined].map((view) => cardiothoracicRefusal(of('DX', view)))).toEqual(
      Array(3).fill(undefined),
    )
    expect(cardiothoracicRefusal(of('CT'))).toBeUndefined()
  })
})
