import type { StudyOpening } from '../../core/contract/api.ts'
import type { Texts } from '../locales/texts.ts'
import { paintPane } from './paint-layers.ts'
import type { Stage } from './stage.ts'
import { paintTexts, textsOf, type TextWishes } from './write-texts.ts'

export interface PictureWishes extends TextWishes {
  /** What was drawn over the image. */
  readonly marks: boolean
}

export interface Words {
  readonly t: Texts['t']
  readonly language: string
}

/** One image of a stage as a picture. Errors: ImageNotShown; the signal's reason; what the browser says of a drawing it cannot paint. */
export async function takePicture(
  stage: Stage,
  index: number,
  opening: StudyOpening,
  wishes: PictureWishes,
  { t, language }: Words,
  signal: AbortSignal,
): Promise<HTMLCanvasElement> {
  const state = await stage.show(index, signal)
  const picture = await paintPane(stage.surface, { marks: wishes.marks, factor: stage.factor })
  const density = picture.width / (stage.surface.clientWidth || picture.width)
  paintTexts(picture, textsOf(state, opening, wishes, t, language), density * stage.factor)
  return picture
}

/** Errors: Error when the browser has no room for it. */
export function encodePicture(
  picture: HTMLCanvasElement,
  format: 'png' | 'jpeg',
  quality: number,
): Promise<Blob> {
  return new Promise((resolve, reject) => {
    picture.toBlob(
      (blob) => {
        if (blob === null) reject(new Error('the picture is too large for this browser'))
        else resolve(blob)
      },
      `image/${format}`,
      quality,
    )
  })
}
