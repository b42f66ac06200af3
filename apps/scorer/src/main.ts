import { readConfig, startService } from '@sp/platform';
import { scorerConfig } from './scorer.config';
import { scorerModule } from './scorer.module';

const config = readConfig(scorerConfig);
await startService({ name: 'scorer', port: config.PORT, host: config.HOST, natsUrl: config.NATS_URL, module: () => scorerModule(config) });
