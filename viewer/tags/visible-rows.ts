import { isRowFound, type ElementRow } from '../../core/dicom/element-rows.ts'

/**
 * The rows to list: those looked for and the sequences they are in; with nothing to look for, those whose sequences are
 * unfolded.
 */
export function visibleRows(
  rows: readonly ElementRow[],
  wanted: string,
  unfolded: ReadonlySet<string>,
): ElementRow[] {
  if (wanted.trim() === '')
    return rows.filter(({ path }) => sequencesOf(path).every((each) => unfolded.has(each)))
  const shown = new Set(
    rows.filter((row) => isRowFound(row, wanted)).flatMap(({ path }) => [path, ...sequencesOf(path)]),
  )
  return rows.filter(({ path }) => shown.has(path))
}

/** The paths of the sequences that an element is in. */
function sequencesOf(path: string): string[] {
  const parts = path.split('/')
  return parts.flatMap((_, index) =>
    index > 0 && index % 2 === 0 ? [parts.slice(0, index - 1).join('/')] : [],
  )
}
