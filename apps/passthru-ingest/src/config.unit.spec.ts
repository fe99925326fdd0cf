import { settingsTable } from '@greenroom/platform';
import { generatedPart } from '@greenroom/testing';
import { IngestSettings, WorkerSettings } from './config';

it.each([
  ['ingest', IngestSettings],
  ['worker', WorkerSettings],
])('the settings of the %s stand in the docs', (name, schema) => {
  const table = settingsTable(schema);
  expect(generatedPart('docs/settings.md', name, table)).toBe(table);
});
