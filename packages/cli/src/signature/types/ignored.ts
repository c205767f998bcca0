import type { SignatureWarning } from '../compiler/warning.ts'

/** One warning for all constraints that do not count, as packages that do not know of Incant wrote them. */
export function ignoredConstraints(names: ReadonlySet<string>): readonly SignatureWarning[] {
  if (names.size === 0) return []
  const [first, second, ...others] = names
  const both = second === undefined ? first : `${first}, ${second}`
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  const message = `the JSDoc constraints of ${both}${more} are not checked: only those of your own files are, and of packages that depend on incant. Repeat them on a type of your own, or ask the package for a peer dependency on incant.`
  return [{ message, location: undefined }]
}
