import type { DicomJson } from '../../dicom/dicom-json.ts'
import type { Code, MeasuredGeometry, MeasuredValue, Measurement, Quantity } from '../shapes.ts'
import { vertebraCode } from '../vertebrae.ts'
import { Concept, QUANTITY_OF_KIND, codesOf } from './codes.ts'
import {
  codeContent,
  container,
  graphicItem,
  imageItem,
  numberItem,
  textItem,
  uidItem,
} from './content-item.ts'
import { regionGraphic, sourceGraphics, type Graphic } from './graphics.ts'
import { givenName, type ReportLanguage } from './identifier.ts'

/** A mark as a report has it. */
export type ReportMark = Omit<Measurement, 'text' | 'geometry'> & { readonly geometry: MeasuredGeometry }

/** An image that was measured. */
export interface ReportImage {
  readonly sopInstanceUid: string
  readonly sopClassUid: string
  readonly seriesInstanceUid: string
  /** Of an image of one frame no frame is named (PS3.3 10.3). */
  readonly frames: number
}

/** One mark as a measurement group. `number`: the how-manieth of its kind. */
export function measurementGroup(
  mark: ReportMark,
  image: ReportImage,
  number: number,
  language: ReportLanguage,
): DicomJson {
  const region = regionGraphic(mark.geometry, mark.calibration)
  const name = mark.label === '' ? givenName(mark.geometry.kind, number, language) : mark.label
  return container(
    { relationship: 'CONTAINS', name: Concept.measurementGroup },
    [
      textItem({ relationship: 'HAS OBS CONTEXT', name: Concept.trackingIdentifier }, name),
      uidItem({ relationship: 'HAS OBS CONTEXT', name: Concept.trackingUid }, mark.trackingUid),
      ...calibrationContext(mark),
      ...(region === undefined
        ? []
        : [
            graphicItem(
              { relationship: 'CONTAINS', name: Concept.imageRegion },
              region.type,
              region.points.flat(),
              [
                imageItem(
                  { relationship: 'SELECTED FROM', name: Concept.sourceImage },
                  reference(mark, image),
                ),
              ],
            ),
          ]),
      ...siteItem(siteOf(mark)),
      ...(region === undefined ? inferred(mark, image, name) : mark.values.map((value) => valueItem(value))),
    ],
    region === undefined ? '1501' : '1410',
  )
}

const siteOf = ({ geometry, findingSite }: ReportMark): Code | undefined =>
  geometry.kind === 'vertebra' ? vertebraCode(geometry.level) : findingSite

const siteItem = (site: Code | undefined): DicomJson[] =>
  site === undefined
    ? []
    : [codeContent({ relationship: 'HAS CONCEPT MOD', name: Concept.findingSite }, site)]

/** A calibration that only the reader knows (CID 3452); any other is read from the image again. */
function calibrationContext({ calibration }: Pick<ReportMark, 'calibration'>): DicomJson[] {
  if (calibration.kind !== 'known-length') return []
  const [x, y] = calibration.spacing
  const context = 'HAS ACQ CONTEXT'
  const spacing = (value: number) => ({ value, unit: 'mm/{pixel}' })
  return [
    codeContent({ relationship: context, name: Concept.calibrationMethod }, Concept.calibrationObjectUsed),
    numberItem(
      { relationship: context, name: Concept.calibrationObjectSize },
      { value: calibration.millimetres, unit: 'mm' },
    ),
    numberItem({ relationship: context, name: Concept.horizontalPixelSpacing }, spacing(x)),
    numberItem({ relationship: context, name: Concept.verticalPixelSpacing }, spacing(y)),
  ]
}

/** What was measured of a geometry that encloses nothing, each inferred from its own part of it. */
function inferred(mark: ReportMark, image: ReportImage, name: string): DicomJson[] {
  const from = (quantity: Quantity | undefined): DicomJson[] =>
    sourceGraphics(mark.geometry, quantity).map((graphic) => source(graphic, mark, image))
  if (mark.geometry.kind === 'arrow') {
    return [textItem({ relationship: 'CONTAINS', name: Concept.finding }, name, from(undefined))]
  }
  if (mark.geometry.kind === 'vertebra') {
    return [
      codeContent({ relationship: 'CONTAINS', name: Concept.finding }, Concept.vertebra, from(undefined)),
    ]
  }
  const measured = mark.values.map((value) => valueItem(value, from(value.quantity)))
  return [...measured, ...notMeasured(mark).map((quantity) => missing(quantity, from(quantity)))]
}

/** What a mark must name, measured or not, for its geometry to be whole. */
function notMeasured({ geometry, values }: Pick<ReportMark, 'geometry' | 'values'>): Quantity[] {
  const has = (quantity: Quantity): boolean => values.some((value) => value.quantity === quantity)
  if (geometry.kind === 'bidirectional') {
    return (['long-axis', 'short-axis'] as const).filter((quantity) => !has(quantity))
  }
  if (geometry.kind === 'cardiothoracic') {
    return (['heart-width', 'thorax-width'] as const).filter((quantity) => !has(quantity))
  }
  const quantity = QUANTITY_OF_KIND[geometry.kind]
  return values.length > 0 || quantity === undefined ? [] : [quantity]
}

function valueItem(value: MeasuredValue, content: readonly DicomJson[] = []): DicomJson {
  const { concept, derivation, site } = codesOf(value.quantity, value.intensity)
  return numberItem({ relationship: 'CONTAINS', name: concept }, value, [
    ...(derivation === undefined
      ? []
      : [codeContent({ relationship: 'HAS CONCEPT MOD', name: Concept.derivation }, derivation)]),
    ...siteItem(site),
    ...content,
  ])
}

function missing(quantity: Quantity, content: readonly DicomJson[]): DicomJson {
  const { concept, site } = codesOf(quantity, undefined)
  return numberItem({ relationship: 'CONTAINS', name: concept }, { missing: Concept.notAttempted }, [
    ...siteItem(site),
    ...content,
  ])
}

const source = ({ type, points }: Graphic, mark: Pick<ReportMark, 'frameNumber'>, image: ReportImage) =>
  graphicItem({ relationship: 'INFERRED FROM', name: Concept.sourceOfMeasurement }, type, points.flat(), [
    imageItem({ relationship: 'SELECTED FROM' }, reference(mark, image)),
  ])

const reference = ({ frameNumber }: Pick<ReportMark, 'frameNumber'>, image: ReportImage) => ({
  ...image,
  frameNumber: image.frames > 1 ? frameNumber : undefined,
})
