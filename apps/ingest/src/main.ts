import { readConfig, startService } from '@sp/platform';
import { configureBodies } from './http/bodies';
import { ingestConfig } from './ingest.config';
import { ingestModule } from './ingest.module';

/** A body over the limit is still read to its end, up to twice as much, so that its sender hears why it is refused. */
const config = readConfig(ingestConfig);
await startService({ name: 'ingest', port: config.PORT, host: config.HOST, bodyLimitBytes: 2 * config.BODY_LIMIT_BYTES, module: () => ingestModule(config), parsesBodies: true, configure: (app) => configureBodies(app, config.BODY_LIMIT_BYTES) });
