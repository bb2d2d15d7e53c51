import { lazy, Suspense, useState, type ReactNode } from 'react'
import type { TagQuestion } from './tag-subject.ts'

const TagsDialog = lazy(() => import('./tags-dialog.tsx').then((file) => ({ default: file.TagsDialog })))

/** Attributes of the image that is shown, on demand: the code for them comes when it is asked for first. */
export function useTags(subjects: () => TagQuestion | undefined): {
  show(): void
  readonly dialog: ReactNode
} {
  const [question, setQuestion] = useState<TagQuestion>()
  return {
    show: () => setQuestion(subjects()),
    dialog: question !== undefined && (
      <Suspense>
        <TagsDialog question={question} onClose={() => setQuestion(undefined)} />
      </Suspense>
    ),
  }
}
