export { mainCurrency } from '@sp/clickhouse';
