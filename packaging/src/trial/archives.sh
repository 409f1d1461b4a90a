# Tries the archives where there is no Java. Run by try-in-clean-root.
set -eu
. /tmp/lib.sh
! command -v java >/dev/null || fail "there is a Java here"
useradd --create-home student
tar -xzf /tmp/labchat-broker-*.tar.gz -C /opt
tar -xzf /tmp/labchat-[0-9]*.tar.gz -C /opt
ln -s /opt/labchat-broker-*/bin/labchat-broker /opt/labchat-[0-9]*/bin/labchat /usr/local/bin/

cat >/tmp/as-student.sh <<'END'
set -eu
. /tmp/lib.sh
cd /home/student
labchat-broker --version | sed 's/^/   /'
labchat-broker class create --teams 2 --host localhost | sed 's/^/   /'
cd class
labchat-broker serve --ready-file /home/student/ready >/tmp/broker.log 2>&1 &
broker=$!
await /home/student/ready "$broker"
as() {
  user=$1
  shift
  LABCHAT_PASSWORD=$(password "slips/$user.mqttx.json") labchat "$@" -h localhost -u "$user" --tls --cafile ca.crt
}
as team1 send --to team2 "no Java far and wide"
contains "history over TLS" "$(as team2 history --with team1)" "no Java far and wide"
contains "log" "$(labchat-broker log --kind message)" "team1"
labchat-broker backup /home/student/backup.db | sed 's/^/   /'
kill "$broker"
code=0
wait "$broker" || code=$?
expect "exit status at SIGTERM" "$code" 0
contains "classes from the file" "$(JAVA_OPTIONS='-XX:+UseSerialGC -Xmx256m -Xlog:class+load' labchat-broker --version)" \
  "labchat.broker.BrokerMain source: shared objects file (top)"
END
exec setpriv --reuid=student --regid=student --init-groups env HOME=/home/student sh /tmp/as-student.sh
