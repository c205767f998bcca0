/**
 * Every error a caller can be given, by its stable code: the status, the title (RFC 9457 §3.1), and when it is given,
 * for `docs/errors.md`.
 */
export const REQUEST_ERRORS = {
  bad_request: {
    status: 400,
    title: 'Bad request',
    when: 'The request breaks HTTP itself: framing, Host, target, header lines.',
  },
  invalid_json: {
    status: 400,
    title: 'Invalid JSON',
    when: 'The body is not JSON. The detail names the position, never the input.',
  },
  invalid_utf8: { status: 400, title: 'Invalid UTF-8', when: 'The body is not UTF-8.' },
  invalid_form: {
    status: 400,
    title: 'Invalid form',
    when: 'The body does not parse as the form its content type declares.',
  },
  empty_body: { status: 400, title: 'Empty body', when: 'A payload is required and the body is empty.' },
  too_deep: { status: 400, title: 'Too deeply nested', when: 'The JSON nests deeper than the limit (64).' },
  forbidden_key: {
    status: 400,
    title: 'Forbidden key',
    when: 'The JSON has a member named __proto__, or, in strict mode, the same member twice.',
  },
  invalid_tensor: {
    status: 400,
    title: 'Invalid tensor',
    when: 'A request of the Open Inference Protocol does not fit the model, or contradicts itself. The detail says where.',
  },
  malformed_credentials: {
    status: 400,
    title: 'Malformed credentials',
    when: 'The credentials are not well formed, or were sent both in a header and in the body.',
  },
  unauthorized: {
    status: 401,
    title: 'Unauthorized',
    when: 'No credentials, or those of another scheme. WWW-Authenticate says what to send.',
  },
  invalid_credentials: {
    status: 401,
    title: 'Invalid credentials',
    when: 'Credentials that are unknown, wrong, expired or revoked. The answer does not say which.',
  },
  insufficient_scope: {
    status: 403,
    title: 'Insufficient scope',
    when: 'The credentials are valid and do not allow this call.',
  },
  cross_site: {
    status: 403,
    title: 'Cross-site request',
    when: 'A web page of another origin sent the request, and --cors-origin does not name that origin.',
  },
  not_found: { status: 404, title: 'Not found', when: 'No such route.' },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    when: 'The route exists for other methods, which Allow lists.',
  },
  request_timeout: { status: 408, title: 'Request timeout', when: 'The headers or the body did not arrive in time.' },
  id_reused: {
    status: 409,
    title: 'Id reused',
    when: 'A job of this id exists with another input or for another model.',
  },
  body_too_large: {
    status: 413,
    title: 'Body too large',
    when: 'The body has more bytes, or more chunks, than the limit.',
  },
  uri_too_long: { status: 414, title: 'URI too long', when: 'The request target is longer than the limit (8 KiB).' },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    when: 'Predict cannot take this content type; Accept lists what it takes.',
  },
  unsupported_encoding: {
    status: 415,
    title: 'Unsupported content encoding',
    when: 'The body is compressed; Accept-Encoding says identity.',
  },
  expectation_failed: {
    status: 417,
    title: 'Expectation failed',
    when: 'The Expect header has a value other than 100-continue.',
  },
  invalid_payload: {
    status: 422,
    title: 'Invalid payload',
    when: 'The payload does not match its type; errors lists where, at most 50.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    when: 'A caller has used up its rate, or an address has failed to authenticate too often. Retry-After says when to come back.',
  },
  headers_too_large: {
    status: 431,
    title: 'Headers too large',
    when: 'More header bytes (16 KiB) or lines (100) than the limit.',
  },
  client_closed: {
    status: 499,
    title: 'Client closed request',
    when: 'The caller went away. Never sent, only logged.',
  },
  internal: {
    status: 500,
    title: 'Internal server error',
    when: 'Predict threw. The cause is in the log under the request id.',
  },
  not_serializable: {
    status: 500,
    title: 'Internal server error',
    when: 'Predict returned something JSON cannot carry. The log names the path to it.',
  },
  response_failed: {
    status: 500,
    title: 'Response failed',
    when: 'The answer broke after its head had been sent: its stream failed, or its length does not fit. Never sent, only logged.',
  },
  auth_failed: {
    status: 500,
    title: 'Internal server error',
    when: 'A verifier of credentials threw, or returned an invalid result. The credentials themselves may be good.',
  },
  not_implemented: {
    status: 501,
    title: 'Not implemented',
    when: 'A transfer coding other than chunked, or an unknown method.',
  },
  starting: { status: 503, title: 'Starting', when: 'Setup has not finished.' },
  unavailable: { status: 503, title: 'Unavailable', when: 'Setup failed, or the predictor is stopped.' },
  draining: { status: 503, title: 'Shutting down', when: 'The server is stopping and takes no new work.' },
  auth_unavailable: {
    status: 503,
    title: 'Authentication unavailable',
    when: 'A verifier of credentials did not answer in time. It says nothing about the credentials.',
  },
  interrupted: {
    status: 503,
    title: 'Interrupted',
    when: 'The server stopped before the call was done. It may have had its effect.',
  },
  too_many_connections: {
    status: 503,
    title: 'Too many connections',
    when: 'The server, or the address of the caller, has as many requests in hand as it may, and none of them ended in time.',
  },
  queue_full: { status: 503, title: 'Queue full', when: 'As many calls wait as may wait.' },
  deadline_exceeded: { status: 504, title: 'Deadline exceeded', when: 'Predict did not finish in time.' },
  version_not_supported: {
    status: 505,
    title: 'HTTP version not supported',
    when: 'HTTP/0.9 or a version this server does not speak.',
  },
} as const

