/*
 * What is used of `@peculiar/x509`, as its own types give it. Those need a browser's declarations and do not compile
 * without; `paths` in tsconfig.base.json leads here.
 */
import type { webcrypto } from 'node:crypto'

interface SigningAlgorithm {
  readonly name: string
  readonly namedCurve: string
  readonly hash: string
}

export interface Extension {
  readonly type: string
  readonly critical: boolean
}

export class BasicConstraintsExtension implements Extension {
  readonly type: string
  readonly critical: boolean
  constructor(isAuthority: boolean, pathLength?: number, critical?: boolean)
}

export class KeyUsagesExtension implements Extension {
  readonly type: string
  readonly critical: boolean
  constructor(usages: number, critical?: boolean)
}

export declare const KeyUsageFlags: {
  readonly digitalSignature: number
  readonly keyCertSign: number
  readonly cRLSign: number
}

export class ExtendedKeyUsageExtension implements Extension {
  readonly type: string
  readonly critical: boolean
  constructor(usages: string[], critical?: boolean)
}

export declare const ExtendedKeyUsage: { readonly serverAuth: string; readonly clientAuth: string }

export class SubjectAlternativeNameExtension implements Extension {
  readonly type: string
  readonly critical: boolean
  constructor(names: { readonly type: 'dns' | 'ip' | 'url'; readonly value: string }[], critical?: boolean)
}

export declare const PemConverter: { encode(data: ArrayBuffer, tag: string): string }

export class X509Certificate {
  readonly subject: string
  toString(format: 'pem'): string
}

interface Common {
  readonly serialNumber?: string
  readonly notBefore: Date
  readonly notAfter: Date
  readonly signingAlgorithm: SigningAlgorithm
  readonly extensions: Extension[]
}

export declare const X509CertificateGenerator: {
  createSelfSigned(
    options: Common & { readonly name: string; readonly keys: webcrypto.CryptoKeyPair },
  ): Promise<X509Certificate>
  create(
    options: Common & {
      readonly subject: string | { readonly [attribute: string]: string[] }[]
      readonly issuer: string
      readonly signingKey: webcrypto.CryptoKey
      readonly publicKey: webcrypto.CryptoKey
    },
  ): Promise<X509Certificate>
}
