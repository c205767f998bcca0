/** A job as a server shows it, as far as it is printed. All of it comes from elsewhere, and may be absent. */
export interface ShownJob {
  readonly id: string
  readonly status: string
  readonly model?: string
  readonly created_at?: string
  readonly started_at?: string | null
  readonly completed_at?: string | null
  readonly progress?: number
  readonly error?: string | null
  readonly error_code?: string
  readonly metrics?: Readonly<Record<string, unknown>>
  readonly input?: unknown
  readonly output?: unknown
  readonly returned?: unknown
  readonly logs?: string
  readonly metadata?: unknown
  readonly data_removed?: boolean
  readonly webhook_delivery?: { readonly status?: string; readonly attempts?: number; readonly failure?: string | null }
}

/** Whether an answer is a job. */
export function isJob(value: unknown): value is ShownJob {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    'status' in value &&
    typeof value.status === 'string'
  )
}
