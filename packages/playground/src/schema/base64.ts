/** Encodes the bytes of a file as base64. */
export function toBase64(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,?/, ''))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}

/** Decodes base64 to a file; undefined if the text is not base64. */
export function fromBase64(text: string, type = ''): File | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), character => character.charCodeAt(0))
    return new File([bytes], 'bytes', { type })
  } catch {
    return undefined
  }
}
