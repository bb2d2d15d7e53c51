import type { Middleware } from 'koa'
import { YunyingError } from '../../../core/errors.ts'

/**
 * Refuses what another site makes a signed-in browser send: anything that changes something and carries our cookie
 * must come from our own pages (Sec-Fetch-Site, or Origin where the browser does not send it).
 */
export function sameOrigin(): Middleware {
  return async (ctx, next) => {
    const changes = !['GET', 'HEAD', 'OPTIONS'].includes(ctx.method)
    if (changes && ctx.get('Authorization') === '') {
      const site = ctx.get('Sec-Fetch-Site')
      const origin = ctx.get('Origin')
      const foreign =
        site !== ''
          ? site !== 'same-origin' && site !== 'none'
          : origin !== '' && hostOf(origin) !== ctx.get('Host')
      if (foreign) {
        throw new YunyingError(
          'forbidden',
          'foreign-origin',
          'This request came from another site and was refused.',
        )
      }
    }
    await next()
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
