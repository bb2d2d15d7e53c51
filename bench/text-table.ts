/** Rows of cells as a table of Markdown whose columns stand one below the other; the first row is its head. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => (cells[column] ?? '').length)),
  )
  const shown = rows.map((cells) =>
    widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | '),
  )
  return [shown[0], widths.map((width) => '-'.repeat(width)).join('-|-'), ...shown.slice(1)]
    .map((each) => `| ${each ?? ''} |`)
    .join('\n')
}

/** A figure in as many digits as mean something. */
export const short = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
