import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

interface RecorderProps {
  /** Comma-separated media ranges. Empty: any. */
  readonly accept: string
  readonly isDisabled: boolean
  readonly onRecord: (file: File) => void
}

/** The current recording, and a function that stops it. */
interface Recording {
  readonly stream: MediaStream
  readonly stop: () => void
}

/** Buttons that record sound for audio fields and take pictures for image fields. Browsers allow both on HTTPS and localhost only. */
export function Recorder({ accept, isDisabled, onRecord }: RecorderProps): JSX.Element | null {
  const [recording, setRecording] = useState<Recording>()
  const [failure, setFailure] = useState('')
  const latest = useRef<Recording>(undefined)
  latest.current = recording
  useEffect(() => () => release(latest.current), [])
  const kind = /\baudio\//.test(accept) ? 'audio' : /\bimage\//.test(accept) ? 'video' : undefined
  if (kind === undefined) return null
  if (navigator.mediaDevices === undefined) {
    const device = kind === 'audio' ? 'The microphone' : 'The camera'
    return <span class="counter">{device} works on HTTPS and localhost alone.</span>
  }
  const end = () => {
    release(recording)
    setRecording(undefined)
  }
  const finish = (file: File | undefined) => {
    setRecording(undefined)
    if (file !== undefined) onRecord(file)
  }
  const take = (file: File | undefined) => {
    end()
    finish(file)
  }
  const start = async () => {
    setFailure('')
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ [kind]: true })
      setRecording({ stream, stop: kind === 'audio' ? recordSound(stream, finish) : end })
    } catch (thrown) {
      setFailure(thrown instanceof Error ? thrown.message : 'refused')
    }
  }
  if (recording === undefined) {
    return (
      <>
        <button type="button" disabled={isDisabled} onClick={() => void start()}>
          {kind === 'audio' ? 'Record' : 'Camera'}
        </button>
        {failure !== '' && <span class="counter">{failure}</span>}
      </>
    )
  }
  if (kind === 'audio') {
    return (
      <button type="button" class="recording" onClick={recording.stop}>
        Stop recording
      </button>
    )
  }
  return <Camera stream={recording.stream} onTake={take} onEnd={end} />
}

function release(recording: Recording | undefined): void {
  for (const track of recording?.stream.getTracks() ?? []) track.stop()
}

/** Records until it is stopped. */
function recordSound(stream: MediaStream, finish: (file: File) => void): () => void {
  const recorder = new MediaRecorder(stream)
  const parts: Blob[] = []
  recorder.ondataavailable = ({ data }) => parts.push(data)
  recorder.onstop = () => {
    for (const track of stream.getTracks()) track.stop()
    const type = recorder.mimeType.split(';', 1)[0] ?? 'audio/webm'
    finish(new File(parts, `recording.${type.split('/')[1] ?? 'webm'}`, { type }))
  }
  recorder.start()
  return () => recorder.stop()
}

interface CameraProps {
  readonly stream: MediaStream
  readonly onTake: (file: File | undefined) => void
  readonly onEnd: () => void
}

function Camera({ stream, onTake, onEnd }: CameraProps): JSX.Element {
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (video.current !== null) video.current.srcObject = stream
  }, [stream])
  const take = () => void takePicture(video.current).then(onTake)
  return (
    <div class="camera">
      <video ref={video} autoplay muted playsInline aria-label="What the camera sees" />
      <div class="row">
        <button type="button" onClick={take}>
          Take the picture
        </button>
        <button type="button" class="quiet" onClick={onEnd}>
          cancel
        </button>
      </div>
    </div>
  )
}

async function takePicture(video: HTMLVideoElement | null): Promise<File | undefined> {
  if (video === null) return undefined
  const canvas = document.createElement('canvas')
  canvas.width = video.videoWidth
  canvas.height = video.videoHeight
  canvas.getContext('2d')?.drawImage(video, 0, 0)
  const blob = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/png'))
  return blob === null ? undefined : new File([blob], 'camera.png', { type: 'image/png' })
}
