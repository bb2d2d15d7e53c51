import { readFileSync } from 'node:fs'

/** Settings, and what is wrong with the files that were to hold them. */
export interface SettingsRead {
  readonly settings: Readonly<Record<string, string>>
  readonly faults: readonly string[]
}

const SUFFIX = '_FILE'

/**
 * The settings of an environment, where `NAME_FILE` names a file that holds NAME: a secret that is mounted as a file
 * shows up in no process list and in no dump of the environment. The line break at the end of the file is not part of
 * it. Empty variables count as absent. Faults name the variable, never a path or a value.
 */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): SettingsRead {
  const settings: Record<string, string> = {}
  const faults: string[] = []
  for (const name of names) {
    const value = env[name] ?? ''
    const file = env[name + SUFFIX] ?? ''
    if (value !== '' && file !== '') faults.push(`${name}: is set twice, here and by ${name}${SUFFIX}`)
    else if (file !== '') {
      const read = readOneLine(file)
      if (read === undefined) faults.push(`${name}${SUFFIX}: the file cannot be read, or is empty`)
      else settings[name] = read
    } else if (value !== '') settings[name] = value
  }
  return { settings, faults }
}

function readOneLine(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
    return text === '' ? undefined : text
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined
    throw error
  }
}
