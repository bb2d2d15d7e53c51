declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  import type { OpenCodecModule } from './codec-module.ts'
  const open: OpenCodecModule
  export default open
}
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  import type { OpenCodecModule } from './codec-module.ts'
  const open: OpenCodecModule
  export default open
}
declare module '@cornerstonejs/codec-openjph/wasmjs' {
  import type { OpenCodecModule } from './codec-module.ts'
  const open: OpenCodecModule
  export default open
}
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  import type { OpenCodecModule } from './codec-module.ts'
  const open: OpenCodecModule
  export default open
}
