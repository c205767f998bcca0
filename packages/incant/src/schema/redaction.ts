/** Values of fewer characters occur in any sentence by chance: they count only where the issue is. */
const MIN_TELLING_LENGTH = 4
/** Some libraries cut long values. */
const MAX_TELLING_LENGTH = 16
const MAX_VISITED = 10_000

/**
 * Whether a message shows a value of the input: any scalar at the issue's own path, and scalars of four characters or
 * more anywhere. Where the input is too large to look through, the answer is yes.
 */
export function disclosesInput(message: string, input: unknown, path: readonly PropertyKey[]): boolean {
  return isShown(valueAt(input, path), message, 1) || isAnyShown(input, message)
}

function isAnyShown(input: unknown, message: string): boolean {
  const waiting: unknown[] = [input]
  for (let visited = 0; waiting.length > 0; visited++) {
    const value = waiting.pop()
    if (visited >= MAX_VISITED || isShown(value, message, MIN_TELLING_LENGTH)) return true
    if (typeof value === 'object' && value !== null) waiting.push(...Object.values(value).slice(0, MAX_VISITED))
  }
  return false
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      ? Reflect.get(value, key)
      : undefined
  }, input)
}

/** As it is, and as JSON writes it, with its escapes. */
function isShown(value: unknown, message: string, minLength: number): boolean {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return false
  const text = String(value)
  if (text.length < minLength || text === '') return false
  const start = text.slice(0, MAX_TELLING_LENGTH)
  const contains = text.length < MAX_TELLING_LENGTH ? hasWord : hasText
  return contains(message, start) || contains(message, JSON.stringify(start).slice(1, -1))
}

function hasText(message: string, text: string): boolean {
  return message.includes(text)
}

/** Whether a text occurs in a message, and not as a part of a longer word. */
function hasWord(message: string, text: string): boolean {
  for (let index = message.indexOf(text); index >= 0; index = message.indexOf(text, index + 1)) {
    if (!isWordPart(message[index - 1]) && !isWordPart(message[index + text.length])) return true
  }
  return false
}

function isWordPart(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character)
}
