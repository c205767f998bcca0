import { byCodeUnits } from './files.ts'
import type { NeededPackage } from './needed-packages.ts'

/** What a bill is of. */
export interface Subject {
  readonly name: string
  readonly version: string
}

/**
 * The packages of a bundle as a CycloneDX document, version 1.5. It has no time and no random number: the same packages give
 * the same bill.
 *
 * @see https://cyclonedx.org/docs/1.5/json/
 */
export function writeBill({ name, version }: Subject, packages: readonly NeededPackage[]): string {
  const components = new Map(packages.map(({ manifest }) => [purlOf(manifest), componentOf(manifest)]))
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': `${name}@${version}`, name, version } },
    components: [...components].sort(([one], [other]) => byCodeUnits(one, other)).map(([, component]) => component),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function componentOf(manifest: NeededPackage['manifest']): object {
  const { name = '', version, description, license } = manifest
  const id = typeof license === 'string' ? license : license?.type
  return {
    type: 'library',
    'bom-ref': `${name}@${version}`,
    name,
    version,
    ...(description === undefined ? {} : { description }),
    purl: purlOf(manifest),
    // A name or an expression of names, as packages write it.
    ...(id === undefined ? {} : { licenses: [{ expression: id }] }),
  }
}

/** `pkg:npm/%40scope/name@1.0.0` @see https://github.com/package-url/purl-spec */
function purlOf({ name = '', version = '' }: NeededPackage['manifest']): string {
  return `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`
}
