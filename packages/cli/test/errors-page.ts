import { readFileSync } from 'node:fs'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

/** The page that explains each code, of the version under test. */
export const ERRORS_PAGE = `https://github.com/incant-dev/incant/blob/v${version}/docs/errors.md`
