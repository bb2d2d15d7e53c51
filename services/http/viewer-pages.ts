import type { Middleware } from 'koa'
import type { StaticFiles } from './static-files.ts'

/** Addresses that belong to programs: a wrong one is a 404 for them, never the viewer's page. */
const NOT_PAGES = ['/api/', '/dicom-web/', '/assets/']

/** The viewer's files, and its page for every other address that a person may open. */
export function viewerPages(files: StaticFiles): Middleware {
  return async (ctx, next) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next()
    if (ctx.state['route'] !== undefined) return next()
    if (await files.serve(ctx)) {
      ctx.state['route'] = '/assets'
      return
    }
    const isPage = !NOT_PAGES.some((prefix) => ctx.path.startsWith(prefix)) && ctx.accepts('html') === 'html'
    if (!isPage) return next()
    ctx.state['route'] = '/'
    await files.servePage(ctx)
  }
}
