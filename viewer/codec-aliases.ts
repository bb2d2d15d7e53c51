import { createRequire } from 'node:module'
import type { Alias } from 'vite'

/** The codecs are the image loader's own packages, in the versions it was tested with, wherever they were installed. */
const imageLoader = createRequire(createRequire(import.meta.url).resolve('@cornerstonejs/dicom-image-loader'))

/** Where the codecs' scripts and WebAssembly lie. */
export const codecAliases: Alias[] = [
  'codec-charls/decodewasmjs',
  'codec-charls/decodewasm',
  'codec-libjpeg-turbo-8bit/decodewasmjs',
  'codec-libjpeg-turbo-8bit/decodewasm',
  'codec-openjpeg/decodewasmjs',
  'codec-openjpeg/decodewasm',
  'codec-openjph/wasmjs',
  'codec-openjph/wasm',
].map((path) => ({
  // A query stays behind it.
  find: new RegExp(`^@cornerstonejs/${path}(?=\\?|$)`),
  replacement: imageLoader.resolve(`@cornerstonejs/${path}`),
}))
