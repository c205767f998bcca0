// The scenarios of the official conformance suite that a server of tools can pass, and what each needs a tool for.

/** By the tool that is served: the suite calls tools by name. */
export const SCENARIOS = {
  test_simple_text: [
    'server-initialize',
    'server-stateless',
    'ping',
    'tools-list',
    'tools-call-simple-text',
    'dns-rebinding-protection',
    'http-header-validation',
    'caching',
    'input-required-result-unsupported-methods',
  ],
  test_embedded_resource: ['tools-call-embedded-resource'],
  test_image_content: ['tools-call-image'],
  test_audio_content: ['tools-call-audio'],
  test_error_handling: ['tools-call-error'],
  test_tool_with_progress: ['tools-call-with-progress'],
  json_schema_2020_12_tool: ['json-schema-2020-12'],
}

/**
 * Checks that are known to fail, by scenario, and why. A check that passes although it stands here, and one that fails
 * although it does not, ends the run.
 */
export const KNOWN_FAILURES = {
  // They need tools that ask the client for something, and streams that last, of which a predictor has none.
  'server-stateless': [
    'sep-2575-server-rejects-undeclared-capability',
    'sep-2575-missing-capability-http-400',
    'sep-2575-http-server-no-independent-requests-on-stream',
    'sep-2575-server-no-log-without-loglevel',
  ],
  // Prompts and resources are no part of a predictor.
  caching: [
    'sep-2549-prompts-list-caching-hints',
    'sep-2549-resources-list-caching-hints',
    'sep-2549-resources-templates-list-caching-hints',
  ],
  // The dialect is the default one. Naming it makes some clients refuse the tool.
  'json-schema-2020-12': ['json-schema-2020-12-$schema'],
}
