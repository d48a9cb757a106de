#!/usr/bin/env bash
# Run by LocalStack when it is ready: deploys the functions that were built, and makes the demo account.
set -euo pipefail
# LocalStack's own Python has boto3 and PyYAML.
python=python3
"$python" -c 'import boto3, yaml' 2>/dev/null || python=/opt/code/localstack/.venv/bin/python
root=${DESKWIRE_ROOT:-/opt/deskwire}
if [ ! -f "$root/target/lambda/message/bootstrap" ]; then
    echo "Deskwire: target/lambda has no functions. Build them (docker-compose.yml says how), then start again." >&2
    exit 1
fi
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1
exec "$python" "$root/infra/deploy.py" --stack deskwire --endpoint-url "${DESKWIRE_ENDPOINT:-http://localhost:4566}" \
    --skip-build --no-cdn "--${DESKWIRE_ARCHITECTURE:-x86-64}" \
    --param WithAlarms=false --param WithCodeDeploy=false --param DeletionProtection=false \
    --param "Sockets=$DESKWIRE_SOCKETS" --param "SocketUrl=$DESKWIRE_SOCKET_URL" --param "PublicUrl=$DESKWIRE_PUBLIC_URL" \
    --account demo --admin Anna
