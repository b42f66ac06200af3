import { readConfig, startService } from '@sp/platform';
import { serveDashboard } from './http/dashboard-files';
import { monitorConfig, monitorEnvironment } from './monitor.config';
import { MonitorModule } from './monitor.module';

const environment = readConfig(monitorEnvironment);
const config = monitorConfig(environment);

await startService({
  name: 'monitor',
  port: config.port,
  host: config.host,
  natsUrl: config.natsUrl,
  module: () => MonitorModule.with(config),
  configure: (app) => serveDashboard(app, config.dashboardFolder),
});
