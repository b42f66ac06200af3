import { readConfig, startService } from '@sp/platform';
import { feedbackLoopConfig } from './feedback-loop.config';
import { feedbackLoopModule } from './feedback-loop.module';

const config = readConfig(feedbackLoopConfig);
await startService({ name: 'feedback-loop', port: config.PORT, host: config.HOST, natsUrl: config.NATS_URL, module: () => feedbackLoopModule(config) });
