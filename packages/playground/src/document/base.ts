/** The address of the server: the folder that the page is in, whatever prefix a proxy has put before it. */
export function readBase({ origin, pathname }: Pick<Location, 'origin' | 'pathname'>): string {
  return `${origin}${pathname.endsWith('/') ? pathname : `${pathname}/`}`
}
