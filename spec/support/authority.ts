// A certificate authority that lives for two days, and what it signed for a server and for a client. Node only.
// The keys are made by openssl.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** In PEM; the server is `localhost`, `127.0.0.1` and `::1`. */
export type Keys = Record<'ca' | 'server' | 'serverKey' | 'client' | 'clientKey', string>;

/**
 * Makes them, as files `ca.crt`, `server.crt`, `server.key`, `client.crt` and `client.key` of a folder.
 *
 * @returns What is in the files; undefined where there is no openssl.
 */
export function authority(folder: string): Keys | undefined {
  const openssl = (...args: readonly string[]): unknown => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  try {
    openssl('req', '-x509', ...curve, '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '2', '-subj', '/CN=authority');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1');
  for (const name of ['server', 'client']) {
    openssl('req', ...curve, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const signing = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
    openssl('x509', '-req', '-in', `${name}.csr`, ...signing, '-out', `${name}.crt`);
  }
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return {
    ...{ ca: read('ca.crt'), server: read('server.crt'), serverKey: read('server.key') },
    ...{ client: read('client.crt'), clientKey: read('client.key') },
  };
}
