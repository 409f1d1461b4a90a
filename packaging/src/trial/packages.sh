# Tries the installed packages. Run by try-in-clean-root.
set -eu
. /tmp/lib.sh
home=/var/lib/labchat
unit=/lib/systemd/system/labchat-broker.service
useradd --create-home student

# As the unit does: its command, user and folders, no capabilities, nothing more in the environment.
start() {
  command=$(sed -n 's/^ExecStart=//p' "$unit")
  install -d -o labchat -g labchat -m 0750 /run/labchat
  rm -f /run/labchat/ready
  # shellcheck disable=SC2086 # a command with options
  (cd "$home" && umask 0027 && exec setpriv --reuid=labchat --regid=labchat --init-groups --no-new-privs --inh-caps=-all \
    --bounding-set=-all env -i PATH=/usr/bin:/bin $command) >/tmp/broker.log 2>&1 &
  broker=$!
  await /run/labchat/ready "$broker"
}

stop() {
  kill "$broker"
  code=0
  wait "$broker" || code=$?
  expect "exit status at SIGTERM" "$code" 0
  # As systemd does.
  rm -rf /run/labchat
}

# as USER command...: the client as an ordinary user of the machine, with the password of the slip.
as() {
  user=$1
  shift
  secret=$(password "$home/slips/$user.mqttx.json")
  setpriv --reuid=student --regid=student --init-groups env HOME=/home/student LABCHAT_PASSWORD="$secret" \
    labchat "$@" -h localhost -u "$user" --tls --cafile /tmp/ca.crt
}

step "What was installed"
expect "broker" "$(labchat-broker --version | head -n 1)" "Labchat broker $(dpkg-query -Wf '${Version}' labchat-broker)"
contains "client" "$(labchat --version)" "labchat client"
expect "settings" "$(stat -c '%U:%G %a' /etc/labchat)" "root:labchat 750"
expect "data" "$(stat -c '%U:%G %a' "$home")" "labchat:labchat 750"
expect "accounts" "$(ls "$home")" "acl.conf
broker.conf"
expect "conffiles" "$(dpkg-query -Wf '${Conffiles}' labchat-broker | awk 'NF { print $1 }' | sort | tr '\n' ' ')" \
  "/etc/default/labchat-broker /etc/labchat/acl.conf /etc/labchat/broker.conf "
for page in labchat-broker labchat; do
  contains "man page of $page" "$(gzip -dc "/usr/share/man/man1/$page.1.gz")" ".SH NAME"
  bash -n "/usr/share/bash-completion/completions/$page" || fail "completion of $page"
done
expect "enabled" "$(readlink /etc/systemd/system/multi-user.target.wants/labchat-broker.service)" "$unit"
code=0
error=$(labchat-broker serve --check 2>&1) || code=$?
expect "exit status without accounts" "$code" 2
contains "and the reason" "$error" "users.conf"

step "A class"
labchat-broker class create --teams 2 --groups a,b --helpers 1 --host localhost | sed 's/^/   /'
expect "accounts" "$(stat -c '%U %a' "$home/users.conf")" "labchat 600"
expect "users" "$(labchat-broker users list | tr '\n' ' ')" "team1a team2a team1b team2b x1 staff "
labchat-broker users check | sed 's/^/   /'
cp "$home/ca.crt" /tmp/ca.crt
chmod 644 /tmp/ca.crt

step "Chat"
start
as team1a send --to team2a "before the backup"
contains "history of team2a" "$(as team2a history --with team1a)" "before the backup"
contains "log" "$(labchat-broker log --kind message)" "team1a"
expect "traffic log" "$(stat -c '%U %a' /var/log/labchat/traffic.jsonl)" "labchat 640"

step "Changes while it runs"
labchat-broker reload | sed 's/^/   /'
labchat-broker class add-team team9a | sed 's/^/   /'
as team9a send --to team1a "from a team that came late"

step "Backup and restore"
install -d -o labchat -g labchat -m 0750 /var/backups/labchat
labchat-broker backup /var/backups/labchat/chat.db | sed 's/^/   /'
as team1a send --to team2a "after the backup"
stop
labchat-broker restore /var/backups/labchat/chat.db | sed 's/^/   /'
start
history=$(as team2a history --with team1a)
contains "history after the restore" "$history" "before the backup"
case $history in *"after the backup"*) fail "the restore did not take the store back" ;; esac

