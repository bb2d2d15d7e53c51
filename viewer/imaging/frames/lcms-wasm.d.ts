/** Little CMS as WebAssembly; of its functions those that are used here. Handles are addresses, 0 is none. */
declare module 'lcms-wasm' {
  export interface LittleCms {
    readonly HEAPU8: Uint8Array
    _malloc(bytes: number): number
    _free(address: number): void
    /** The package's own function puts a whole profile on a stack of 64 KiB. */
    ccall(
      name: 'cmsOpenProfileFromMem',
      answer: 'number',
      kinds: readonly ['number', 'number'],
      values: readonly [address: number, length: number],
    ): number
    cmsCloseProfile(profile: number): void
    cmsCreate_sRGBProfile(): number
    cmsGetColorSpaceASCII(profile: number): string | null
    cmsGetHeaderRenderingIntent(profile: number): number
    cmsCreateTransform(
      from: number,
      fromFormat: number,
      to: number,
      toFormat: number,
      intent: number,
      flags: number,
    ): number
    cmsDoTransform(transform: number, samples: Uint8Array, pixels: number): Uint8Array
  }
  export const TYPE_RGB_8: number
  export const cmsFLAGS_BLACKPOINTCOMPENSATION: number
  export const cmsFLAGS_HIGHRESPRECALC: number
  export function instantiate(options: {
    locateFile: () => string
    print: () => void
    printErr: () => void
  }): Promise<LittleCms>
}
