import { firstNumber } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import type { StackImage } from '../imaging/stack-image.ts'
import type { Texts } from '../locales/texts.ts'
import type { TagQuestion, TagSubject } from '../tags/tag-subject.ts'
import type { Panes } from './use-panes.ts'

/**
 * The image of the active pane, and what one would compare it with: its neighbours, the first of its stack, what the other
 * panes show. Undefined while there is no image, or one that was computed.
 */
export function tagSubjects(
  panes: Panes,
  visible: readonly number[],
  active: number,
  t: Texts['t'],
): TagQuestion | undefined {
  const { state, images } = panes.handle(active)
  const own = state.current?.image
  if (own === undefined || own.computed !== undefined) return undefined
  const index = images.current.indexOf(own)
  const beside = visible
    .filter((pane) => pane !== active)
    .map((pane) => panes.handle(pane).state.current?.image)
  const neighbours = [images.current[index - 1], images.current[index + 1], images.current[0]]
  // Frames of one instance have one data set.
  const others = [...beside, ...neighbours].filter(
    (image): image is StackImage =>
      image !== undefined && image.computed === undefined && image.metadata !== own.metadata,
  )
  const subject = ({ metadata, frameNumber }: StackImage): TagSubject => ({
    name: t('tags.subject', {
      series: firstNumber(metadata, Tag.SeriesNumber) ?? '–',
      image: firstNumber(metadata, Tag.InstanceNumber) ?? frameNumber,
    }),
    metadata,
  })
  return {
    own: subject(own),
    others: others
      .filter((image, at) => others.findIndex(({ metadata }) => metadata === image.metadata) === at)
      .map(subject),
  }
}
