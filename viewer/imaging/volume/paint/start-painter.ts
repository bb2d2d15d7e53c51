import type { PaintedBy, PictureAnswer } from '../volume-messages.ts'
import type { PaintedVolume } from './brush.ts'
import { openCardBrush } from './card-brush.ts'
import { openPainter, type Painter } from './painter.ts'
import { openProcessorBrush } from './processor-brush.ts'

/** Pictures of a volume, by the graphics card where there is one. */
export const startPainter = (
  painted: PaintedVolume,
  paintedBy: PaintedBy,
  post: (picture: PictureAnswer) => void,
): Painter =>
  openPainter(
    () => (paintedBy === 'card' ? openCardBrush(painted) : undefined),
    () => openProcessorBrush(painted),
    post,
  )
