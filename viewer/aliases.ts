import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Alias } from 'vite'

/** The codecs are the image loader's own packages, in the versions it was tested with, wherever they were installed. */
const imageLoader = createRequire(createRequire(import.meta.url).resolve('@cornerstonejs/dicom-image-loader'))

/** Where the codecs' scripts and WebAssembly lie. */
const codecs: Alias[] = [
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

const absent = (name: string): string => join(import.meta.dirname, 'absent', `${name}.ts`)

/** Of every build of the viewer: what its packages ask for, and gets something else. */
export const aliases: Alias[] = [
  { find: 'xmlbuilder2', replacement: absent('xmlbuilder2') },
  { find: 'dcmjs', replacement: absent('dcmjs') },
  { find: /^.*\/WebGPU\/(Profiles\/\w+|RenderWindow)\.js$/, replacement: absent('web-gpu') },
  ...codecs,
]
