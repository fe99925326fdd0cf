import { type StackOptions } from '../../stack';
import { type Findings, type Group } from '../group';
import { withOwnStack } from '../own-stack';
import { writeAccounts } from './accounts';
import { notesOf } from './notes';
import { plotsOf } from './plots';
import { GATEWAYS, Rig } from './rig';
import { rowsOf } from './rows';
import { ALONE, BRIEF, type Settings, TRIAL } from './settings';
import { floodProcesses, playWindows } from './windows';

const measure = (say: (line: string) => void, settings: Settings): Promise<Findings> =>
  withOwnStack({ prepare: stackOptions, say }, async (own) => {
    const rig = await Rig.connect(own, settings.sizes, say);
    try {
      const windows = await playWindows(rig, settings, say);
      const measured = { windows, floods: await floodProcesses(rig, settings, say) };
      return {
        rows: rowsOf(measured, settings),
        notes: notesOf(measured, settings),
        plots: plotsOf(windows, settings),
      };
    } finally {
      await rig.stop();
    }
  });

const stackOptions = (folder: string): Partial<StackOptions> => ({
  gateways: GATEWAYS.length,
  accountsFile: writeAccounts(folder),
  env: { gateway: { DIALOGUES_DIR: folder } },
});

export const MEDIA: Group = {
  name: 'media',
  about: 'what a frame of audio costs, how soon it is said back, how that grows (5 minutes)',
  longestMs: 600_000,
  measure: (say, { brief }) => measure(say, brief ? BRIEF : ALONE),
};

/** Known to `npm test` alone: its figures are worth nothing. */
export const MEDIA_TRIAL: Group = {
  ...MEDIA,
  name: 'media-trial',
  measure: (say) => measure(say, TRIAL),
};
