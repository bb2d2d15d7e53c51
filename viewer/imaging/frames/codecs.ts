import openJphUrl from '@cornerstonejs/codec-openjph/wasm?url'
import openJphModule from '@cornerstonejs/codec-openjph/wasmjs'
import type { CodecDecoder, CodecModule, OpenCodecModule } from './codec-module.ts'

/** A codestream decoded: samples of one or two bytes, the platform's order (little endian wherever a browser runs). */
export interface CodestreamSamples {
  readonly bytes: Uint8Array
  readonly bytesPerSample: 1 | 2
  readonly signed: boolean
}

export interface Codec {
  decode(codestream: Uint8Array): Promise<CodestreamSamples>
  /** Loads it, so that the first frame need not wait. */
  prepare(): void
}

/** Each loads when a frame needs it first. */
export const charls = onDemand(
  () =>
    Promise.all([
      import('@cornerstonejs/codec-charls/decodewasmjs'),
      import('@cornerstonejs/codec-charls/decodewasm?url'),
    ]),
  (module) => new module.JpegLSDecoder(),
)
export const openJpeg = onDemand(
  () =>
    Promise.all([
      import('@cornerstonejs/codec-openjpeg/decodewasmjs'),
      import('@cornerstonejs/codec-openjpeg/decodewasm?url'),
    ]),
  (module) => new module.J2KDecoder(),
)
/** Of the archive's renditions, which nearly every study begins with: its script is here, so that only its WebAssembly is waited for. */
export const openJph = onDemand(
  () => Promise.resolve([{ default: openJphModule }, { default: openJphUrl }]),
  (module) => new module.HTJ2KDecoder(),
)
export const jpegTurbo = onDemand(
  () =>
    Promise.all([
      import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs'),
      import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm?url'),
    ]),
  (module) => new module.JPEGDecoder(),
)

function onDemand(
  load: () => Promise<[{ readonly default: OpenCodecModule }, { readonly default: string }]>,
  create: (module: CodecModule) => CodecDecoder,
): Codec {
  let opened: Promise<CodecModule> | undefined
  const open = (): Promise<CodecModule> =>
    (opened ??= load()
      .then(([{ default: start }, { default: url }]) =>
        start({ locateFile: () => url, print: () => undefined, printErr: () => undefined }),
      )
      .catch((error: unknown) => {
        // One that could not be had is asked for again.
        opened = undefined
        throw error
      }))
  return {
    prepare() {
      // The first frame says it.
      open().catch(() => undefined)
    },
    async decode(codestream) {
      const decoder = create(await open())
      try {
        decoder.getEncodedBuffer(codestream.length).set(codestream)
        decoder.decode()
        const { bitsPerSample, isSigned } = decoder.getFrameInfo()
        return {
          bytes: decoder.getDecodedBuffer().slice(),
          bytesPerSample: bitsPerSample > 8 ? 2 : 1,
          signed: isSigned === true,
        }
      } catch (error) {
        // What a corrupt codestream left in the module's memory may spoil the next frame: it starts afresh.
        opened = undefined
        throw error
      } finally {
        if (opened !== undefined) decoder.delete()
      }
    },
  }
}

/** JPEG Lossless is decoded by a script. The samples are as wide as it is told. */
export async function jpegLossless(
  codestream: Uint8Array,
  bytesPerSample: 1 | 2,
): Promise<CodestreamSamples> {
  const { Decoder } = await import('@cornerstonejs/jpeg-lossless-decoder-js')
  const whole = codestream.slice()
  const samples = new Decoder().decode(whole.buffer, 0, whole.length, bytesPerSample)
  return {
    bytes: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
    bytesPerSample,
    signed: false,
  }
}
