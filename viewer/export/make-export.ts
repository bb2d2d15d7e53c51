import { imageName, seriesName } from './file-names.ts'
import { openFilm, type Film } from './film.ts'
import { openStage, type PictureSize, type Stage } from './stage.ts'
import type { PaneSubject } from './subject.ts'
import { encodePicture, takePicture, type PictureWishes, type Words } from './take-picture.ts'
import { openZip } from './zip-pictures.ts'

export interface ExportWishes extends PictureWishes {
  /** Places in the stack, 0-based, both included. */
  readonly from: number
  readonly to: number
  readonly format: 'png' | 'jpeg' | 'webm'
  /** Of JPEG, 0 to 1. */
  readonly quality: number
  readonly size: PictureSize
  /** Of a film. */
  readonly perSecond: number
}

export interface MadeFile {
  readonly name: string
  readonly blob: Blob
}

/**
 * One image as a file, several as a ZIP or a film. Errors: ImageNotShown, FilmFailed; the signal's reason; Error where the
 * browser has no room for a picture.
 *
 * @param onDone told how many images are made
 */
export async function makeExport(
  subject: PaneSubject,
  wishes: ExportWishes,
  words: Words,
  onDone: (count: number) => void,
  signal: AbortSignal,
): Promise<MadeFile> {
  const stage = await openStage(subject, wishes.size, { areWritten: wishes.texts || wishes.patient })
  try {
    if (wishes.format === 'webm') return await makeFilm(subject, stage, wishes, words, onDone, signal)
    return await makePictures(subject, stage, wishes, wishes.format, words, onDone, signal)
  } finally {
    stage.close()
  }
}

async function makePictures(
  { opening, images }: PaneSubject,
  stage: Stage,
  wishes: ExportWishes,
  format: 'png' | 'jpeg',
  words: Words,
  onDone: (count: number) => void,
  signal: AbortSignal,
): Promise<MadeFile> {
  const { from, to, quality } = wishes
  const zip = openZip()
  for (let index = from; index <= to; index++) {
    const picture = await takePicture(stage, index, opening, wishes, words, signal)
    const blob = await encodePicture(picture, format, quality)
    signal.throwIfAborted()
    const image = images[index]
    const name = `${image === undefined ? 'image' : imageName(image, index, images.length)}.${format === 'jpeg' ? 'jpg' : 'png'}`
    if (from === to) return { name, blob }
    await zip.add(name, blob)
    onDone(index - from + 1)
  }
  return { name: `${wholeName(images[from])}.zip`, blob: zip.finish() }
}

async function makeFilm(
  { opening, images }: PaneSubject,
  stage: Stage,
  wishes: ExportWishes,
  words: Words,
  onDone: (count: number) => void,
  signal: AbortSignal,
): Promise<MadeFile> {
  let film: Film | undefined
  try {
    for (let index = wishes.from; index <= wishes.to; index++) {
      const picture = await takePicture(stage, index, opening, wishes, words, signal)
      const { width, height } = picture
      film ??= await openFilm({ width, height, perSecond: wishes.perSecond })
      await film.add(picture)
      onDone(index - wishes.from + 1)
    }
    signal.throwIfAborted()
    return {
      name: `${wholeName(images[wishes.from])}.webm`,
      blob: (await film?.finish()) ?? new Blob(),
    }
  } finally {
    film?.close()
  }
}

const wholeName = (image: Parameters<typeof seriesName>[0] | undefined): string =>
  image === undefined ? 'series' : seriesName(image)
