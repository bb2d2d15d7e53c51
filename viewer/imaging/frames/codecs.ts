import type { CodecDecoder, CodecModule, OpenCodecModule } from './codec-module.ts'

/** A codestream decoded: samples of one or two bytes, the platform's order (little endian wherever a browser runs). */
export interface CodestreamSamples {
  readonly bytes: Uint8Array
  readonly bytesPerSample: 1 | 2
  readonly signed: boolean
}

export type Codec = (codestream: Uint8Array) => Promise<CodestreamSamples>

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
export const openJph = onDemand(
  () =>
    Promise.all([
      import('@cornerstonejs/codec-openjph/wasmjs'),
      import('@cornerstonejs/codec-openjph/wasm?url'),
    ]),
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
  return async (codestream) => {
    opened ??= load().then(([{ default: open }, { default: url }]) =>
      open({ locateFile: () => url, print: () => undefined, printErr: () => undefined }),
    )
    const decoder = create(await opened)
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
