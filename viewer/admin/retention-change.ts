import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { useToast } from '../ui/toast.tsx'

export const RETENTION = '/api/admin/retention'
export const RETENTION_KEY = ['admin', 'retention'] as const

/** Changes something of what is kept, and reads the page again; `done` is said then, a fault in any case. */
export function useRetentionChange(): UseMutationResult<
  unknown,
  Error,
  { readonly change: () => Promise<unknown>; readonly done?: string }
> {
  const { t } = useTexts()
  const queries = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: ({ change }) => change(),
    onSuccess: async (_answer, { done }) => {
      await queries.invalidateQueries({ queryKey: RETENTION_KEY })
      if (done !== undefined) toast({ tone: 'ok', text: done })
    },
    onError: (error) => toast({ tone: 'danger', text: errorText(t, error) }),
  })
}
