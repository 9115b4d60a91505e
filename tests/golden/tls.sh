#!/bin/sh
# An authority, and a certificate of it for 127.0.0.1 that a test's server shows, valid from 2020 to 2126. Nothing but these
# tests trusts them, and nothing else may: the server's key is public.
#
#     sh tls.sh        # writes tls/{authority,server,server_key}.pem next to this script; made with OpenSSL 3.0
set -eu
out="$(cd "$(dirname "$0")" && pwd)/tls"
work=$(mktemp -d)
cd "$work"
cat >config <<END
[ca]
default_ca = tests
[tests]
database = $work/index
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[server]
basicConstraints = critical,CA:FALSE
subjectAltName = IP:127.0.0.1
extendedKeyUsage = serverAuth
END
: >index
dates="-startdate 20200101000000Z -enddate 21260101000000Z"
for name in authority server; do
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "${name}_key.pem"
    openssl req -new -key "${name}_key.pem" -subj "/CN=softness test $name" -out "$name.request"
done
openssl ca -batch -notext -config config -selfsign -keyfile authority_key.pem -in authority.request -out authority.pem \
    $dates -extensions authority
openssl ca -batch -notext -config config -cert authority.pem -keyfile authority_key.pem -in server.request -out server.pem \
    $dates -extensions server
mkdir -p "$out"
cp authority.pem server.pem server_key.pem "$out"
chmod 644 "$out"/*.pem
rm -r "$work"
