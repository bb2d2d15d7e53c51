import type { HangingLook, HangingPane, HangingProtocol, Side, Wish } from '../contract/hanging.ts'
import { fusedWithPet, lowDoseCt, pet, petProjection } from './pet-ct-panes.ts'

/** A protocol that comes with the product. `key` names its sentence: `hanging.built-in.<key>`. */
export interface BuiltInProtocol {
  readonly id: `built-in:${string}`
  readonly key: BuiltInKey
  readonly protocol: HangingProtocol
}

export type BuiltInKey =
  | 'mg'
  | 'projection'
  | 'ct'
  | 'mr'
  | 'mr-brain'
  | 'mr-joint'
  | 'mr-spine'
  | 'pet-ct'
  | 'pet'
  | 'us'
  | 'xa'
  | 'nm'
  | 'other'

/**
 * Back to back, as radiographers hang films: chest walls together in the middle, the outer side of the breast (CC) up.
 * Along rows the right breast runs towards its chest wall (P), the left one away from it (A).
 */
const breastLook = (side: 'R' | 'L', view: 'CC' | 'MLO', align: 'left' | 'right'): HangingLook => ({
  orientation: [side === 'R' ? 'P' : 'A', view === 'MLO' ? 'F' : side === 'R' ? 'L' : 'R'],
  fit: 'fit',
  align,
})

const CC = ['CC', 'XCCL', 'XCCM', 'FB']
const MLO = ['MLO', 'ML', 'LM', 'LMO', 'SIO']

function breast(side: 'R' | 'L', view: 'CC' | 'MLO', prior = 0): HangingPane {
  const wish = (views: string[]): Wish => ({ modality: ['MG'], laterality: side, view: views, prior })
  const views = view === 'CC' ? CC : MLO
  // The standard view itself before its relatives.
  return {
    wants: [wish([view]), wish(views)],
    look: breastLook(side, view, side === 'R' ? 'right' : 'left'),
  }
}

const pane = (...wants: Wish[]): HangingPane => ({ wants })
const words = (...some: string[]): Wish => ({ modality: ['MR'], words: some })
const rest: HangingPane = { wants: [] }

const axial = (modality: string, prior = 0): HangingPane =>
  pane(
    { modality: [modality], plane: 'axial', order: 'thinnest', prior },
    { modality: [modality], order: 'largest', prior },
  )

const side = (laterality: Side, view: string): Wish => ({ laterality, view: [view] })

const T1: Wish[] = [{ ...words('t1'), withoutWords: ['gd', 'post', '+c', 'contrast'] }, words('t1')]
const T2: Wish[] = [
  { ...words('t2'), withoutWords: ['flair', 'stir', 't2*', 'star', 'dark'] },
  words('t2', 'tse'),
]
const FLAIR: Wish[] = [words('flair', 'dark'), words('stir', 'tirm', 'fat', 'fs')]
const DWI: Wish[] = [
  { modality: ['MR'], bValue: 500 },
  { ...words('dwi', 'diff', 'ep2d', 'b1000', 'trace'), withoutWords: ['adc'] },
  words('adc', 'diff'),
]
const fluid = (plane: 'sagittal' | 'coronal' | 'axial'): HangingPane =>
  pane(
    { modality: ['MR'], plane, words: ['pd', 'stir', 'fs', 'fat', 'tirm', 'spair'] },
    { modality: ['MR'], plane },
  )
const inPlane = (plane: 'sagittal' | 'coronal' | 'axial', ...some: string[]): HangingPane =>
  pane({ modality: ['MR'], plane, words: some }, { modality: ['MR'], plane })

