# A broker of the folder, with a client of team1a that is subscribed; both end with the block.
java -jar broker.jar --ready-file ready.json >broker.log 2>&1 </dev/null &
until [ -s ready.json ]; do sleep 0.1; done
mosquitto_sub -u team1a -P team1a -q 1 -t 'ttm4175/chat/team1a/#' -t 'ttm4175/chat/+/presence' >client.log </dev/null &
until [ -s client.log ]; do sleep 0.1; done
