import type Koa from 'koa'

/** `Warning: 299` for each text (RFC 7234 5.5), with the agent as PS3.18 8.3.4.4 has it; nothing without texts. Texts are plain ASCII without quotes. */
export function setWarnings(ctx: Koa.Context, texts: readonly string[]): void {
  if (texts.length === 0) return
  ctx.set('Warning', texts.map((text) => `299 ${ctx.host || 'yunying'} "${text}"`).join(', '))
}
