import type { MadeFile } from './make-export.ts'

/** For so long a browser may take to read what it saves. Milliseconds. */
const KEPT = 60_000

/** Puts a file among the browser's downloads. */
export function saveFile({ name, blob }: MadeFile): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT)
}