step "Wrong settings"
stop
sed 's/^port 1883/port many/' -i /etc/labchat/broker.conf
code=0
labchat-broker serve 2>/tmp/error || code=$?
expect "exit status" "$code" 2
contains "and the reason" "$(cat /tmp/error)" "many"
sed 's/^port many/port 1884/' -i /etc/labchat/broker.conf

step "Upgrade"
start
DEBIAN_FRONTEND=noninteractive dpkg -i /tmp/later.deb >/tmp/upgrade.log 2>&1 </dev/null || fail "$(tail -n 5 /tmp/upgrade.log)"
contains "settings that staff changed" "$(cat /etc/labchat/broker.conf)" "port 1884"
contains "rights that nobody changed" "$(cat /etc/labchat/acl.conf)" "Of the later version"
as team1a send --to team2a "while the old one still runs"
stop
start
contains "history after the upgrade" "$(as team2a history --with team1a)" "while the old one still runs"
stop

step "Data of the first version that had a store"
mkdir -p /tmp/first
(cd /tmp/first && exec java -jar /tmp/old/broker.jar serve --users /tmp/old/users.conf --acl /tmp/old/acl.conf \
  --ready-file /tmp/first/ready) >/tmp/broker.log 2>&1 &
broker=$!
await /tmp/first/ready "$broker"
for text in "from the first version" "and a second"; do
  LABCHAT_PASSWORD=team1a java -jar /tmp/old/client-cli.jar send -u team1a --to team2a "$text"
done
# Without a goodbye, so that something is left in its journal.
LABCHAT_PASSWORD=team1a java -jar /tmp/old/client-cli.jar send -u team1a --to team2a "just before it was killed"
kill -9 "$broker"
wait "$broker" || true
expect "its files" "$(ls /tmp/first/data | grep '^chat.db' | tr '\n' ' ')" "chat.db chat.db-shm chat.db-wal chat.db.lock "
rm -rf "$home/data"
install -d -o labchat -g labchat -m 0750 "$home/data"
cp /tmp/first/data/chat.db /tmp/first/data/chat.db-wal "$home/data"
chown labchat:labchat "$home/data"/*
start
history=$(as team2a history --with team1a)
for text in "from the first version" "and a second" "just before it was killed"; do
  contains "history" "$history" "$text"
done
as team2a send --to team1a "and on with the new one"
stop
cp "$home/data/chat.db" /tmp/first/data/chat.db
rm -f /tmp/first/data/chat.db-wal /tmp/first/data/chat.db-shm
code=0
(cd /tmp/first && java -jar /tmp/old/broker.jar serve --users /tmp/old/users.conf --acl /tmp/old/acl.conf) \
  >/tmp/error 2>&1 </dev/null || code=$?
expect "the first version with the new file: exit status" "$code" 1
expect "lines" "$(wc -l </tmp/error)" 1
contains "and the reason" "$(cat /tmp/error)" "newer broker"

step "Uninstall"
apt-get -q -y remove labchat-broker >/tmp/remove.log 2>&1 </dev/null || fail "$(tail -n 5 /tmp/remove.log)"
[ ! -e /usr/bin/labchat-broker ] || fail "the program is still there"
[ -s "$home/data/chat.db" ] && [ -s "$home/users.conf" ] && [ -s /etc/labchat/broker.conf ] || fail "data or settings are gone"
printf '   accounts, messages and settings are left\n'
DEBIAN_FRONTEND=noninteractive dpkg -i /tmp/later.deb >/tmp/upgrade.log 2>&1 </dev/null || fail "$(tail -n 5 /tmp/upgrade.log)"
start
contains "history after installing again" "$(as team2a history --with team1a)" "and on with the new one"
stop

step "Purge"
apt-get -q -y purge labchat-broker >/tmp/remove.log 2>&1 </dev/null || fail "$(tail -n 5 /tmp/remove.log)"
for path in "$home" /var/log/labchat /etc/labchat /etc/default/labchat-broker; do
  [ ! -e "$path" ] || fail "$path is left: $(ls -A "$path")"
done
! getent passwd labchat >/dev/null || fail "the user is left"
find /etc/systemd /var/lib/systemd -name '*labchat*' | grep . && fail "systemd's files are left"
[ -s /var/backups/labchat/chat.db ] || fail "the backup is gone"
apt-get -q -y purge labchat >/tmp/remove.log 2>&1 </dev/null || fail "$(tail -n 5 /tmp/remove.log)"
left=$(find / -xdev -name '*labchat*' -not -path '/tmp/*' -not -path '/proc/*' | sort | tr '\n' ' ')
expect "left of both packages, beside staff's own backups" "$left" "/var/backups/labchat "
