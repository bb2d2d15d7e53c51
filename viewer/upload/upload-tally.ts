import { TransferRate } from './transfer-rate.ts'
import type { EndState, UploadItem } from './upload-item.ts'

/** Where the upload as a whole stands. */
export interface Tally {
  readonly files: number
  /** Files that need nothing more, failed ones among them. */
  readonly ended: number
  readonly counts: Readonly<Record<EndState, number>>
  /** Bytes of all files that are (or may be) DICOM. */
  readonly bytes: number
  /** Of these, what is in the archive or answered, and what has gone over of the rest. */
  readonly bytesDone: number
  readonly bytesPerSecond: number | undefined
  readonly secondsLeft: number | undefined
}

/** Adds up the items as they move, so that nobody has to walk thousands of them to draw a bar. */
export class UploadTally {
  readonly #now: () => number
  readonly #rate = new TransferRate()
  readonly #counts: Record<EndState, number> = {
    stored: 0,
    duplicate: 0,
    conflict: 0,
    rejected: 0,
    skipped: 0,
    failed: 0,
  }
  #files = 0
  #ended = 0
  #bytes = 0
  #bytesDone = 0
  #bytesFailed = 0
  #sending = 0
  #transferred = 0

  constructor(now: () => number) {
    this.#now = now
  }

  add(item: UploadItem): void {
    this.#files += 1
    this.#bytes += item.size
  }

  /** Bytes of one request that have gone over, given to its files in order. */
  progress(items: readonly UploadItem[], sent: number): void {
    let left = sent
    for (const item of items) {
      const share = Math.min(item.size, left)
      left -= share
      this.#transferred += Math.max(0, share - item.sent)
      this.#sending += share - item.sent
      item.sent = share
    }
    this.#rate.add(this.#now(), this.#transferred)
  }

  /** The attempt failed: its bytes have to go again. */
  unsent(item: UploadItem): void {
    this.#sending -= item.sent
    item.sent = 0
  }

  /** Called once the item has its end state. */
  end(item: UploadItem): void {
    this.unsent(item)
    this.#ended += 1
    this.#counts[item.state as EndState] += 1
    if (item.state === 'skipped') this.#bytes -= item.size
    else if (item.state === 'failed') this.#bytesFailed += item.size
    else this.#bytesDone += item.size
  }

  /** Called while the item still has its failed state. */
  reopen(item: UploadItem): void {
    this.#ended -= 1
    this.#counts.failed -= 1
    this.#bytesFailed -= item.size
  }

  resumed(): void {
    this.#rate.restart()
  }

  read(): Tally {
    const bytesDone = this.#bytesDone + this.#sending
    return {
      files: this.#files,
      ended: this.#ended,
      counts: { ...this.#counts },
      bytes: this.#bytes,
      bytesDone,
      bytesPerSecond: this.#rate.bytesPerSecond,
      secondsLeft: this.#rate.secondsFor(this.#bytes - bytesDone - this.#bytesFailed),
    }
  }
}
