import { readMarks } from './marks.ts'
import { strategiesOf } from './requirement.ts'

/** Whether callers of a class send credentials: known before anything is opened. */
export function asksForCredentials(predictor: object): boolean {
  return readMarks(predictor).some(requirement =>
    strategiesOf(requirement).some(strategy => strategy.reads !== 'connection'),
  )
}

/** Whether callers of a class are known by their certificate. */
export function asksForCertificate(predictor: object): boolean {
  return readMarks(predictor).some(requirement =>
    strategiesOf(requirement).some(strategy => strategy.reads === 'connection'),
  )
}
