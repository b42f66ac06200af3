export const INGEST_CONFIG = Symbol('ingest config');
export const LINE_DOOR = Symbol('line door');
export const LINE_CLOCK = Symbol('line clock');
export const NATS = Symbol('nats connection');
export const FAIR_GATE = Symbol('fair gate');
export const DOOR_KEEPER = Symbol('door keeper');
