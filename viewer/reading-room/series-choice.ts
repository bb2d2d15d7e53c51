import type { StudySeries } from '../../core/contract/api.ts'

/** The largest series with images: a survey or a report is not what one opens a study for, nor a drawing on others' images. */
export function firstToRead(series: readonly StudySeries[]): StudySeries | undefined {
  const weight = ({ modality, frameCount }: StudySeries): number =>
    modality === 'SEG' || modality === 'RTDOSE' ? Math.min(frameCount, 0.5) : frameCount
  return [...series].sort((a, b) => weight(b) - weight(a))[0]
}

/** The series of a prior that is most like the one that is read: by name, else by modality, else its largest. */
export function seriesLike(
  candidates: readonly StudySeries[],
  read: StudySeries | undefined,
): StudySeries | undefined {
  const pictured = candidates.filter(({ frameCount }) => frameCount > 0)
  const sameKind = pictured.filter(({ modality }) => modality === read?.modality)
  const named = sameKind.find(
    ({ seriesDescription }) =>
      seriesDescription !== '' && seriesDescription.toLowerCase() === read?.seriesDescription.toLowerCase(),
  )
  return named ?? firstToRead(sameKind) ?? firstToRead(pictured)
}
