// Who may log in, for the embedded router; crossbar/config.json has the same.
// A real desk has its tickets elsewhere and checks them by a function (README of rxwamp, "Logins").
export const SERVICE = { authid: 'desk', ticket: process.env['DESK_TICKET'] ?? 'behind-the-counter' };

export const USERS = {
  [SERVICE.authid]: { ticket: SERVICE.ticket, authrole: 'service' },
  rembrandt: { ticket: 'nightwatch', authrole: 'trader' },
  saskia: { ticket: 'flora', authrole: 'trader' },
};
