/** The words of a command, and the settings of a server after `--`. */
export interface SplitWords {
  readonly own: readonly string[]
  readonly settings: readonly string[]
}

/** Splits words at the first `--`. */
export function splitSettings(words: readonly string[]): SplitWords {
  const divider = words.indexOf('--')
  return divider < 0
    ? { own: words, settings: [] }
    : { own: words.slice(0, divider), settings: words.slice(divider + 1) }
}
