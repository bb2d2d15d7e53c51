import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import helmet from 'helmet'
import type { Middleware } from 'koa'

/** Addresses that answer programs: what they answer is never a page, whatever bytes were uploaded. */
const NOT_PAGES = ['/api/', '/dicom-web/', '/metrics', '/healthz', '/readyz']

/**
 * For the viewer's page: nothing loads from another host, no inline script, no frame of another
 * page. A PDF or a film of an archived file is a blob: of the page's own making, whose type the page sets. WebAssembly (the codecs) needs
 * 'wasm-unsafe-eval'; the imaging library's mouse cursors are blob: images; styles that React sets on elements need style
 * attributes. No upgrade-insecure-requests: a clinic may run this on plain HTTP inside its own network.
 */
const PAGE_POLICY = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
  workerSrc: ["'self'"],
  styleSrc: ["'self'"],
  styleSrcAttr: ["'unsafe-inline'"],
  styleSrcElem: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'blob:', 'data:'],
  connectSrc: ["'self'"],
  fontSrc: ["'self'"],
  frameSrc: ['blob:'],
  mediaSrc: ['blob:'],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
}

/** For everything else: opened as a page, it may do nothing at all. */
const ANSWER_POLICY = {
  defaultSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
  sandbox: [],
}

const ONE_YEAR = 31_536_000

/** Strict headers on every answer. Strict-Transport-Security only over TLS, and for this host alone. */
export function securityHeaders(publicUrl: string | undefined): Middleware {
  const page = headersWith(PAGE_POLICY)
  const answer = headersWith(ANSWER_POLICY)
  const alwaysSecure = publicUrl?.startsWith('https:') ?? false
  return (ctx, next) => {
    const isAnswer = NOT_PAGES.some((prefix) => ctx.path.startsWith(prefix))
    for (const [name, value] of isAnswer ? answer : page) ctx.res.setHeader(name, value)
    if (ctx.secure || alwaysSecure) ctx.set('Strict-Transport-Security', `max-age=${ONE_YEAR}`)
    return next()
  }
}

/** Names and values. They depend on nothing in a request: they are made once, not for each frame. */
function headersWith(directives: Record<string, string[]>): readonly (readonly [string, string])[] {
  const request = new IncomingMessage(new Socket())
  const response = new ServerResponse(request)
  response.setHeader('Permissions-Policy', 'geolocation=(), payment=(), usb=(), serial=(), hid=()')
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
  })(request, response, (error) => {
    if (error !== undefined) throw error
  })
  return Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)])
}
