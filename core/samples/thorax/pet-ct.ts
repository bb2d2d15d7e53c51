import { studyUid, type SampleStudy, type StudyPlan } from '../sample-study.ts'
import { ctSlices, type CtPlan } from './ct-thorax.ts'
import { petSlices, type PetPlan } from './pet-thorax.ts'

/** A PET with the low-dose CT of the same couch position: one frame of reference, grids of their own. */
export function petCt(study: StudyPlan, noduleDiameter: number): SampleStudy {
  const ct = ctPlan(study, noduleDiameter)
  const pet = petPlan(study, noduleDiameter)
  return {
    name: study.key,
    studyInstanceUid: studyUid(study),
    instanceCount: ct.slices + pet.slices,
    instances: async function* () {
      yield* ctSlices(ct)
      yield* petSlices(pet)
    },
  }
}

const ctPlan = (study: StudyPlan, noduleDiameter: number): CtPlan => ({
  study,
  slices: 98,
  thickness: 3,
  top: 148,
  noise: 20,
  noduleDiameter,
  seriesDescription: '低剂量CT 3.0 mm',
  kernel: 'STANDARD',
  isLowDose: true,
})

export const petPlan = (study: StudyPlan, noduleDiameter: number): PetPlan => ({
  study,
  number: 3,
  description: 'PET 衰减校正',
  slices: 91,
  top: 147,
  noduleDiameter,
  weight: 68,
  injected: '092640',
  started: '103130',
})
