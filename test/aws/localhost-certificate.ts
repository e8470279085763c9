/** A key and a certificate of its own for `localhost`, good from 2020 to 2120: made with openssl, for tests alone. */
export const localhostKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgwZK6eNbORqTqdREb
c2veCS7GVFdosefkYTU44R/fipWhRANCAASJ1h4o159rbaY2WC/uCHB4324JEV4w
uIQKP4LACeeFrDZaqbNbMxwoDtm4Xv28LswZkeWVXhHW0wRhVHRrNBWJ
-----END PRIVATE KEY-----`;

/** See {@link localhostKey}. */
export const localhostCertificate = `-----BEGIN CERTIFICATE-----
MIIBYTCCAQegAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABInWHijXn2ttpjZY
L+4IcHjfbgkRXjC4hAo/gsAJ54WsNlqps1szHCgO2bhe/bwuzBmR5ZVeEdbTBGFU
dGs0FYmjSDBGMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAPBgNVHRMBAf8EBTADAQH/
MB0GA1UdDgQWBBSaqVQvYSbaKfKKARyeNOylD10fjTAKBggqhkjOPQQDAgNIADBF
AiEA0aGRWlPwUBrM+idtJ/UpdTpBXktj/6/8uMvv1YuP7C0CIDjm0rLHAjmV3qXh
kbO3deajNKhnfuThRRjV2qAQ55+r
-----END CERTIFICATE-----`;
