/**
 * A value as text: a string as it is, anything else as Node's `util.inspect` shows it. That is looked up and not
 * imported, so that this loads in any runtime.
 *
 * @throws If a getter or an inspector of the value throws.
 */
export function inspectValue(value: unknown): string {
  if (typeof value === 'string') return value
  const inspect = globalThis.process?.getBuiltinModule?.('node:util')?.inspect
  if (inspect !== undefined) return inspect(value)
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}
