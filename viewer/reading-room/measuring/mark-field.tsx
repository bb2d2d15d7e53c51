import type { ReactNode } from 'react'
import type { DrawnMarks } from '../../marks/saved-marks.ts'
import type { StackImage } from '../../imaging/stack-image.ts'
import { ArrowText, type WrittenArrow } from '../arrow-text.tsx'
import { frameOf } from '../frame-of.ts'
import { alikeIn, hasAlike } from './alike.ts'
import { KnownLengthField } from './known-length-field.tsx'
import { LevelField } from './level-field.tsx'

interface MarkFieldProps {
  /** Of which something is to be said, and where in the pane. */
  readonly written: WrittenArrow
  readonly images: readonly StackImage[]
  readonly marks: DrawnMarks
  /** It is not kept. */
  readonly onDiscard: (trackingUid: string) => void
  readonly onClose: () => void
}

/** Where a reader says what no hand draws: the text at an arrow, the length of a thing, the name of a vertebra. */
export function MarkField({ written, images, marks, onDiscard, onClose }: MarkFieldProps): ReactNode {
  const { mark, at } = written
  const { geometry, trackingUid } = mark
  const giveUp = (): void => {
    onDiscard(trackingUid)
    onClose()
  }
  if (geometry.kind === 'known-length') {
    const image = images.find((each) => frameOf(each).sopInstanceUid === mark.sopInstanceUid)
    return (
      <KnownLengthField
        key={trackingUid}
        at={at}
        severalAlike={image !== undefined && hasAlike(images, image)}
        onSaid={(millimetres, reach) => {
          const said = { ...geometry, millimetres, reach }
          marks.put({ ...mark, geometry: said }, alikeIn(images, said))
          onClose()
        }}
        onClose={giveUp}
      />
    )
  }
  if (geometry.kind === 'vertebra') {
    return (
      <LevelField
        key={trackingUid}
        at={at}
        onSaid={(level) => {
          marks.put({ ...mark, geometry: { ...geometry, level } })
          onClose()
        }}
        onClose={giveUp}
      />
    )
  }
  return (
    <ArrowText
      key={trackingUid}
      arrow={written}
      onWritten={(label) => {
        const kept = marks.list().find((each) => each.trackingUid === trackingUid)
        if (kept !== undefined) marks.put({ ...kept, label })
      }}
      onClose={onClose}
    />
  )
}
