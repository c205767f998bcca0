import { StartupError } from '../errors/startup-error.ts'
import { isSequencePredictor } from '../predictor/sequence-predictor.ts'
import { type PredictSignature, SIGNATURE_VERSION } from './signature.ts'

/** Where a class keeps its signature. Registered, so that two copies of the package agree on it. */
const SIGNATURE = Symbol.for('incant.signature')

/** The methods that a signature describes. */
const DESCRIBED = ['predict', 'predictBatch', 'prepare']

/** Those of a `SequencePredictor`; elsewhere the names say nothing. */
const SEQUENCE = ['begin', 'step']

/**
 * Notes on a class what its types say, for everything that serves or tests the class later.
 *
 * @param signature - As `readSignatures` of `@incant/cli` gives it.
 */
export function attachSignature(predictor: object, signature: PredictSignature): void {
  Object.defineProperty(predictor, SIGNATURE, { value: signature, configurable: true })
}

/**
 * The signature that was noted on a class, or on the class that its predict is inherited from: a test that replaces
 * `setup` in a subclass still tests the same contract.
 *
 * @throws {StartupError} `invalid_signature`: another version of `@incant/cli` read it.
 */
export function attachedSignature(predictor: object): PredictSignature | undefined {
  for (const candidate of describedBy(predictor)) {
    const found: unknown = Object.getOwnPropertyDescriptor(candidate, SIGNATURE)?.value
    // Only attachSignature writes there; another copy of it may be of another version.
    if (found !== undefined) return refuseOtherVersion(found as PredictSignature)
  }
  return undefined
}

/** A class and those it extends, up to the one whose predict it has. */
export function* describedBy(predictor: object): Generator<object, void, undefined> {
  for (
    let current: object | null = predictor;
    typeof current === 'function';
    current = Object.getPrototypeOf(current)
  ) {
    yield current
    if (hasOwnPredict(current)) return
  }
}

function hasOwnPredict(candidate: object): boolean {
  const names = isSequencePredictor(candidate) ? SEQUENCE : DESCRIBED
  const prototype: unknown = Reflect.get(candidate, 'prototype')
  return [candidate, prototype].some(
    owner => typeof owner !== 'undefined' && owner !== null && names.some(name => Object.hasOwn(owner, name)),
  )
}

function refuseOtherVersion(signature: PredictSignature): PredictSignature {
  if (signature.version === SIGNATURE_VERSION) return signature
  throw new StartupError({
    code: 'invalid_signature',
    found: `the types of ${signature.className} were read by another version of @incant/cli`,
    instead: 'Install incant and @incant/cli of the same version.',
  })
}
