import { formatDuration, formatSize, type OptionDefinition } from 'incant/internal/options'

/** A default as it would be given: with the largest unit that divides it. */
export function formatDefault(definition: OptionDefinition): string {
  if (definition.kind === 'duration') return formatDuration(definition.default)
  if (definition.kind === 'size') return formatSize(definition.default)
  if (definition.kind === 'list') return definition.default.join(', ')
  return String(definition.default)
}
