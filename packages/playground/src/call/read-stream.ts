/** One event of a stream. */
export type StreamEvent =
  | { readonly kind: 'item'; readonly text: string }
  /** The stream has failed; the text is a problem in JSON. */
  | { readonly kind: 'error'; readonly text: string }

/** Parses a stream incrementally: returns the events that each chunk of text completes. */
export type StreamParser = (text: string) => readonly StreamEvent[]

/** The parser for a media type; undefined if it is not a stream of items. */
export function streamParserOf(type: string): StreamParser | undefined {
  const [name = ''] = type.toLowerCase().split(';')
  if (name === 'text/event-stream') return parseEvents()
  return name === 'application/x-ndjson' || name === 'application/jsonl' ? parseLines() : undefined
}

/** Server-sent events (WHATWG HTML §9.2.6). */
function parseEvents(): StreamParser {
  const lines = splitLines(/\r\n|\n|\r(?!$)/)
  let data: string[] = []
  let event = ''
  return text =>
    lines(text).flatMap((line): readonly StreamEvent[] => {
      if (line !== '') {
        const [, field, value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
        if (field === 'data') data.push(value)
        if (field === 'event') event = value
        return []
      }
      const found: readonly StreamEvent[] =
        data.length === 0 ? [] : [{ kind: event === 'error' ? 'error' : 'item', text: data.join('\n') }]
      data = []
      event = ''
      return found
    })
}

function parseLines(): StreamParser {
  const lines = splitLines(/\n/)
  return text =>
    lines(text)
      .filter(line => line.trim() !== '')
      .map(line => {
        const isError = /^\{"error":\{"type":"urn:incant:/.test(line)
        return isError ? { kind: 'error', text: line.slice('{"error":'.length, -1) } : { kind: 'item', text: line }
      })
}

/** The complete lines; the rest waits for more text. */
function splitLines(end: RegExp): (text: string) => readonly string[] {
  let rest = ''
  return text => {
    const lines = (rest + text).split(end)
    rest = lines.pop() ?? ''
    return lines
  }
}
