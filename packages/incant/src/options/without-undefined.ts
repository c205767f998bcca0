/** The same members, without those that are undefined: they would hide others in a spread. */
export function withoutUndefined<Values extends object>(values: Values): Values {
  // Only members that say nothing are left out.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Values
}
