import type Koa from 'koa'
import type { Pacs } from '../../core/pacs.ts'

/** Where this archive is for a browser: what passkeys are bound to, and links and other sign-ins lead back to. */
export const originOf = (pacs: Pick<Pacs, 'config'>, ctx: Koa.Context): string =>
  pacs.config.publicUrl ?? `${ctx.protocol}://${ctx.host}`
