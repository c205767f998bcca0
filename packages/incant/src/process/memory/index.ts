// What a thread needs that has nothing else of this package: small, for that reason.

export { collectAfterStart } from './collect-after-start.ts'
