import type { ArchiveStatus } from '../../core/contract/api.ts'
import type { Texts } from '../locales/texts.ts'

/** Of which images renditions are kept, as somebody would say it. */
export function policySentences(
  t: Texts['t'],
  { enabled, maxAgeDays, modalities }: ArchiveStatus['renditionPolicy'],
): string[] {
  if (!enabled) return [t('admin.archive.renditions.off')]
  const what =
    modalities === null
      ? t('admin.archive.renditions.every')
      : t('admin.archive.renditions.modalities', { modalities: modalities.join(', ') })
  if (maxAgeDays === null) return [what]
  return [what, t('admin.archive.renditions.days', { count: maxAgeDays })]
}
