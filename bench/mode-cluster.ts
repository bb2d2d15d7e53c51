import type { Mode } from './mode.ts'
export const clusterMode: Mode = async () => ({ text: '' })
