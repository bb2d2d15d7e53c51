import { describe, expect, it } from 'vitest'
import { HangingProtocol, type HangingStage, type SeriesFacts } from '../../../core/contract/hanging.ts'
import { BUILT_IN_PROTOCOLS } from '../../../core/reading/built-in-protocols.ts'
import {
  flipsFor,
  hang,
  hasWord,
  matchProtocols,
  stagesFor,
  withoutEmpty,
  type HangingSeries,
  type OwnedProtocol,
  type StudyFacts,
} from '../../../core/reading/hanging-protocol.ts'
import { ownedBuiltIns } from '../../support/owned-built-ins.ts'

const study = (facts: Partial<StudyFacts>): StudyFacts => ({
  modalities: [],
  bodyParts: [],
  lateralities: [],
  descriptions: [],
  frames: [],
  priorPresent: false,
  monitors: 1,
  ...facts,
})

const series = (
  uid: string,
  modality: string,
  description = '',
  facts: SeriesFacts = {},
  frameCount = 20,
  prior = 0,
): HangingSeries => ({
  seriesInstanceUid: uid,
  modality,
  seriesDescription: description,
  frameCount,
  facts,
  prior,
})

const best = (facts: Partial<StudyFacts>): string => matchProtocols(ownedBuiltIns, study(facts))[0]?.id ?? ''

const stageOf = (id: string, at = 0): HangingStage => {
  const stage = BUILT_IN_PROTOCOLS.find((each) => each.id === id)?.protocol.stages[at]
  if (stage === undefined) throw new Error(`no stage ${at} of ${id}`)
  return stage
}

const uids = (stage: HangingStage, some: HangingSeries[]): (string | undefined)[] =>
  hang(stage, some).map((hung) => hung?.sopInstanceUid ?? hung?.seriesInstanceUid)

describe('the built-in protocols', () => {
  it('are of the shape that people’s own have, and each has its own name', () => {
    for (const { protocol } of BUILT_IN_PROTOCOLS) expect(HangingProtocol.parse(protocol)).toEqual(protocol)
    expect(new Set(BUILT_IN_PROTOCOLS.map(({ id }) => id)).size).toBe(BUILT_IN_PROTOCOLS.length)
  })

  it('are found for the studies they are for', () => {
    expect(best({ modalities: ['MG'] })).toBe('built-in:mg')
    expect(best({ modalities: ['DX'] })).toBe('built-in:projection')
    expect(best({ modalities: ['CT'] })).toBe('built-in:ct')
    expect(best({ modalities: ['CT', 'PT'] })).toBe('built-in:pet')
    expect(best({ modalities: ['MR'] })).toBe('built-in:mr')
    expect(best({ modalities: ['MR'], descriptions: ['KNEE LEFT'] })).toBe('built-in:mr-joint')
    expect(best({ modalities: ['MR'], descriptions: ['头颅平扫'] })).toBe('built-in:mr-brain')
    expect(best({ modalities: ['MR'], descriptions: ['Lumbar spine'] })).toBe('built-in:mr-spine')
    expect(best({ modalities: ['US'] })).toBe('built-in:us')
    expect(best({ modalities: ['OP'] })).toBe('built-in:other')
  })
})

