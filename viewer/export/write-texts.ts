import type { StudyOpening } from '../../core/contract/api.ts'
import { Tag } from '../../core/dicom/tag.ts'
import type { StackImage } from '../imaging/stack-image.ts'
import type { ViewportState } from '../imaging/viewport.ts'
import type { Texts } from '../locales/texts.ts'
import { writeOverlays, type OverlayPlaces } from '../reading-room/pane-overlays.ts'

export interface TextWishes {
  /** Corner texts and the letters at the edges. */
  readonly texts: boolean
  /** Who the patient is, and of what study: only then does anything name them. */
  readonly patient: boolean
}

const PLACES = ['patient', 'study', 'image', 'look', 'top', 'right', 'bottom', 'left'] as const

/** What is written on a picture, by its place. */
export type PictureTexts = Readonly<Record<keyof OverlayPlaces, readonly string[]>>

/** The words of a picture, as the pane has them; without the patient, none that a person typed into a file. */
export function textsOf(
  state: ViewportState,
  opening: StudyOpening,
  { texts, patient }: TextWishes,
  t: Texts['t'],
  language: string,
): PictureTexts {
  const written = Object.fromEntries(
    PLACES.map((name) => [name, document.createElement('p')]),
  ) as unknown as OverlayPlaces
  const image = patient ? state.image : state.image && nameless(state.image)
  writeOverlays(written, { ...state, image }, opening, t, language)
  // How large it was on a screen means nothing of a picture.
  const zoom = t('reading.zoom-short', { percent: String(Math.round(state.scale * 100)) })
  const lines = (name: keyof OverlayPlaces): string[] => {
    const isWanted = name === 'patient' || name === 'study' ? patient : texts
    const all = isWanted ? (written[name].textContent ?? '').split('\n') : []
    return all.filter((line) => line !== '' && line !== zoom)
  }
  return Object.fromEntries(PLACES.map((name) => [name, lines(name)])) as unknown as PictureTexts
}

/** The description of a series is free text, which may name anyone (PS3.15 E.1.1 removes it). */
function nameless(image: StackImage): StackImage {
  return { ...image, metadata: { ...image.metadata, [Tag.SeriesDescription]: { vr: 'LO' } } }
}

/** Of a picture's side, for texts whose size is 1. Pixels. */
const [SIZE, LINE, MARGIN] = [12, 17, 10]

/** @param scale pixels of the picture a pixel of the texts */
export function paintTexts(picture: HTMLCanvasElement, texts: PictureTexts, scale: number): void {
  const context = picture.getContext('2d')
  if (context === null) return
  const [width, height] = [picture.width / scale, picture.height / scale]
  context.setTransform(scale, 0, 0, scale, 0, 0)
  const { fontFamily } = getComputedStyle(document.body)
  const write = (text: string, x: number, y: number, align: CanvasTextAlign, bold = false): void => {
    context.font = `${bold ? 600 : 400} ${SIZE}px ${fontFamily}`
    context.textAlign = align
    context.textBaseline = 'middle'
    context.lineJoin = 'round'
    context.lineWidth = 2.5
    context.strokeStyle = 'rgb(0 0 0 / 85%)'
    context.strokeText(text, x, y)
    context.fillStyle = '#d5dbe3'
    context.fillText(text, x, y)
  }
  const half = LINE / 2
  const foot = (lines: readonly string[], index: number): number =>
    height - MARGIN - (lines.length - index) * LINE + half
  const { patient, study, image, look } = texts
  patient.forEach((line, index) => write(line, MARGIN, MARGIN + index * LINE + half, 'left', index === 0))
  study.forEach((line, index) => write(line, width - MARGIN, MARGIN + index * LINE + half, 'right'))
  image.forEach((line, index) => write(line, MARGIN, foot(image, index), 'left'))
  look.forEach((line, index) => write(line, width - MARGIN, foot(look, index), 'right'))
  write(texts.top.join(''), width / 2, MARGIN + half, 'center', true)
  // Where there is no room for it between the corners, the letter is above them.
  const widest = Math.max(0, ...[...image, ...look].map((line) => context.measureText(line).width))
  const isBetween = MARGIN + widest < width / 2 - LINE
  const lift = isBetween ? 0 : Math.max(image.length, look.length) * LINE
  write(texts.bottom.join(''), width / 2, height - MARGIN - half - lift, 'center', true)
  write(texts.left.join(''), MARGIN, height / 2, 'left', true)
  write(texts.right.join(''), width - MARGIN, height / 2, 'right', true)
}
