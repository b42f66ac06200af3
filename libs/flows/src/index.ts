export { recommenderFlow, type Watch } from './recommender-flow';
