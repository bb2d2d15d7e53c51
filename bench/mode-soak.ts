import type { Mode } from './mode.ts'
export const soakMode: Mode = async () => ({ text: '' })
