/** A key and a certificate of its own for `localhost`, good from 2020 to 2120: made with openssl, for tests alone. */
export const localhostKey = ``;

/** See {@link localhostKey}. */
export const localhostCertificate = ``;
