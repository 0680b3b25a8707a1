// What is traded here: the goods of an Amsterdam morning in 1637.
// Back end and page have this list from the same file, and so the names of the topics.
export const GOODS = [
  { symbol: 'tulip', name: 'Semper Augustus', unit: 'bulb', open: 5120 },
  { symbol: 'pepper', name: 'Malabar pepper', unit: 'sack', open: 184.5 },
  { symbol: 'nutmeg', name: 'Banda nutmeg', unit: 'pound', open: 61.8 },
  { symbol: 'indigo', name: 'Lahore indigo', unit: 'chest', open: 742 },
  { symbol: 'amber', name: 'Baltic amber', unit: 'pound', open: 38.4 },
  { symbol: 'silk', name: 'Persian silk', unit: 'bale', open: 1265 },
  { symbol: 'rye', name: 'Danzig rye', unit: 'last', open: 214 },
  { symbol: 'salt', name: 'Setúbal salt', unit: 'hundred', open: 96.25 },
] as const;

export type Good = (typeof GOODS)[number];
export type Ticker = Good['symbol'];
export type TickTopic = `com.example.desk.tick.${Ticker}`;

/** The topic of the prices of one good. */
export function tickTopic(symbol: Ticker): TickTopic {
  return `com.example.desk.tick.${symbol}`;
}
