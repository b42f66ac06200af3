import type { Earned } from '@sp/contracts';
import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { Board } from '../live/board';

/** Counted anew while somebody asks. */
@Controller('v1/earned')
export class EarnedController {
  constructor(@Inject(Board) private readonly board: Board) {}

  @Get()
  async all(): Promise<Earned> {
    const nowMs = Date.now();
    await this.board.refreshEarned(nowMs);
    const earned = this.board.earned(nowMs);
    if (earned.freshness.state === 'absent') throw new ServiceUnavailableException(earned.freshness.sentence);
    return earned;
  }
}
