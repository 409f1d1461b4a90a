# In a class's directory: some traffic of some teams, so that logs and diagrams have something to tell.
password() {
  grep -o '"password": *"[^"]*"' "slips/$1.mqttx.json" | head -n 1 | cut -d '"' -f 4
}
chat() {
  mosquitto_pub -u "$1" -P "$(password "$1")" -q 1 -t "ttm4175/chat/$2/message" -m "$3"
}
chat team1a team2a '{"sender":"team1a","receiver":"team2a","message":"Hei!","uuid":"1"}'
chat team2a team1a '{"sender":"team2a","receiver":"team1a","message":"Hei hei!","uuid":"2"}'
chat team3a team1a '{"sender":"team3a","receiver":"team2a","message":"Hei!","uuid":"3"}'
