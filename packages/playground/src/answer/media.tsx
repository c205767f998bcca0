import { formatBytes } from 'incant/internal/readings'
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'

interface MediaProps {
  readonly blob: Blob
  readonly type: string
  readonly label: string
  /** A thumbnail beside a field; files of other types show nothing. */
  readonly isPreview: boolean
}

/** Bytes by media type: an image, audio, video, or the first bytes; with a button to save them. */
export function Media({ blob, type, label, isPreview }: MediaProps): JSX.Element | null {
  const url = useObjectURL(blob)
  const [kind = ''] = type.split('/')
  if (url === undefined) return null
  if (isPreview && !['image', 'audio', 'video'].includes(kind)) return null
  return (
    <figure class={isPreview ? 'media preview' : 'media'}>
      {kind === 'image' && <img src={url} alt={label} />}
      {kind === 'audio' && <audio src={url} controls aria-label={label} />}
      {kind === 'video' && <video src={url} controls aria-label={label} />}
      {!['image', 'audio', 'video'].includes(kind) && <Hex blob={blob} />}
      {!isPreview && (
        <figcaption>
          <Download blob={blob} type={type} />{' '}
          <span class="hint">{`${type || 'no content type'}, ${formatBytes(blob.size)}`}</span>
        </figcaption>
      )}
    </figure>
  )
}

/** The object URL of a blob, for as long as it is shown. */
function useObjectURL(blob: Blob): string | undefined {
  const [url, setURL] = useState<string>()
  useEffect(() => {
    const made = URL.createObjectURL(blob)
    setURL(made)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  return url
}

const SHOWN_BYTES = 256

function Hex({ blob }: { readonly blob: Blob }): JSX.Element {
  const [text, setText] = useState('')
  useEffect(() => {
    void blob
      .slice(0, SHOWN_BYTES)
      .arrayBuffer()
      .then(bytes => setText(toHex(new Uint8Array(bytes))))
  }, [blob])
  return (
    <pre class="mono" tabIndex={0}>
      {text}
    </pre>
  )
}

function toHex(bytes: Uint8Array): string {
  const rows = Array.from({ length: Math.ceil(bytes.length / 16) }, (_, row) => bytes.subarray(row * 16, row * 16 + 16))
  return rows.map(row => [...row].map(byte => byte.toString(16).padStart(2, '0')).join(' ')).join('\n')
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/json': 'json',
  'text/plain': 'txt',
  'text/html': 'html.txt',
  'image/svg+xml': 'svg',
  'audio/mpeg': 'mp3',
}

/** Saves bytes under a name that the page chooses. */
export function Download({ blob, type }: { readonly blob: Blob; readonly type: string }): JSX.Element {
  const [name = ''] = type.split(';')
  const extension = EXTENSIONS[name] ?? /^[a-z]+\/([a-z0-9]{2,5})$/.exec(name)?.[1] ?? 'bin'
  const save = () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(blob)
    link.download = `answer.${extension}`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 1000)
  }
  return (
    <button type="button" onClick={save}>
      Download
    </button>
  )
}
