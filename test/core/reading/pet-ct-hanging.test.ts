import { describe, expect, it } from 'vitest'
import { HangingProtocol, HangingStage, type SeriesFacts } from '../../../core/contract/hanging.ts'
import { BUILT_IN_PROTOCOLS } from '../../../core/reading/built-in-protocols.ts'
import {
  hang,
  matchProtocols,
  priorsWanted,
  stagesFor,
  withoutEmpty,
  type HangingSeries,
  type StudyFacts,
} from '../../../core/reading/hanging-protocol.ts'
import { ownedBuiltIns } from '../../support/owned-built-ins.ts'

const fused = BUILT_IN_PROTOCOLS.find(({ id }) => id === 'built-in:pet-ct')?.protocol
if (fused === undefined) throw new Error('no protocol')
const [four, planes, withPrior, sideBySide] = fused.stages
if (four === undefined || planes === undefined || withPrior === undefined || sideBySide === undefined)
  throw new Error('no stages')

const facts = (frames: StudyFacts['frames']): StudyFacts => ({
  modalities: ['CT', 'PT'],
  bodyParts: [],
  lateralities: [],
  descriptions: [],
  frames,
  priorPresent: false,
  monitors: 1,
})

const series = (
  uid: string,
  modality: string,
  description: string,
  frameCount: number,
  more: SeriesFacts = {},
  prior = 0,
): HangingSeries => ({
  seriesInstanceUid: uid,
  modality,
  seriesDescription: description,
  frameCount,
  facts: { plane: 'axial', frameOfReference: 'one', ...more },
  prior,
})

const study = [
  series('scout', 'CT', 'Topogram', 1, { localizer: true }),
  series('lung', 'CT', 'Lung 1.0', 500),
  series('diagnostic', 'CT', 'Chest 1.0', 900, { frameOfReference: 'other' }),
  series('low-dose', 'CT', 'AC CT 3.0', 299),
  series('nac', 'PT', 'WB', 320, { attenuationCorrected: false }),
  series('ac', 'PT', 'WB corrected', 299, { attenuationCorrected: true }),
  series('head', 'PT', 'Head', 90, { attenuationCorrected: true, frameOfReference: 'other' }),
]

const shown = (stage: HangingStage, some: readonly HangingSeries[]): (string | undefined)[] =>
  hang(stage, some).map(
    (hung) => hung && [hung.seriesInstanceUid, hung.overlay].filter((uid) => uid !== undefined).join(' + '),
  )

describe('PET/CT', () => {
  it('hangs fused where CT and PET lie in one frame of reference, else side by side', () => {
    const one = facts([
      { modality: 'CT', frameOfReference: 'one' },
      { modality: 'PT', frameOfReference: 'one' },
    ])
    expect(matchProtocols(ownedBuiltIns, one).map(({ id }) => id)).toEqual([
      'built-in:pet-ct',
      'built-in:pet',
      'built-in:ct',
      'built-in:nm',
      'built-in:other',
    ])
    const two = facts([
      { modality: 'CT', frameOfReference: 'one' },
      { modality: 'PT', frameOfReference: 'two' },
    ])
    expect(matchProtocols(ownedBuiltIns, two)[0]?.id).toBe('built-in:pet')
    expect(matchProtocols(ownedBuiltIns, facts([]))[0]?.id).toBe('built-in:pet')
  })

  it('shows the CT of the PET, the corrected PET, both in one pane, and the PET from all round', () => {
    expect(shown(four, study)).toEqual(['low-dose', 'ac', 'low-dose + ac', 'ac'])
    expect(four.panes.map(({ computed }) => computed)).toEqual([
      undefined,
      undefined,
      undefined,
      'projection',
    ])
    expect(shown(four, [...study].reverse())).toEqual(['low-dose', 'ac', 'low-dose + ac', 'ac'])
    expect(shown(planes, study)).toEqual(['low-dose + ac', 'low-dose + ac', 'low-dose + ac', 'ac'])
    expect(shown(sideBySide, study)).toEqual(['low-dose', 'ac'])
  })

  it('tells what was not corrected by its name where no attribute does', () => {
    const named = [
      series('ct', 'CT', '', 200),
      series('nac', 'PT', 'PET NAC', 300),
      series('ac', 'PT', 'PET AC', 200),
    ]
    expect(shown(four, named)).toEqual(['ct', 'ac', 'ct + ac', 'ac'])
    expect(shown(four, named.slice(0, 2))).toEqual(['ct', 'nac', 'ct + nac', 'nac'])
  })

  it('takes a sharp CT where there is no other of that frame of reference', () => {
    expect(shown(four, [series('lung', 'CT', 'Lung 1.0', 500), ...study.slice(4)])[2]).toBe('lung + ac')
  })

  it('puts the prior in a row below, and what it lacks stays empty', () => {
    expect(priorsWanted(withPrior)).toBe(1)
    expect(stagesFor(fused, false)).toHaveLength(3)
    expect(stagesFor(fused, true)).toHaveLength(4)
    const before = [
      series('ct-before', 'CT', '', 250, { frameOfReference: 'then' }, 1),
      series('pet-before', 'PT', '', 250, { frameOfReference: 'then', attenuationCorrected: true }, 1),
    ]
    expect(shown(withPrior, [...study, ...before])).toEqual([
      'low-dose',
      'ac',
      'low-dose + ac',
      'ct-before',
      'pet-before',
      'ct-before + pet-before',
    ])
    const hung = hang(withPrior, [...study, ...before.slice(0, 1)])
    expect(hung.map((each) => each?.seriesInstanceUid).slice(3)).toEqual(['ct-before', undefined, undefined])
    expect(withoutEmpty(withPrior.layout, hung).layout).toEqual({ rows: 2, columns: 3 })
  })
})

