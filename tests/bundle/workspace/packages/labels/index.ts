import { readFileSync } from 'node:fs'
import { nanoid } from 'nanoid'

/** Read from a file beside the code. */
export const labels: string[] = JSON.parse(readFileSync(new URL('./labels.json', import.meta.url), 'utf8'))

export const mark = (): string => nanoid()
