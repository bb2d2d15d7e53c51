import { describe, expect, it } from 'vitest'
import type { StudyOpening } from '../../../core/contract/api.ts'
import { HangingProtocol, type SeriesFacts } from '../../../core/contract/hanging.ts'
import { hang, type HangingSeries } from '../../../core/reading/hanging-protocol.ts'
import { remembered, type ShownPane } from '../../../viewer/hanging/remember.ts'

const series = (uid: string, description: string, facts: SeriesFacts, prior = 0): HangingSeries => ({
  seriesInstanceUid: uid,
  modality: 'MR',
  seriesDescription: description,
  frameCount: 20,
  facts,
  prior,
})

const shown = (of: HangingSeries | undefined, more: Partial<ShownPane> = {}): ShownPane => ({
  series: of,
  sopInstanceUid: undefined,
  choice: undefined,
  uptake: undefined,
  computed: undefined,
  over: undefined,
  presented: undefined,
  look: undefined,
  ...more,
})

const opening = {
  series: [{ bodyPartExamined: 'KNEE' }, { bodyPartExamined: '' }],
} as unknown as StudyOpening

const LAYOUT = { rows: 1, columns: 2 }

describe('remembered', () => {
  it('is a protocol that hangs the next study of the kind alike', () => {
    const protocol = remembered(
      opening,
      LAYOUT,
      [
        shown(series('1', 'PD_FS sag', { plane: 'sagittal' })),
        shown(series('2', 'T1 cor', { plane: 'coronal' }, 1)),
      ],
      true,
    )
    expect(HangingProtocol.parse(protocol)).toEqual(protocol)
    expect(protocol.name).toBe('MR KNEE 1 × 2')
    expect(protocol.matches).toEqual({ modality: ['MR'], bodyPart: 'KNEE', priorPresent: true })
    const [stage] = protocol.stages
    expect(stage?.linked).toBe(true)
    const next = [
      series('x', 'T1 cor', { plane: 'coronal' }),
      series('a', 'other', { plane: 'sagittal' }),
      series('b', 'PD_FS sag', { plane: 'sagittal' }),
      series('c', 'T1 cor', { plane: 'coronal' }, 1),
    ]
    if (stage === undefined) throw new Error('no stage')
    expect(hang(stage, next).map((hung) => hung?.seriesInstanceUid)).toEqual(['b', 'c'])
    // Named otherwise: by plane.
    expect(hang(stage, next.slice(0, 2))[0]?.seriesInstanceUid).toBe('a')
  })

  it('keeps the look: the window that was set, what was turned, and the file’s own orientation before that', () => {
    const [one, two] = [series('1', 'a', {}), series('2', 'b', {})]
    const protocol = remembered(
      opening,
      LAYOUT,
      [
        shown(one, {
          choice: { window: { center: 40.4, width: 399.7, function: 'LINEAR' }, turnedOver: true },
          presented: { rotation: 90, flipHorizontal: true, flipVertical: false },
        }),
        shown(two, {
          choice: { window: undefined, turnedOver: false },
          presented: { rotation: 0, flipHorizontal: true, flipVertical: false },
          look: { orientation: ['P', 'L'], align: 'right' },
        }),
      ],
      false,
    )
    expect(protocol.stages[0]?.panes.map(({ look }) => look)).toEqual([
      { window: { center: 40, width: 400 }, invert: true, rotation: 90, flipHorizontal: true },
      { orientation: ['P', 'L'], align: 'right' },
    ])
  })

  it('names a mammogram by view and side, not by description', () => {
    const images = [{ sopInstanceUid: 'i', view: 'CC', laterality: 'R' as const }]
    const protocol = remembered(
      opening,
      { rows: 1, columns: 1 },
      [shown({ ...series('1', 'R CC', { images }), modality: 'MG' }, { sopInstanceUid: 'i' })],
      false,
    )
    expect(protocol.stages[0]?.panes[0]?.wants).toEqual([{ modality: ['MG'], view: ['CC'], laterality: 'R' }])
  })

  it('keeps what lies over a pane, what is computed in another, and what is shown twice', () => {
    const of = (uid: string, modality: string, more: SeriesFacts = {}): HangingSeries => ({
      ...series(uid, uid, { plane: 'axial', frameOfReference: 'one', ...more }),
      modality,
    })
    const [ct, pt] = [of('anatomy', 'CT'), of('uptake', 'PT', { attenuationCorrected: true })]
    const protocol = remembered(
      opening,
      { rows: 2, columns: 2 },
      [
        shown(ct, { over: { series: pt, map: 'pet', opacity: 0.5, upper: 9 } }),
        shown(ct, { sopInstanceUid: 'another slice' }),
        shown(ct),
        shown(pt, {
          computed: 'projection',
          uptake: { lower: 0, upper: 6 },
          choice: { window: { center: 15_000, width: 30_000, function: 'LINEAR' }, turnedOver: true },
        }),
      ],
      false,
    )
    expect(HangingProtocol.parse(protocol)).toEqual(protocol)
    expect(protocol.matches).toMatchObject({ modality: ['CT'], withModality: ['PT'], oneFrame: true })
    const [stage] = protocol.stages
    expect(stage?.panes[0]?.over).toMatchObject({ map: 'pet', opacity: 0.5, upper: 9 })
    expect(stage?.panes.map(({ again }) => again)).toEqual([undefined, true, true, undefined])
    // Becquerels say nothing of the next patient.
    expect(stage?.panes[3]?.look).toEqual({ uptake: { lower: 0, upper: 6 }, invert: true })
    if (stage === undefined) throw new Error('no stage')
    const next = [of('other CT', 'CT', { frameOfReference: 'two' }), of('CT', 'CT'), of('raw', 'PT'), pt]
    expect(hang(stage, next).map((hung) => [hung?.seriesInstanceUid, hung?.overlay])).toEqual([
      ['CT', 'uptake'],
      ['CT', undefined],
      ['CT', undefined],
      ['uptake', undefined],
    ])
  })

  it('leaves an empty pane to what is left', () => {
    const protocol = remembered(opening, LAYOUT, [shown(series('1', 'a', {})), shown(undefined)], false)
    expect(protocol.stages[0]?.panes[1]).toEqual({ wants: [] })
  })
})
