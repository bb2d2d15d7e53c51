/** What a codec of the Cornerstone project gives: WebAssembly with embind, and no types of its own. */
export type OpenCodecModule = (options: {
  locateFile: (file: string) => string
  print: (line: string) => void
  printErr: (line: string) => void
}) => Promise<CodecModule>

export interface CodecModule {
  readonly JpegLSDecoder: new () => CodecDecoder
  readonly J2KDecoder: new () => CodecDecoder
  readonly HTJ2KDecoder: new () => CodecDecoder
  readonly JPEGDecoder: new () => CodecDecoder
}

/** Lives in the module's memory until `delete()`. */
export interface CodecDecoder {
  /** Where the codestream goes; valid until the next call. */
  getEncodedBuffer(length: number): Uint8Array
  decode(): void
  getFrameInfo(): { readonly bitsPerSample: number; readonly isSigned?: boolean }
  /** The samples in the module's memory, as wide as they need: copy them. */
  getDecodedBuffer(): Uint8Array
  delete(): void
}
