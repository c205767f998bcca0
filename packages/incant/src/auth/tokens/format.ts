import { randomBase62, toBase62 } from './base62.ts'
import { crc32 } from './crc32.ts'

/** The parts of a token without its checksum. */
export interface TokenParts {
  /** The part that is not secret. */
  readonly id: string
  /** 190 random bits in 32 digits. */
  readonly random: string
}

const FORM = /^(inc_([0-9A-Za-z]{1,64})_([0-9A-Za-z]{32}))([0-9A-Za-z]{6})$/

/** 59 bits: two of a million tokens share an id about once in a million times. */
const ID_LENGTH = 10
const RANDOM_LENGTH = 32
const CHECKSUM_LENGTH = 6

/** The parts of a new random token. */
export function generateToken(): TokenParts {
  return { id: randomBase62(ID_LENGTH), random: randomBase62(RANDOM_LENGTH) }
}

/**
 * `inc_<id>_<random><checksum>`. The prefix lets scanners find a token in the wrong place, and the checksum lets them know
 * that it is one.
 */
export function formatToken({ id, random }: TokenParts): string {
  const checked = `inc_${id}_${random}`
  return `${checked}${checksum(checked)}`
}

/** The parts of a token. Undefined where it is none, or where a character was changed. */
export function parseToken(text: string): TokenParts | undefined {
  const [, checked = '', id = '', random = '', given] = FORM.exec(text) ?? []
  return checksum(checked) === given ? { id, random } : undefined
}

function checksum(checked: string): string {
  return toBase62(crc32(checked), CHECKSUM_LENGTH)
}
