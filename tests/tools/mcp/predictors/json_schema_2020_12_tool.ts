import { BasePredictor } from 'incant'

interface address {
  street?: string
  city?: string
}

/** @additionalProperties false */
interface Person {
  name?: string
  address?: address
  /** Refers to the address once more, so that it is a definition. */
  former?: address[]
}

export default class Lookup extends BasePredictor {
  /** Says whether a person is known. */
  predict({ name = '' }: Person): { known: boolean; name: string } {
    return { known: name !== '', name }
  }
}
