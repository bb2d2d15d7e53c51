declare module '@cornerstonejs/codec-openjph' {
  export interface FrameInfo {
    readonly width: number
    readonly height: number
    readonly componentCount: number
    readonly bitsPerSample: number
    readonly isSigned: boolean
    readonly isUsingColorTransform: boolean
  }

  /** Lives in the module's memory until `delete()`. */
  export interface HTJ2KEncoder {
    /** Where the samples go: valid until the next call. */
    getDecodedBuffer(frame: FrameInfo): Uint8Array
    setQuality(lossless: boolean, quantizationStep: number): void
    setDecompositions(levels: number): void
    /** 0 LRCP, 1 RLCP, 2 RPCL, 3 PCRL, 4 CPRL. */
    setProgressionOrder(order: number): void
    setBlockDimensions(size: { width: number; height: number }): void
    setTLMMarker(on: boolean): void
    setTilePartDivisionsAtResolutions(on: boolean): void
    encode(): void
    /** Valid until the next call. */
    getEncodedBuffer(): Uint8Array
    delete(): void
  }

  export interface HTJ2KDecoder {
    getEncodedBuffer(size: number): Uint8Array
    readHeader(): void
    decode(): void
    /** `level` 0 is full size, 1 half of it. */
    decodeSubResolution(level: number): void
    getDecodedBuffer(): Uint8Array
    getFrameInfo(): FrameInfo
    delete(): void
  }

  export interface OpenJphModule {
    readonly HTJ2KEncoder: new () => HTJ2KEncoder
    readonly HTJ2KDecoder: new () => HTJ2KDecoder
  }

  export default function openJph(options?: {
    print?: (line: string) => void
    printErr?: (line: string) => void
  }): Promise<OpenJphModule>
}
