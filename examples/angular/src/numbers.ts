// How numbers and times are written, the same everywhere.
const price = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const whole = new Intl.NumberFormat('en');
const percent = new Intl.NumberFormat('en', {
  style: 'percent',
  signDisplay: 'exceptZero',
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export const asPrice = (value: number): string => price.format(value);
export const asWhole = (value: number): string => whole.format(value);
export const asPercent = (value: number): string => percent.format(value).replace('-', '\u2212');
export const asTime = (at: number): string => time.format(at);
