import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Digest, hexOf } from '../../content/digest.ts'

/**
 * The paths of a store of models. Files of models and manifests are blobs, each under its digest; names, versions and tags are
 * journals that refer to them.
 */
export class Layout {
  readonly root: string

  constructor(root: string) {
    this.root = root
  }

  get blobs(): string {
    return join(this.root, 'blobs/sha256')
  }

  /** Every model has a folder here. */
  get names(): string {
    return join(this.root, 'names')
  }

  /** For each server that runs, the files of its versions under their own paths, as links to blobs. */
  get checkouts(): string {
    return join(this.root, 'checkouts')
  }

  get leases(): string {
    return join(this.root, 'leases')
  }

  /** Unfinished files, a folder for each lease. */
  get staging(): string {
    return join(this.root, 'staging')
  }

  /** What a collection of garbage has taken away and not deleted yet, a folder for each. */
  get trash(): string {
    return join(this.root, 'trash')
  }

  blob(digest: Digest): string {
    return join(this.blobs, hexOf(digest))
  }

  versions(name: string): string {
    return join(this.names, name, 'versions')
  }

  tags(name: string): string {
    return join(this.names, name, 'tags')
  }
}

/** The store of a user: `models` in the folder that `INCANT_HOME` names, by default `~/.incant`. */
export function userStore(environment: NodeJS.ProcessEnv = process.env): Layout {
  const home = environment['INCANT_HOME'] || join(homedir(), '.incant')
  return new Layout(join(resolve(home), 'models'))
}
