#!/usr/bin/env bash
# A real Kubernetes API server for tests and the demo: kube-apiserver and etcd on loopback, RBAC on, state
# thrown away. No controllers run beside it: nothing collects garbage, a deleted namespace stays Terminating, and
# the aggregated roles (view, edit, admin) grant nothing.
#
#   api-server.sh run DIR     in the foreground, until stdin closes or a signal comes
#   api-server.sh start DIR   in the background; returns when it is ready
#   api-server.sh stop DIR    ends what `start` or `run` left running in DIR
#
# DIR/kubeconfig (cluster admin) and DIR/bin/kubectl are there once it is ready. `run` prints "ready" then and
# obeys lines on stdin: "down" ends the API server but not etcd, "up" starts it again on the same port. Each
# is answered with a line, "down" or "ready".
set -euo pipefail

fail() {
  echo "api-server: $1" >&2
  exit 1
}

dial() { # PORT
  (exec 5<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# A free lock: nothing runs in DIR, and pids noted there may be somebody else's by now.
runs() { # DIR
  [ -e "$1/lock" ] && ! flock -n "$1/lock" true
}

free_port() {
  local port
  for _ in {1..50}; do
    # Below the ephemeral range, so that no outgoing connection takes the port while the server is down.
    port=$((20000 + RANDOM % 12000))
    if ! dial "$port"; then
      echo "$port"
      return
    fi
  done
  return 1
}

# One authority, one server certificate, one key that signs service account tokens, one token of the
# administrator: made anew for each run, so that no other server is ever taken for this one.
write_credentials() {
  openssl ecparam -name prime256v1 -genkey -noout -out service-accounts.key
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
    -subj /CN=api-server.sh -keyout ca.key -out ca.crt
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -subj /CN=kube-apiserver -keyout server.key -out server.csr
  openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out server.crt \
    -extfile <(echo "subjectAltName=IP:127.0.0.1,DNS:localhost")
  token=$(openssl rand -hex 24)
  echo "$token,admin,admin,system:masters" >tokens.csv
}

write_kubeconfig() { # FILE
  cat >"$1" <<END
apiVersion: v1
kind: Config
current-context: test
contexts:
- {name: test, context: {cluster: test, user: admin, namespace: default}}
clusters:
- name: test
  cluster:
    server: https://127.0.0.1:$port
    certificate-authority-data: $(base64 -w0 ca.crt)
users:
- {name: admin, user: {token: $token}}
END
}

# The kernel ends a server whose starter is gone, even where that one was killed without a chance to clean up.
# Neither holds our stdin nor our lock.
spawn() { # LOG COMMAND...
  local log=$1
  shift
  setpriv --pdeathsig KILL "$@" </dev/null >>"$log" 2>&1 9>&- &
}

start_etcd() {
  # Unix sockets: etcd asks nobody for a password, and on TCP every user of the machine could write to it.
  # (":0" is part of the file's name: etcd wants a port even there.)
  spawn etcd.log bin/etcd --data-dir etcd --unsafe-no-fsync --log-level warn \
    --listen-client-urls unix://etcd.sock:0 --advertise-client-urls unix://etcd.sock:0 \
    --listen-peer-urls unix://peer.sock:0 --initial-advertise-peer-urls unix://peer.sock:0 \
    --initial-cluster default=unix://peer.sock:0
  etcd=$!
  echo "$etcd" >etcd.pid
}

start_apiserver() {
  # ServiceAccount admission would refuse every pod while no controller makes the accounts. The endpoint
  # reconciler and its lease are for servers that share a cluster.
  spawn kube-apiserver.log bin/kube-apiserver --etcd-servers unix://etcd.sock:0 \
    --bind-address 127.0.0.1 --advertise-address 127.0.0.1 --secure-port "$port" \
    --tls-cert-file server.crt --tls-private-key-file server.key --cert-dir . --token-auth-file tokens.csv \
    --authorization-mode RBAC --disable-admission-plugins ServiceAccount,TaintNodesByCondition \
    --service-account-issuer https://kubernetes.default.svc --api-audiences https://kubernetes.default.svc \
    --service-account-key-file service-accounts.key --service-account-signing-key-file service-accounts.key \
    --service-cluster-ip-range 10.0.0.0/24 --endpoint-reconciler-type none --allow-privileged=true \
    --profiling=false
  apiserver=$!
  echo "$apiserver" >kube-apiserver.pid
}

# Dialling first spares two cores a hundred starts of kubectl. The namespace "default" comes a moment after
# /readyz on the first start.
answers() {
  dial "$port" &&
    bin/kubectl --kubeconfig kubeconfig.new --request-timeout 2s get --raw /readyz &&
    bin/kubectl --kubeconfig kubeconfig.new --request-timeout 2s get namespace default
}

await_ready() {
  local deadline=$((SECONDS + 90))
  until answers >probe.log 2>&1; do
    check_alive
    [ "$SECONDS" -lt "$deadline" ] || fail "not ready after 90 s: $(tail -n 3 probe.log kube-apiserver.log)"
    sleep 0.1
  done
  cp kubeconfig.new kubeconfig.tmp
  mv kubeconfig.tmp kubeconfig
  echo ready
}

check_alive() {
  kill -0 "$etcd" 2>/dev/null || fail "etcd ended: $(tail -n 5 etcd.log)"
  [ -z "$apiserver" ] || kill -0 "$apiserver" 2>/dev/null || fail "kube-apiserver ended: $(tail -n 5 kube-apiserver.log)"
}

# KILL: a polite end takes seconds while watches are open, and losing the server without a word is what
# clients have to survive.
stop_apiserver() {
  [ -z "$apiserver" ] || { kill -KILL "$apiserver" && wait "$apiserver"; } 2>/dev/null || true
  apiserver=
}

end() {
  stop_apiserver
  [ -z "$etcd" ] || { kill -KILL "$etcd" && wait "$etcd"; } 2>/dev/null || true
  rm -rf etcd ./*.sock:0 ./*.pid kubeconfig kubeconfig.new ca.key server.key service-accounts.key tokens.csv
}

obey() {
  case $1 in
    down)
      stop_apiserver
      echo down
      ;;
    up)
      [ -n "$apiserver" ] || start_apiserver
      await_ready
      ;;
    *) fail "cannot obey: $1" ;;
  esac
}

run() {
  local assets line status
  assets=$("$here/kubernetes-api.sh")
  umask 077
  mkdir -p "$1"
  cd "$1"
  exec 9>lock
  flock -n 9 || fail "something runs in $1 already"
  etcd='' apiserver=''
  trap end EXIT
  trap 'exit 143' INT TERM HUP
  rm -rf etcd ./*.sock:0 etcd.log kube-apiserver.log kubeconfig
  echo $$ >run.pid
  ln -sfn "$assets" bin
  port=$(free_port) || fail "no free port"
  write_credentials 2>openssl.log
  write_kubeconfig kubeconfig.new
  start_etcd
  start_apiserver
  await_ready
  while true; do
    status=0
    IFS= read -r -t 1 line || status=$?
    if [ "$status" -eq 0 ]; then
      obey "$line"
    elif [ "$status" -le 128 ]; then # not a timeout: stdin was closed
      break
    fi
    check_alive
  done
}

start() {
  if runs "$1"; then fail "something runs in $1 already"; fi
  "$here/kubernetes-api.sh" >/dev/null # here, so that a first build shows its progress
  umask 077
  mkdir -p "$1"
  rm -f "$1/control" "$1/kubeconfig"
  mkfifo "$1/control"
  # Open for both ways a FIFO never ends; `echo down >DIR/control` works too.
  setsid "$here/api-server.sh" run "$1" <>"$1/control" >"$1/run.log" 2>&1 &
  until [ -e "$1/kubeconfig" ]; do
    kill -0 $! 2>/dev/null || fail "did not start: $(cat "$1/run.log")"
    sleep 0.2
  done
}

stop() {
  runs "$1" || return 0
  kill "$(cat "$1/run.pid")"
  flock "$1/lock" rm -f "$1/control" # the lock is free when both servers are gone
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
case ${1:-}:${2:-} in
  run:?* | start:?* | stop:?*) "$1" "$2" ;;
  *) fail "usage: api-server.sh run|start|stop DIR" ;;
esac
