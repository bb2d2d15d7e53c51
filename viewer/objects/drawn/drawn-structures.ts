import { readStructureSet } from '../../../core/dicom/drawn/structure-set.ts'
import { firstString, type DicomJson } from '../../../core/dicom/dicom-json.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { contoursOn } from '../../../core/measurements/drawn-over.ts'
import { drawnOn, type DrawnObject } from './drawn-object.ts'

const SVG = 'http://www.w3.org/2000/svg'
/** Of a filled contour: the image is read through it. */
const FILL = 0.25
/** Of a point, pixels of the image. */
const POINT = 1.5

/** The contours of a structure set over the images they are of. */
export function drawnStructures(instance: DicomJson): DrawnObject {
  const uid = firstString(instance, Tag.SOPInstanceUID) ?? ''
  const { structures, series } = readStructureSet(instance)
  const keyOf = (number: number): string => `${uid} ${number}`
  return {
    kind: 'structures',
    parts: structures.map(({ number, name, colour }) => ({ key: keyOf(number), number, name, colour })),
    series,
    drawingsOn(image, isShown, opacity) {
      const on = drawnOn(image)
      const lines = document.createElementNS(SVG, 'g')
      for (const structure of structures) {
        if (!isShown(keyOf(structure.number))) continue
        const contours = contoursOn(structure, on)
        if (contours.length === 0) continue
        const colour = `rgb(${structure.colour.join(' ')})`
        const path = document.createElementNS(SVG, 'path')
        path.setAttribute(
          'd',
          contours
            .map(({ shape, points }) => {
              const [first] = points
              if (shape === 'point' && first !== undefined)
                return `M${first[0] - POINT} ${first[1]}h${2 * POINT}m${-POINT} ${-POINT}v${2 * POINT}`
              return `M${points.map((point) => point.join(' ')).join('L')}${shape === 'closed' ? 'Z' : ''}`
            })
            .join(''),
        )
        path.setAttribute('stroke', colour)
        path.setAttribute('stroke-width', '2')
        path.setAttribute('vector-effect', 'non-scaling-stroke')
        const isFilled = contours.every(({ shape }) => shape === 'closed')
        path.setAttribute('fill', isFilled ? colour : 'none')
        // One contour inside another is a hole.
        path.setAttribute('fill-rule', 'evenodd')
        path.setAttribute('fill-opacity', String(FILL * opacity))
        path.dataset['structure'] = structure.name
        lines.append(path)
      }
      return Promise.resolve(lines.childElementCount === 0 ? [] : [{ kind: 'lines', lines }])
    },
  }
}
