import { KnownAnswer, UploadAnswer, UploadResult } from '../../core/contract/api.ts'
import type { Api } from '../client/api.ts'
import { ApiError } from '../client/api-error.ts'
import { multipartBody, multipartType } from './multipart-body.ts'
import { sendRequest } from './send-request.ts'
import { sendResumable } from './send-resumable.ts'
import type { UploadTransport } from './upload-transport.ts'

/** The archive's upload doors. `onSignedOut` is told of a 401 that did not come through the Api. */
export function archiveTransport(api: Api, onSignedOut: () => void): UploadTransport {
  const watched = async <T>(send: () => Promise<T>): Promise<T> => {
    try {
      return await send()
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) onSignedOut()
      throw error
    }
  }
  return {
    async known(sha256, signal) {
      const answer = await api.call('POST', '/api/uploads/known', {
        body: { sha256 },
        answer: KnownAnswer,
        signal,
      })
      return answer.known
    },

    sendBatch(files, options) {
      return watched(async () => {
        const boundary = `yunying-${crypto.getRandomValues(new Uint32Array(4)).join('-')}`
        const body = multipartBody(files, boundary)
        const answer = await sendRequest('/api/uploads', multipartType(boundary), body, options)
        const parsed = UploadAnswer.safeParse(answer)
        if (!parsed.success) throw unexpected(parsed.error)
        const byPlace = new Map(parsed.data.results.map((result) => [result.file, result]))
        return files.map((_file, index) => {
          const result = byPlace.get(String(index))
          if (result === undefined) throw unexpected(undefined)
          return result
        })
      })
    },

    sendLarge(file, options) {
      return watched(async () => {
        const answer = await sendResumable(file, options)
        const parsed = UploadAnswer.safeParse(answer).data?.results[0] ?? UploadResult.safeParse(answer).data
        if (parsed === undefined) throw unexpected(undefined)
        return parsed
      })
    },
  }
}

function unexpected(cause: unknown): ApiError {
  return new ApiError(200, 'answer-invalid', 'The archive answered something unexpected.', { cause })
}
