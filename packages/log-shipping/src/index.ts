export { type Collector, parseCollector } from './collector.ts';
export { SHIPPER, type ShippingSettings, WRITER, writeSettings } from './settings.ts';
