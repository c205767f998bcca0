import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Media } from '../answer/media.tsx'
import type { ControlNames } from './field-props.ts'
import { Recorder } from './recorder.tsx'

interface FilePickerProps {
  readonly names: ControlNames
  readonly file: File | undefined
  /** Comma-separated media ranges. Empty: any. */
  readonly accept: string
  /** A note beside the name of the file. */
  readonly note: string
  readonly isDisabled: boolean
  readonly onChoose: (file: File | undefined) => void
}

/** A field for a file that is chosen, dropped, pasted or recorded. */
export function FilePicker({ names, file, accept, note, isDisabled, onChoose }: FilePickerProps): JSX.Element {
  const [isOver, setOver] = useState(false)
  const take = (files: FileList | undefined | null): boolean => {
    const [first] = files ?? []
    if (first !== undefined) onChoose(first)
    return first !== undefined
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same for a keyboard
    <div
      class={`picker${isOver ? ' over' : ''}`}
      onDragOver={event => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer?.files)
      }}
      onPaste={event => {
        if (take(event.clipboardData?.files)) event.preventDefault()
      }}
    >
      <div class="row">
        <label class="button" for={names.id}>
          {file === undefined ? 'Choose a file' : 'Choose another'}
        </label>
        <input
          {...names}
          type="file"
          class="hidden-file"
          accept={accept}
          disabled={isDisabled}
          onChange={event => take(event.currentTarget.files)}
        />
        <Recorder accept={accept} isDisabled={isDisabled} onRecord={onChoose} />
        <span class="counter">{file === undefined ? 'or drop it, or paste it here' : `${file.name}, ${note}`}</span>
        {file !== undefined && (
          <button type="button" class="quiet" onClick={() => onChoose(undefined)}>
            remove
          </button>
        )}
      </div>
      {file !== undefined && <Media blob={file} type={file.type} label={file.name} isPreview={true} />}
    </div>
  )
}
