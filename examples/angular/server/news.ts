// The headlines: one of these every few seconds, in random order.
export const HEADLINES = [
  'A fleet with pepper and nutmeg is sighted off Texel',
  'Haarlem growers ask for payment in coin, not in promises',
  'Frost closes the Sound: rye from Danzig will be late',
  'The Chamber of Zeeland opens an auction of Lahore indigo',
  'Weavers in Leiden wait for Persian silk',
  'A single Semper Augustus changes hands for the price of a house',
  'Salt boats lie three deep in the harbour of Enkhuizen',
  'Amber washed ashore at Königsberg after the storm',
  'Magistrates advise moderation in the trade with flowers',
] as const;
