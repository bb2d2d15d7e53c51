/** Ours alone: a file dragged from outside has another type, and is for the upload. */
const TYPE = 'application/x-yunying-series'

/** Puts a series under the pointer. */
export function dragSeries(transfer: DataTransfer, seriesInstanceUid: string): void {
  transfer.setData(TYPE, seriesInstanceUid)
  transfer.effectAllowed = 'copy'
}

export const isSeriesDrag = (transfer: DataTransfer): boolean => transfer.types.includes(TYPE)

/** The Series Instance UID that was dropped. */
export const draggedSeries = (transfer: DataTransfer): string | undefined =>
  transfer.getData(TYPE) || undefined
