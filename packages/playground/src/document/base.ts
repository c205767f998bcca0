/** The base address of the server: the folder of the page, with any prefix that a proxy has added. */
export function readBase({ origin, pathname }: Pick<Location, 'origin' | 'pathname'>): string {
  return `${origin}${pathname.endsWith('/') ? pathname : `${pathname}/`}`
}
