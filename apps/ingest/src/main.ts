import { ConfigError, readConfig, startService } from '@sp/platform';
import { configureBodies } from './http/bodies';
import { ingestConfig, openDoorProblem } from './ingest.config';
import { ingestModule } from './ingest.module';

const config = readConfig(ingestConfig);
const problem = openDoorProblem(config);
const module = (): ReturnType<typeof ingestModule> => {
  if (problem !== undefined) throw new ConfigError(problem);
  return ingestModule(config);
};
await startService({ name: 'ingest', port: config.PORT, host: config.HOST, module, parsesBodies: true, configure: configureBodies });
