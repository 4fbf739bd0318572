#!/usr/bin/env bash
# Installs moto's server and the AWS CLI into a folder of their own (default target/moto), for
#   MAGPIE_MOTO=target/moto/bin cargo test --test job_log_moto
# Needs Python 3 and a package index; fails where they are not there.
set -euo pipefail
folder="${1:-$(dirname "$0")/../../target/moto}"

if [ -x "$folder/bin/moto_server" ] && [ -x "$folder/bin/aws" ]; then
    exit 0
fi
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check --retries 1 --timeout 15 \
    'moto[server]>=5,<6' 'awscli>=1.40,<2'
