/** Text as a pattern of SQL's `like` finds it: `%`, `_` and `\\` are nothing but themselves. */
export const likeText = (text: string): string => text.replace(/[\\%_]/g, '\\$&')
