// Checks reservations (JWT, ES256) with the gateway's public keys. They are kept here, also while the gateway cannot be reached.
import { compactVerify, createRemoteJWKSet, decodeJwt } from 'jose';

const LEEWAY_SECONDS = 30; // of nbf and iat; exp has none
const RELOAD_MS = 4 * 60_000; // a key that the gateway dropped is refused after this
const KEYS = { cacheMaxAge: Infinity, cooldownDuration: 5_000, timeoutDuration: 1_000 };

/** Judges a token: valid, with its secondsLeft; invalid; or unknown, before there are keys. */
export function reservations({ gateway, issuer, room }) {
  for (const [name, value] of Object.entries({ gateway, issuer, room })) {
    if (!value) throw new Error(`waiting room: ${name} is missing`);
  }
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', gateway), KEYS);
  const load = () => keys.reload().catch(error => console.warn(`keys not loaded from ${gateway}: ${error.message}`));
  load();
  setInterval(load, RELOAD_MS).unref();

  return async token => {
    const now = Date.now() / 1000;
    const claims = parsed(token);
    const begun = time => time === undefined || time <= now + LEEWAY_SECONDS;
    // Before the signature, so that a token of another issuer causes no fetch of keys.
    if (claims?.iss !== issuer || ![claims.aud].flat().includes(room) || !(claims.exp > now)
      || !begun(claims.iat) || !begun(claims.nbf)) {
      return { verdict: 'invalid' };
    }
    try {
      await compactVerify(token, keys, { algorithms: ['ES256'] });
      return { verdict: 'valid', secondsLeft: claims.exp - now };
    } catch {
      return { verdict: keys.jwks() ? 'invalid' : 'unknown' };
    }
  };
}

function parsed(token) {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}
