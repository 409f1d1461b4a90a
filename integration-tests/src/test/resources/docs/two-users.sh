# Two users have said something to each other, with their demo passwords.
mosquitto_pub -u team1a -P team1a -q 1 -t ttm4175/chat/team2a/message -m '{"sender":"team1a","receiver":"team2a","message":"Hei!","uuid":"1"}'
mosquitto_pub -u team2a -P team2a -q 1 -t ttm4175/chat/team1a/message -m '{"sender":"team2a","receiver":"team1a","message":"Hei hei!","uuid":"2"}'
