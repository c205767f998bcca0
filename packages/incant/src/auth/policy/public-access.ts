import { type AuthDecorator, decorate } from './decorator.ts'

/**
 * Says that everybody may call. It changes nothing but what the server says of itself: a predictor without any decorator
 * is open too, and warned about where others can reach it.
 *
 * Beside a strategy, on the class or inherited, it is a contradiction and the server does not start.
 *
 * @example
 * ```ts
 * @publicAccess()
 * export default class Predictor extends BasePredictor {}
 * ```
 */
export function publicAccess(): AuthDecorator {
  return decorate({ kind: 'public', decorator: '@publicAccess' })
}