describe('matchProtocols', () => {
  const own = (id: string, owner: OwnedProtocol['owner'], matches: HangingProtocol['matches']) => ({
    id,
    owner,
    protocol: { name: id, matches, stages: [stageOf('built-in:ct')] },
  })

  it('takes one’s own before the role’s before the built-in, and of one owner the most specific', () => {
    const found = matchProtocols(
      [
        ...ownedBuiltIns,
        own('role', 'role', { modality: ['CT'], bodyPart: 'CHEST', priorPresent: true }),
        own('mine', 'me', { modality: ['CT'] }),
        own('mine-chest', 'me', { modality: ['CT'], bodyPart: 'chest' }),
        own('mine-head', 'me', { modality: ['CT'], bodyPart: 'HEAD' }),
        own('everyone', 'everyone', { modality: ['CT'] }),
      ],
      study({ modalities: ['CT'], bodyParts: ['CHEST'], priorPresent: true }),
    )
    expect(found.map(({ id }) => id)).toEqual([
      'mine-chest',
      'mine',
      'role',
      'everyone',
      'built-in:ct',
      'built-in:other',
    ])
  })

  it('asks for every criterion that is given', () => {
    const of = (matches: HangingProtocol['matches'], facts: Partial<StudyFacts>): boolean =>
      matchProtocols([own('x', 'me', matches)], study({ modalities: ['MG'], ...facts })).length === 1
    expect(of({ modality: ['MG'], laterality: 'L' }, { lateralities: ['R'] })).toBe(false)
    expect(of({ modality: ['MG'], laterality: 'L' }, { lateralities: ['R', 'L'] })).toBe(true)
    expect(of({ modality: ['MG'], monitors: 2 }, {})).toBe(false)
    expect(of({ modality: ['MG'], monitors: 2 }, { monitors: 3 })).toBe(true)
    expect(of({ modality: ['MG'], priorPresent: false }, { priorPresent: true })).toBe(false)
    expect(of({ modality: ['MG'], words: ['screen'] }, { descriptions: ['Screening'] })).toBe(true)
    expect(of({ modality: ['MG'], words: ['screen'] }, {})).toBe(false)
  })

  it('hides the built-in protocol that another stands in for', () => {
    const mine: OwnedProtocol = {
      id: 'mine',
      owner: 'role',
      protocol: { ...own('mine', 'role', { modality: ['MG'] }).protocol, replaces: 'built-in:mg' },
    }
    const found = matchProtocols([...ownedBuiltIns, mine], study({ modalities: ['MG'] }))
    expect(found.map(({ id }) => id)).toEqual(['mine', 'built-in:other'])
  })
})

describe('mammography', () => {
  const breast = (uid: string, laterality: 'R' | 'L', view: string, prior = 0): HangingSeries =>
    series(
      uid,
      'MG',
      '',
      { laterality, view, images: [{ sopInstanceUid: `${uid}.i`, laterality, view }] },
      1,
      prior,
    )
  const four = [
    breast('1', 'L', 'MLO'),
    breast('2', 'R', 'MLO'),
    breast('3', 'L', 'CC'),
    breast('4', 'R', 'CC'),
  ]
  const stage = stageOf('built-in:mg')

  it('hangs four-up, whatever the order of arrival', () => {
    expect(uids(stage, four)).toEqual(['4.i', '3.i', '2.i', '1.i'])
    expect(uids(stage, [...four].reverse())).toEqual(['4.i', '3.i', '2.i', '1.i'])
  })

  it('hangs four images of one series', () => {
    const images = four.map((each) => each.facts?.images?.[0]).filter((each) => each !== undefined)
    const one = series('s', 'MG', '', { images }, 4)
    expect(uids(stage, [one])).toEqual(['4.i', '3.i', '2.i', '1.i'])
    expect(hang(stage, [one]).every((hung) => hung?.seriesInstanceUid === 's' && hung.wished)).toBe(true)
  })

  it('takes a relative of the view only where the view itself is missing', () => {
    const some = [breast('x', 'R', 'XCCL'), ...four.slice(0, 3)]
    expect(uids(stage, some)[0]).toBe('x.i')
    expect(uids(stage, [breast('x', 'R', 'XCCL'), ...four])[0]).toBe('4.i')
  })

  it('has one breast alone when there is one', () => {
    const hung = hang(
      stage,
      [four[1], four[3]].filter((each) => each !== undefined),
    )
    expect(withoutEmpty(stage.layout, hung)).toEqual({ layout: { rows: 2, columns: 1 }, panes: [0, 2] })
  })

  it('puts each view beside itself of the prior, and leaves that out without one', () => {
    const { protocol } = BUILT_IN_PROTOCOLS[0] ?? {}
    if (protocol === undefined) throw new Error('no protocol')
    expect(stagesFor(protocol, false)).toHaveLength(3)
    expect(stagesFor(protocol, true)).toHaveLength(7)
    const [, , , rcc] = stagesFor(protocol, true)
    if (rcc === undefined) throw new Error('no stage')
    expect(uids(rcc, [...four, breast('p', 'R', 'CC', 1)])).toEqual(['4.i', 'p.i'])
    // The prior has no such view: nothing else stands where it would.
    expect(uids(rcc, [...four, breast('p', 'L', 'CC', 1)])).toEqual(['4.i', undefined])
  })
})

