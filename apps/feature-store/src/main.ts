import { readConfig, startService } from '@sp/platform';
import { featureStoreConfig } from './feature-store.config';
import { featureStoreModule } from './feature-store.module';

const config = readConfig(featureStoreConfig);
await startService({ name: 'feature-store', port: config.PORT, host: config.HOST, natsUrl: config.NATS_URL, module: () => featureStoreModule(config) });
