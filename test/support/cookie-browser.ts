import type { TestApp } from './test-app.ts'

/** A browser without pages: it keeps cookies, and sends JSON. */
export interface CookieBrowser {
  call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; code: string; location: string; body: never }>
  cookie(name: string): string | undefined
}

export function cookieBrowser(app: TestApp, headers: Readonly<Record<string, string>> = {}): CookieBrowser {
  const cookies = new Map<string, string>()
  return {
    cookie: (name) => cookies.get(name),
    async call(method, path, body) {
      const answer = await app.fetch(path, {
        method,
        token: null,
        redirect: 'manual',
        headers: {
          ...headers,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      for (const cookie of answer.headers.getSetCookie()) {
        const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=')
        if (value === '') cookies.delete(name)
        else cookies.set(name, value)
      }
      const location = answer.headers.get('location') ?? ''
      const text = await answer.text()
      const parsed = answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined
      return {
        status: answer.status,
        code: (parsed as { code?: string })?.code ?? '',
        location,
        body: parsed as never,
      }
    },
  }
}

/** What an authenticator has kept: the bytes of a secret as people type it (RFC 4648, 6). */
export function secretOf(typed: string): Buffer {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...typed].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
}