/** The `code` of a problem document. */
export type RequestErrorCode = keyof typeof REQUEST_ERRORS

/** Whether a text is one of these codes. */
export function isRequestErrorCode(code: string): code is RequestErrorCode {
  return Object.hasOwn(REQUEST_ERRORS, code)
}

/** Codes that no problem document has: when they apply, nothing can be sent any more. They are in the log. */
export const LOGGED_CODES: readonly string[] = ['client_closed', 'response_failed'] satisfies RequestErrorCode[]

/** Every reason for which a server does not start, by its stable code. */
export const STARTUP_ERRORS = {
  file_not_found: 'The predictor file does not exist or cannot be read.',
  syntax_error: 'The predictor file does not parse.',
  import_failed: 'The predictor file, or something it imports, threw while it was loaded.',
  signature_type_error: "A type in predict's signature does not compile.",
  no_predictor: 'No class in the file extends BasePredictor.',
  several_predictors: 'Several classes extend BasePredictor and --class-name does not say which.',
  abstract_predictor: 'The class is abstract.',
  not_exported: 'The class is not exported.',
  protocol_unfit:
    'A protocol does not fit the types of predict, or its credentials; `incant inspect` says what to write for each.',
  no_predict: 'The class has no predict method.',
  invalid_batch:
    'predictBatch takes or returns no array, does not fit prepare, is beside a predict, or is missing in a class with @batch.',
  invalid_sequence:
    'step takes no array of what begin returns, or returns no array of steps; or a predict is beside begin and step.',
  two_payloads: 'Two parameters of predict ask for the body.',
  repeated_role: 'Two parameters of predict ask for the same thing.',
  unsupported_type: 'A type that JSON cannot carry.',
  ambiguous_union: 'A union of Request, or of another form of the body, with something else.',
  invalid_constraint: 'A JSDoc constraint that does not fit its type or does not parse.',
  unknown_signature: "Predict's parameters are not known: no source to read, and no decorator says them.",
  invalid_signature: 'Signature data that is not of this version or not well formed.',
  invalid_auth:
    'A decorator of incant/auth that cannot protect: an empty or unset secret, contradictory options, a method that is not predict.',
  invalid_tls:
    'A certificate, its key or the list of issuers cannot be read, is out of date, or does not belong to the others.',
  insecure_http: 'A private server, or one that takes credentials from beyond this machine, has no TLS.',
  invalid_config: "A value in --config does not match the constructor's type.",
  invalid_option: 'An option has a value it cannot have.',
  file_exists: 'A new file would replace one that exists.',
  cannot_build: 'A bundle cannot be built from the project as it is.',
  invalid_bundle: 'A file of a bundle is not as incant build wrote it, or its model is not there.',
  wrong_platform: 'A native module does not run on the system that a bundle is for.',
  unknown_option: 'No such option.',
  missing_argument: 'A required argument is missing.',
  grpc_missing: '--grpc-listen is given, and @grpc/grpc-js is not installed where the predictor is.',
  jobs_store:
    'The store of jobs cannot be opened, is of another version, or needs a package or a version of Node that is not there.',
  otel_missing: '--otel is given, and the SDK of OpenTelemetry is not installed where the predictor is.',
  setup_failed: 'setup() threw.',
  setup_timeout: 'setup() did not finish in time.',
  warmup_failed: 'A payload of the static member warmup does not match its type, or failed.',
  already_started: 'An application is passed to serve after it has started without it.',
  port_in_use: 'Another process listens on the port.',
  permission_denied: 'The system does not permit it: a port below 1024, an unreadable file.',
  address_unavailable: 'The host is not an address of this machine.',
  model_not_found:
    'The model path does not exist or is not a directory, or there is no such version or tag of a model.',
  model_exists: 'A version has other files already, or a word is a version and is to be a tag, or the other way round.',
  model_in_use: 'A version has tags, or another command writes to the store of models.',
  model_damaged: 'A file of a model is missing, or is not as it was when the version was created.',
  model_store: 'The store of models cannot be read or written.',
  invalid_model:
    'What is to become a version of a model has something that is neither a file nor a folder, a path that leaves it, or too many files; or a list of files is none.',
  invalid_model_file:
    'A model file cannot be served: it is not of its format, cut off or too large, or has an input that is no tensor.',
  runtime_missing:
    'What runs a model file is not installed where the file is or the server is started, or does not load.',
  invalid_reference: 'The name of an image, or of another place of a model, cannot be read.',
  invalid_image: 'An image is not of the OCI image specification, or not of the digest by which it was asked for.',
  image_not_found: 'A registry has no such image, or an image layout lacks a part of it.',
  registry_refused: 'A registry asks for credentials that it was not given, or refuses a request.',
  registry_unavailable: 'A registry cannot be reached, or the connection breaks again and again.',
  peer_missing: 'A package that a remote place of models needs is not installed where the command runs.',
  metrics_unavailable:
    'incant top cannot read the metrics of a server: it does not answer, gives no access, or is not one of Incant.',
  jobs_failed:
    'incant jobs cannot do what it is asked: the server does not answer, refuses it, has no jobs or no such one.',
  cluster_failed: 'kubectl is missing, or the cluster does not do what it is asked, and why.',
  rollout_failed:
    'The pods of a new version do not become ready, and those of the old one serve on; or a service of this machine does not, and is put back.',
  systemd_failed: 'systemctl is missing, or does not do what it is asked, and why.',
  unsupported_runtime: 'This version of Node is too old.',
} as const

/** The `code` of a {@link StartupError}. */
export type StartupErrorCode = keyof typeof STARTUP_ERRORS
