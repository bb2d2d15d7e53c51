import { keywordOfTag } from './dictionary.ts'
import { items, type DicomJson, type DicomJsonElement } from './dicom-json.ts'

/** An element that two data sets have otherwise, or that only one of them has. */
export interface DifferingElement {
  /** `tag`, or `tag/item/tag…`; items counted from 0. */
  readonly path: string
  /** Of the innermost tag; undefined where it is private or unknown. */
  readonly keyword: string | undefined
  readonly first: DicomJsonElement | undefined
  readonly second: DicomJsonElement | undefined
}

/**
 * What two data sets do not say alike, in the order of their tags. Sequences that both have are compared item by item, in
 * place. How a value was written (its VR) is no difference, and an empty element is none to one that is absent.
 */
export function differingElements(first: DicomJson, second: DicomJson, within = ''): DifferingElement[] {
  const tags = [...new Set([...Object.keys(first), ...Object.keys(second)])].sort()
  return tags.flatMap((tag) => {
    const [one, other] = [first[tag], second[tag]]
    const path = within + tag
    if (one?.vr === 'SQ' && other?.vr === 'SQ') {
      const [ofOne, ofOther] = [items(first, tag), items(second, tag)]
      const most = Math.max(ofOne.length, ofOther.length)
      return Array.from({ length: most }, (_, index) =>
        differingElements(ofOne[index] ?? {}, ofOther[index] ?? {}, `${path}/${index}/`),
      ).flat()
    }
    return contentOf(one) === contentOf(other)
      ? []
      : [{ path, keyword: keywordOfTag(tag), first: one, second: other }]
  })
}

function contentOf(element: DicomJsonElement | undefined): string {
  const { Value: value = [], InlineBinary: inline, BulkDataURI: bulk } = element ?? {}
  return JSON.stringify([value, inline, bulk])
}
