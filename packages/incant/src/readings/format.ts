/** Shown in place of an unknown value. */
export const UNKNOWN = '-'

/** Three digits that count: 1234 → `1234`, 12.34 → `12.3`, 0.1234 → `0.123`. */
export function formatNumber(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return UNKNOWN
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const size = Math.abs(value)
  if (size >= 1e15) return value.toExponential(2)
  if (Number.isInteger(value) || size >= 100) return String(Math.round(value))
  return value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 3)
}

/** 0.00123 → `1.23 ms`. */
export function formatSeconds(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return formatNumber(value)
  const size = Math.abs(value)
  if (size >= 1) return `${formatNumber(value)} s`
  return size >= 0.001 || size === 0 ? `${formatNumber(value * 1e3)} ms` : `${formatNumber(value * 1e6)} us`
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** 1536 → `1.50 KiB`. */
export function formatBytes(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return formatNumber(value)
  const power = Math.min(Math.floor(Math.log2(Math.max(Math.abs(value), 1)) / 10), UNITS.length - 1)
  const scaled = value / 1024 ** power
  return `${formatNumber(power === 0 ? Math.round(scaled) : scaled)} ${UNITS[power] ?? ''}`
}

/** 0.123 → `12.3 %`. */
export function formatShare(value: number | undefined): string {
  return value === undefined ? UNKNOWN : `${formatNumber(value * 100)} %`
}

/** Seconds until something, in the unit that says most: `89 days`. */
export function formatSpan(seconds: number): string {
  const size = Math.abs(seconds)
  if (size >= 172_800) return `${Math.floor(size / 86_400)} days`
  return size >= 7200 ? `${Math.floor(size / 3600)} hours` : `${Math.floor(size / 60)} minutes`
}
