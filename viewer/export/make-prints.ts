import { encodePicture, takePicture, type PictureWishes, type Words } from './take-picture.ts'
import { openStage } from './stage.ts'
import type { PaneSubject } from './subject.ts'

/** Height of a letter on paper that can be read from where one holds it. mm */
const LETTERS = 2.2
/** Of words on the screen. Pixels. */
const LETTERS_ON_SCREEN = 12

/**
 * Addresses of pictures of the images, to be revoked by the caller. Errors: ImageNotShown; the signal's reason; Error where
 * the browser has no room for a picture.
 *
 * @param width of a picture on paper, mm
 */
export async function seriesPrints(
  subject: PaneSubject,
  indices: readonly number[],
  width: number,
  wishes: PictureWishes,
  words: Words,
  onDone: (count: number) => void,
  signal: AbortSignal,
): Promise<string[]> {
  const stage = await openStage(subject, 'own', {
    areWritten: wishes.texts || wishes.patient,
    comfortable: (LETTERS_ON_SCREEN * width) / LETTERS,
  })
  const urls: string[] = []
  try {
    for (const index of indices) {
      const picture = await takePicture(stage, index, subject.opening, wishes, words, signal)
      urls.push(URL.createObjectURL(await encodePicture(picture, 'png', 1)))
      onDone(urls.length)
    }
    return urls
  } catch (error) {
    urls.forEach((url) => URL.revokeObjectURL(url))
    throw error
  } finally {
    stage.close()
  }
}

/** The same of panes as they are on the screen. */
export async function panePrints(
  panes: readonly PaneSubject[],
  wishes: PictureWishes,
  words: Words,
  onDone: (count: number) => void,
  signal: AbortSignal,
): Promise<string[]> {
  const urls: string[] = []
  try {
    for (const pane of panes) {
      const stage = await openStage(pane, 'screen', { areWritten: true })
      const picture = await takePicture(stage, pane.state()?.index ?? 0, pane.opening, wishes, words, signal)
      urls.push(URL.createObjectURL(await encodePicture(picture, 'png', 1)))
      onDone(urls.length)
    }
    return urls
  } catch (error) {
    urls.forEach((url) => URL.revokeObjectURL(url))
    throw error
  }
}
