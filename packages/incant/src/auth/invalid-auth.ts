import { StartupError } from '../errors/startup-error.ts'

/** The error of a decorator that cannot protect: the server does not start. */
export function invalidAuth(found: string, instead: string): StartupError {
  return new StartupError({ code: 'invalid_auth', found, instead })
}

/** The same error, with the decorator and its class. */
export function withPlace(error: unknown, decorator: string, className: string): unknown {
  if (!StartupError.is(error)) return error
  const { code, found, instead, location, cause } = error
  return new StartupError({
    code,
    found: `${decorator} on ${className}: ${found}`,
    ...(instead === undefined ? {} : { instead }),
    ...(location === undefined ? {} : { location }),
    cause,
  })
}
