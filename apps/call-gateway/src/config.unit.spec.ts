import { settingsTable } from '@greenroom/platform';
import { generatedPart } from '@greenroom/testing';
import { GatewaySettings } from './config';

it('the settings of the gateway stand in the docs', () => {
  const table = settingsTable(GatewaySettings);
  expect(generatedPart('docs/settings.md', 'gateway', table)).toBe(table);
});