describe('a pane that repeats others', () => {
  const ct = { modality: ['CT'] }
  const stage = (panes: HangingStage['panes']): HangingStage =>
    HangingStage.parse({ layout: { rows: 1, columns: panes.length }, panes })
  const two = [series('a', 'CT', 'alpha', 100), series('b', 'CT', 'beta', 80)]

  it('shows a series again where it says so, and never otherwise', () => {
    expect(shown(stage([{ wants: [ct] }, { wants: [ct] }]), two)).toEqual(['a', 'b'])
    expect(shown(stage([{ wants: [ct] }, { wants: [ct], again: true }]), two)).toEqual(['a', 'a'])
    expect(shown(stage([{ wants: [ct], again: true }, { wants: [ct] }, { wants: [] }]), two)).toEqual([
      'a',
      'a',
      'b',
    ])
  })

  it('computes only through what is a volume', () => {
    const few = [series('scout', 'CT', 'x', 2), ...two]
    expect(shown(stage([{ wants: [ct], computed: 'coronal' }]), few)).toEqual(['a'])
    expect(shown(stage([{ wants: [ct], computed: 'coronal' }]), few.slice(0, 1))).toEqual([undefined])
  })

  it('stays empty where nothing can be laid over, whatever is left', () => {
    const over = { wants: [{ modality: ['PT'] }] }
    expect(shown(stage([{ wants: [ct], over }, { wants: [] }]), two)).toEqual([undefined, 'a'])
    const elsewhere = series('pet', 'PT', '', 90, { frameOfReference: 'other' })
    expect(shown(stage([{ wants: [ct], over }]), [...two, elsewhere])).toEqual([undefined])
    const here = series('here', 'PT', '', 90)
    expect(shown(stage([{ wants: [ct], over }]), [...two, elsewhere, here])).toEqual(['a + here'])
  })

  it('takes the base that has something to lay over before the one it would rather have', () => {
    const over = { wants: [{ modality: ['PT'] }] }
    const pet = series('pet', 'PT', '', 90, { frameOfReference: 'second' })
    const second = series('c', 'CT', '', 50, { frameOfReference: 'second' })
    expect(shown(stage([{ wants: [ct], over }]), [...two, second, pet])).toEqual(['c + pet'])
  })
})

describe('HangingProtocol', () => {
  it('reads what was kept before there was fusion, as it was', () => {
    const kept = {
      name: 'Kept',
      matches: { modality: ['PT'], withModality: ['CT'] },
      stages: [
        {
          layout: { rows: 1, columns: 2 },
          panes: [
            { wants: [{ modality: ['CT'], order: 'largest' }], look: { window: { center: 40, width: 400 } } },
            { wants: [{ modality: ['PT'], withoutWords: ['head'], order: 'last' }], look: { invert: true } },
          ],
          linked: true,
        },
      ],
    }
    expect(HangingProtocol.parse(kept)).toEqual(kept)
    const [stage] = HangingProtocol.parse(kept).stages
    if (stage === undefined) throw new Error('no stage')
    expect(shown(stage, study)).toEqual(['diagnostic', 'ac'])
  })

  it('refuses an overlay of nothing, and a window that ends before it begins', () => {
    const with1 = (pane: unknown): boolean =>
      HangingStage.safeParse({ layout: { rows: 1, columns: 1 }, panes: [pane] }).success
    expect(with1({ wants: [], over: { wants: [{ modality: ['PT'] }], map: 'pet', opacity: 0.5 } })).toBe(true)
    expect(with1({ wants: [], over: { wants: [] } })).toBe(false)
    expect(with1({ wants: [], look: { uptake: { lower: 5, upper: 2 } } })).toBe(false)
    expect(with1({ wants: [], computed: 'oblique' })).toBe(false)
  })
})
