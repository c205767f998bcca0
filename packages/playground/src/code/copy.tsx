import type { JSX } from 'preact'
import { useState } from 'preact/hooks'

/** A button that copies text and confirms it. */
export function CopyButton({
  text,
  label = 'Copy',
}: {
  readonly text: () => string
  readonly label?: string
}): JSX.Element {
  const [said, setSaid] = useState('')
  const copy = async () => {
    setSaid((await write(text())) ? 'Copied' : 'Not allowed here')
    setTimeout(() => setSaid(''), 2000)
  }
  return (
    <button type="button" class="quiet" onClick={() => void copy()}>
      {said === '' ? label : said}
    </button>
  )
}

/** Browsers offer the clipboard on HTTPS and localhost only; elsewhere the text is selected and copied. */
async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    document.body.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    return done
  }
}