describe('hang', () => {
  it('shows MR by sequence, in whatever order they were made', () => {
    const brain = [
      series('loc', 'MR', 'localizer', { localizer: true }, 3),
      series('dwi', 'MR', 'ep2d_diff_b1000', { plane: 'axial' }),
      series('flair', 'MR', 't2_flair_tra', { plane: 'axial' }),
      series('t1gd', 'MR', 't1_post_gd', { plane: 'axial' }),
      series('t2', 'MR', 't2_tse_tra', { plane: 'axial' }),
      series('t1', 'MR', 't1_se_tra', { plane: 'axial' }),
    ]
    expect(uids(stageOf('built-in:mr-brain'), brain)).toEqual(['t1', 't2', 'flair', 'dwi'])
  })

  it('shows a knee by plane', () => {
    const knee = [
      series('cor', 'MR', 'PD_FS', { plane: 'coronal' }),
      series('ax', 'MR', 'PD_FS', { plane: 'axial' }),
      series('t1', 'MR', 'T1', { plane: 'coronal' }),
      series('sag', 'MR', 'PD_FS', { plane: 'sagittal' }),
    ]
    expect(uids(stageOf('built-in:mr-joint'), knee)).toEqual(['sag', 'cor', 'ax', 't1'])
  })

  it('opens a CT with its thinnest whole axial series', () => {
    const ct = [
      series('scout', 'CT', 'Scout', { localizer: true }, 2),
      series('thick', 'CT', '', { plane: 'axial', thickness: 5 }, 60),
      series('cor', 'CT', '', { plane: 'coronal', thickness: 0.5 }, 400),
      series('thin', 'CT', '', { plane: 'axial', thickness: 1 }, 300),
      series('sample', 'CT', '', { plane: 'axial', thickness: 0.5 }, 4),
    ]
    expect(uids(stageOf('built-in:ct'), ct)).toEqual(['thin'])
    expect(
      uids(stageOf('built-in:ct', 1), [...ct, series('p', 'CT', '', { plane: 'axial' }, 50, 1)]),
    ).toEqual(['thin', 'p'])
  })

  it('puts frontal and lateral side by side, also as two images of one series', () => {
    const one = series(
      's',
      'DX',
      '',
      {
        images: [
          { sopInstanceUid: 'lat', view: 'LL' },
          { sopInstanceUid: 'pa', view: 'PA' },
        ],
      },
      2,
    )
    expect(uids(stageOf('built-in:projection'), [one])).toEqual(['pa', 'lat'])
  })

  it('leaves no pane empty while a series is left, surveys last, and uses none twice', () => {
    const some = [
      series('loc', 'MR', 'loc', { localizer: true }),
      series('a', 'MR', 'x'),
      series('b', 'MR', 'y'),
    ]
    const hung = uids(stageOf('built-in:mr'), some)
    expect(hung).toEqual(['a', 'b', 'loc', undefined])
  })

  it('hangs neither reports nor drawings over images', () => {
    const some = [series('sr', 'SR', '', {}, 0), series('seg', 'SEG', '', {}, 90), series('us', 'US')]
    expect(uids(stageOf('built-in:us'), some)).toEqual(['us', undefined, undefined, undefined])
  })

  it('gives the first wish of a later pane before the second of an earlier one', () => {
    const stage: HangingStage = {
      layout: { rows: 1, columns: 2 },
      panes: [{ wants: [{ words: ['none'] }, { modality: ['MR'] }] }, { wants: [{ words: ['alpha'] }] }],
    }
    expect(uids(stage, [series('a', 'MR', 'alpha'), series('b', 'MR', 'beta')])).toEqual(['b', 'a'])
  })
})

describe('hasWord', () => {
  it('finds a short word only where a word begins', () => {
    expect(hasWord(['pd'], ['sag_PD_fs'])).toBe(true)
    expect(hasWord(['pd'], ['update'])).toBe(false)
    expect(hasWord(['t1'], ['sT1W_3D'])).toBe(true)
  })
})

describe('flipsFor', () => {
  it('turns over only what the file says lies the other way', () => {
    expect(flipsFor(['P', 'L'], ['P', 'L'])).toEqual({ horizontal: false, vertical: false })
    expect(flipsFor(['P', 'L'], ['A', 'R'])).toEqual({ horizontal: true, vertical: true })
    expect(flipsFor(['A', 'F'], ['P', 'FL'])).toEqual({ horizontal: true, vertical: false })
    expect(flipsFor(['A', 'F'], undefined)).toEqual({ horizontal: false, vertical: false })
    expect(flipsFor(['A', 'F'], ['F', 'A'])).toEqual({ horizontal: false, vertical: false })
  })
})
