import { bundle } from '../../tools/bundle.mjs';

export default bundle(import.meta.dirname, { main: 'src/main.ts' });
