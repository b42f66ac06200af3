import { readConfig, startService } from '@sp/platform';
import { recommenderConfig } from './recommender.config';
import { recommenderModule } from './recommender.module';

const config = readConfig(recommenderConfig);
await startService({ name: 'recommender', port: config.PORT, host: config.HOST, natsUrl: config.NATS_URL, module: () => recommenderModule(config) });
