import type { ComputedView, HangingLook, HangingPane, Wish } from '../contract/hanging.ts'

/** Emission dark on white, as it is read; g/ml: the liver is grey, what is read as hot is black. */
const EMISSION: HangingLook = { invert: true, uptake: { lower: 0, upper: 7 } }
/** Images that were not corrected for what the body absorbs are for looking up, not for reading. */
const UNCORRECTED = [
  'nac',
  'uncorrected',
  'non-corrected',
  'no ac',
  'noac',
  '未校正',
  '无衰减校正',
  '非衰减校正',
]
/** Kernels for lung and bone: too noisy to lie under colours. */
const SHARP = ['lung', 'bone', 'sharp', 'breath', '肺窗', '骨窗', '高分辨', '屏气']

function petWishes(prior: number): Wish[] {
  const wish: Wish = { modality: ['PT'], order: 'largest', prior }
  return [
    { ...wish, attenuationCorrected: true, withoutWords: UNCORRECTED, oneFrameWith: 'CT' },
    { ...wish, withoutWords: UNCORRECTED, oneFrameWith: 'CT' },
    { ...wish, oneFrameWith: 'CT' },
    { ...wish, withoutWords: UNCORRECTED },
    wish,
  ]
}

function ctWishes(prior: number): Wish[] {
  const wish: Wish = { modality: ['CT'], order: 'largest', prior }
  return [
    { ...wish, plane: 'axial', oneFrameWith: 'PT', withoutWords: SHARP },
    { ...wish, oneFrameWith: 'PT' },
    { ...wish, plane: 'axial' },
    wish,
  ]
}

/** The CT that was taken with the PET: in its frame of reference, covering most of it, for soft tissue. */
export const lowDoseCt = (prior = 0): HangingPane => ({ wants: ctWishes(prior) })

/** The PET, corrected for attenuation where there is one. */
export const pet = (prior = 0): HangingPane => ({ wants: petWishes(prior), look: EMISSION })

/** The PET in colour over the CT, or over a plane through it. */
export const fusedWithPet = (computed?: Exclude<ComputedView, 'projection'>, prior = 0): HangingPane => ({
  wants: ctWishes(prior),
  over: { wants: petWishes(prior) },
  ...(computed === undefined ? {} : { computed }),
})

/** All of the PET at a glance, to be turned. */
export const petProjection = (prior = 0): HangingPane => ({
  wants: petWishes(prior),
  computed: 'projection',
  look: EMISSION,
})
