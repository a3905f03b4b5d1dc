#!/bin/sh
# addrs.json and routes-*.json of kexec/run become systemd-networkd units.
set -eu
dir=/etc/systemd/network; mkdir -p $dir; cd /root/network
jq -r '.[] | select(.link_type != "loopback" and .address) | .ifname + " " + .address' addrs.json | while read -r ifn mac; do
  { printf '[Match]\nMACAddress=%s\n\n[Network]\nDHCP=ipv4\nIPv6AcceptRA=yes\n' "$mac"
    jq -r --arg i "$ifn" '.[] | select(.ifname == $i) | .addr_info[] | select(.scope != "link" and (.dynamic | not)) | "Address=\(.local)/\(.prefixlen)"' addrs.json
    jq -r --arg i "$ifn" '.[] | select(.dev == $i and .protocol != "dhcp" and .protocol != "kernel" and .protocol != "ra") |
      "[Route]" + (if .dst != "default" then "\nDestination=\(.dst)" else "" end) + (if .gateway then "\nGateway=\(.gateway)" else "" end)' routes-v4.json routes-v6.json
  } > "$dir/00-$ifn.network"
done
