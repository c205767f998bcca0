/** The media ranges of a comma-separated list, in lower case: `image/*, application/pdf` (RFC 9110 §12.5.1). */
export function listMediaRanges(list: string): readonly string[] {
  return list.split(',').map(range => range.trim().toLowerCase())
}

/** Whether a media type is in a comma-separated list of ranges. Parameters do not count. */
export function isInMediaRanges(mediaType: string, list: string): boolean {
  const essence = mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return listMediaRanges(list).some(range => range === essence || range === '*/*' || isOfGroup(essence, range))
}

function isOfGroup(essence: string, range: string): boolean {
  return range.endsWith('/*') && essence.startsWith(range.slice(0, -1))
}

/** Whether a text is a comma-separated list of media ranges. */
export function isMediaRangeList(text: string): boolean {
  return listMediaRanges(text).every(range => /^(?:\*\/\*|[\w!#$&^.+-]+\/(?:\*|[\w!#$&^.+-]+))$/.test(range))
}
