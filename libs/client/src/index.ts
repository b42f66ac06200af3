export { eventIdOf } from './event-id';
export { EventPublisher, type PublisherOptions, type QueuedEvent } from './event-publisher';
export { EventsDoor, NotDeliveredError, RefusedRequestError, type EventsDoorOptions, type Resend } from './events-door';
export { followOffers, type FollowedOffer, type FollowOffersOptions } from './follow-offers';
export type { EventVerdict } from '@sp/contracts';
