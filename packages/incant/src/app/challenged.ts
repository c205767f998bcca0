import type { Challenges } from '../auth/challenge.ts'
import { Answer } from '../http/answer.ts'

/**
 * Adds to a 401 that predict itself has chosen what it lacks: it must say how to authenticate (RFC 9110 §15.5.2). One that
 * says so already stays as it is.
 */
export function challenged(answer: Answer | Response, { missing }: Challenges): Answer | Response {
  if (answer.status !== 401) return answer
  if (answer instanceof Answer) {
    if ('WWW-Authenticate' in answer.headers) return answer
    return new Answer(answer.status, { ...answer.headers, 'WWW-Authenticate': missing }, answer.body)
  }
  if (answer.headers.has('www-authenticate')) return answer
  for (const line of missing) answer.headers.append('WWW-Authenticate', line)
  return answer
}
