import * as v from 'valibot'

/** How a `format` is checked and what its message says. */
interface FormatRule {
  readonly accepts: (value: string) => boolean
  readonly message: string
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,64})?(?:z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i
const HOST_LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i
const URI = /^[a-z][a-z\d+.-]*:[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/i

/**
 * The formats that are checked. Every other `format` is an annotation and accepts everything.
 *
 * | format | accepted |
 * |---|---|
 * | `date-time`, `date`, `time` | RFC 3339 §5.6 with dates that exist; seconds up to 59, since a `Date` has no leap
 * seconds |
 * | `email` | an address as HTML's `<input type=email>` has it, at most 320 characters |
 * | `hostname` | RFC 1123, at most 253 characters |
 * | `uri` | an absolute URI (RFC 3986), with a scheme |
 * | `uuid` | RFC 9562, any version |
 * | `int64`, `uint64` | an integer of 64 bits in decimal digits (OpenAPI's format registry) |
 * | `ipv4`, `ipv6` | the textual forms of RFC 2673 and RFC 4291, no prefix length |
 */
const FORMATS: { readonly [format: string]: FormatRule } = {
  'date-time': { accepts: isDateTime, message: 'must be an RFC 3339 date-time, such as 2024-01-31T12:00:00Z' },
  date: { accepts: isDate, message: 'must be an RFC 3339 date, such as 2024-01-31' },
  time: { accepts: value => TIME.test(value), message: 'must be an RFC 3339 time, such as 12:00:00Z' },
  email: { accepts: matcher(v.RFC_EMAIL_REGEX, 320), message: 'must be an email address' },
  hostname: { accepts: isHostname, message: 'must be a host name' },
  uri: { accepts: isURI, message: 'must be an absolute URI' },
  uuid: { accepts: matcher(v.UUID_REGEX, 36), message: 'must be a UUID' },
  int64: {
    accepts: isInt64,
    message: `must be an integer from ${-(2n ** 63n)} to ${2n ** 63n - 1n} in decimal digits`,
  },
  uint64: { accepts: isUint64, message: `must be an integer from 0 to ${2n ** 64n - 1n} in decimal digits` },
  ipv4: { accepts: matcher(v.IPV4_REGEX, 15), message: 'must be an IPv4 address' },
  ipv6: { accepts: matcher(v.IPV6_REGEX, 45), message: 'must be an IPv6 address' },
}

/** The rule of a format, or `undefined` where it is an annotation. */
export function formatRule(format: string): FormatRule | undefined {
  return Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined
}

/** Whether a string is an RFC 3339 date-time whose date exists. */
function isInt64(text: string): boolean {
  return isDecimal(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)
}

function isUint64(text: string): boolean {
  return isDecimal(text) && BigInt.asUintN(64, BigInt(text)) === BigInt(text)
}

/** A decimal integer of at most 64 bits, give or take a few: as long as one can be. */
function isDecimal(text: string): boolean {
  return text.length <= 20 && /^(?:0|-?[1-9]\d*)$/.test(text)
}

export function isDateTime(value: string): boolean {
  return isDate(value.slice(0, 10)) && /^t/i.test(value.slice(10)) && TIME.test(value.slice(11))
}

function isDate(value: string): boolean {
  const [, year, month, day] = DATE.exec(value)?.map(Number) ?? []
  if (year === undefined || month === undefined || day === undefined) return false
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function isHostname(value: string): boolean {
  return value.length <= 253 && value.split('.').every(label => HOST_LABEL.test(label))
}

function isURI(value: string): boolean {
  return URI.test(value) && !/%(?![\da-f]{2})/i.test(value) && URL.canParse(value)
}

/** The length goes first: these expressions take long on long input. */
function matcher(expression: RegExp, maxLength: number): (value: string) => boolean {
  return value => value.length <= maxLength && expression.test(value)
}
