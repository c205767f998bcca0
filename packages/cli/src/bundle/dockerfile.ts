import { CODE, MODEL, RUNTIME } from './manifest.ts'

/** The image that a Dockerfile begins with where none is named: Node and its C library, maintained with Node itself. */
export const BASE = 'node:22-slim'

/** What differs between the images of bundles. */
export interface ImageOptions {
  readonly base: string
  readonly name: string
  readonly version: string
  readonly hasModel: boolean
}

/**
 * Layers in the order in which they change: packages, Incant, the model, the code. The process is not root, and is the one
 * that gets SIGTERM.
 */
export function writeDockerfile({ base, name, version, hasModel }: ImageOptions): string {
  return `${[
    `FROM ${base}`,
    'WORKDIR /app',
    'COPY node_modules ./node_modules',
    `COPY ${RUNTIME} ./${RUNTIME}`,
    ...(hasModel ? [`COPY ${MODEL} ./${MODEL}`] : []),
    'COPY package.json server.js signature.json incant.bundle.json sbom.cdx.json ./',
    `COPY ${CODE} ./${CODE}`,
    'ENV NODE_ENV=production INCANT_HOST=0.0.0.0',
    'USER 65532:65532',
    'EXPOSE 8000',
    'STOPSIGNAL SIGTERM',
    `LABEL org.opencontainers.image.title=${JSON.stringify(name)} org.opencontainers.image.version=${JSON.stringify(version)}`,
    'ENTRYPOINT ["node", "/app/server.js"]',
  ].join('\n')}\n`
}

/** What a builder need not be sent. */
export const DOCKERIGNORE = 'Dockerfile\n.dockerignore\n'
