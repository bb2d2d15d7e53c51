import { firstNumber, firstString } from '../../core/dicom/dicom-json.ts'
import type { StudyOpening } from '../../core/contract/api.ts'
import { suvOf } from '../../core/measurements/suv.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { presentationOf, type StackImage } from '../imaging/stack-image.ts'
import type { ViewportState } from '../imaging/viewport.ts'
import type { Texts } from '../locales/texts.ts'
import { displayDicomDate, displayDicomTime } from '../ui/dates.ts'
import { displayPersonName } from '../ui/person-name.ts'
import { displaySex } from '../ui/sex.ts'

/** The places on a pane that are written without React: they change with every step. */
export interface OverlayPlaces {
  readonly patient: HTMLElement
  readonly study: HTMLElement
  readonly image: HTMLElement
  readonly look: HTMLElement
  readonly top: HTMLElement
  readonly right: HTMLElement
  readonly bottom: HTMLElement
  readonly left: HTMLElement
}

/** Writes the four corners and the orientation letters. */
export function writeOverlays(
  places: OverlayPlaces,
  state: ViewportState,
  { study }: StudyOpening,
  t: Texts['t'],
  language: string,
  /** Of the image its number and place alone. */
  isShort = false,
): void {
  const name = displayPersonName(study.patientName, language)
  write(places.patient, [
    [name.primary, name.secondary].filter((part) => part !== '').join('  '),
    study.patientId,
    [
      displaySex(study.patientSex, t),
      study.patientBirthDate === ''
        ? ''
        : t('reading.born', { date: displayDicomDate(study.patientBirthDate) }),
    ]
      .filter((part) => part !== '')
      .join('  '),
  ])
  write(places.study, [
    firstString(state.image?.metadata ?? {}, Tag.InstitutionName) ?? '',
    `${displayDicomDate(study.studyDate)} ${displayDicomTime(study.studyTime)}`.trim(),
    study.studyDescription,
    study.accessionNumber,
  ])
  write(
    places.image,
    state.image === undefined ? [] : imageLines(state.image, state, t).slice(isShort ? 1 : 0),
  )
  write(places.look, lookLines(state, t))
  for (const edge of ['top', 'right', 'bottom', 'left'] as const)
    put(places[edge], state.letters?.[edge] ?? '')
}

function imageLines(image: StackImage, state: ViewportState, t: Texts['t']): string[] {
  const { metadata } = image
  const position = firstNumber(metadata, '00201041') ?? metadata[Tag.ImagePositionPatient]?.Value?.[2]
  const thickness = firstNumber(presentationOf(image), Tag.SliceThickness)
  const series = [
    [firstString(metadata, Tag.SeriesNumber) ?? '', firstString(metadata, Tag.SeriesDescription) ?? '']
      .filter((part) => part !== '')
      .join('  '),
  ]
  if (image.computed?.of === 'volume') return series
  const place = t('reading.of-images', { index: String(state.index + 1), count: String(state.count) })
  if (image.computed?.of === 'projection') return [...series, place]
  return [
    ...series,
    place,
    [
      typeof position === 'number' ? t('reading.slice', { position: position.toFixed(1) }) : '',
      thickness === undefined
        ? ''
        : t('reading.thickness', { thickness: String(Number(thickness.toFixed(2))) }),
    ]
      .filter((part) => part !== '')
      .join('  '),
  ]
}

function lookLines(state: ViewportState, t: Texts['t']): string[] {
  return [
    state.shutter === 'lifted' ? t('reading.shutter-lifted') : '',
    state.overlays === 'hidden' ? t('reading.overlay-planes-hidden') : '',
    state.overlays === 'missing' ? t('reading.overlay-planes-missing') : '',
    firstString(state.image?.metadata ?? {}, Tag.Laterality) ??
      firstString(state.image?.metadata ?? {}, '00200062') ??
      '',
    t('reading.zoom-short', { percent: String(Math.round(state.scale * 100)) }),
    state.window === undefined ? '' : windowLine(state.window, state.image, t),
  ]
}

/** By width and centre; of positron emission images whose uptake is known, from which uptake to which. */
function windowLine(
  { center, width }: NonNullable<ViewportState['window']>,
  image: StackImage | undefined,
  t: Texts['t'],
): string {
  const suv = image && suvOf(image.metadata)
  if (suv?.kind !== 'known')
    return t('reading.window-short', { width: displayNumber(width), center: displayNumber(center) })
  const [from, to] = [center - width / 2, center + width / 2].map((end) => (end * suv.scale).toFixed(1))
  return t('reading.window-uptake', { from: from ?? '', to: to ?? '' })
}

const displayNumber = (value: number): string =>
  Math.abs(value) >= 10 || Number.isInteger(value) ? String(Math.round(value)) : value.toPrecision(3)

function write(place: HTMLElement, lines: readonly string[]): void {
  put(place, lines.filter((line) => line !== '').join('\n'))
}

/** The document is touched only when a text changed. */
function put(place: HTMLElement, text: string): void {
  if (place.textContent !== text) place.textContent = text
}
