const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** 130 random bits as 26 characters of base32 (RFC 4648 §6, lower case): nobody else has such an id, or guesses it. */
export function makeJobId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(26))
  return Array.from(bytes, byte => ALPHABET[byte & 31]).join('')
}

/** A job, or its id. */
export type JobReference = string | { readonly id: string }

/** The path of a job. @throws {TypeError} For what is no id. */
export function pathOf(job: JobReference): string {
  const id: unknown = typeof job === 'string' ? job : job?.id
  if (typeof id === 'string' && id !== '') return `/predictions/${encodeURIComponent(id)}`
  throw new TypeError('The job must be one that submit returned, or its id as a string.')
}
