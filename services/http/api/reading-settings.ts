import { KeptReadingSettings } from '../../../core/contract/reading-settings.ts'
import { readReadingSettings, saveReadingSettings } from '../../../core/identity/reading-settings.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { readJson } from '../read-json.ts'
import { signedIn, type RouteDefinition } from '../route.ts'

const PATH = '/api/settings/reading'

/** /api/settings/reading: mouse, keys and windows of who asks; nobody has another's. */
export function readingSettingsRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    signedIn('GET', PATH, async ({ ctx, principal }) => {
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = await readReadingSettings(pacs, principal)
    }),
    signedIn('PUT', PATH, async ({ ctx, principal }) => {
      const settings = await readJson(ctx, KeptReadingSettings)
      ctx.body = { version: await saveReadingSettings(pacs, principal, settings) }
    }),
  ]
}
