import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query'

export const PROVIDERS = '/api/admin/providers'
export const PROVIDERS_KEY = ['admin', 'providers'] as const

/** Changes something of a provider, and reads the page again. */
export function useProviderChange<Answer>(): UseMutationResult<Answer, Error, () => Promise<Answer>> {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (change: () => Promise<Answer>) => change(),
    onSuccess: () => queries.invalidateQueries({ queryKey: PROVIDERS_KEY }),
  })
}
