/** The pointers of the fields that are drawn. */
export function listDrawn(form: Element | null): ReadonlySet<string> {
  const fields = form?.querySelectorAll<HTMLElement>('[data-pointer]') ?? []
  return new Set([...fields].map(({ dataset }) => dataset['pointer'] ?? ''))
}

/** Moves the focus to the first error: a field, or the sign-in form. */
export function focusFirstWrong(form: Element | null): void {
  const wrong = form?.querySelector('[aria-invalid], .refused input, .field.wrong')
  const target = wrong?.matches('input, textarea, select, button')
    ? wrong
    : wrong?.querySelector('input, textarea, select, button')
  if (!(target instanceof HTMLElement)) return
  target.closest('details')?.setAttribute('open', '')
  target.focus()
}
