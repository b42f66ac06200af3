import { readConfig, startService } from '@sp/platform';
import { configureBodies } from './http/bodies';
import { ingestConfig } from './ingest.config';
import { ingestModule } from './ingest.module';

const config = readConfig(ingestConfig);
await startService({ name: 'ingest', port: config.PORT, host: config.HOST, module: () => ingestModule(config), parsesBodies: true, configure: configureBodies });
