import { BUILDER_FILES, CODE, MANIFEST, MODEL, RUNTIME, SIGNATURE } from './manifest.ts'

/** The image that a Dockerfile begins with where none is named: Node, its C library, certificates, and neither a shell nor npm. */
export const BASE = 'gcr.io/distroless/nodejs22-debian12'

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
    'COPY package.json sbom.cdx.json ./',
    'COPY node_modules ./node_modules',
    'COPY server.js ./',
    `COPY ${RUNTIME} ./${RUNTIME}`,
    ...(hasModel ? [`COPY ${MODEL} ./${MODEL}`] : []),
    `COPY ${CODE} ./${CODE}`,
    `COPY ${SIGNATURE} ${MANIFEST} ./`,
    'ENV NODE_ENV=production INCANT_HOST=0.0.0.0',
    'USER 65532:65532',
    'EXPOSE 8000',
    'STOPSIGNAL SIGTERM',
    `LABEL org.opencontainers.image.title=${JSON.stringify(name)} org.opencontainers.image.version=${JSON.stringify(version)}`,
    `ENTRYPOINT [${JSON.stringify(nodeIn(base))}, "/app/server.js"]`,
  ].join('\n')}\n`
}

/** The images of distroless do not have Node on their PATH. */
function nodeIn(base: string): string {
  return base.includes('distroless/nodejs') ? '/nodejs/bin/node' : 'node'
}

/** What a builder need not be sent. */
export const DOCKERIGNORE: string = `${BUILDER_FILES.join('\n')}\n`
