import type { Types } from '@cornerstonejs/core'
import type { ImagePoint } from '../../../core/measurements/shapes.ts'
import { imageMatrix } from '../overlays/image-matrix.ts'

const SVG = 'http://www.w3.org/2000/svg'

/** Where the brush is, and how large. */
export interface BrushOutline {
  readonly element: SVGSVGElement
  /** @param reach half of its width and height, in pixels of the image; undefined: it is not over the image */
  show(at: ImagePoint | undefined, reach: readonly [number, number], erases: boolean): void
}

export function createBrushOutline(viewport: Types.IStackViewport): BrushOutline {
  const element = document.createElementNS(SVG, 'svg')
  element.style.cssText = 'position: absolute; inset: 0; width: 100%; height: 100%; display: none'
  const group = document.createElementNS(SVG, 'g')
  // A light line on a dark one: seen on any tissue.
  const rings = (['#000', '#fff'] as const).map((colour, index) => {
    const ring = document.createElementNS(SVG, 'ellipse')
    ring.setAttribute('fill', 'none')
    ring.setAttribute('stroke', colour)
    ring.setAttribute('stroke-width', index === 0 ? '3' : '1.25')
    ring.setAttribute('vector-effect', 'non-scaling-stroke')
    group.append(ring)
    return ring
  })
  element.append(group)
  return {
    element,
    show(at, [across, down], erases) {
      const matrix = imageMatrix(viewport)
      element.style.display = at === undefined || matrix === undefined ? 'none' : 'block'
      if (at === undefined || matrix === undefined) return
      group.setAttribute('transform', `matrix(${matrix.join(' ')})`)
      for (const ring of rings) {
        ring.setAttribute('cx', String(at[0]))
        ring.setAttribute('cy', String(at[1]))
        ring.setAttribute('rx', String(across))
        ring.setAttribute('ry', String(down))
        ring.setAttribute('stroke-dasharray', erases ? '4 3' : '')
      }
    },
  }
}
