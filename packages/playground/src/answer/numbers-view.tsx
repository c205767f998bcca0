import { formatNumber } from 'incant/internal/readings'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { CopyButton } from '../code/copy.tsx'

/** The largest number of points of a line; extremes between them are kept. */
const POINTS = 400

/** Many numbers: a line and a summary. */
export function VectorView({ numbers }: { readonly numbers: readonly number[] }): JSX.Element {
  const { minimum, maximum, mean, norm } = summarize(numbers)
  const words = `${numbers.length.toLocaleString('en')} numbers from ${formatNumber(minimum)} to ${formatNumber(maximum)}, mean ${formatNumber(mean)}, norm ${formatNumber(norm)}`
  return (
    <figure class="vector">
      <svg viewBox={`0 0 ${POINTS} 60`} preserveAspectRatio="none" role="img" aria-label={words}>
        <path d={drawLine(numbers, minimum, maximum)} />
      </svg>
      <figcaption>
        {words} <CopyButton text={() => JSON.stringify(numbers)} />
      </figcaption>
    </figure>
  )
}

interface Summary {
  readonly minimum: number
  readonly maximum: number
  readonly mean: number
  readonly norm: number
}

function summarize(numbers: readonly number[]): Summary {
  let [minimum, maximum, sum, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0]
  for (const number of numbers) {
    minimum = Math.min(minimum, number)
    maximum = Math.max(maximum, number)
    sum += number
    squares += number * number
  }
  return { minimum, maximum, mean: sum / numbers.length, norm: Math.sqrt(squares) }
}

function drawLine(numbers: readonly number[], minimum: number, maximum: number): string {
  const range = maximum - minimum || 1
  const each = Math.max(1, numbers.length / POINTS)
  const count = Math.min(POINTS, numbers.length)
  const points = Array.from({ length: count }, (_, index) => {
    const part = numbers.slice(
      Math.floor(index * each),
      Math.max(Math.floor((index + 1) * each), Math.floor(index * each) + 1),
    )
    const extreme = part.reduce((most, number) => (Math.abs(number) > Math.abs(most) ? number : most), part[0] ?? 0)
    const across = (index * POINTS) / Math.max(count - 1, 1)
    return `${across.toFixed(1)} ${(57 - ((extreme - minimum) / range) * 54).toFixed(1)}`
  })
  return `M${points.join('L')}`
}

/** Rows of numbers as a heat map. */
export function MatrixView({ rows }: { readonly rows: readonly (readonly number[])[] }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const width = rows[0]?.length ?? 0
  const { minimum, maximum } = summarize(rows.flat())
  useEffect(() => paint(canvas.current, rows, { minimum, maximum }), [rows, minimum, maximum])
  const words = `${rows.length} × ${width} numbers from ${formatNumber(minimum)} to ${formatNumber(maximum)}`
  return (
    <figure class="matrix">
      <canvas ref={canvas} width={width} height={rows.length} role="img" aria-label={words} />
      <figcaption>
        {words} <CopyButton text={() => JSON.stringify(rows)} />
      </figcaption>
    </figure>
  )
}

type Range = Pick<Summary, 'minimum' | 'maximum'>

/** From dark blue to light yellow: brightness alone carries the order. */
function paint(
  canvas: HTMLCanvasElement | null,
  rows: readonly (readonly number[])[],
  { minimum, maximum }: Range,
): void {
  const context = canvas?.getContext('2d')
  const width = rows[0]?.length ?? 0
  if (context === null || context === undefined || width === 0) return
  const image = context.createImageData(width, rows.length)
  for (const [index, number] of rows.flat().entries()) {
    const share = (number - minimum) / (maximum - minimum || 1)
    image.data.set([20 + 230 * share, 30 + 200 * share, 90 + 60 * (1 - share), 255], index * 4)
  }
  context.putImageData(image, 0, 0)
}
