import type { FeatureReport } from '@sp/contracts';
import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { FeatureInsights } from '../figures/feature-insights';

/** What is in the features: the same report as `npm run features -- report`, of fewer rows. */
@Controller('v1/features')
export class FeatureReportController {
  constructor(@Inject(FeatureInsights) private readonly insights: FeatureInsights) {}

  @Get('report')
  async report(): Promise<FeatureReport> {
    const nowMs = Date.now();
    const report = await this.insights.report(nowMs);
    if (typeof report === 'string') throw new ServiceUnavailableException(report);
    return report;
  }
}
