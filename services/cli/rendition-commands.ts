import { remakeRenditions } from '../../core/archive/remove-renditions.ts'
import type { Command } from './command.ts'

export const renditionCommands: readonly Command[] = [
  {
    words: ['rendition', 'remake'],
    usage: 'rendition remake [--study UID]',
    purpose: 'Makes the HTJ2K renditions of a study, or of all, again.',
    options: ['study'],
    run: async (pacs, options) => JSON.stringify(await remakeRenditions(pacs, options['study'])),
  },
]
