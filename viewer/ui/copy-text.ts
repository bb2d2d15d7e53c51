/** Puts text on the clipboard; also where a page that came without TLS has no clipboard of its own. Answers whether it is there. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea')
  field.value = text
  field.style.cssText = 'position: fixed; opacity: 0'
  // Inside of a dialog, which keeps the focus to itself.
  const home = document.activeElement?.closest('[role="dialog"]') ?? document.body
  home.append(field)
  field.select()
  try {
    // The only way without TLS, however old it is.
    return document.execCommand('copy')
  } finally {
    field.remove()
  }
}
