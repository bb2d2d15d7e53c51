/**
 * Stands in for xmlbuilder2, which vtk.js imports for its XML files. Its CommonJS build needs Node's `events` and
 * leaves a blank page in a browser; nothing we show reads or writes VTK XML.
 */
export function create(): never {
  throw new Error('VTK XML is not part of this viewer.')
}

export const convert = create
export const fragment = create
