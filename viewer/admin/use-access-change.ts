import { useMutation, useQueryClient } from '@tanstack/react-query'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { useToast } from '../ui/toast.tsx'

/** Changes something of who may read what, and reads it again; a fault is told. */
export function useAccessChange(): (change: () => Promise<unknown>) => void {
  const { t } = useTexts()
  const queries = useQueryClient()
  const toast = useToast()
  const { mutate } = useMutation({
    mutationFn: (change: () => Promise<unknown>) => change(),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['admin', 'access'] }),
    onError: (error) => toast({ tone: 'danger', text: errorText(t, error) }),
  })
  return mutate
}
