import type { PriorStudy, StudyOpening } from '../../core/contract/api.ts'
import type { HangingSeries, StudyFacts } from '../../core/reading/hanging-protocol.ts'

/** The study as protocols see it. */
export function studyFacts({ study, series }: StudyOpening, priorPresent: boolean): StudyFacts {
  const pictured = series.filter(({ frameCount }) => frameCount > 0)
  return {
    modalities: [...new Set(pictured.map(({ modality }) => modality))],
    bodyParts: [...new Set(pictured.map((each) => each.bodyPartExamined).filter((part) => part !== ''))],
    lateralities: [
      ...new Set(
        pictured
          .flatMap(({ facts }) => [
            facts?.laterality,
            ...(facts?.images ?? []).map((image) => image.laterality),
          ])
          .filter((side) => side !== undefined),
      ),
    ],
    descriptions: [
      study.studyDescription,
      ...pictured.flatMap(({ seriesDescription, bodyPartExamined, facts }) => [
        seriesDescription,
        bodyPartExamined,
        facts?.protocolName ?? '',
      ]),
    ].filter((text) => text !== ''),
    priorPresent,
    monitors: 'isExtended' in window.screen && window.screen.isExtended === true ? 2 : 1,
  }
}

/** The series of the study and of those priors that are open, best prior first. */
export function hangingSeries(
  opening: StudyOpening,
  openings: readonly StudyOpening[],
  priors: readonly Pick<PriorStudy, 'studyInstanceUid'>[],
): HangingSeries[] {
  const ranked = priors.flatMap(({ studyInstanceUid }, rank) => {
    const prior = openings.find(({ study }) => study.studyInstanceUid === studyInstanceUid)
    return prior === undefined ? [] : [{ prior, rank: rank + 1 }]
  })
  return [{ prior: opening, rank: 0 }, ...ranked].flatMap(({ prior, rank }) =>
    prior.series.map((each) => ({ ...each, prior: rank })),
  )
}
