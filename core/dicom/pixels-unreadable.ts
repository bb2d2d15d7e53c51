/** A frame that cannot be decoded; the message says why, and ends no sentence. */
export class PixelsUnreadable extends Error {
  override readonly name = 'PixelsUnreadable'
}
