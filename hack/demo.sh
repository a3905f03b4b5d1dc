#!/usr/bin/env bash
# Watch a machine that runs Debian become NixOS because a NixosMachine was applied: a real Kubernetes API server, a virtual machine,
# the operator from its jar. Ends with everything stopped; "hack/demo.sh --keep" leaves it running until Enter is pressed.
set -euo pipefail
cd "$(dirname "$0")/.."
keep=${1:-}
firmware=${FW:-bios}
dir=$PWD/target/demo
passphrase="correct horse battery staple"

say() { printf '\n\033[1m# %s\033[0m\n' "$*"; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

pids=()
finish() {
	for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
	[ -z "${LAB_ENV:-}" ] || lab/vm.sh kill >/dev/null 2>&1 || true
	hack/api-server.sh stop "$dir/kubernetes" >/dev/null 2>&1 || true
}
trap finish EXIT

say "Building: the jar, an API server, the lab (some 12 minutes the first time, then seconds)"
hack/setup.sh
mvn --batch-mode -q package -DskipTests
hack/kubernetes-api.sh >/dev/null
LAB_ENV=$(lab/build.sh)
export LAB_ENV
rm -rf "$dir"
mkdir -p "$dir"
lab_value() { sed -n "s/^$1=//p" "$LAB_ENV"; }
java=$(hack/java.sh)

say "A Kubernetes API server, a virtual machine with Debian, a binary cache"
hack/api-server.sh start "$dir/kubernetes"
export KUBECONFIG=$dir/kubernetes/kubeconfig
PATH=$dir/kubernetes/bin:$PATH
PORT=$(free_port)
export PORT FW=$firmware VM_DIR=$dir/vm MEM=1536 DISKS="" PARENT_PID=$$
mkdir -p "$VM_DIR"
lab/vm.sh start
cache_port=$(free_port)
image_port=$(free_port)
"${java%java}jwebserver" -b 127.0.0.1 -p "$cache_port" -d "$(lab_value BINARY_CACHE)" -o none >/dev/null &
pids+=($!)
"${java%java}jwebserver" -b 127.0.0.1 -p "$image_port" -d "$(dirname "$(readlink -f "$(lab_value INSTALLER)")")" -o none >/dev/null &
pids+=($!)

say "The operator"
kubectl apply -f crds/
# kubectl fails at one that has no status yet.
for try in 1 2 3 4 5; do
	if kubectl wait --for=condition=Established --timeout=60s -f crds/; then break; fi
	[ "$try" != 5 ] || exit 1
	sleep 1
done
"$java" -Xmx256m -jar target/nixos-operator.jar --metrics-port "$(free_port)" --cache-dir "$dir/cache" >"$dir/operator.log" 2>&1 &
pids+=($!)

say "kubectl apply: a Secret with the SSH key, one with the LUKS passphrase, a DiskLayout, a NixosMachine"
kubectl create secret generic ssh --type=kubernetes.io/ssh-auth --from-file=ssh-privatekey="$(lab_value SSH_KEY)"
kubectl create secret generic luks --from-file=passphrase=/dev/stdin <<<"$passphrase"
kubectl apply -f "lab/layouts/encrypted-$firmware.yaml"
cat >"$dir/machine.yaml" <<YAML
apiVersion: nixos-operator.dev/v1alpha1
kind: NixosMachine
metadata: {name: web-1}
spec:
  connection:
    host: 127.0.0.1
    port: $PORT
    user: admin
    credentialsSecretRef: {name: ssh}
    installed: {user: root}
  diskLayoutRef: {name: encrypted}
  system:
    storePath:
      toplevel: $(lab_value TOPLEVEL_V1)
      from: http://10.0.2.2:$cache_port
  copy:
    trustedPublicKeys: ["$(lab_value BINARY_CACHE_PUBLIC_KEY)"]
  install:
    kexec:
      delivery: Upload
      image: {url: "http://127.0.0.1:$image_port/$(basename "$(lab_value INSTALLER)")", sha256: $(lab_value INSTALLER_SHA256)}
    encryptionKeys:
    - path: /run/keys/root
      secretKeyRef: {name: luks, key: passphrase}
YAML
kubectl apply -f "$dir/machine.yaml"

say "kubectl get nixosmachines --watch"
kubectl get nixosmachines --watch --output-watch-events=false &
pids+=($!)

kubectl wait nixosmachine/web-1 --for=jsonpath='{.status.conditions[?(@.type=="Ready")].reason}'=AwaitingApproval --timeout=10m >/dev/null
say "It waits: the disk holds something. The plan:"
kubectl get nixosmachine web-1 -o jsonpath='{range .status.plan.disks[*]}{.device} (serial {.serial}): {.content}{"\n"}  {.action}{"\n"}{range .result[*]}    {@}{"\n"}{end}{end}'
say "A person approves it"
plan=$(kubectl get nixosmachine web-1 -o jsonpath='{.status.plan.hash}')
kubectl annotate nixosmachine web-1 "nixos-operator.dev/approve-plan=$plan"

kubectl wait nixosmachine/web-1 --for=jsonpath='{.status.operation.step}'=Verify --timeout=30m >/dev/null
deadline=$((SECONDS + 900))
until grep -qa 'Please enter passphrase for cryptroot' "$VM_DIR/console.log"; do
	[ $SECONDS -lt $deadline ] || { echo "the installed system did not ask for its passphrase; see $VM_DIR/console.log" >&2; exit 1; }
	sleep 1
done
say "The installed system asks for the passphrase of its disk on the console; it is typed"
lab/vm.sh console-send "$passphrase"
kubectl wait nixosmachine/web-1 --for=condition=Ready --timeout=15m

say "The machine is NixOS"
ssh -i "$(lab_value SSH_KEY)" -p "$PORT" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR root@127.0.0.1 \
	'grep PRETTY_NAME /etc/os-release; readlink -f /run/current-system; lsblk -o NAME,TYPE,FSTYPE,MOUNTPOINTS /dev/vda'
kubectl get nixosmachines -o wide
kubectl get events --field-selector involvedObject.name=web-1 --sort-by=.metadata.resourceVersion -o custom-columns=REASON:.reason,MESSAGE:.message | cut -c1-150
if [ "$keep" = --keep ]; then
	say "KUBECONFIG=$KUBECONFIG; the operator's log: $dir/operator.log. Enter ends the demo"
	read -r _
fi
