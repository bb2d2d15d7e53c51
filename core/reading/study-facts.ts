import type { PriorStudy, StudyOpening } from '../contract/api.ts'
import type { KeptProtocol } from '../contract/hanging.ts'
import { BUILT_IN_PROTOCOLS } from './built-in-protocols.ts'
import type { HangingSeries, OwnedProtocol, StudyFacts } from './hanging-protocol.ts'

/** The study as protocols see it, on so many monitors. */
export function studyFacts(
  { study, series }: StudyOpening,
  priorPresent: boolean,
  monitors: number,
): StudyFacts {
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
    frames: pictured.flatMap(({ modality, frameCount, facts }) =>
      facts?.frameOfReference === undefined || frameCount < 2
        ? []
        : [{ modality, frameOfReference: facts.frameOfReference }],
    ),
    priorPresent,
    monitors,
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

/** What was kept last comes first among its equals: it is what somebody wants now. */
export function withBuiltIns(kept: readonly KeptProtocol[]): OwnedProtocol[] {
  const own = [...kept]
    .reverse()
    .map(({ id, owner, protocol }): OwnedProtocol => ({ id, owner: owner.kind, protocol }))
  const builtIn = BUILT_IN_PROTOCOLS.map(({ id, protocol }): OwnedProtocol => ({
    id,
    owner: 'built-in',
    protocol,
  }))
  return [...own, ...builtIn]
}