/** In the order in which they are offered: of a study with slices and a radiograph, the slices are what one reads. */
export const BUILT_IN_PROTOCOLS: readonly BuiltInProtocol[] = [
  {
    id: 'built-in:mg',
    key: 'mg',
    protocol: {
      name: 'Mammography',
      matches: { modality: ['MG'] },
      stages: [
        {
          layout: { rows: 2, columns: 2 },
          panes: [breast('R', 'CC'), breast('L', 'CC'), breast('R', 'MLO'), breast('L', 'MLO')],
          sameScale: true,
        },
        ...(['CC', 'MLO'] as const).map((view) => ({
          layout: { rows: 1, columns: 2 },
          panes: [breast('R', view), breast('L', view)],
          onlyWished: true,
          sameScale: true,
        })),
        // Each view beside itself of the prior: now at the left, then at the right.
        ...(['CC', 'MLO'] as const).flatMap((view) =>
          (['R', 'L'] as const).map((which) => ({
            layout: { rows: 1, columns: 2 },
            panes: [breast(which, view), breast(which, view, 1)],
            onlyWished: true,
            sameScale: true,
          })),
        ),
      ],
    },
  },
  {
    id: 'built-in:pet-ct',
    key: 'pet-ct',
    protocol: {
      name: 'PET/CT, fused',
      matches: { modality: ['PT'], withModality: ['CT'], oneFrame: true },
      stages: [
        {
          layout: { rows: 2, columns: 2 },
          panes: [lowDoseCt(), pet(), fusedWithPet(), petProjection()],
          onlyWished: true,
          linked: true,
        },
        {
          layout: { rows: 2, columns: 2 },
          panes: [fusedWithPet('axial'), fusedWithPet('coronal'), fusedWithPet('sagittal'), petProjection()],
          onlyWished: true,
        },
        // A row for each study.
        {
          layout: { rows: 2, columns: 3 },
          panes: [
            ...[lowDoseCt(), pet(), fusedWithPet()],
            ...[lowDoseCt(1), pet(1), fusedWithPet(undefined, 1)],
          ],
          onlyWished: true,
          linked: true,
        },
        { layout: { rows: 1, columns: 2 }, panes: [lowDoseCt(), pet()], linked: true },
      ],
    },
  },
  {
    id: 'built-in:pet',
    key: 'pet',
    protocol: {
      name: 'PET with CT',
      matches: { modality: ['PT'], withModality: ['CT'] },
      stages: [
        {
          layout: { rows: 1, columns: 2 },
          panes: [
            pane(
              { modality: ['CT'], plane: 'axial', order: 'largest' },
              { modality: ['CT'], order: 'largest' },
            ),
            pane(
              { modality: ['PT'], withoutWords: ['nac', 'uncorrected'], order: 'largest' },
              { modality: ['PT'], order: 'largest' },
            ),
          ],
          linked: true,
        },
      ],
    },
  },
  {
    id: 'built-in:ct',
    key: 'ct',
    protocol: {
      name: 'CT',
      matches: { modality: ['CT'] },
      stages: [
        { layout: { rows: 1, columns: 1 }, panes: [axial('CT')] },
        { layout: { rows: 1, columns: 2 }, panes: [axial('CT'), axial('CT', 1)], linked: true },
      ],
    },
  },
  {
    id: 'built-in:mr-brain',
    key: 'mr-brain',
    protocol: {
      name: 'MR brain',
      matches: { modality: ['MR'], words: ['brain', 'head', 'neuro', 'flair', '脑', '头颅'] },
      stages: [
        {
          layout: { rows: 2, columns: 2 },
          panes: [pane(...T1), pane(...T2), pane(...FLAIR), pane(...DWI)],
        },
        {
          layout: { rows: 1, columns: 2 },
          panes: [pane(...FLAIR, ...T2), pane(...[...FLAIR, ...T2].map((wish) => ({ ...wish, prior: 1 })))],
          linked: true,
        },
      ],
    },
  },
  {
    id: 'built-in:mr-joint',
    key: 'mr-joint',
    protocol: {
      name: 'MR joint',
      matches: {
        modality: ['MR'],
        words: ['knee', 'shoulder', 'ankle', 'wrist', 'elbow', 'hip', '膝', '肩', '踝', '腕', '肘', '髋'],
      },
      stages: [
        {
          layout: { rows: 2, columns: 2 },
          panes: [fluid('sagittal'), fluid('coronal'), fluid('axial'), pane(...T1)],
        },
      ],
    },
  },
  {
    id: 'built-in:mr-spine',
    key: 'mr-spine',
    protocol: {
      name: 'MR spine',
      matches: { modality: ['MR'], words: ['spine', 'lumbar', 'cervical', 'thoracic', '椎', '脊柱'] },
      stages: [
        {
          layout: { rows: 2, columns: 2 },
          panes: [
            inPlane('sagittal', 't2'),
            inPlane('sagittal', 't1'),
            inPlane('axial', 't2'),
            inPlane('sagittal', 'stir', 'tirm'),
          ],
        },
      ],
    },
  },
  {
    id: 'built-in:mr',
    key: 'mr',
    protocol: {
      name: 'MR by sequence',
      matches: { modality: ['MR'] },
      stages: [
        {
          layout: { rows: 2, columns: 2 },
          panes: [pane(...T1), pane(...T2), pane(...FLAIR), pane(...DWI)],
        },
      ],
    },
  },
  {
    id: 'built-in:projection',
    key: 'projection',
    protocol: {
      name: 'Radiograph',
      matches: { modality: ['CR', 'DX', 'RG'] },
      stages: [
        {
          layout: { rows: 1, columns: 2 },
          panes: [
            {
              wants: [
                { view: ['PA'] },
                { view: ['AP'] },
                { modality: ['CR', 'DX', 'RG'], words: ['pa', 'ap', 'frontal'] },
                { modality: ['CR', 'DX', 'RG'] },
              ],
              look: { fit: 'fit' },
            },
            {
              wants: [
                { view: ['LL', 'RL', 'LAT', 'LATERAL'] },
                side('L', 'LL'),
                { modality: ['CR', 'DX', 'RG'], words: ['lat'] },
              ],
              look: { fit: 'fit' },
            },
          ],
        },
        {
          layout: { rows: 1, columns: 2 },
          panes: [
            { wants: [{ view: ['PA', 'AP'] }, { modality: ['CR', 'DX', 'RG'] }], look: { fit: 'fit' } },
            {
              wants: [
                { view: ['PA', 'AP'], prior: 1 },
                { modality: ['CR', 'DX', 'RG'], prior: 1 },
              ],
              look: { fit: 'fit' },
            },
          ],
        },
      ],
    },
  },
  {
    id: 'built-in:us',
    key: 'us',
    protocol: {
      name: 'Ultrasound',
      matches: { modality: ['US', 'IVUS'] },
      stages: [{ layout: { rows: 2, columns: 2 }, panes: [rest, rest, rest, rest] }],
    },
  },
  {
    id: 'built-in:xa',
    key: 'xa',
    protocol: {
      name: 'Angiography',
      matches: { modality: ['XA', 'RF'] },
      stages: [{ layout: { rows: 2, columns: 2 }, panes: [rest, rest, rest, rest] }],
    },
  },
  {
    id: 'built-in:nm',
    key: 'nm',
    protocol: {
      name: 'Nuclear medicine',
      matches: { modality: ['NM', 'PT'] },
      stages: [
        {
          layout: { rows: 2, columns: 2 },
          panes: [pane({ modality: ['NM', 'PT'], order: 'largest' }), rest, rest, rest],
        },
      ],
    },
  },
  {
    id: 'built-in:other',
    key: 'other',
    protocol: {
      name: 'One pane',
      matches: { modality: [] },
      stages: [{ layout: { rows: 1, columns: 1 }, panes: [pane({ order: 'largest' })] }],
    },
  },
]
